"""Will the target of the year, of the plan, be reached at today's pace? Pure: no ORM, no clock.

    year_forecast(Consolidation.SUM, aim, {1: Figure(Decimal(3))}, today_quarter=2).outlook

A pace is the simplest that the figures bear: a sum goes on as on average so far, an average stays,
a level moves on as it moved so far. What has no pace (yes/no, days, a year that is entered at its
end) is told as far as it can be told and not guessed. Seasons are not known here: who spends in the
fourth quarter is warned in the second (docs/adr/0065-achievement-rules.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from assessments.achievement import (
    FULL,
    QUARTERS,
    ZERO,
    Aim,
    Consolidation,
    Direction,
    Figure,
    Note,
    Shape,
    achieve,
    consolidate,
    entering,
)
from assessments.scoring import NEAR_ENOUGH

# Of what is expected: from here on a target is at risk, below it is off track.
AT_RISK_FROM = Decimal(90)
# A level that begins the year within this part of last year's end goes on from there.
NEAR_BEFORE = Decimal("0.25")
LAST_QUARTER = QUARTERS[-1]


class Outlook(StrEnum):
    REACHED = "reached"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Each has its sentence in assessments/forecast_words.py."""

    NO_TARGET = "no_target"
    NOTHING_YET = "nothing_yet"
    # There are reports, but they make no value: no cases, half a ratio.
    NO_VALUE = "no_value"
    # The figure of the year is entered at its end.
    ENTERED_AT_END = "entered_at_end"
    NEGATIVE_TARGET = "negative_target"
    # The year, or the last year of the plan, is known.
    MET = "met"
    MISSED = "missed"
    # A sum that only grows has passed its target: for good, or too far.
    ALREADY_REACHED = "already_reached"
    ALREADY_TOO_HIGH = "already_too_high"
    # Paces: of all quarters, of those that were reported, a trend, one figure, an average.
    PACE = "pace"
    PACE_OF_SOME = "pace_of_some"
    TREND = "trend"
    STAYS = "stays"
    # A level against the targets of its quarters: as far behind, or ahead, as now.
    BY_TARGETS = "by_targets"
    AVERAGE = "average"
    PLAN_TREND = "plan_trend"
    ONE_QUARTER = "one_quarter"
    ONE_YEAR = "one_year"
    NO_YEAR = "no_year"
    # The plan is over, and nothing tells how it ended.
    PLAN_OVER = "plan_over"
    NO_PACE = "no_pace"
    # Yes or no.
    AS_TARGETED = "as_targeted"
    NOT_AS_TARGETED = "not_as_targeted"
    SO_FAR_AS_TARGETED = "so_far_as_targeted"
    NOT_YET_AS_TARGETED = "not_yet_as_targeted"
    # A day.
    DONE = "done"
    DONE_LATE = "done_late"
    DUE_PASSED = "due_passed"
    DUE_UNREPORTED = "due_unreported"
    NOT_DUE = "not_due"
    NO_DAY = "no_day"


@dataclass(frozen=True)
class Forecast:
    """`expected`: the figure at the end, known or guessed; `percent`: what it achieves.

    `gap`: what is missing, in the unit of measure; below 0: that much to spare. `unreported`: the
    quarters that the guess had to do without.
    """

    outlook: Outlook
    reason: Reason
    expected: Decimal | None = None
    percent: Decimal | None = None
    gap: Decimal | None = None
    unreported: tuple[int, ...] = ()


OF_A_DAY = {
    Note.LATE: (Outlook.OFF_TRACK, Reason.DONE_LATE),
    Note.OVERDUE: (Outlook.OFF_TRACK, Reason.DUE_PASSED),
    Note.NOT_DUE: (Outlook.UNKNOWN, Reason.NOT_DUE),
    Note.NO_DAY: (Outlook.UNKNOWN, Reason.NO_DAY),
    Note.NO_FIGURE: (Outlook.UNKNOWN, Reason.NOTHING_YET),
}


