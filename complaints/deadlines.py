"""Dates of a complaint. Pure: the classes, the days off and today are passed in."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.sla import Sla
from opd.working_days import add_working_days

# Wide enough for the longest class with every holiday in between.
HORIZON = timedelta(days=500)


@dataclass(frozen=True)
class Deadlines:
    verify_by: date
    answer_by: date


def at_filing(sla: Sla, kind: str, filed_on: date, days_off: Set[date]) -> Deadlines:
    """Both clocks run from the day of filing; the class is the kind's first until verified."""
    return Deadlines(
        verify_by=add_working_days(filed_on, sla.verify_days, days_off),
        answer_by=answer_by(sla, sla.first_class(kind).code, filed_on, days_off),
    )


def answer_by(sla: Sla, code: str, filed_on: date, days_off: Set[date]) -> date:
    return add_working_days(filed_on, sla.get(code).days, days_off)


def after_return(sla: Sla, today: date, days_off: Set[date]) -> date:
    """The coordinator has the same time again to find the right unit."""
    return add_working_days(today, sla.verify_days, days_off)


def after_reopening(sla: Sla, today: date, days_off: Set[date]) -> date:
    """The unit follows up again within the time of a first follow-up."""
    return add_working_days(today, sla.follow_up_days, days_off)


def close_on(sla: Sla, answered_on: date, days_off: Set[date]) -> date:
    """The last day on which the citizen may say that it is not settled."""
    return add_working_days(answered_on, sla.close_days, days_off)


def is_late(due_on: date | None, today: date) -> bool:
    return due_on is not None and today > due_on
