"""Verbs of who decides about a report: four eyes, once, with a reason."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.actions import reports, workplans
from assessments.enums import ReportState
from assessments.models import Activity
from assessments.queries.workplans import fingerprint
from assessments.tests.workplan_verbs import activity, plan, send
from integrity_portal.testing.ledger import verbs
from opd.enums import Role
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

__all__ = ["activity", "plan"]
pytestmark = pytest.mark.django_db


class TestDecisions:
    def test_the_head_confirms_once_however_often_he_taps(
        self, cast: Cast, activity: Activity
    ) -> None:
        report, now = send(activity, cast[Role.OPD_OPERATOR]), timezone.now()
        for _ in range(2):
            reports.confirm_report(
                report=report, shown=fingerprint(report), by=cast[Role.OPD_HEAD], now=now
            )
        report.refresh_from_db()
        assert (report.state, report.decided_by) == (ReportState.CONFIRMED, cast[Role.OPD_HEAD])
        assert verbs().count("activity_report.confirm") == 1

    def test_a_return_says_why_and_the_next_report_answers(
        self, cast: Cast, activity: Activity
    ) -> None:
        report, now = send(activity, cast[Role.OPD_OPERATOR]), timezone.now()
        with pytest.raises(StepRefused):
            reports.return_report(
                report=report,
                shown=fingerprint(report),
                by=cast[Role.OPD_HEAD],
                now=now,
                message=" ",
            )
        reports.return_report(
            report=report,
            shown=fingerprint(report),
            by=cast[Role.OPD_HEAD],
            now=now,
            message="Lengkapi",
        )
        assert verbs()[-1] == "activity_report.return"
        assert send(activity, cast[Role.OPD_OPERATOR]).state == ReportState.SUBMITTED

    def test_nobody_confirms_what_he_sent_himself(self, cast: Cast, activity: Activity) -> None:
        report, now = send(activity, cast[Role.OPD_HEAD]), timezone.now()
        with pytest.raises(StepRefused, match="sendiri"):
            reports.confirm_report(
                report=report, shown=fingerprint(report), by=cast[Role.OPD_HEAD], now=now
            )

    def test_not_even_in_another_office(self, cast: Cast, activity: Activity) -> None:
        """The operator who is Plh. head this week does not confirm his own report."""
        operator = cast[Role.OPD_OPERATOR]
        report = send(activity, operator)
        acting = MembershipFactory(
            user=operator.user, government=cast.home, unit=cast.unit, role=Role.OPD_HEAD
        )
        with pytest.raises(StepRefused, match="sendiri"):
            reports.confirm_report(
                report=report, shown=fingerprint(report), by=acting, now=timezone.now()
            )

    def test_a_substitute_confirms_what_the_head_sent(self, cast: Cast, activity: Activity) -> None:
        report = send(activity, cast[Role.OPD_HEAD])
        substitute = MembershipFactory(
            government=cast.home,
            unit=cast.unit,
            role=Role.OPD_HEAD,
            substitutes_for=cast[Role.OPD_HEAD],
            valid_to=date(2030, 1, 1),
        )
        done = reports.confirm_report(
            report=report, shown=fingerprint(report), by=substitute, now=timezone.now()
        )
        assert done.decided_by == substitute

    def test_a_head_of_another_unit_does_not_decide(self, cast: Cast, activity: Activity) -> None:
        report = send(activity, cast[Role.OPD_OPERATOR])
        stranger = MembershipFactory(government=cast.home, unit=cast.other_unit, role=Role.OPD_HEAD)
        for by in (stranger, cast.away_offices[Role.OPD_HEAD], cast[Role.OPD_OPERATOR]):
            with pytest.raises(PermissionDenied):
                reports.confirm_report(
                    report=report, shown=fingerprint(report), by=by, now=timezone.now()
                )

    def test_a_dropped_activity_waits_for_nobody(self, cast: Cast, activity: Activity) -> None:
        report, now = send(activity, cast[Role.OPD_OPERATOR]), timezone.now()
        workplans.drop_activity(
            activity=activity, reason="Batal", by=cast[Role.OPD_OPERATOR], now=now
        )
        with pytest.raises(StepRefused):
            reports.confirm_report(
                report=report, shown=fingerprint(report), by=cast[Role.OPD_HEAD], now=now
            )
