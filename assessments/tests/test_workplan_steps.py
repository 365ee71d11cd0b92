"""What the database itself refuses, the step matrix, and the history of changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from assessments.actions import reports, workplans
from assessments.actions.workplans import ActivityTexts
from assessments.enums import ActivityState, ReportState
from assessments.models import Activity, ActivityReport, WorkPlan
from assessments.queries import workplans as queries
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from assessments.tests.workplan_verbs import activity, plan, send
from assessments.workflow import ACTIVITY, ACTIVITY_REPORT
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused, perform

__all__ = ["activity", "plan"]
pytestmark = pytest.mark.django_db


class TestDatabase:
    """What raw SQL cannot do either."""

    def run(self, sql: str, *values: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    def test_submitter_and_decider_differ(self, cast: Cast, activity: Activity) -> None:
        report = send(activity, cast[Role.OPD_HEAD])
        sql = (
            "UPDATE assessments_activityreport SET state = 'confirmed', decided_at = now(), "
            "decided_by_id = %s WHERE id = %s"
        )
        with pytest.raises(IntegrityError):
            self.run(sql, cast[Role.OPD_HEAD].pk, report.pk)
        same_person = MembershipFactory(
            user=cast[Role.OPD_HEAD].user, government=cast.home, role=Role.SEKDA
        )
        with pytest.raises(IntegrityError, match="report_four_eyes"):
            self.run(sql, same_person.pk, report.pk)
        self.run(sql, cast[Role.SEKDA].pk, report.pk)

    @pytest.mark.parametrize(
        "change", ["percent = 100", "note = 'lain'", "activity_id = activity_id"]
    )
    @pytest.mark.parametrize("trait", ["submitted", "confirmed", "returned"])
    def test_what_was_sent_stays(self, change: str, trait: str) -> None:
        report = ActivityReportFactory(**{trait: True})
        with pytest.raises(DatabaseError, match="report_content_stays"):
            self.run(
                f"UPDATE assessments_activityreport SET {change} WHERE id = %s",  # noqa: S608
                report.pk,
            )
        with pytest.raises(DatabaseError, match="report_stays"):
            self.run("DELETE FROM assessments_activityreport WHERE id = %s", report.pk)

    @pytest.mark.parametrize("trait", ["confirmed", "returned"])
    def test_a_decision_stays(self, trait: str) -> None:
        report = ActivityReportFactory(**{trait: True})
        with pytest.raises(DatabaseError, match="report_decision_stays"):
            self.run(
                "UPDATE assessments_activityreport SET message = 'lain' WHERE id = %s", report.pk
            )

    @pytest.mark.parametrize(
        "values",
        [
            {"submitted": True, "percent": None},
            {"submitted": True, "note": ""},
            {"submitted": True, "submitted_by": None},
            {"submitted": True, "submitted_at": None},
            {"submitted_at": datetime(2026, 11, 1, tzinfo=UTC)},
            {"confirmed": True, "decided_by": None},
            {"confirmed": True, "decided_at": None},
            {"returned": True, "message": ""},
            {"percent": Decimal("100.01")},
            {"percent": Decimal("-0.01")},
        ],
        ids=str,
    )
    def test_impossible_reports_are_refused(self, values: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            ActivityReportFactory(**values)

    def test_dropped_and_reason_go_together(self) -> None:
        for values in ({"state": "dropped"}, {"drop_reason": "x"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ActivityFactory(**values)

    def test_one_plan_per_zone_and_year(self, plan: WorkPlan) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkPlanFactory(zone=plan.zone, year=plan.year)


MATRIX = [
    (step.name, state, role)
    for step in ACTIVITY_REPORT.transitions
    for state in ReportState.values
    for role in Role.values
]


@pytest.mark.parametrize(("step", "state", "role"), MATRIX)
def test_report_steps_follow_the_table(step: str, state: str, role: str, cast: Cast) -> None:
    """Every step × state × role: what the table allows happens, all else is refused."""
    traits = {} if state == ReportState.DRAFT else {state: True}
    report = ActivityReportFactory(
        activity=ActivityFactory(plan=WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))),
        **traits,
    )
    row = ACTIVITY_REPORT.get(step)
    now = timezone.now()
    values = {
        "submit": {"submitted_by": cast[Role.OPD_OPERATOR], "submitted_at": now},
        "withdraw": {"submitted_by": None, "submitted_at": None},
        "confirm": {"decided_by": cast[role], "decided_at": now},
        "return": {"decided_by": cast[role], "decided_at": now, "message": "Lengkapi"},
    }[step]

    def nothing(_: ActivityReport) -> list[Any]:
        return []

    def take() -> ActivityReport:
        return perform(
            ACTIVITY_REPORT,
            step,
            report,
            by=cast[role],
            now=now,
            checks={"percent": nothing, "note": nothing},
            values=values,
        )

    if state in row.sources and role in row.roles:
        assert take().state == row.target
        assert report.steps.get().name == step
    else:
        with pytest.raises(StepRefused):
            take()
        assert not report.steps.exists()


@pytest.mark.parametrize(
    ("step", "state", "role"),
    [(s.name, a, r) for s in ACTIVITY.transitions for a in ActivityState.values for r in Role],
)
def test_activity_steps_follow_the_table(step: str, state: str, role: str, cast: Cast) -> None:
    values = {"drop_reason": "Batal"} if state == ActivityState.DROPPED else {}
    activity = ActivityFactory(
        plan=WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit)), state=state, **values
    )
    row = ACTIVITY.get(step)
    reason = "Batal" if row.target == ActivityState.DROPPED else ""

    def take() -> Activity:
        return perform(
            ACTIVITY,
            step,
            activity,
            by=cast[role],
            now=timezone.now(),
            values={"drop_reason": reason},
        )

    if state in row.sources and role in row.roles:
        assert take().state == row.target
    else:
        with pytest.raises(StepRefused):
            take()


class TestChanges:
    """What was planned may move, but never unseen."""

    def edit(self, activity: Activity, by: Membership, **changed: Any) -> Activity:
        activity.refresh_from_db()
        texts = ActivityTexts(
            activity.area,
            activity.title,
            activity.milestone,
            activity.due_on,
            activity.responsible,
            activity.position,
        )
        return workplans.edit_activity(
            activity=activity,
            texts=replace(texts, **changed),
            version=activity.version,
            by=by,
            now=timezone.now(),
        )

    @pytest.mark.parametrize(
        "changed",
        [
            {"due_on": date(2026, 12, 20)},
            {"milestone": "Cukup dibicarakan"},
            {"title": "Judul baru"},
            {"area": "4"},
        ],
    )
    def test_locked_while_a_report_waits(
        self, cast: Cast, activity: Activity, changed: dict[str, Any]
    ) -> None:
        send(activity, cast[Role.OPD_OPERATOR])
        with pytest.raises(StepRefused, match="menunggu kepala unit"):
            self.edit(activity, cast[Role.OPD_OPERATOR], **changed)
        assert self.edit(activity, cast[Role.OPD_OPERATOR], responsible="Sekretaris").version == 2

    def test_every_change_stands_in_the_history(self, cast: Cast, activity: Activity) -> None:
        old = activity.title
        self.edit(activity, cast[Role.OPD_OPERATOR], title="Baru", due_on=date(2026, 12, 20))
        self.edit(activity, cast[Role.OPD_OPERATOR], responsible="Sekretaris")
        changes = [entry.change for entry in queries.history(activity)]
        assert sorted(map(str, changes)) == sorted(
            map(str, [(old, "Baru"), ("15 Desember 2026", "20 Desember 2026")])
        )

    def test_the_head_sees_a_due_date_that_moved_since_he_confirmed(
        self, cast: Cast, activity: Activity
    ) -> None:
        operator, head = cast[Role.OPD_OPERATOR], cast[Role.OPD_HEAD]
        self.edit(activity, operator, due_on=date(2026, 12, 18))
        report = send(activity, operator)
        (waiting,) = queries.queue(head)
        moved = (date(2026, 12, 15), date(2026, 12, 18))
        assert queries.moved_due_date(waiting) == moved
        reports.confirm_report(
            report=report, shown=queries.fingerprint(report), by=head, now=timezone.now()
        )
        send(activity, operator, form_key=uuid4())
        (waiting,) = queries.queue(head)
        assert queries.moved_due_date(waiting) is None
