"""What actions need to know about time: the government's day and its days off."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from complaints.deadlines import HORIZON
from opd.models import Government
from opd.queries.calendar import days_off


def local_day(government: Government, now: datetime) -> date:
    return now.astimezone(ZoneInfo(government.time_zone)).date()


def days_off_from(government: Government, day: date) -> frozenset[date]:
    return days_off(government.pk, since=day, until=day + HORIZON)