class _SoFar(NamedTuple):
    """A year that is not over, with something in it; `parts` are the quarters that count."""

    how: Consolidation
    aim: Aim
    parts: Mapping[int, Figure]
    value: Decimal | None
    before: Decimal | None
    whole: Decimal | None
    aims: Mapping[int, Aim]

    @property
    def values(self) -> dict[int, Decimal]:
        return {number: row.value for number, row in self.parts.items() if row.value is not None}

    @property
    def only_grows(self) -> bool:
        amounts = [
            row.value if row.value is not None else row.numerator for row in self.parts.values()
        ]
        return self.how is Consolidation.SUM and all(n is None or n >= 0 for n in amounts)


def reaches(percent: Decimal, bound: Decimal) -> bool:
    """Nearer than the error of a mean of thirds is on it."""
    return bound - percent <= NEAR_ENOUGH


def missing(aim: Aim, value: Decimal) -> Decimal | None:
    """What is missing in the direction of the target; below 0: to spare; 0 inside a range."""
    if aim.is_empty or aim.shape not in (Shape.VALUE, Shape.RANGE):
        return None
    bound = aim.bound(value)
    if bound is None:
        return ZERO
    return bound - value if aim.direction is Direction.HIGHER else value - bound


# --- the year ---


def year_forecast(
    how: Consolidation,
    aim: Aim | None,
    quarters: Mapping[int, Figure],
    *,
    today_quarter: int,
    year: Figure | None = None,
    before: Decimal | None = None,
    factor: Decimal | None = None,
    on: date | None = None,
    aims: Mapping[int, Aim] | None = None,
    whole: Decimal | None = None,
) -> Forecast:
    """How the year ends at today's pace.

    `today_quarter`: the quarter in which today lies, above 4 once the year is over; quarters before
    it should have been reported. `year`: a figure of the whole year, which leaves nothing to guess.
    `before`: what the year before ended with, from where a level starts. `on`: today, for days.
    `aims`: the targets of the quarters, along which a level is expected to move. `whole`: what a
    share cannot exceed; of a ratio its factor.
    """
    if aim is None or aim.is_empty:
        return Forecast(Outlook.UNKNOWN, Reason.NO_TARGET)
    found = consolidate(how, quarters, year=year, factor=factor, shape=aim.shape)
    if aim.shape is Shape.DATE:
        return _of_day(aim, found, on)
    is_whole = year is not None and year.says_something
    if how is Consolidation.MANUAL and not is_whole:
        return Forecast(Outlook.UNKNOWN, Reason.ENTERED_AT_END)
    if found is None:
        spoken = any(not figure.is_empty for figure in quarters.values())
        return Forecast(Outlook.UNKNOWN, Reason.NO_VALUE if spoken else Reason.NOTHING_YET)
    if aim.shape is Shape.YES_NO:
        return _of_yes_no(aim, found, is_whole or bool(_spoken(quarters, LAST_QUARTER)))
    parts = entering(how, quarters, factor=factor)
    if is_whole or _is_complete(how, parts):
        return _known(aim, found.value)
    bound = factor if whole is None else whole
    forecast = _guessed(_SoFar(how, aim, parts, found.value, before, bound, aims or {}))
    passed = max(today_quarter, max(parts))
    unreported = tuple(n for n in QUARTERS if n < passed and n not in parts)
    return replace(forecast, unreported=unreported)


def _spoken(quarters: Mapping[int, Figure], number: int) -> bool:
    return number in quarters and quarters[number].value is not None


def _is_complete(how: Consolidation, parts: Mapping[int, Figure]) -> bool:
    """Of a level the fourth quarter is the year."""
    if how is Consolidation.LAST:
        return LAST_QUARTER in parts
    return len(parts) == len(QUARTERS)


def _known(aim: Aim, value: Decimal | None) -> Forecast:
    if value is None:
        return Forecast(Outlook.UNKNOWN, Reason.NO_VALUE)
    percent = achieve(aim, Figure(value)).percent
    if aim.shape is Shape.YES_NO:
        is_met = percent == FULL
        met, missed = Reason.AS_TARGETED, Reason.NOT_AS_TARGETED
    elif percent is None:
        return _negative(aim, value)
    else:
        is_met = reaches(percent, FULL)
        met, missed = Reason.MET, Reason.MISSED
    outlook, reason = (Outlook.REACHED, met) if is_met else (Outlook.OFF_TRACK, missed)
    return Forecast(outlook, reason, value, percent, missing(aim, value))


