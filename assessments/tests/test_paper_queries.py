"""Who reads which paper, and what others ask of papers."""

from typing import Any

import pytest

from assessments.enums import PaperKind, PaperState, ProposalState
from assessments.models import Candidate, Paper, Proposal
from assessments.queries.papers import (
    missing_papers_of_proposal,
    paper_list,
    papers_of_zone,
    signed_papers,
)
from assessments.tests.factories_papers import (
    draft,
    numbered,
    proposal_of,
    signed,
    voided,
    zone_of,
)
from opd.enums import GOVERNMENT_ROLES, Role

pytestmark = pytest.mark.django_db
CENTRAL = sorted(GOVERNMENT_ROLES)


def seen(cast: Any, role: str) -> set[Paper]:
    return set(Paper.objects.visible_to(cast[role]))


def in_every_state(kind: str, unit: Any, cast: Any) -> dict[str, Paper]:
    rows = {"voided": voided(kind, unit, number="a")}
    rows["signed"] = signed(kind, unit, cast[Role.MAYOR], number="b")
    return rows


@pytest.mark.parametrize("role", CENTRAL)
def test_central_roles_read_all_but_unsigned_reports(role: str, cast: Any) -> None:
    rows = {draft(PaperKind.SPTJM, cast.unit), numbered(PaperKind.SK_TIM_KERJA, cast.unit)}
    report = draft(PaperKind.LHE, cast.unit)
    number = numbered(PaperKind.LHE, cast.other_unit)
    out = signed(PaperKind.LHE, cast.below, cast[Role.INSPECTORATE])
    hidden = {report, number} if role == Role.INSPECTORATE else set()
    assert seen(cast, role) == rows | {out} | hidden


@pytest.mark.parametrize("role", [Role.OPD_HEAD, Role.OPD_OPERATOR, Role.LIAISON_OFFICER])
def test_a_unit_reads_what_concerns_it(role: str, cast: Any) -> None:
    own = draft(PaperKind.SK_TIM_KERJA, cast.unit)
    below = numbered(PaperKind.SK_TIM_KERJA, cast.below)
    report = signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE])
    decree = signed(PaperKind.SK_PENETAPAN, cast.unit, cast[Role.MAYOR])
    for hidden in (
        draft(PaperKind.LHE, cast.below),
        numbered(PaperKind.SK_PENETAPAN, cast.unit),
        signed(PaperKind.LHE, cast.other_unit, cast[Role.INSPECTORATE]),
        draft(PaperKind.SK_TIM_KERJA, cast.other_unit),
        signed(PaperKind.SK_PENETAPAN, cast.other_unit, cast[Role.MAYOR]),
        signed(PaperKind.LHE, cast.away_unit, cast.away_offices[Role.INSPECTORATE]),
    ):
        assert hidden not in seen(cast, role)
    assert seen(cast, role) == {own, below, report, decree}


def test_a_reviewer_reads_what_is_signed_about_his_unit(cast: Any) -> None:
    decree = signed(PaperKind.SK_TIM_KERJA, cast.unit, cast[Role.OPD_HEAD])
    listed = signed(PaperKind.SPTJM, cast.unit, cast[Role.MAYOR])
    for hidden in (
        draft(PaperKind.LHE, cast.unit),
        signed(PaperKind.LHE, cast.below, cast[Role.INSPECTORATE]),
        numbered(PaperKind.SURAT_PENGAJUAN, cast.unit),
        signed(PaperKind.LHE, cast.other_unit, cast[Role.INSPECTORATE]),
    ):
        assert hidden not in seen(cast, Role.TPN_REVIEWER)
    assert seen(cast, Role.TPN_REVIEWER) == {decree, listed}


def test_a_withdrawn_report_is_no_more_for_the_reviewer(cast: Any) -> None:
    paper = signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE])
    paper.state, paper.void_reason = PaperState.VOIDED, "Keliru"
    paper.save()
    assert paper not in seen(cast, Role.TPN_REVIEWER)
    assert paper in seen(cast, Role.OPD_HEAD)


def test_the_list_is_narrowed_and_bad_filters_are_none(cast: Any) -> None:
    paper = draft(PaperKind.SPTJM, cast.unit)
    decree = draft(PaperKind.SK_TIM_KERJA, cast.unit, year=2025)
    by = cast[Role.ZI_SECRETARIAT]
    assert list(paper_list(by)) == [paper, decree]
    assert list(paper_list(by, year="2025")) == [decree]
    assert list(paper_list(by, kind="sptjm")) == [paper]
    assert list(paper_list(by, state="signed")) == []
    assert list(paper_list(by, year="²025", kind="x", state="y")) == [paper, decree]


