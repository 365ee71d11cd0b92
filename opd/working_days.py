"""Counting working days. Pure: the days off are passed in (opd.queries.calendar builds them)."""

from collections.abc import Set
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


def is_working_day(day: date, days_off: Set[date]) -> bool:
    return day.weekday() < SATURDAY and day not in days_off


def add_working_days(day: date, count: int, days_off: Set[date]) -> date:
    """The last day of a period of `count` working days; the day itself does not count.

    With 0 it is the day itself, or the next working day when nobody works on it.
    """
    if count < 0:
        raise ValueError("working days are counted forward")
    while count > 0 or not is_working_day(day, days_off):
        day += ONE_DAY
        count -= is_working_day(day, days_off)
    return day


def working_days_between(start: date, end: date, days_off: Set[date]) -> int:
    """How many working days lie after `start` up to and including `end`; negative backwards."""
    if end < start:
        return -working_days_between(end, start, days_off)
    days = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=n), days_off) for n in days)


def last_working_day(day: date, days_off: Set[date]) -> date:
    """The day itself, or the last working day before it when nobody works on it."""
    while not is_working_day(day, days_off):
        day -= ONE_DAY
    return day