def _guessed(so_far: _SoFar) -> Forecast:
    expected, reason = _pace(so_far)
    if expected is None:
        return Forecast(Outlook.UNKNOWN, reason)
    forecast = _by_pace(so_far.aim, _possible(expected, so_far), reason)
    return _passed(so_far, forecast) if so_far.only_grows else forecast


def _pace(so_far: _SoFar) -> tuple[Decimal | None, Reason]:
    value, parts = so_far.value, so_far.parts
    if so_far.how is Consolidation.LAST:
        return _level(so_far)
    if value is None:
        return None, Reason.NO_VALUE
    if so_far.how is Consolidation.AVERAGE:
        return value, Reason.AVERAGE
    is_gapless = max(parts) == len(parts)
    return value * LAST_QUARTER / len(parts), Reason.PACE if is_gapless else Reason.PACE_OF_SOME


def _level(so_far: _SoFar) -> tuple[Decimal | None, Reason]:
    """Along the targets of the quarters where there are any; else by the figures of this year.

    A level may begin each year anew (a share of the year's cases) or go on from the year before (an
    index): one figure tells which only if it lies near to where last year ended.
    """
    points = so_far.values
    if not points:
        return None, Reason.NO_VALUE
    along = _along_targets(so_far, max(points), points[max(points)])
    if along is not None:
        return along, Reason.BY_TARGETS
    if len(points) > 1:
        return _moved_on(points, LAST_QUARTER), Reason.TREND
    number, value = next(iter(points.items()))
    before = so_far.before
    if before is None:
        return value, Reason.STAYS
    if abs(value - before) > abs(before) * NEAR_BEFORE:
        return None, Reason.ONE_QUARTER
    return _moved_on({0: before, number: value}, LAST_QUARTER), Reason.TREND


def _along_targets(so_far: _SoFar, number: int, value: Decimal) -> Decimal | None:
    """The way from the quarter's target to the year's is still to go: a lead is carried on as it
    is, a lag grows with the way. So the less favourable of distance and ratio.
    """
    aim, now = so_far.aim, so_far.aims.get(number)
    if aim.shape is not Shape.VALUE or aim.low is None or now is None or now.low is None:
        return None
    by_distance = value + aim.low - now.low
    if now.low <= 0 or aim.low < 0 or value < 0:
        return by_distance
    by_ratio = value * aim.low / now.low
    worse = min if aim.direction is Direction.HIGHER else max
    return worse(by_distance, by_ratio)


def _moved_on(points: Mapping[int, Decimal], goal: int) -> Decimal:
    """The last value and the mean change from the first to the last, for each step to the goal."""
    first, last = min(points), max(points)
    change = points[last] - points[first]
    return points[last] + change * (goal - last) / (last - first)


def _possible(expected: Decimal, so_far: _SoFar) -> Decimal:
    """No pace leads below 0 where nothing was, nor a share above the whole where none was."""
    values = [*so_far.values.values(), *(v for v in (so_far.value, so_far.before) if v is not None)]
    if expected < 0 and min(values) >= 0:
        return ZERO
    bounds = [bound for bound in (so_far.aim.low, so_far.aim.high) if bound is not None]
    return _within(expected, so_far.whole, [*values, *bounds])


def _within(expected: Decimal, whole: Decimal | None, seen: list[Decimal]) -> Decimal:
    """At most the whole, unless something beyond it was seen or promised."""
    return whole if whole is not None and expected > whole >= max(seen) else expected


def _by_pace(aim: Aim, expected: Decimal, reason: Reason) -> Forecast:
    percent = achieve(aim, Figure(expected)).percent
    if percent is None:
        return _negative(aim, expected)
    outlook = Outlook.OFF_TRACK
    if reaches(percent, FULL):
        outlook = Outlook.ON_TRACK
    elif reaches(percent, AT_RISK_FROM):
        outlook = Outlook.AT_RISK
    return Forecast(outlook, reason, expected, percent, missing(aim, expected))


