"""What the demonstration shows of monev, assessment events and recommendations."""

from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from assessments.enums import EventState, PeriodState, RecommendationState
from assessments.models import (
    AssessmentEvent,
    AssessorQuestion,
    MonevPaper,
    PlanFreeze,
    Recommendation,
    WorkPlan,
)
from assessments.queries import monev as queries, recommendations
from opd.models import Government

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.parametrize("day", ["2026-01-20", "2026-11-22"])
def test_kota_contoh_has_one_of_each_and_the_others_nothing_adverse(day: str) -> None:
    with time_machine.travel(f"{day}T05:00:00+00:00", tick=False):
        call_command("load_demo", verbosity=0)
        today: date = timezone.localdate()
    contoh = Government.objects.get(slug="kota-contoh")
    plans = WorkPlan.objects.filter(government=contoh).select_related("zone", "government")
    states = {row.state for plan in plans for row in queries.plan_periods(plan, today)}
    if today.month == 11:
        assert states >= {PeriodState.FROZEN, PeriodState.FROZEN_LATE, PeriodState.MISSING}
    else:
        assert PeriodState.FROZEN in states
    assert all(queries.is_intact(row) for row in PlanFreeze.objects.all())
    assert MonevPaper.objects.count() == 4
    rows = Recommendation.objects.filter(government=contoh).select_related("government")
    assert {row.state for row in rows} == set(RecommendationState.values)
    assert any(recommendations.is_late(row, today) for row in rows)
    found = AssessmentEvent.objects.filter(government=contoh)
    assert {row.state for row in found} == set(EventState.values)
    assert {row.state for row in AssessorQuestion.objects.all()} == {"open", "answered"}
    for slug in ("kota-kediri", "kab-bekasi"):
        real = Government.objects.get(slug=slug)
        shown = WorkPlan.objects.filter(government=real).select_related("zone", "government")
        words = {row.state for plan in shown for row in queries.plan_periods(plan, today)}
        assert not words & {PeriodState.MISSING, PeriodState.FROZEN_LATE}
        assert not Recommendation.objects.filter(government=real).exists()
        events = AssessmentEvent.objects.filter(government=real)
        assert {(row.state, row.is_sample) for row in events} <= {("planned", True)}
