"""What the demonstration shows of work-sheets: every stage and every screen, in Kota Contoh."""

from collections import Counter
from datetime import date
from typing import Any

from assessments.enums import Assessor
from assessments.excel.links import is_safe
from assessments.models import (
    Answer,
    Evidence,
    EvidenceUse,
    ItemMessage,
    ReviewMinutes,
    TpnLetter,
    Worksheet,
    WorksheetImport,
    WorksheetScore,
)
from assessments.queries.comparisons import comparison
from assessments.queries.worksheet_checks import changed_since
from assessments.queries.worksheet_files import plan_of
from assessments.queries.worksheet_queue import my_turns
from assessments.queries.worksheet_tasks import my_tasks
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Government, Membership


def sheet_of(unit: str, year: int) -> Worksheet:
    rows = Worksheet.objects.with_names().filter(zone__unit__short_name=unit, year=year)
    return rows.get(government__slug="kota-contoh")


def office(title: str) -> Membership:
    return Membership.objects.filter(government__slug="kota-contoh", title=title).earliest("pk")


def test_every_stage_of_a_work_sheet(demonstration: date) -> None:
    rows = Worksheet.objects.filter(year=demonstration.year)
    assert Counter(rows.values_list("state", flat=True)) == {
        "draft": 2,
        "submitted": 4,
        "returned": 1,
        "approved": 2,
    }
    contoh = Government.objects.get(slug="kota-contoh")
    assert not Worksheet.objects.exclude(government=contoh).exists()


def test_everything_is_marked_as_a_sample(demonstration: date) -> None:
    for model in (Worksheet, ReviewMinutes, Evidence):
        assert model.objects.exists()
        assert not model.objects.filter(is_sample=False).exists()


def test_last_year_is_approved_and_stands_beside_this_one(demonstration: date) -> None:
    before = Worksheet.objects.filter(year=demonstration.year - 1)
    units = {row.zone.unit.label for row in before.select_related("zone__unit")}
    assert units == {"DPMPTSP", "Dinsos", "Kecamatan Utara"}
    assert set(before.values_list("state", flat=True)) == {"approved"}
    for login, unit in (("Kepala DPMPTSP", "DPMPTSP"), ("Kepala Dinas Sosial", "Dinsos")):
        sheet = sheet_of(unit, demonstration.year)
        found = comparison(sheet, office(login), Assessor.UNIT)
        years = [str(demonstration.year - 1), str(demonstration.year)]
        assert [row.label for row in found.years] == years
        assert found.years[0].total < found.years[1].total


def test_a_carried_sheet_has_answers_to_be_reviewed(demonstration: date) -> None:
    rows = Worksheet.objects.filter(zone__unit__name="Kecamatan Utara", year=demonstration.year)
    sheet = rows.get()
    assert sheet.copied_from is not None
    marks = Counter(sheet.items.values_list("mark", flat=True))
    assert marks["carried"] > 20
    assert marks[""] > 20
    assert EvidenceUse.objects.filter(item__worksheet=sheet).exists()


def test_documents_stand_at_their_questions_and_one_has_expired(demonstration: date) -> None:
    uses = EvidenceUse.objects.filter(item__worksheet__year=demonstration.year)
    found = Counter(uses.values_list("verdict", flat=True))
    assert found["accepted"] > 20
    assert found["returned"] >= 3
    assert found["waiting"] > 20
    assert Evidence.objects.filter(valid_until__lt=demonstration).exists()


def test_scores_of_the_tpn_by_its_reviewer_and_from_a_letter(demonstration: date) -> None:
    own = Answer.objects.filter(assessor=Assessor.TPN, letter=None).select_related("changed_by")
    assert {row.changed_by.role for row in own} == {Role.TPN_REVIEWER}
    assert own.exclude(reason="").exists()
    letter = TpnLetter.objects.get()
    assert letter.scan.size > 0
    scored = Answer.objects.filter(assessor=Assessor.TPN, letter=letter)
    assert scored.count() == letter.worksheet.items.count()
    assert WorksheetScore.objects.filter(assessor=Assessor.TPN).count() == 2


def test_a_berita_acara_of_one_side_and_one_of_both(demonstration: date) -> None:
    assert sorted(row.is_signed for row in ReviewMinutes.objects.all()) == [False, True]
    waiting = ReviewMinutes.objects.get(unit_signed_at=None)
    assert waiting.tpi_signed_at is not None
    assert waiting.approval.worksheet.zone.unit.label == "DPMPTSP"


def test_one_sheet_was_changed_after_its_approval(demonstration: date) -> None:
    approved = Worksheet.objects.filter(state="approved", year=demonstration.year)
    changed = {row.zone.unit.label: changed_since(row) for row in approved}
    assert changed == {"RSUD Contoh": ["A.I.3.ii.b"], "DPMPTSP": []}
    kinds = ItemMessage.objects.filter(item__code="A.I.3.ii.b").values_list("kind", flat=True)
    assert set(kinds) == {"unlocked", "repaired"}


def test_every_operator_and_head_who_signs_in_has_a_task(demonstration: date) -> None:
    for title in (
        "Kepala DPMPTSP",
        "Operator DPMPTSP",
        "Camat Utara",
        "Operator Kecamatan Utara",
        "Kepala Dinas Sosial",
        "Operator Dinas Sosial",
    ):
        tasks = my_tasks(office(title), demonstration)
        assert tasks, title
        assert all(task.due_on is not None and not task.is_late for task in tasks)


def test_the_inspektur_has_a_sheet_of_each_kind(demonstration: date) -> None:
    turns = my_turns(office("Inspektur"), demonstration)
    kinds = {row.sheet.zone.unit.label: _kind(row) for row in turns}
    assert kinds == {"Disdik": "held up", "Dinkes": "to look at", "Kominfo": "plain"}


def test_the_team_leader_has_a_sheet_that_nobody_has_scored(demonstration: date) -> None:
    (row,) = my_turns(office("Auditor Muda"), demonstration)
    assert len(row.weighed.unscored) > 100


def _kind(row: Any) -> str:
    if not row.weighed.is_ready:
        return "held up"
    return "to look at" if row.weighed.exceptional else "plain"


def test_steps_went_through_their_acts(demonstration: date) -> None:
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert verbs >= {
        "worksheet.opened",
        "worksheet.shared_out",
        "worksheet.item_returned",
        "worksheet.item_unlocked",
        "worksheet.item_repaired",
        "worksheet.minutes_made",
        "worksheet.minutes_signed",
        "worksheet.tpn_letter_recorded",
        "worksheet.tpn_followed_tpi",
    }


def test_an_excel_file_waits_with_rows_of_every_kind_and_another_is_written(
    demonstration: date,
) -> None:
    waiting = WorksheetImport.objects.get(state="pending")
    sheet = Worksheet.objects.with_names().get(pk=waiting.worksheet_id)
    plan = plan_of(waiting, sheet)
    assert {"new", "changed", "conflict"} <= {line.outcome for line in plan.lines}
    assert any(not is_safe(link) for line in plan.lines for link in line.links)
    assert any(is_safe(link) for line in plan.lines for link in line.links)
    assert len(waiting.content["faults"]) >= 5
    done = WorksheetImport.objects.get(state="applied")
    assert done.written == 2
    assert done.content["links"]
