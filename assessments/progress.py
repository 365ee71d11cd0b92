"""Arithmetic and lights of work plans. Pure: no ORM, no clock; Decimal, unrounded inside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from assessments.enums import ActivityState, Light, ReportState, WhoseMove

COMPLETE = Decimal(100)
SOON = timedelta(days=14)

# What a head has in mind when he confirms: afterwards he alone changes it.
PROMISED = ("area", "title", "milestone", "due_on")

# What a change of an activity writes into its history, as "old ARROW new" in the step's note.
HISTORY_OF = ("title", "milestone", "due_on")
ARROW = "\n→\n"


@dataclass(frozen=True)
class ActivityFacts:
    """What the rules need to know of one activity.

    `confirmed` is the percent of its newest confirmed report, None while there is none;
    `newest` is the state of its newest report, empty while nothing was reported; `is_neutral`
    marks an invented row of a real government, which is never late nor pressing.
    """

    state: str
    due_on: date
    confirmed: Decimal | None = None
    newest: str = ""
    is_neutral: bool = False

    @property
    def counts(self) -> bool:
        return self.state != ActivityState.DROPPED

    @property
    def is_complete(self) -> bool:
        return self.confirmed is not None and self.confirmed >= COMPLETE


def plan_progress(activities: Iterable[ActivityFacts]) -> Decimal | None:
    """The mean of what is confirmed, every counted activity with the same weight.

    An activity without a confirmed report contributes nothing yet; a plan without activities has
    no progress at all (None), which is not zero.
    """
    counted = [activity.confirmed or Decimal(0) for activity in activities if activity.counts]
    if not counted:
        return None
    return sum(counted, Decimal(0)) / len(counted)


def is_late(activity: ActivityFacts, *, today: date) -> bool:
    """The due date has passed and the head has not confirmed 100 %."""
    if activity.is_neutral or not activity.counts:
        return False
    return not activity.is_complete and activity.due_on < today


def is_coming(activity: ActivityFacts, *, today: date) -> bool:
    """Not complete, not late, and due within two weeks."""
    if activity.is_neutral or not activity.counts or activity.is_complete:
        return False
    return today <= activity.due_on <= today + SOON


def whose_move(activity: ActivityFacts) -> WhoseMove:
    """The head while a report waits for him, nobody when all is done, else the operator."""
    if not activity.counts:
        return WhoseMove.NOBODY
    if activity.newest == ReportState.SUBMITTED:
        return WhoseMove.HEAD
    return WhoseMove.NOBODY if activity.is_complete else WhoseMove.OPERATOR


def light(activity: ActivityFacts, *, today: date) -> Light:
    """One word for the state of an activity; being late is said before anything else."""
    if not activity.counts:
        return Light.DROPPED
    if is_late(activity, today=today):
        return Light.LATE
    if activity.newest == ReportState.SUBMITTED:
        return Light.WAITING
    if activity.is_complete:
        return Light.DONE
    if activity.newest == ReportState.RETURNED:
        return Light.RETURNED
    return Light.DUE_SOON if is_coming(activity, today=today) else Light.ON_TIME


def same_day(day: date, year: int) -> date:
    """The same day of another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
