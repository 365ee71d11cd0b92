"""Ask for the progress report, and let the weekly ones arrive by themselves."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from integrity_portal.core.documents import actions, queries as documents
from integrity_portal.core.formatting import datetime_id
from integrity_portal.core.models import Document
from opd.models import Membership
from reports import queries, wording
from reports.models import ReportSchedule

KIND = "reports.progress"


def ask_for_progress(*, by: Membership, variant: str, now: datetime) -> Document:
    """On demand: the figures are those of the moment in which a worker begins."""
    with (
        translation.override("id"),
        timezone.override(ZoneInfo(by.government.time_zone)),
    ):
        title = _("Integrity zone progress report, %(at)s") % {"at": datetime_id(now)}
    return actions.request_document(
        kind=KIND,
        variant=variant,
        title=title,
        by=by,
        now=now,
        is_sample=by.government.is_sample,
    )


def make_due_reports(now: datetime) -> None:
    """For beat's tick: every weekly report whose hour has come and that is not there yet."""
    due = []
    for schedule in queries.running_schedules():
        latest = queries.last_moment(schedule, now)
        if latest.moment >= schedule.starts_at:
            due.append((schedule, latest.period))
    known = documents.made_for_periods({period for _schedule, period in due})
    for schedule, period in due:
        if (schedule.government_id, schedule.kind, schedule.variant, period) not in known:
            ask_for_week(schedule=schedule, period=period, now=now)


def ask_for_week(*, schedule: ReportSchedule, period: str, now: datetime) -> None:
    """Once for each week, however often it is called."""
    with translation.override("id"):
        title = wording.weekly_title(period)
    actions.request_document(
        kind=schedule.kind,
        variant=schedule.variant,
        title=title,
        by=None,
        government_id=schedule.government_id,
        now=now,
        period=period,
        is_sample=schedule.government.is_sample,
    )
