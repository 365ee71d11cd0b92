"""Letter and statement name what is unmet of units that may proceed, with day and reason."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from assessments.actions.papers import number_paper
from assessments.enums import PaperKind, ProposalState
from assessments.models import Paper, Proposal, RequirementException, ZoneAttempt
from assessments.papers import plain
from assessments.queries.paper_contents import content_of, live_content
from assessments.queries.paper_gaps import changed_since_numbering
from assessments.queries.papers import missing_papers_of_proposal
from assessments.tests.factories_journey import CandidateFactory, ExceptionFactory
from assessments.tests.factories_papers import DAY, draft, numbered
from assessments.tests.proposal_rows import NOW, complete, papered, send
from assessments.tests.test_paper_pdf import pages_of
from opd.models import StandingFact, Unit
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
LETTERS = [PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM]
LIST = "Unit kerja yang diajukan dengan syarat yang belum terpenuhi"
REASON = "Evaluasi SAKIP internal baru dijadwalkan pada Maret"


def lacking(
    unit: Unit, proposal: Proposal, *, excepted: bool = True
) -> RequirementException | None:
    """A candidate with SAKIP at CC, which is one grade short."""
    CandidateFactory(proposal=proposal, zone=complete(unit))
    StandingFact.objects.filter(unit=unit, key="sakip").update(value="CC")
    if not excepted:
        return None
    return ExceptionFactory(unit=unit, since=date(2026, 2, 3), reason=REASON)


def text_of(kind: str, unit: Unit) -> str:
    return plain(content_of(draft(kind, unit)))


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_unit_the_requirement_the_day_and_the_reason(
    cast: Any, proposal: Proposal, kind: str, language: str
) -> None:
    lacking(cast.unit, proposal)
    CandidateFactory(proposal=proposal, zone=complete(cast.other_unit))
    with translation.override(language):
        text = text_of(kind, cast.unit)
    [row] = [line for line in text.splitlines() if REASON in line]
    assert row == (
        "1. | Dinas Satu | Predikat SAKIP unit dari evaluasi internal, belum terpenuhi, "
        "tercatat: CC (2025), kurang 1 tingkat. | 3 Februari 2026 (RSUD) | " + REASON
    )
    assert f"Lampiran: {LIST}" in text
    assert "PermenPANRB 5/2024" in text


def test_the_letter_says_so_before_it_thanks(cast: Any, proposal: Proposal) -> None:
    lacking(cast.unit, proposal)
    text = text_of(PaperKind.SURAT_PENGAJUAN, cast.unit)
    said = text.index("tetap kami nyatakan belum terpenuhi")
    assert text.index("bersama ini kami mengajukan") < said < text.index("terima kasih")


def test_the_statement_claims_no_met_requirements(cast: Any, proposal: Proposal) -> None:
    lacking(cast.unit, proposal)
    text = text_of(PaperKind.SPTJM, cast.unit)
    assert "tidak berarti bahwa semua syarat pengusulan telah terpenuhi" in text
    assert text.index("tidak berarti") < text.index("bertanggung jawab mutlak atas")


@pytest.mark.parametrize("kind", LETTERS)
@pytest.mark.parametrize("excepted", [True, False])
def test_papers_without_such_units_say_nothing_of_it(
    cast: Any, proposal: Proposal, kind: str, excepted: bool
) -> None:
    """Neither an exception that is not needed, nor a gap that no exception covers."""
    if excepted:
        CandidateFactory(proposal=proposal, zone=complete(cast.unit))
        ExceptionFactory(unit=cast.unit)
    else:
        lacking(cast.unit, proposal, excepted=False)
    paper = draft(kind, cast.unit)
    content = content_of(paper)
    assert len(content.tables) == 1
    assert [list(block.lines) for block in content.blocks] == list(paper.blocks.values())


def test_no_draft_can_leave_it_out(cast: Any, proposal: Proposal) -> None:
    lacking(cast.unit, proposal)
    paper = draft(PaperKind.SURAT_PENGAJUAN, cast.unit, blocks={"isi": ["Singkat."]})
    assert "belum terpenuhi" in plain(content_of(paper))
    paper.blocks = {}
    assert "belum terpenuhi" in plain(content_of(paper))


def test_it_is_frozen_as_it_stood_on_the_day_of_the_paper(
    cast: Any, boss: Any, proposal: Proposal
) -> None:
    exception = lacking(cast.unit, proposal)
    assert exception is not None
    early = draft(PaperKind.SURAT_PENGAJUAN, cast.unit)
    assert len(live_content(early, dated_on=date(2026, 2, 2)).tables) == 1
    paper = number_paper(paper=early, number="1/2026", dated_on=DAY, by=boss, now=NOW)
    assert REASON in paper.text
    assert changed_since_numbering(paper) == []
    StandingFact.objects.filter(unit=cast.unit, key="sakip").update(value="C")
    [missing] = changed_since_numbering(paper)
    assert "Syarat yang belum terpenuhi berubah sejak" in missing.sentence
    assert Paper.objects.get().text == paper.text


class TestSending:
    def test_goes_with_papers_that_say_it(self, cast: Any, boss: Any, proposal: Proposal) -> None:
        exception = lacking(cast.unit, proposal)
        papered(boss, proposal, cast.unit)
        assert send(proposal, boss).state == ProposalState.SENT
        [attempt] = ZoneAttempt.objects.all()
        states = {row["code"]: row["state"] for row in attempt.findings}
        assert states["unit_sakip"] == "not_met"
        assert attempt.exception == exception

    def test_not_with_papers_from_before_the_exception(
        self, cast: Any, boss: Any, proposal: Proposal
    ) -> None:
        exception = lacking(cast.unit, proposal)
        assert exception is not None
        RequirementException.objects.update(since=date(2026, 5, 21))
        papered(boss, proposal, cast.unit)
        now = datetime(2026, 5, 22, 3, tzinfo=UTC)
        with pytest.raises(StepRefused) as refused:
            send(proposal, boss, sent_on=date(2026, 5, 22), now=now)
        sentences = [item.sentence for item in refused.value.missing]
        assert ["tidak menyebutkan" in sentence for sentence in sentences] == [True, True]

    @pytest.mark.parametrize("kind", LETTERS)
    def test_what_changed_after_signing_is_named(
        self, cast: Any, boss: Any, proposal: Proposal, kind: PaperKind
    ) -> None:
        lacking(cast.unit, proposal)
        papered(boss, proposal, cast.unit)
        StandingFact.objects.filter(unit=cast.unit, key="lhkpn_percent").update(value="80")
        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)
        sentences = [item.sentence for item in refused.value.missing]
        assert f"Syarat yang belum terpenuhi berubah sejak {kind.label}" in " ".join(sentences)

    def test_a_unit_that_goes_by_exception_stands_in_both(
        self, cast: Any, boss: Any, proposal: Proposal
    ) -> None:
        CandidateFactory(proposal=proposal, zone=complete(cast.unit))
        papered(boss, proposal, cast.unit)
        found = missing_papers_of_proposal(proposal, [cast.unit.name])
        assert ["tidak menyebutkan" in item.sentence for item in found] == [True, True]
        assert all(cast.unit.name in item.sentence for item in found)


def test_the_page_of_the_proposal_reads_everything_once(
    cast: Any, client_as: Any, boss: Any, proposal: Proposal, django_assert_max_num_queries: Any
) -> None:
    lacking(cast.unit, proposal)
    papered(boss, proposal, cast.unit)
    client = client_as(boss)
    page = reverse("assessments:proposal", args=[proposal.pk])
    client.get(page)
    with django_assert_max_num_queries(12):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("make", [draft, numbered])
def test_so_does_the_page_of_the_letter(
    cast: Any,
    client_as: Any,
    boss: Any,
    proposal: Proposal,
    make: Any,
    django_assert_max_num_queries: Any,
) -> None:
    lacking(cast.unit, proposal)
    paper = make(PaperKind.SURAT_PENGAJUAN, cast.unit)
    client = client_as(boss)
    page = reverse("assessments:paper", args=[paper.pk])
    client.get(page)
    with django_assert_max_num_queries(12):
        assert REASON in client.get(page).content.decode()


@pytest.mark.parametrize("kind", LETTERS)
def test_the_pdf_holds_both_lists(cast: Any, proposal: Proposal, kind: str) -> None:
    lacking(cast.unit, proposal)
    first, attachment = pages_of(numbered(kind, cast.unit))
    assert "belum terpenuhi" in " ".join(first)
    text = " ".join(attachment)
    assert f"{LIST} (1)" in text
    assert REASON in text
