"""Signing a paper: who may, over which text, with which evidence, and what follows from it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from assessments.actions.decrees import register_decree
from assessments.actions.paper_signatures import record_signed_paper, sign_paper
from assessments.actions.papers import WrongDay, number_paper, void_paper
from assessments.enums import PaperKind, PaperState, ProposalState, SignatureMethod, ZoneStage
from assessments.models import (
    Candidate,
    IntegrityZone,
    NamingDecree,
    Paper,
    Proposal,
    ZoneAttempt,
)
from assessments.queries.paper_gaps import four_eyes
from assessments.queries.papers import next_steps
from assessments.tests.factories import IntegrityZoneFactory, stored_pdf
from assessments.tests.factories_papers import (
    DAY,
    NOW,
    TeamMemberFactory,
    complete_team,
    draft,
    numbered,
    signed,
    zone_of,
)
from assessments.tests.signed_pdfs import pdf
from assessments.tests.test_paper_actions import KEEPER
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
SIGNER = {
    PaperKind.SK_PENETAPAN: Role.MAYOR,
    PaperKind.SURAT_PENGAJUAN: Role.MAYOR,
    PaperKind.SPTJM: Role.MAYOR,
    PaperKind.SK_TIM_KERJA: Role.OPD_HEAD,
    PaperKind.LHE: Role.INSPECTORATE,
}


def waiting(kind: str, cast: Any, **values: Any) -> Paper:
    """Numbered, under the right office."""
    if kind == PaperKind.SK_PENETAPAN:
        IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.DECLARED)
    return numbered(kind, cast.unit, signatory=cast[SIGNER[PaperKind(kind)]], **values)


def sign(paper: Paper, by: Membership) -> Paper:
    return sign_paper(paper=paper, text_sha256=paper.text_sha256, by=by, now=NOW)


def record(paper: Paper, by: Membership, **values: Any) -> Paper:
    facts = {"method": "wet", "signed_on": DAY, "scan": stored_pdf(by), "by": by, "now": NOW}
    return record_signed_paper(paper=paper, **{**facts, **values})


def certified(by: Membership, content: bytes) -> StoredFile:
    return receive(
        SimpleUploadedFile("ttd.pdf", content), rule=EVIDENCE, kind="paper",
        government_id=by.government_id, by_user_id=by.user_id,
    )  # fmt: skip


@pytest.mark.parametrize("kind", PaperKind.values)
@pytest.mark.parametrize("role", Role.values)
def test_only_the_office_under_the_paper_signs(kind: str, role: str, cast: Any) -> None:
    paper = waiting(kind, cast)
    if role == SIGNER[PaperKind(kind)]:
        row = sign(paper, cast[role])
        assert (row.state, row.signed_method, row.signed_by) == ("signed", "portal", cast[role])
        assert row.signed_on == NOW.date()
        assert LedgerEntry.objects.filter(verb="paper.sign", subject_id=row.pk).count() == 1
        return
    with pytest.raises(StepRefused):
        sign(paper, cast[role])
    paper.refresh_from_db()
    assert paper.state == PaperState.NUMBERED


@pytest.mark.parametrize("kind", PaperKind.values)
@pytest.mark.parametrize("role", Role.values)
def test_only_its_keepers_record_what_was_signed(kind: str, role: str, cast: Any) -> None:
    paper = waiting(kind, cast)
    allowed = {KEEPER[PaperKind(kind)]}
    if kind == PaperKind.SK_TIM_KERJA:
        allowed.add(Role.OPD_HEAD)
    if role in allowed:
        row = record(paper, cast[role])
        assert (row.state, row.signed_method) == ("signed", "wet")
        assert row.scan is not None
        assert row.scan.state == StoredFile.State.STORED
        assert LedgerEntry.objects.filter(verb="paper.record", subject_id=row.pk).count() == 1
        return
    with pytest.raises(StepRefused):
        record(paper, cast[role])


def test_another_holder_of_the_same_role_does_not_sign(cast: Any) -> None:
    paper = waiting(PaperKind.LHE, cast)
    other = MembershipFactory(government=cast.home, role=Role.INSPECTORATE)
    with pytest.raises(StepRefused, match="jabatan ini"):
        sign(paper, other)


def test_the_head_of_another_unit_does_not_sign(cast: Any) -> None:
    head = MembershipFactory(
        government=cast.home, unit=cast.other_unit, role=Role.OPD_HEAD, acts_below=True
    )
    paper = numbered(PaperKind.SK_TIM_KERJA, cast.unit, signatory=head)
    with pytest.raises(StepRefused):
        sign(paper, head)


def test_another_text_than_the_one_on_screen_is_not_signed(cast: Any) -> None:
    paper = waiting(PaperKind.LHE, cast)
    with pytest.raises(StepRefused, match="berubah"):
        sign_paper(paper=paper, text_sha256="0" * 64, by=cast[Role.INSPECTORATE], now=NOW)


def test_it_is_signed_once(cast: Any) -> None:
    paper = waiting(PaperKind.LHE, cast)
    sign(paper, cast[Role.INSPECTORATE])
    with pytest.raises(StepRefused):
        sign(paper, cast[Role.INSPECTORATE])
    with pytest.raises(StepRefused):
        record(paper, cast[Role.INSPECTORATE])


class TestCertified:
    def test_a_pdf_with_a_signature(self, cast: Any) -> None:
        by = cast[Role.INSPECTORATE]
        scan = certified(by, pdf(signed=True))
        row = record(waiting(PaperKind.LHE, cast), by, method="certified", scan=scan)
        assert (row.signed_method, row.scan) == ("certified", scan)

    def test_a_pdf_without_one_is_refused(self, cast: Any) -> None:
        by = cast[Role.INSPECTORATE]
        paper = waiting(PaperKind.LHE, cast)
        with pytest.raises(StepRefused, match="tanda tangan elektronik"):
            record(paper, by, method="certified", scan=certified(by, pdf()))


@pytest.mark.parametrize("day", [NOW.date() + timedelta(days=1), DAY - timedelta(days=1)])
def test_a_day_of_signing_that_cannot_be_right(day: date, cast: Any) -> None:
    with pytest.raises(WrongDay):
        record(waiting(PaperKind.LHE, cast), cast[Role.INSPECTORATE], signed_on=day)


class TestDecreeOfNaming:
    """One door: it ends in the register of decrees, whoever signed it and how."""

    def check(self, row: Paper, cast: Any) -> None:
        decree = NamingDecree.objects.get()
        assert row.decree == decree
        assert (decree.number, decree.decided_on) == (row.number, DAY)
        assert [unit.unit for unit in decree.units.all()] == [cast.unit]
        assert IntegrityZone.objects.get(unit=cast.unit).stage == ZoneStage.NAMED
        assert LedgerEntry.objects.filter(verb="decree.registered").count() == 1

    def test_signed_by_the_regional_head_in_the_portal(self, cast: Any) -> None:
        row = sign(waiting(PaperKind.SK_PENETAPAN, cast), cast[Role.MAYOR])
        row.refresh_from_db()
        self.check(row, cast)

    def test_recorded_by_the_secretariat_with_its_scan(self, cast: Any) -> None:
        row = record(waiting(PaperKind.SK_PENETAPAN, cast), cast[Role.ZI_SECRETARIAT])
        row.refresh_from_db()
        self.check(row, cast)
        assert row.decree is not None
        assert row.decree.scan == row.scan

    def test_the_regional_head_has_no_second_door(self, cast: Any) -> None:
        paper = waiting(PaperKind.SK_PENETAPAN, cast)
        facts = {
            "number": paper.number, "decided_on": DAY, "unit_ids": [cast.unit.pk],
            "by": cast[Role.MAYOR], "now": NOW,
        }  # fmt: skip
        for attempt in ({}, {"signed": paper}, {"signed": paper, "number": "lain"}):
            with pytest.raises(StepRefused):
                register_decree(**{**facts, **attempt})
        assert NamingDecree.objects.count() == 0

    def test_it_is_not_withdrawn_but_corrected_there(self, cast: Any) -> None:
        row = record(waiting(PaperKind.SK_PENETAPAN, cast), cast[Role.ZI_SECRETARIAT])
        with pytest.raises(StepRefused) as refused:
            void_paper(paper=row, reason="Salah", by=cast[Role.ZI_SECRETARIAT], now=NOW)
        assert refused.value.missing[0].anchor.startswith("/app/decrees/")

    def test_a_signature_that_cannot_be_followed_is_none(self, cast: Any) -> None:
        """A number that somebody registered meanwhile: nothing is half done."""
        paper = waiting(PaperKind.SK_PENETAPAN, cast)
        register_decree(
            number=paper.number, decided_on=DAY, unit_ids=[cast.other_unit.pk],
            by=cast[Role.ZI_SECRETARIAT], now=NOW,
        )  # fmt: skip
        with pytest.raises(StepRefused, match="sudah"):
            sign(paper, cast[Role.MAYOR])
        paper.refresh_from_db()
        assert (paper.state, paper.decree) == (PaperState.NUMBERED, None)


def test_signing_the_decree_seals_the_team(cast: Any) -> None:
    team = complete_team(cast.unit)
    sign(waiting(PaperKind.SK_TIM_KERJA, cast, team=team), cast[Role.OPD_HEAD])
    team.refresh_from_db()
    assert team.sealed_at == NOW


def test_a_team_that_changed_since_the_number_is_not_signed(cast: Any) -> None:
    paper = waiting(PaperKind.SK_TIM_KERJA, cast)
    TeamMemberFactory(team=paper.team, area="2")
    for act in (sign, record):
        with pytest.raises(StepRefused) as refused:
            act(paper, cast[Role.OPD_HEAD])
        assert "Tim berubah" in refused.value.missing[0].sentence


def test_candidates_that_changed_since_the_number_are_not_signed(cast: Any) -> None:
    paper = waiting(PaperKind.SPTJM, cast)
    Candidate.objects.create(
        government=cast.home, proposal=paper.proposal, zone=zone_of(cast.other_unit), position=2
    )
    with pytest.raises(StepRefused) as refused:
        sign(paper, cast[Role.MAYOR])
    assert "calon berubah" in refused.value.missing[0].sentence


class TestWithdrawn:
    def test_a_signed_paper_is_withdrawn_with_its_reason(self, cast: Any) -> None:
        paper = signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE])
        row = void_paper(paper=paper, reason="Pindaian keliru", by=cast[Role.INSPECTORATE], now=NOW)
        assert (row.state, row.signed_on, row.scan) == ("voided", DAY, paper.scan)
        assert LedgerEntry.objects.filter(verb="paper.withdraw").count() == 1

    def test_the_database_keeps_a_signature(self, cast: Any) -> None:
        paper = signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE])
        rows = Paper.objects.filter(pk=paper.pk)
        for change in (
            {"signed_on": date(2026, 5, 1)}, {"signed_method": "portal", "scan": None},
            {"signed_by": cast[Role.MAYOR]}, {"text": "lain"},
            {"state": "numbered", "signed_method": "", "signed_on": None, "signed_by": None,
             "signed_at": None, "scan": None},
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)


class TestFourEyes:
    """A report is signed, in the portal or on record, by somebody else than who wrote it."""

    def another(self, cast: Any) -> Membership:
        return MembershipFactory(government=cast.home, role=Role.INSPECTORATE, title="Auditor Muda")

    def test_what_somebody_else_prepared_is_signed(self, cast: Any) -> None:
        signer, writer = cast[Role.INSPECTORATE], self.another(cast)
        paper = draft(PaperKind.LHE, cast.unit, signatory=signer)
        row = number_paper(paper=paper, number="7", dated_on=DAY, by=writer, now=NOW)
        assert sign(row, signer).state == PaperState.SIGNED

    def test_who_numbered_it_does_not_sign_it(self, cast: Any) -> None:
        signer = cast[Role.INSPECTORATE]
        paper = draft(PaperKind.LHE, cast.unit, signatory=signer)
        row = number_paper(paper=paper, number="7", dated_on=DAY, by=signer, now=NOW)
        with pytest.raises(StepRefused, match="menulis atau memberi nomor"):
            sign(row, signer)
        again = MembershipFactory(government=cast.home, role=Role.PLANNER, user=signer.user)
        assert four_eyes(row, again)
        assert four_eyes(row, self.another(cast)) == []

    @pytest.mark.parametrize("method", SignatureMethod.values)
    def test_who_numbered_it_does_not_record_it_either(self, method: str, cast: Any) -> None:
        """Else a scan of anything would do for the second pair of eyes."""
        signer, writer = cast[Role.INSPECTORATE], self.another(cast)
        paper = draft(PaperKind.LHE, cast.unit, signatory=signer)
        row = number_paper(paper=paper, number="7", dated_on=DAY, by=writer, now=NOW)
        with pytest.raises(StepRefused, match="orang lain di Inspektorat"):
            record(row, writer, method=method)
        offered = {step.name: step.missing for step in next_steps(row, writer)}
        assert "orang lain di Inspektorat" in offered["record"][0].sentence
        assert record(row, signer).state == PaperState.SIGNED

    def test_a_decree_is_recorded_by_who_keeps_it(self, cast: Any) -> None:
        desk = cast[Role.ZI_SECRETARIAT]
        paper = draft(PaperKind.SURAT_PENGAJUAN, cast.unit, signatory=cast[Role.MAYOR])
        row = number_paper(paper=paper, number="8", dated_on=DAY, by=desk, now=NOW)
        assert record(row, desk).state == PaperState.SIGNED


class TestWhatWasSent:
    @pytest.mark.parametrize("kind", [PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM])
    def test_papers_of_a_sent_proposal_stay(self, kind: PaperKind, cast: Any) -> None:
        paper, by = signed(kind, cast.unit, cast[Role.MAYOR]), cast[Role.ZI_SECRETARIAT]
        Proposal.objects.filter(pk=paper.proposal_id).update(
            state=ProposalState.SENT, sent_on=DAY, rule_set_sha256="0" * 64
        )
        with pytest.raises(StepRefused) as refused:
            void_paper(paper=paper, reason="Salah", by=by, now=NOW)
        assert "sudah dikirim" in refused.value.missing[0].sentence

    @pytest.mark.parametrize("kind", [PaperKind.LHE, PaperKind.SK_TIM_KERJA])
    def test_papers_of_a_unit_under_review_stay(self, kind: PaperKind, cast: Any) -> None:
        paper, by = signed(kind, cast.unit, cast[Role.MAYOR]), cast[KEEPER[kind]]
        attempt = ZoneAttempt.objects.create(
            government=cast.home, zone=zone_of(cast.unit), number=1, target="wbk", year=2026,
            proposed_on=DAY,
        )  # fmt: skip
        with pytest.raises(StepRefused) as refused:
            void_paper(paper=paper, reason="Salah", by=by, now=NOW)
        assert "sampai ada keputusan" in refused.value.missing[0].sentence
        ZoneAttempt.objects.filter(pk=attempt.pk).update(outcome="awarded", decided_on=DAY)
        assert void_paper(paper=paper, reason="Salah", by=by, now=NOW).state == "voided"
