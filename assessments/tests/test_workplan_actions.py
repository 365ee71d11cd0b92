"""Verbs of work plans and reports: what they write, refuse, and survive."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.actions import reports, workplans
from assessments.actions.reports import ReportConflict, ReportContent
from assessments.actions.workplans import ActivityTexts, EditConflict
from assessments.enums import ActivityState, ReportState
from assessments.models import Activity, ActivityReport, WorkPlan
from assessments.queries.workplans import fingerprint
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
    stored_pdf,
)
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
TEXTS = ActivityTexts("1", "Membentuk tim kerja", "SK ditandatangani", date(2026, 12, 1))


@pytest.fixture
def plan(cast: Cast) -> WorkPlan:
    return WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))


@pytest.fixture
def activity(plan: WorkPlan) -> Activity:
    return ActivityFactory(plan=plan)


def verbs() -> list[str]:
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))


def send(activity: Activity, by: Membership, **changed: Any) -> ActivityReport:
    values = {
        "content": ReportContent(Decimal(40), "Rapat pertama selesai."),
        "form_key": uuid4(),
        "version": 0,
        "now": timezone.now(),
        **changed,
    }
    return reports.send_report(activity=activity, by=by, **values)


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


class TestReports:
    def test_the_first_report_begins_the_activity(self, cast: Cast, activity: Activity) -> None:
        report = send(activity, cast[Role.OPD_OPERATOR])
        activity.refresh_from_db()
        assert activity.state == ActivityState.ACTIVE
        assert report.state == ReportState.SUBMITTED
        assert report.submitted_by == cast[Role.OPD_OPERATOR]
        assert verbs() == ["activity_report.saved", "activity.start", "activity_report.submit"]

    def test_a_second_press_sends_nothing_twice(self, cast: Cast, activity: Activity) -> None:
        key = uuid4()
        first = send(activity, cast[Role.OPD_OPERATOR], form_key=key)
        again = send(activity, cast[Role.OPD_OPERATOR], form_key=key)
        assert first == again
        assert activity.reports.count() == 1
        assert verbs().count("activity_report.submit") == 1

    def test_a_second_press_with_the_same_file_once_more(
        self, cast: Cast, activity: Activity
    ) -> None:
        operator, key = cast[Role.OPD_OPERATOR], uuid4()
        for _ in range(2):
            content = ReportContent(Decimal(40), "Selesai.", [stored_pdf(operator)])
            send(activity, operator, form_key=key, content=content)
        assert activity.reports.get().files.count() == 1
        assert StoredFile.objects.kept().count() == 1

    def test_other_text_after_sending_is_refused_not_dropped(
        self, cast: Cast, activity: Activity
    ) -> None:
        key = uuid4()
        send(activity, cast[Role.OPD_OPERATOR], form_key=key)
        with pytest.raises(StepRefused, match="sudah dikirim"):
            send(
                activity,
                cast[Role.OPD_OPERATOR],
                form_key=key,
                content=ReportContent(Decimal(80), "Teks lain."),
            )

    @pytest.mark.parametrize(
        ("content", "anchor"),
        [
            (ReportContent(None, "Selesai."), "id_percent"),
            (ReportContent(Decimal(5), ""), "id_note"),
        ],
    )
    def test_what_is_missing_is_named(
        self, cast: Cast, activity: Activity, content: ReportContent, anchor: str
    ) -> None:
        with pytest.raises(StepRefused) as refused:
            send(activity, cast[Role.OPD_OPERATOR], content=content)
        assert [item.anchor for item in refused.value.missing] == [anchor]
        assert not activity.reports.exists()

    def test_a_draft_may_be_unfinished_and_is_continued(
        self, cast: Cast, activity: Activity
    ) -> None:
        operator, key, now = cast[Role.OPD_OPERATOR], uuid4(), timezone.now()
        stored = stored_pdf(operator)
        draft = reports.save_report(
            activity=activity,
            content=ReportContent(None, "Baru mulai", [stored]),
            form_key=key,
            version=0,
            by=operator,
            now=now,
        )
        assert draft.state == ReportState.DRAFT
        sent = send(activity, operator, form_key=key, version=draft.version)
        assert sent.pk == draft.pk
        assert not sent.files.exists()
        stored.refresh_from_db()
        assert stored.state == StoredFile.State.PENDING  # the sweep removes it

    def test_the_draft_of_another_window_is_not_overwritten(
        self, cast: Cast, activity: Activity
    ) -> None:
        operator, key = cast[Role.OPD_OPERATOR], uuid4()

        def save(note: str, *, form_key: Any = key, version: int = 0) -> ActivityReport:
            return reports.save_report(
                activity=activity,
                content=ReportContent(None, note),
                form_key=form_key,
                version=version,
                by=operator,
                now=timezone.now(),
            )

        save("pertama")
        save("kedua", version=1)
        with pytest.raises(ReportConflict) as conflict:
            save("ketiga", version=1)
        assert conflict.value.current.note == "kedua"
        with pytest.raises(ReportConflict) as conflict:
            save("jendela lain", form_key=uuid4())
        assert conflict.value.current.note == "kedua"

    def test_only_one_report_waits_at_a_time(self, cast: Cast, activity: Activity) -> None:
        send(activity, cast[Role.OPD_OPERATOR])
        with pytest.raises(StepRefused, match="menunggu"):
            send(activity, cast[Role.OPD_HEAD])

    def test_a_draft_that_was_overtaken_cannot_be_sent(
        self, cast: Cast, activity: Activity
    ) -> None:
        key = uuid4()
        head = cast[Role.OPD_HEAD]
        reports.save_report(
            activity=activity,
            content=ReportContent(Decimal(10), "Konsep"),
            form_key=key,
            version=0,
            by=head,
            now=timezone.now(),
        )
        send(activity, cast[Role.OPD_OPERATOR])
        with pytest.raises(StepRefused, match="menunggu"):
            send(activity, head, form_key=key, version=1)

    def test_a_form_of_somebody_else_is_refused(self, cast: Cast, activity: Activity) -> None:
        key = uuid4()
        send(activity, cast[Role.OPD_OPERATOR], form_key=key)
        with pytest.raises(StepRefused):
            send(activity, cast[Role.OPD_HEAD], form_key=key)

    def test_eleven_files_are_too_many(self, cast: Cast, activity: Activity) -> None:
        operator = cast[Role.OPD_OPERATOR]
        many = [stored_pdf(operator, text=str(n)) for n in range(11)]
        with pytest.raises(StepRefused, match="10"):
            send(activity, operator, content=ReportContent(Decimal(1), "Banyak", many))

    def test_the_sender_takes_back_until_it_is_decided(
        self, cast: Cast, activity: Activity
    ) -> None:
        operator, now = cast[Role.OPD_OPERATOR], timezone.now()
        report = send(activity, operator)
        with pytest.raises(StepRefused):
            reports.withdraw_report(report=report, by=cast[Role.OPD_HEAD], now=now)
        for _ in range(2):
            reports.withdraw_report(report=report, by=operator, now=now)
        report.refresh_from_db()
        assert (report.state, report.submitted_by, report.note) == (
            ReportState.DRAFT,
            None,
            "Rapat pertama selesai.",
        )
        report = send(activity, operator, form_key=report.form_key, version=report.version)
        reports.confirm_report(
            report=report, shown=fingerprint(report), by=cast[Role.OPD_HEAD], now=now
        )
        with pytest.raises(StepRefused):
            reports.withdraw_report(report=report, by=operator, now=now)


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