def test_papers_of_a_zone_are_its_own_and_those_that_list_its_unit(cast: Any) -> None:
    own = draft(PaperKind.SK_TIM_KERJA, cast.unit)
    decree = draft(PaperKind.SK_PENETAPAN, cast.unit)
    draft(PaperKind.SK_PENETAPAN, cast.other_unit)
    by = cast[Role.ZI_SECRETARIAT]
    assert set(papers_of_zone(by, zone_of(cast.unit))) == {own, decree}
    assert papers_of_zone(cast[Role.OPD_HEAD], zone_of(cast.unit)) == [own]


def test_signed_papers_by_kind_and_unit(cast: Any) -> None:
    report = signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE])
    letter = signed(PaperKind.SURAT_PENGAJUAN, cast.unit, cast[Role.MAYOR])
    draft(PaperKind.SPTJM, cast.unit)
    signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE], year=2025)
    assert signed_papers(cast.home.pk, 2026) == {
        ("lhe", cast.unit.pk): report,
        ("surat_pengajuan", None): letter,
    }


class TestMissingOfAProposal:
    def test_everything_is_named(self, cast: Any) -> None:
        proposal = proposal_of(cast.home, [cast.unit, cast.other_unit])
        found = missing_papers_of_proposal(proposal)
        assert len(found) == 6
        assert [item.sentence.split(":")[0] for item in found[2:]] == [
            "Dinas Satu", "Dinas Satu", "Dinas Dua", "Dinas Dua",
        ]  # fmt: skip
        assert all(item.anchor.startswith("/app/papers/") for item in found)

    def test_nothing_is_missing_when_all_is_signed(self, cast: Any) -> None:
        proposal = proposal_of(cast.home, [cast.unit])
        for kind in (PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM, PaperKind.SK_TIM_KERJA):
            signed(kind, cast.unit, cast[Role.MAYOR])
        assert [item.sentence for item in missing_papers_of_proposal(proposal)] == [
            "Dinas Satu: belum ada Laporan Hasil Evaluasi (LHE) tahun 2026 yang ditandatangani."
        ]
        signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE])
        assert missing_papers_of_proposal(proposal) == []

    @pytest.mark.parametrize("make", [draft, numbered, voided])
    def test_what_is_not_signed_does_not_count(self, make: Any, cast: Any) -> None:
        proposal = proposal_of(cast.home, [cast.unit])
        make(PaperKind.SPTJM, cast.unit)
        sentences = [item.sentence for item in missing_papers_of_proposal(proposal)]
        assert "Belum ditandatangani: SPTJM." in sentences

    @pytest.mark.parametrize("kind", [PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM])
    def test_papers_of_a_discarded_proposal_never_serve_the_next(
        self, kind: PaperKind, cast: Any
    ) -> None:
        old = proposal_of(cast.home, [cast.unit])
        signed(kind, cast.unit, cast[Role.MAYOR])
        Proposal.objects.filter(pk=old.pk).update(state=ProposalState.DISCARDED)
        fresh = proposal_of(cast.home, [cast.unit])
        sentences = [item.sentence for item in missing_papers_of_proposal(fresh)]
        assert f"Belum ditandatangani: {kind.label}." in sentences

    @pytest.mark.parametrize("kind", [PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM])
    def test_papers_over_other_candidates_do_not_count(self, kind: PaperKind, cast: Any) -> None:
        proposal = proposal_of(cast.home, [cast.unit])
        signed(kind, cast.unit, cast[Role.MAYOR])
        wanted = f"{kind.label} ditandatangani untuk susunan unit yang lain: batalkan"
        found = missing_papers_of_proposal(proposal)
        assert not any(item.sentence.startswith(wanted) for item in found)
        Candidate.objects.create(
            government=cast.home, proposal=proposal, zone=zone_of(cast.other_unit), position=2
        )
        found = missing_papers_of_proposal(proposal)
        assert any(item.sentence.startswith(wanted) for item in found)

    def test_a_report_that_does_not_recommend_is_named(self, cast: Any) -> None:
        proposal = proposal_of(cast.home, [cast.unit])
        signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE], recommends=False)
        sentences = [item.sentence for item in missing_papers_of_proposal(proposal)]
        assert any("belum merekomendasikannya" in sentence for sentence in sentences)

    @pytest.mark.parametrize("count", [2, 7])
    def test_it_costs_the_same_for_many(
        self, count: int, cast: Any, django_assert_num_queries: Any
    ) -> None:
        from opd.tests.factories import UnitFactory

        units = [UnitFactory(government=cast.home) for _ in range(count)]
        proposal = proposal_of(cast.home, units)
        with django_assert_num_queries(2):
            missing_papers_of_proposal(proposal)
