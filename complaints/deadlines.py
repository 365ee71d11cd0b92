"""Dates of a complaint. Pure: the classes, the days off and today are passed in."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.sla import Sla
from opd.working_days import add_working_days, is_working_day, working_days_between

# Wide enough for the longest class with every holiday in between.
HORIZON = timedelta(days=500)


@dataclass(frozen=True)
class Deadlines:
    verify_by: date
    answer_by: date
    # The last day before it is far too late ("3× terlambat").
    far_late_after: date


def at_filing(sla: Sla, kind: str, filed_on: date, days_off: Set[date]) -> Deadlines:
    """Both clocks run from the day of filing; the class is the kind's first until verified."""
    code = sla.first_class(kind).code
    return Deadlines(
        verify_by=add_working_days(filed_on, sla.verify_days, days_off),
        answer_by=answer_by(sla, code, filed_on, days_off),
        far_late_after=far_late_after(sla, code, filed_on, days_off),
    )


def answer_by(
    sla: Sla, code: str, filed_on: date, days_off: Set[date], paused_days: int = 0
) -> date:
    """Working days on which the clock stood still are given back."""
    return add_working_days(filed_on, sla.get(code).days + paused_days, days_off)


def far_late_after(
    sla: Sla, code: str, filed_on: date, days_off: Set[date], paused_days: int = 0
) -> date:
    count = sla.get(code).days * sla.far_late_times + paused_days
    return add_working_days(filed_on, count, days_off)


def respond_by(sla: Sla, passed_on: date, days_off: Set[date]) -> date:
    """The unit's first follow-up: a word to the citizen, or taking it on."""
    return add_working_days(passed_on, sla.follow_up_days, days_off)


def outer_limit(sla: Sla, filed_on: date) -> date:
    """UU 25/2009: every day counts, whatever the class."""
    return filed_on + timedelta(days=sla.outer_days)


def after_return(sla: Sla, today: date, days_off: Set[date]) -> date:
    """The coordinator has the same time again to find the right unit."""
    return add_working_days(today, sla.verify_days, days_off)


def after_reopening(sla: Sla, today: date, days_off: Set[date]) -> date:
    """The unit follows up again within the time of a first follow-up."""
    return add_working_days(today, sla.follow_up_days, days_off)


def close_on(sla: Sla, answered_on: date, days_off: Set[date]) -> date:
    """The last day on which the citizen may say that it is not settled."""
    return add_working_days(answered_on, sla.close_days, days_off)


def latest_resume(
    sla: Sla, code: str, today: date, days_off: Set[date], paused_days: int = 0
) -> date | None:
    """The last day on which a pause for this reason ends; None when no day is left."""
    left = min(sla.pause(code).days, sla.pause_days - paused_days)
    return add_working_days(today, left, days_off) if left > 0 else None


def days_late(due_on: date, today: date, days_off: Set[date]) -> int:
    """Working days after the deadline."""
    return max(0, working_days_between(due_on, today, days_off))


def late_since(today: date, late_days: int, days_off: Set[date]) -> date:
    """The newest deadline that is late by at least so many working days today."""
    day, count = today, 0
    while count < late_days:
        count += is_working_day(day, days_off)
        day -= timedelta(days=1)
    return day


@dataclass(frozen=True)
class Happened:
    """A step of a complaint and the government's day on which it was taken."""

    name: str
    day: date


@dataclass
class Replay:
    """All dates of a complaint, counted anew from what happened to it."""

    verify_by: date
    answer_by: date
    far_late_after: date
    respond_by: date | None = None
    paused_days: int = 0


def replay(
    sla: Sla, code: str, filed_on: date, steps: Iterable[Happened], days_off: Set[date]
) -> Replay:
    """The dates under the calendar of today, by the same rules that the steps follow."""
    verify_from, answer_from, answer_days = filed_on, filed_on, sla.get(code).days
    passed_on = paused_on = None
    paused = 0
    for step in steps:
        if paused_on and step.name in ("resume", "recall"):
            stood = working_days_between(paused_on, step.day, days_off)
            paused, answer_days, paused_on = paused + stood, answer_days + stood, None
        if step.name in ("give_back", "recall"):
            verify_from = step.day
        elif step.name == "verify":
            passed_on, answer_from = step.day, filed_on
            answer_days = sla.get(code).days + paused
        elif step.name == "reopen":
            answer_from, answer_days = step.day, sla.follow_up_days
        elif step.name == "pause":
            paused_on = step.day
    return Replay(
        verify_by=add_working_days(verify_from, sla.verify_days, days_off),
        answer_by=add_working_days(answer_from, answer_days, days_off),
        far_late_after=far_late_after(sla, code, filed_on, days_off, paused),
        respond_by=respond_by(sla, passed_on, days_off) if passed_on else None,
        paused_days=paused,
    )


def is_late(due_on: date | None, today: date) -> bool:
    return due_on is not None and today > due_on
