"""Verbs of plans and activities: what they write, refuse, and survive."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.actions import workplans
from assessments.actions.workplans import ActivityTexts, EditConflict
from assessments.enums import ActivityState
from assessments.models import Activity, WorkPlan
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from assessments.tests.workplan_verbs import NOW, TEXTS, activity, plan, send
from integrity_portal.testing.ledger import verbs
from opd.enums import Role
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

__all__ = ["activity", "plan"]
pytestmark = pytest.mark.django_db


class TestPlans:
    def test_a_plan_is_opened_once_however_often_it_is_pressed(self, cast: Cast) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit)
        first = workplans.open_plan(zone=zone, year=2026, by=cast[Role.OPD_OPERATOR])
        again = workplans.open_plan(zone=zone, year=2026, by=cast[Role.OPD_OPERATOR])
        assert first == again
        assert verbs() == ["work_plan.opened"]

    def test_copying_takes_what_was_not_dropped_into_the_new_year(
        self, cast: Cast, plan: WorkPlan
    ) -> None:
        kept = ActivityFactory(plan=plan, due_on=date(2026, 9, 30), state=ActivityState.ACTIVE)
        ActivityFactory(plan=plan, dropped=True)
        ActivityReportFactory(activity=kept, confirmed=True, percent=Decimal(100))
        new = workplans.open_plan(
            zone=plan.zone, year=2027, by=cast[Role.OPD_OPERATOR], copy_from=plan
        )
        (copy,) = new.activities.all()
        assert (copy.title, copy.due_on, copy.state) == (
            kept.title,
            date(2027, 9, 30),
            ActivityState.PLANNED,
        )
        assert not copy.reports.exists()

    def test_a_copied_due_date_lies_in_the_year_of_its_plan(
        self, cast: Cast, plan: WorkPlan
    ) -> None:
        ActivityFactory(plan=plan, due_on=date(2027, 1, 31))
        new = workplans.open_plan(zone=plan.zone, year=2028, by=cast[Role.OPD_HEAD], copy_from=plan)
        assert new.activities.get().due_on == date(2028, 1, 31)

    @pytest.mark.parametrize("due_on", [date(2025, 12, 31), date(2027, 1, 1)])
    def test_a_due_date_in_another_year_is_refused(
        self, cast: Cast, plan: WorkPlan, activity: Activity, due_on: date
    ) -> None:
        texts = replace(TEXTS, due_on=due_on)
        by = cast[Role.OPD_OPERATOR]
        with pytest.raises(StepRefused, match="harus dalam tahun 2026"):
            workplans.add_activity(plan=plan, texts=texts, form_key=uuid4(), by=by)
        with pytest.raises(StepRefused, match="harus dalam tahun 2026"):
            workplans.edit_activity(activity=activity, texts=texts, version=1, by=by, now=NOW)

    def test_a_plan_of_another_unit_is_not_copied(self, cast: Cast, plan: WorkPlan) -> None:
        other = WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.other_unit))
        with pytest.raises(StepRefused):
            workplans.open_plan(zone=plan.zone, year=2027, by=cast[Role.OPD_HEAD], copy_from=other)

    def test_a_closed_zone_opens_no_plan(self, cast: Cast) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, closed_on=date(2026, 2, 1))
        with pytest.raises(StepRefused):
            workplans.open_plan(zone=zone, year=2026, by=cast[Role.OPD_HEAD])

    @pytest.mark.parametrize("role", sorted(set(Role.values) - {"opd_operator", "opd_head"}))
    def test_nobody_else_opens_plans(self, cast: Cast, role: str) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit)
        with pytest.raises(PermissionDenied):
            workplans.open_plan(zone=zone, year=2026, by=cast[role])


class TestActivities:
    def test_a_second_press_adds_no_second_activity(self, cast: Cast, plan: WorkPlan) -> None:
        key = uuid4()
        for _ in range(2):
            workplans.add_activity(plan=plan, texts=TEXTS, form_key=key, by=cast[Role.OPD_OPERATOR])
        assert plan.activities.count() == 1
        assert verbs() == ["activity.added"]

    def test_a_new_activity_goes_to_the_end_of_its_area(self, cast: Cast, plan: WorkPlan) -> None:
        ActivityFactory(plan=plan, area="1", position=7)
        ActivityFactory(plan=plan, area="2", position=30)
        added = workplans.add_activity(
            plan=plan, texts=TEXTS, form_key=uuid4(), by=cast[Role.OPD_OPERATOR]
        )
        assert added.position == 8

    def test_the_later_of_two_sees_both_texts(self, cast: Cast, activity: Activity) -> None:
        first = workplans.edit_activity(
            activity=activity, texts=TEXTS, version=1, by=cast[Role.OPD_OPERATOR], now=NOW
        )
        mine = ActivityTexts("1", "Judul lain", "SK ditandatangani", date(2026, 12, 1))
        with pytest.raises(EditConflict) as conflict:
            workplans.edit_activity(
                activity=activity, texts=mine, version=1, by=cast[Role.OPD_HEAD], now=NOW
            )
        assert conflict.value.current.title == first.title == TEXTS.title
        saved = workplans.edit_activity(
            activity=activity,
            texts=mine,
            version=conflict.value.current.version,
            by=cast[Role.OPD_HEAD],
            now=NOW,
        )
        assert saved.title == "Judul lain"
        assert verbs() == ["activity.edited", "activity.edited"]

    def test_the_same_texts_once_more_are_no_conflict(self, cast: Cast, activity: Activity) -> None:
        for _ in range(2):
            workplans.edit_activity(
                activity=activity, texts=TEXTS, version=1, by=cast[Role.OPD_OPERATOR], now=NOW
            )
        assert verbs() == ["activity.edited"]

    def test_dropping_needs_a_reason_and_can_be_undone(
        self, cast: Cast, activity: Activity
    ) -> None:
        head, now = cast[Role.OPD_HEAD], timezone.now()
        with pytest.raises(StepRefused):
            workplans.drop_activity(activity=activity, reason="  ", by=head, now=now)
        workplans.drop_activity(activity=activity, reason="Digabung", by=head, now=now)
        workplans.drop_activity(activity=activity, reason="Digabung", by=head, now=now)
        activity.refresh_from_db()
        assert (activity.state, activity.drop_reason) == (ActivityState.DROPPED, "Digabung")
        with pytest.raises(StepRefused):
            workplans.edit_activity(activity=activity, texts=TEXTS, version=1, by=head, now=NOW)
        with pytest.raises(StepRefused):
            send(activity, cast[Role.OPD_OPERATOR])
        workplans.restore_activity(activity=activity, by=head, now=now)
        workplans.restore_activity(activity=activity, by=head, now=now)
        activity.refresh_from_db()
        assert (activity.state, activity.drop_reason) == (ActivityState.ACTIVE, "")
        assert verbs() == ["activity.drop", "activity.restore"]

    def test_a_head_above_writes_below_only_when_he_acts_for_it(self, cast: Cast) -> None:
        below = ActivityFactory(plan=WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.below)))
        head = cast[Role.OPD_HEAD]
        with pytest.raises(PermissionDenied):
            workplans.edit_activity(activity=below, texts=TEXTS, version=1, by=head, now=NOW)
        head.acts_below = True
        workplans.edit_activity(activity=below, texts=TEXTS, version=1, by=head, now=NOW)
