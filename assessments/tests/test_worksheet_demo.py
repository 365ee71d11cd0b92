"""What the demonstration shows of work-sheets: every stage, in Kota Contoh."""

from collections import Counter
from datetime import date

from assessments.models import Worksheet
from opd.models import Government


def test_every_stage_of_a_work_sheet(demonstration: date) -> None:
    rows = Worksheet.objects.filter(year=demonstration.year)
    assert Counter(rows.values_list("state", flat=True)) == {
        "draft": 2,
        "submitted": 1,
        "returned": 1,
        "approved": 1,
    }
    assert not Worksheet.objects.exclude(
        government=Government.objects.get(slug="kota-contoh")
    ).exists()
    assert Worksheet.objects.filter(year=demonstration.year - 1).count() == 1
