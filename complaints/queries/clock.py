"""What actions need to know about time: the government's day and its days off."""

from collections.abc import Set
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints import deadlines, sla
from complaints.deadlines import HORIZON
from complaints.models import Complaint
from opd.models import Government
from opd.queries.calendar import days_off
from opd.working_days import add_working_days, working_days_between


def local_day(government: Government, now: datetime) -> date:
    return now.astimezone(ZoneInfo(government.time_zone)).date()


def days_off_from(government: Government, day: date) -> frozenset[date]:
    return days_off(government.pk, since=day, until=day + HORIZON)


def dates_of_class(complaint: Complaint, code: str, off: Set[date]) -> dict[str, Any]:
    """Columns that follow from a class: both dates run from the day of filing."""
    since = (sla.current(), code, complaint.filed_on, off, complaint.paused_days)
    return {
        "answer_by": deadlines.answer_by(*since),
        "far_late_after": deadlines.far_late_after(*since),
    }


def after_pause(complaint: Complaint, today: date) -> dict[str, Any]:
    """Columns of a complaint whose clock goes on: its days move by those on which it stood."""
    since = complaint.paused_on or today
    off = days_off_from(complaint.government, min(since, complaint.filed_on))
    stood = working_days_between(since, today, off)
    values: dict[str, Any] = {
        "paused_on": None,
        "resume_on": None,
        "pause_reason": "",
        "paused_days": complaint.paused_days + stood,
        "answer_by": add_working_days(complaint.answer_by, stood, off),
    }
    if complaint.far_late_after:
        values["far_late_after"] = add_working_days(complaint.far_late_after, stood, off)
    return values
