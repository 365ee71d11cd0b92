"""What the demonstration shows of work-sheets: every stage, in Kota Contoh."""

from collections import Counter
from datetime import date

from assessments.excel.links import is_safe
from assessments.models import Evidence, EvidenceUse, Worksheet, WorksheetImport
from assessments.queries.worksheet_files import plan_of
from opd.models import Government


def test_every_stage_of_a_work_sheet(demonstration: date) -> None:
    rows = Worksheet.objects.filter(year=demonstration.year)
    assert Counter(rows.values_list("state", flat=True)) == {
        "draft": 2,
        "submitted": 1,
        "returned": 1,
        "approved": 2,
    }
    assert not Worksheet.objects.exclude(
        government=Government.objects.get(slug="kota-contoh")
    ).exists()
    assert Worksheet.objects.filter(year=demonstration.year - 1).count() == 1


def test_documents_stand_at_their_questions_and_one_has_expired(demonstration: date) -> None:
    uses = EvidenceUse.objects.filter(item__worksheet__year=demonstration.year)
    found = Counter(uses.values_list("verdict", flat=True))
    assert found["accepted"] > 20
    assert found["returned"] == 3
    assert found["waiting"] > 20
    assert Evidence.objects.filter(valid_until__lt=demonstration).exists()


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
