"""When a weekly report is due. Pure: time comes in as an argument."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Due:
    """The latest moment at which a report was due, and the ISO week it belongs to."""

    moment: datetime
    period: str


def week_of(moment: datetime) -> str:
    """`2026-W47`; the ISO year, so 1 January 2027 belongs to `2026-W53`."""
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02}"


def week_before(period: str) -> str:
    """`2026-W01` → `2025-W52`."""
    year, _w, week = period.partition("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return week_of(datetime.combine(monday - timedelta(days=7), time()))


def latest_due(*, weekday: int, hour: int, time_zone: str, now: datetime) -> Due:
    """By the clock on the wall of the government's office."""
    zone = ZoneInfo(time_zone)
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=(local.isoweekday() - weekday) % 7)
    moment = datetime.combine(day, time(hour), zone)
    if moment > local:
        moment -= timedelta(days=7)
    return Due(moment, week_of(moment))


def next_due(*, weekday: int, hour: int, time_zone: str, now: datetime) -> Due:
    """The first moment after now; Indonesia's clocks are never put forward or back."""
    last = latest_due(weekday=weekday, hour=hour, time_zone=time_zone, now=now)
    moment = last.moment + timedelta(days=7)
    return Due(moment, week_of(moment))
