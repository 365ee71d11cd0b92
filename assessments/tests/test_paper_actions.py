"""Verbs of official papers: begin, edit, number, take back, void; frozen text in the database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from assessments import papers as rules
from assessments.actions.papers import (
    PaperConflict,
    PaperFacts,
    Signer,
    Subject,
    WrongDay,
    WrongNumber,
    begin_paper,
    edit_paper,
    number_paper,
    redraft_paper,
    void_paper,
)
from assessments.actions.teams import amend_team, seal_team
from assessments.enums import PaperKind, PaperState
from assessments.models import Candidate, Paper, PaperUnit
from assessments.tests.factories import NamingDecreeFactory
from assessments.tests.factories_papers import (
    DAY,
    NOW,
    complete_team,
    draft,
    numbered,
    proposal_of,
    signed,
    voided,
    zone_of,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import OfficeStatus, Role
from opd.tests.factories import MembershipFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
KEEPER = {
    PaperKind.SK_PENETAPAN: Role.ZI_SECRETARIAT,
    PaperKind.SURAT_PENGAJUAN: Role.ZI_SECRETARIAT,
    PaperKind.SPTJM: Role.ZI_SECRETARIAT,
    PaperKind.SK_TIM_KERJA: Role.OPD_OPERATOR,
    PaperKind.LHE: Role.INSPECTORATE,
}


def subject(kind: str, cast: Any) -> Subject:
    if kind == PaperKind.SK_PENETAPAN:
        return Subject(year=2026, unit_ids=[cast.unit.pk])
    if kind in (PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM):
        return Subject(year=2026, proposal=proposal_of(cast.home, [cast.unit]))
    if kind == PaperKind.SK_TIM_KERJA:
        team = complete_team(cast.unit)
        return Subject(year=2026, zone=team.zone, team=team)
    return Subject(year=2026, zone=zone_of(cast.unit))


def begin(kind: str, cast: Any, about: Subject | None = None, **values: Any) -> Paper:
    facts = {
        "subject": about or subject(kind, cast), "form_key": uuid4(), "by": cast[KEEPER[kind]],
        "now": NOW,
    }  # fmt: skip
    return begin_paper(kind=kind, **{**facts, **values})


def facts_of(paper: Paper, **values: Any) -> PaperFacts:
    base = PaperFacts(
        about=paper.about,
        place=paper.place,
        blocks=paper.blocks,
        addressee=paper.addressee,
        signer=Signer(title=paper.signatory_title),
        unit_ids=list(paper.units.values_list("unit_id", flat=True)),
    )
    return replace(base, **values)


@pytest.mark.parametrize("kind", PaperKind.values)
class TestEveryKind:
    def test_a_draft_begins_with_wording_and_signatory(self, kind: str, cast: Any) -> None:
        paper = begin(kind, cast)
        signer = {"sk_tim_kerja": Role.OPD_HEAD, "lhe": Role.INSPECTORATE}.get(kind, Role.MAYOR)
        assert paper.state == PaperState.DRAFT
        assert paper.signatory == cast[signer]
        assert paper.signatory_title
        assert "{" not in f"{paper.about}{list(paper.blocks.values())}"
        entry = LedgerEntry.objects.get(verb="paper.begun")
        assert (entry.subject_id, entry.codes["kind"]) == (str(paper.pk), kind)

    def test_a_second_press_finds_the_first_draft(self, kind: str, cast: Any) -> None:
        about, key = subject(kind, cast), uuid4()
        first = begin(kind, cast, about, form_key=key)
        assert begin(kind, cast, about, form_key=key) == first
        if kind != PaperKind.SK_PENETAPAN:
            assert begin(kind, cast, about) == first
        assert Paper.objects.count() == 1

    def test_numbering_freezes_the_text(self, kind: str, cast: Any) -> None:
        paper, by = draft(kind, cast.unit), cast[KEEPER[kind]]
        row = number_paper(paper=paper, number="188/1", dated_on=DAY, by=by, now=NOW)
        assert row.state == PaperState.NUMBERED
        assert row.text == rules.plain(rules.of_json(row.content))
        assert row.text_sha256 == rules.sha256(row.text)
        assert "Nomor: 188/1" in row.text
        assert "20 Mei 2026" in row.text
        verb = LedgerEntry.objects.get(verb="paper.number")
        assert verb.codes == {"from": "draft", "to": "numbered"}

    def test_the_database_keeps_what_was_numbered(self, kind: str, cast: Any) -> None:
        paper = numbered(kind, cast.unit)
        rows = Paper.objects.filter(pk=paper.pk)
        for change in (
            {"text": "lain"}, {"content": {}}, {"text_sha256": "0" * 64}, {"number": "2"},
            {"about": "lain"}, {"blocks": {}}, {"signatory_title": "Lain"},
            {"dated_on": date(2026, 5, 21)}, {"state": "voided", "void_reason": "x", "text": "y"},
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()

    def test_back_to_draft_frees_number_and_text(self, kind: str, cast: Any) -> None:
        paper = numbered(kind, cast.unit, number="188/9")
        sha, by = paper.text_sha256, cast[KEEPER[kind]]
        row = redraft_paper(paper=paper, by=by, now=NOW)
        assert (row.state, row.number, row.text, row.content) == ("draft", "", "", {})
        assert row.steps.get().note == f"188/9 · SHA-256 {sha}"
        again = number_paper(paper=row, number="188/9", dated_on=DAY, by=by, now=NOW)
        assert again.number == "188/9"
        assert LedgerEntry.objects.filter(verb="paper.redraft").count() == 1

    def test_void_needs_a_reason_and_stays(self, kind: str, cast: Any) -> None:
        paper, by = numbered(kind, cast.unit), cast[KEEPER[kind]]
        with pytest.raises(StepRefused):
            void_paper(paper=paper, reason="  ", by=by, now=NOW)
        row = void_paper(paper=paper, reason=" Salah judul ", by=by, now=NOW)
        assert (row.state, row.void_reason) == ("voided", "Salah judul")
        assert row.text
        with pytest.raises(DatabaseError), transaction.atomic():
            Paper.objects.filter(pk=row.pk).update(state="draft")
        assert LedgerEntry.objects.filter(verb="paper.void").count() == 1


def test_a_stand_in_signs_with_plh_before_the_title(cast: Any) -> None:
    head = cast[Role.OPD_HEAD]
    head.office_status = OfficeStatus.PLT
    head.save()
    paper = begin(PaperKind.SK_TIM_KERJA, cast)
    assert paper.printed_title == f"Plt. {head.title}"
    row = number_paper(paper=paper, number="1", dated_on=DAY, by=head, now=NOW)
    assert f"Plt. {head.title}" in row.text
    assert row.content["title"] == f"Keputusan {head.title}"


def test_a_unit_without_an_account_of_its_head_still_has_a_signatory(cast: Any) -> None:
    zone = zone_of(cast.below)
    team = complete_team(cast.below)
    above = MembershipFactory(
        government=cast.home, unit=cast.unit, role=Role.OPD_OPERATOR, acts_below=True
    )
    about = Subject(year=2026, zone=zone, team=team)
    paper = begin(PaperKind.SK_TIM_KERJA, cast, about, by=above)
    assert (paper.signatory, paper.signatory_title) == (None, "Kepala UPTD Satu")


@pytest.mark.parametrize("kind", PaperKind.values)
@pytest.mark.parametrize("role", Role.values)
def test_who_may_begin(kind: str, role: str, cast: Any) -> None:
    allowed = {KEEPER[PaperKind(kind)]}
    if kind == PaperKind.SK_TIM_KERJA:
        allowed = {Role.OPD_OPERATOR, Role.OPD_HEAD}
    about = subject(kind, cast)
    if role in allowed:
        assert begin(kind, cast, about, by=cast[role]).pk
        return
    with pytest.raises(StepRefused, match="Peran"):
        begin(kind, cast, about, by=cast[role])


def test_nobody_begins_about_another_government_or_unit(cast: Any) -> None:
    stranger = cast.away_offices[Role.ZI_SECRETARIAT]
    with pytest.raises(StepRefused):
        begin(PaperKind.SPTJM, cast, subject(PaperKind.SPTJM, cast), by=stranger)
    other = complete_team(cast.other_unit)
    about = Subject(year=2026, zone=other.zone, team=other)
    with pytest.raises(StepRefused):
        begin(PaperKind.SK_TIM_KERJA, cast, about)


def test_a_former_version_of_a_team_gets_no_decree(cast: Any) -> None:
    team = complete_team(cast.unit)
    seal_team(team=team, by=None, now=NOW)
    amend_team(team=team, by=cast[Role.OPD_HEAD])
    with pytest.raises(StepRefused, match="lebih baru"):
        begin(PaperKind.SK_TIM_KERJA, cast, Subject(year=2026, zone=team.zone, team=team))


def test_the_next_decree_says_what_it_replaces(cast: Any) -> None:
    team = complete_team(cast.unit)
    old = signed(PaperKind.SK_TIM_KERJA, cast.unit, cast[Role.OPD_HEAD], team=team, number="800/1")
    seal_team(team=team, by=None, now=NOW)
    team.refresh_from_db()
    fresh = amend_team(team=team, by=cast[Role.OPD_HEAD])
    paper = begin(PaperKind.SK_TIM_KERJA, cast, Subject(year=2026, zone=fresh.zone, team=fresh))
    assert paper.replaces == old
    lines = " ".join(paper.blocks["diktum"])
    assert "Nomor 800/1 tanggal 20 Mei 2026 dicabut dan dinyatakan tidak berlaku" in lines


class TestEdit:
    def test_what_was_written_stands(self, cast: Any) -> None:
        paper, by = draft(PaperKind.LHE, cast.unit, recommends=None), cast[Role.INSPECTORATE]
        facts = facts_of(
            paper, recommends=False, score_enabler=Decimal("40.5"), about="Uji",
            blocks={**paper.blocks, "temuan": ["Satu", "Dua"]},
        )  # fmt: skip
        row = edit_paper(paper=paper, facts=facts, version=1, by=by)
        assert (row.version, row.recommends, row.score_enabler) == (2, False, Decimal("40.5"))
        assert row.blocks["temuan"] == ["Satu", "Dua"]
        assert LedgerEntry.objects.filter(verb="paper.edited").count() == 1

    def test_units_keep_their_order(self, cast: Any) -> None:
        paper, by = draft(PaperKind.SK_PENETAPAN, cast.unit), cast[Role.ZI_SECRETARIAT]
        wanted = [cast.other_unit.pk, cast.unit.pk]
        edit_paper(paper=paper, facts=facts_of(paper, unit_ids=wanted), version=1, by=by)
        rows = paper.units.order_by("position")
        assert list(rows.values_list("unit_id", flat=True)) == wanted

    def test_somebody_elses_version_is_not_overwritten(self, cast: Any) -> None:
        paper, by = draft(PaperKind.LHE, cast.unit), cast[Role.INSPECTORATE]
        edit_paper(paper=paper, facts=facts_of(paper, about="Pertama"), version=1, by=by)
        with pytest.raises(PaperConflict):
            edit_paper(paper=paper, facts=facts_of(paper, about="Kedua"), version=1, by=by)
        paper.refresh_from_db()
        assert paper.about == "Pertama"

    def test_units_of_others_and_wrong_offices_are_refused(self, cast: Any) -> None:
        paper, by = draft(PaperKind.SK_PENETAPAN, cast.unit), cast[Role.ZI_SECRETARIAT]
        with pytest.raises(StepRefused):
            edit_paper(
                paper=paper, facts=facts_of(paper, unit_ids=[cast.away_unit.pk]), version=1, by=by
            )
        for office in (cast[Role.SEKDA], cast.away_offices[Role.MAYOR]):
            facts = facts_of(paper, signer=Signer(title="X", membership=office))
            with pytest.raises(StepRefused, match="Jabatan"):
                edit_paper(paper=paper, facts=facts, version=1, by=by)

    def test_only_a_draft_is_edited(self, cast: Any) -> None:
        paper = numbered(PaperKind.LHE, cast.unit)
        with pytest.raises(StepRefused, match="draf"):
            edit_paper(paper=paper, facts=facts_of(paper), version=1, by=cast[Role.INSPECTORATE])


class TestNumber:
    @pytest.mark.parametrize(
        ("kind", "change"),
        [
            (PaperKind.LHE, {"recommends": None}),
            (PaperKind.LHE, {"signatory_title": ""}),
            (PaperKind.SPTJM, {"blocks": {}}),
            (PaperKind.SURAT_PENGAJUAN, {"blocks": {"isi": []}}),
        ],
    )
    def test_what_is_missing_is_listed(self, kind: str, change: Any, cast: Any) -> None:
        paper = draft(kind, cast.unit, **change)
        by = cast[KEEPER[PaperKind(kind)]]
        with pytest.raises(StepRefused) as refused:
            number_paper(paper=paper, number="1", dated_on=DAY, by=by, now=NOW)
        assert refused.value.missing
        assert all(item.anchor.startswith("/app/") for item in refused.value.missing)

    def test_a_decree_names_at_least_one_unit(self, cast: Any) -> None:
        paper = draft(PaperKind.SK_PENETAPAN, cast.unit)
        paper.units.all().delete()
        with pytest.raises(StepRefused) as refused:
            number_paper(
                paper=paper, number="1", dated_on=DAY, by=cast[Role.ZI_SECRETARIAT], now=NOW
            )
        assert [item.anchor[-9:] for item in refused.value.missing] == ["#id_units"]

    def test_an_incomplete_team_gets_no_number(self, cast: Any) -> None:
        paper = draft(PaperKind.SK_TIM_KERJA, cast.unit)
        assert paper.team is not None
        paper.team.members.filter(area="3").delete()
        with pytest.raises(StepRefused) as refused:
            number_paper(paper=paper, number="1", dated_on=DAY, by=cast[Role.OPD_HEAD], now=NOW)
        assert [item.anchor[-8:] for item in refused.value.missing] == ["#pokja-3"]

    def test_a_number_is_given_once_per_kind_and_year(self, cast: Any) -> None:
        numbered(PaperKind.SPTJM, cast.unit, number="7")
        by = cast[Role.ZI_SECRETARIAT]
        letter = draft(PaperKind.SURAT_PENGAJUAN, cast.unit)
        number_paper(paper=letter, number="7", dated_on=DAY, by=by, now=NOW)
        proposal_of(cast.home, [cast.unit], 2027)
        again = draft(PaperKind.SPTJM, cast.unit, year=2027)
        with pytest.raises(WrongNumber, match="2026"):
            number_paper(paper=again, number="7", dated_on=DAY, by=by, now=NOW)
        later = NOW + timedelta(days=300)
        row = number_paper(paper=again, number="7", dated_on=date(2027, 2, 1), by=by, now=later)
        assert row.number == "7"

    def test_the_number_of_a_void_paper_is_not_given_again(self, cast: Any) -> None:
        voided(PaperKind.SPTJM, cast.unit, number="7")
        again = draft(PaperKind.SPTJM, cast.unit)
        with pytest.raises(WrongNumber):
            number_paper(
                paper=again, number="7", dated_on=DAY, by=cast[Role.ZI_SECRETARIAT], now=NOW
            )

    def test_each_unit_numbers_its_own_decrees(self, cast: Any) -> None:
        numbered(PaperKind.SK_TIM_KERJA, cast.other_unit, number="800/1")
        paper = draft(PaperKind.SK_TIM_KERJA, cast.unit)
        row = number_paper(
            paper=paper, number="800/1", dated_on=DAY, by=cast[Role.OPD_HEAD], now=NOW
        )
        assert row.number == "800/1"

    def test_a_number_of_the_register_of_decrees_is_taken(self, cast: Any) -> None:
        NamingDecreeFactory(government=cast.home, number="188/1")
        paper = draft(PaperKind.SK_PENETAPAN, cast.unit)
        with pytest.raises(WrongNumber, match=r"SK|terdaftar"):
            number_paper(
                paper=paper, number="188/1", dated_on=DAY, by=cast[Role.ZI_SECRETARIAT], now=NOW
            )

    @pytest.mark.parametrize("day", [NOW.date() + timedelta(days=1), date(2020, 1, 1)])
    def test_a_day_that_cannot_be_right(self, day: date, cast: Any) -> None:
        paper = draft(PaperKind.SPTJM, cast.unit)
        with pytest.raises(WrongDay):
            number_paper(
                paper=paper, number="1", dated_on=day, by=cast[Role.ZI_SECRETARIAT], now=NOW
            )

    def test_the_units_of_the_proposal_are_listed(self, cast: Any) -> None:
        paper = draft(PaperKind.SURAT_PENGAJUAN, cast.unit)
        Candidate.objects.create(
            government=cast.home, proposal=paper.proposal, zone=zone_of(cast.other_unit),
            position=2,
        )  # fmt: skip
        row = number_paper(
            paper=paper, number="1", dated_on=DAY, by=cast[Role.ZI_SECRETARIAT], now=NOW
        )
        assert [r[1] for r in row.content["tables"][0]["rows"]] == ["Dinas Satu", "Dinas Dua"]
        assert row.units.count() == 2


def test_the_units_of_a_numbered_paper_stay(cast: Any) -> None:
    paper = numbered(PaperKind.SK_PENETAPAN, cast.unit)
    attempts = (
        lambda: PaperUnit.objects.filter(paper=paper).delete(),
        lambda: PaperUnit.objects.filter(paper=paper).update(printed_name="X"),
        lambda: PaperUnit.objects.create(
            government=cast.home, paper=paper, unit=cast.other_unit, position=2, printed_name="X"
        ),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
