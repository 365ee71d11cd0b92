"""Verbs of who reports on an activity: saving, sending, taking back."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.actions import reports
from assessments.actions.reports import ReportConflict, ReportContent
from assessments.enums import ActivityState, ReportState
from assessments.models import Activity, ActivityReport
from assessments.queries.workplans import fingerprint
from assessments.tests.factories import (
    stored_pdf,
)
from assessments.tests.workplan_verbs import activity, plan, send
from integrity_portal.core.models import StoredFile
from integrity_portal.testing.ledger import verbs
from opd.enums import Role
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

__all__ = ["activity", "plan"]
pytestmark = pytest.mark.django_db


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
