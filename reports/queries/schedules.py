"""The weekly reports: of all governments for the tick, one reader's for his page."""

from collections.abc import Callable
from datetime import datetime, timedelta

from integrity_portal.core.documents.queries import made_for_periods
from reports.calendar import Due, latest_due, next_due, week_of
from reports.enums import Variant
from reports.models import ReportSchedule


def running_schedules() -> list[ReportSchedule]:
    return list(ReportSchedule.objects.running().select_related("government").order_by("pk"))


def schedule_of(government_id: int, variant: Variant) -> ReportSchedule | None:
    rows = ReportSchedule.objects.filter(government_id=government_id, variant=variant)
    return rows.select_related("government").first()


def last_moment(schedule: ReportSchedule, now: datetime) -> Due:
    return _by(latest_due, schedule, now)


def next_moment(schedule: ReportSchedule, now: datetime) -> Due:
    return _by(next_due, schedule, now)


def next_report(schedule: ReportSchedule, now: datetime) -> datetime:
    """When the next one will be asked for: a week that has its report gets no second one."""
    due = next_moment(schedule, now)
    return due.moment + timedelta(days=7) if is_made(schedule, due.period) else due.moment


def week_at(schedule: ReportSchedule, now: datetime) -> str:
    """The week that it is now, where the government is."""
    return week_of(now.astimezone(last_moment(schedule, now).moment.tzinfo))


def is_made(schedule: ReportSchedule, period: str) -> bool:
    """Asked for, by the calendar or by a change of the schedule."""
    key = (schedule.government_id, schedule.kind, schedule.variant, period)
    return key in made_for_periods({period})


def _by(clock: Callable[..., Due], schedule: ReportSchedule, now: datetime) -> Due:
    zone = schedule.government.time_zone
    return clock(weekday=schedule.weekday, hour=schedule.hour, time_zone=zone, now=now)