def _negative(aim: Aim, value: Decimal) -> Forecast:
    """A percentage is missing for one reason only, when there are a target and a value."""
    return Forecast(Outlook.UNKNOWN, Reason.NEGATIVE_TARGET, value, gap=missing(aim, value))


def _passed(so_far: _SoFar, forecast: Forecast) -> Forecast:
    """A sum of what is never negative only grows: past the target there is no way back."""
    percent = achieve(so_far.aim, Figure(so_far.value)).percent
    if percent is None:
        return forecast
    is_full = reaches(percent, FULL)
    if so_far.aim.direction is Direction.HIGHER and is_full:
        return replace(forecast, outlook=Outlook.REACHED, reason=Reason.ALREADY_REACHED)
    if so_far.aim.direction is Direction.LOWER and not is_full:
        return replace(forecast, outlook=Outlook.OFF_TRACK, reason=Reason.ALREADY_TOO_HIGH)
    return forecast


# --- what has no pace ---


def _of_yes_no(aim: Aim, found: Figure, is_over: bool) -> Forecast:
    """A yes that was wanted stays; a no that was wanted has to last until the year is over."""
    if is_over or found.value is None:
        return _known(aim, found.value)
    percent = achieve(aim, Figure(found.value)).percent
    if percent != FULL:
        return Forecast(Outlook.UNKNOWN, Reason.NOT_YET_AS_TARGETED, found.value)
    if aim.low:
        return Forecast(Outlook.REACHED, Reason.AS_TARGETED, found.value, percent)
    return Forecast(Outlook.ON_TRACK, Reason.SO_FAR_AS_TARGETED, found.value, percent)


def _of_day(aim: Aim, found: Figure | None, on: date | None) -> Forecast:
    achieved = achieve(aim, found, on=on)
    if not achieved.notes:
        return Forecast(Outlook.REACHED, Reason.DONE, percent=achieved.percent)
    outlook, reason = OF_A_DAY[achieved.notes[0]]
    if reason is Reason.NOTHING_YET and aim.due is not None and on is not None and on > aim.due:
        reason = Reason.DUE_UNREPORTED
    return Forecast(outlook, reason, percent=achieved.percent)


# --- the plan ---


def plan_forecast(
    aim: Aim | None,
    years: Mapping[int, Decimal],
    last_year: int,
    *,
    whole: Decimal | None = None,
    is_over: bool = False,
) -> Forecast:
    """How the plan ends: `aim` is the target of its `last_year`, later years do not count.

    The last known value moves on by the mean yearly change from the first to the last known.
    `whole`: what a share cannot exceed. `is_over`: the last year has passed; nothing is guessed.
    """
    if aim is None or aim.is_empty:
        return Forecast(Outlook.UNKNOWN, Reason.NO_TARGET)
    if aim.shape is Shape.DATE:
        return Forecast(Outlook.UNKNOWN, Reason.NO_PACE)
    known = {number: value for number, value in years.items() if number <= last_year}
    if last_year in known:
        return _known(aim, known[last_year])
    if is_over:
        return Forecast(Outlook.UNKNOWN, Reason.PLAN_OVER)
    if not known:
        return Forecast(Outlook.UNKNOWN, Reason.NO_YEAR)
    if aim.shape is Shape.YES_NO:
        return Forecast(Outlook.UNKNOWN, Reason.NO_PACE)
    if len(known) == 1:
        return Forecast(Outlook.UNKNOWN, Reason.ONE_YEAR)
    expected = _moved_on(known, last_year)
    if expected < 0 and min(known.values()) >= 0:
        expected = ZERO
    bounds = [bound for bound in (aim.low, aim.high) if bound is not None]
    expected = _within(expected, whole, [*known.values(), *bounds])
    return _by_pace(aim, expected, Reason.PLAN_TREND)
