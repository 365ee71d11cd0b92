"""What the demonstration shows of work-sheets: every stage, in Kota Contoh."""

from collections import Counter
from datetime import date

from assessments.models import Evidence, EvidenceUse, Worksheet
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
