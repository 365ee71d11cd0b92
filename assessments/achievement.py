"""How much of a target was reached: pure, on Decimals, no ORM and no clock.

    done = achieve(Aim(Direction.LOWER, Shape.VALUE, Decimal("7.2")), Figure(Decimal("7.75")))
    done.percent   # 92.36…, unrounded
    done.counted   # the same under the cap; what roll-ups and bands use

Sources: R/T and (2T − R)/T as in LKjIP practice; a range counts by the bound that was left
(PermenPANRB 8/2021). Where they are silent, docs/adr/0065-achievement-rules.md decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from assessments.enums import Consolidation, Direction, Shape

ZERO, FULL = Decimal(0), Decimal(100)
QUARTERS = (1, 2, 3, 4)


def _refuse_endless(*values: Decimal | None) -> None:
    for value in values:
        if value is not None and not value.is_finite():
            raise ValueError(f"{value} is no number that can be reckoned with")


class Note(StrEnum):
    """Why a percentage is missing, or is not simply the formula's."""

    NO_TARGET = "no_target"
    NO_FIGURE = "no_figure"
    # 0 of 0, and a part of 0: a ratio without a value.
    NO_CASES = "no_cases"
    NO_WHOLE = "no_whole"
    ZERO_TARGET = "zero_target"
    # Lower is better and R > 2T: the formula would fall below 0.
    FLOOR = "floor"
    NEGATIVE = "negative"
    NEGATIVE_BETTER = "negative_better"
    # A negative target has no formula: somebody says the percentage, with a reason.
    MANUAL_NEEDED = "manual_needed"
    MANUAL = "manual"
    # There is a formula, so the percentage that somebody gave was not used.
    MANUAL_UNUSED = "manual_unused"
    NOT_DUE = "not_due"
    LATE = "late"
    OVERDUE = "overdue"
    # Done, but nobody said when.
    NO_DAY = "no_day"
    CAPPED = "capped"


@dataclass(frozen=True)
class Aim:
    """A target. Raises ValueError for one that nothing could reach or that contradicts itself."""

    direction: Direction
    shape: Shape
    # The target; of a range its lower bound; of yes/no 1 or 0.
    low: Decimal | None = None
    # Only of a range.
    high: Decimal | None = None
    # Only of a date.
    due: date | None = None

    def __post_init__(self) -> None:
        _refuse_endless(self.low, self.high)
        if self.shape is Shape.YES_NO and self.low not in (None, 0, 1):
            raise ValueError(f"yes/no is 1 or 0, not {self.low}")
        if self.shape is Shape.RANGE and self.low is not None and self.high is not None:
            if self.low > self.high:
                raise ValueError(f"the range {self.low} to {self.high} is upside down")

    @property
    def is_empty(self) -> bool:
        """No target, or half of one."""
        if self.shape is Shape.DATE:
            return self.due is None
        return self.low is None or (self.shape is Shape.RANGE and self.high is None)

    def bound(self, value: Decimal) -> Decimal | None:
        """The number against which a value counts; None inside a range, or without a target."""
        if self.shape is not Shape.RANGE:
            return self.low
        if self.low is not None and value < self.low:
            return self.low
        return self.high if self.high is not None and value > self.high else None


@dataclass(frozen=True)
class Figure:
    """What was realised in a quarter or a year. All None: empty, which is not zero.

    `value` is what counts (of yes/no 1 or 0); `consolidate` makes it of the counts of a ratio. Of a
    date, `done_on` counts; value 0 without it: reported as not done yet.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    done_on: date | None = None

    def __post_init__(self) -> None:
        _refuse_endless(self.value, self.numerator, self.denominator)

    @property
    def is_empty(self) -> bool:
        return self == EMPTY

    @property
    def has_counts(self) -> bool:
        return self.numerator is not None and self.denominator is not None

    @property
    def says_something(self) -> bool:
        """Half a ratio does not."""
        return self.value is not None or self.done_on is not None or self.has_counts


EMPTY = Figure()


@dataclass(frozen=True)
class Achieved:
    """`percent`: unrounded, not below 0, without the cap; `counted`: after the cap."""

    percent: Decimal | None
    counted: Decimal | None
    notes: tuple[Note, ...] = ()


class RolledUp(NamedTuple):
    """The mean of the `known` parts that have a figure, of `total` parts."""

    percent: Decimal | None
    known: int
    total: int


class _Found(NamedTuple):
    percent: Decimal | None
    notes: tuple[Note, ...] = ()


def achieve(
    aim: Aim | None,
    figure: Figure | None,
    *,
    cap: Decimal | None = None,
    manual: Decimal | None = None,
    on: date | None = None,
) -> Achieved:
    """How much of the target was reached. Zero is a figure, empty is none.

    `manual` counts only where the formula has no answer, that is for a negative target; elsewhere
    a note says that it was not used. `on`: the day that decides whether what is not done is
    overdue. Raises ValueError for a cap that is not above 0 and a percentage below 0.
    """
    _refuse_endless(cap, manual)
    if (cap is not None and cap <= 0) or (manual is not None and manual < 0):
        raise ValueError("a cap is above 0, a percentage not below")
    found = _found(aim, figure, on)
    if manual is not None and Note.MANUAL_NEEDED in found.notes:
        found = _Found(manual, (Note.MANUAL,))
    elif manual is not None:
        found = _Found(found.percent, (*found.notes, Note.MANUAL_UNUSED))
    if cap is None or found.percent is None or found.percent <= cap:
        return Achieved(found.percent, found.percent, found.notes)
    return Achieved(found.percent, cap, (*found.notes, Note.CAPPED))


def _found(aim: Aim | None, figure: Figure | None, on: date | None) -> _Found:
    missing = []
    if aim is None or aim.is_empty:
        missing.append(Note.NO_TARGET)
    if figure is None or not figure.says_something:
        missing.append(Note.NO_FIGURE)
    if aim is None or figure is None or missing:
        return _Found(None, tuple(missing))
    if aim.shape is Shape.DATE:
        return _of_date(aim, figure, on)
    if figure.value is None:
        return _Found(None, (_why_no_value(figure),))
    if aim.shape is Shape.YES_NO:
        return _Found(FULL if figure.value == aim.low else ZERO)
    target = aim.bound(figure.value)
    return _Found(FULL) if target is None else _of_number(aim.direction, target, figure.value)


def _why_no_value(figure: Figure) -> Note:
    if not figure.has_counts or figure.denominator:
        return Note.NO_FIGURE
    return Note.NO_WHOLE if figure.numerator else Note.NO_CASES


def _of_date(aim: Aim, figure: Figure, on: date | None) -> _Found:
    if aim.due is not None and figure.done_on is not None:
        return _Found(FULL) if figure.done_on <= aim.due else _Found(ZERO, (Note.LATE,))
    if figure.value is None:
        return _Found(None, (Note.NO_FIGURE,))
    if figure.value:
        return _Found(None, (Note.NO_DAY,))
    if aim.due is not None and on is not None and on > aim.due:
        return _Found(ZERO, (Note.OVERDUE,))
    return _Found(None, (Note.NOT_DUE,))


def _of_number(direction: Direction, target: Decimal, value: Decimal) -> _Found:
    """Multiplied before it is divided: what has an exact answer gets it."""
    is_higher = direction is Direction.HIGHER
    if target < 0:
        return _Found(None, (Note.MANUAL_NEEDED,))
    if target == 0:
        is_reached = value >= 0 if is_higher else value <= 0
        return _Found(FULL if is_reached else ZERO, (Note.ZERO_TARGET,))
    if is_higher:
        if value < 0:
            return _Found(ZERO, (Note.NEGATIVE,))
        return _Found(value * FULL / target)
    if value > 2 * target:
        return _Found(ZERO, (Note.FLOOR,))
    percent = (2 * target - value) * FULL / target
    return _Found(percent, (Note.NEGATIVE_BETTER,) if value < 0 else ())


# --- the year from its quarters ---


def ratio(
    numerator: Decimal | None, denominator: Decimal | None, factor: Decimal
) -> Decimal | None:
    """`factor` · numerator / denominator; None without both, and for a denominator of 0."""
    _refuse_endless(numerator, denominator, factor)
    if numerator is None or not denominator:
        return None
    return numerator * factor / denominator


def consolidate(
    how: Consolidation,
    quarters: Mapping[int, Figure],
    *,
    year: Figure | None = None,
    factor: Decimal | None = None,
    shape: Shape = Shape.VALUE,
) -> Figure | None:
    """The figure of the year, or None when nothing was said. Quarters are 1 to 4, else ValueError.

    A figure of the `year` itself wins over its quarters, and is all there is when `how` is manual.
    `factor` marks a ratio: its year is made of the counts, which stay on the result. If a quarter
    has a value without counts, the whole year is made of values. Of yes/no the latest quarter
    counts, of a date the latest that names a day; how the quarters add up is nothing to them.
    """
    if not set(quarters) <= set(QUARTERS):
        raise ValueError(f"quarters are 1 to 4, not {sorted(quarters)}")
    if year is not None and year.says_something:
        return valued(year, factor)
    given = [quarters[number] for number in sorted(quarters) if not quarters[number].is_empty]
    if how is Consolidation.MANUAL or not given:
        return None
    if shape is Shape.DATE or any(figure.done_on is not None for figure in given):
        return _latest_day(given)
    if shape is Shape.YES_NO:
        how = Consolidation.LAST
    parts = list(entering(how, quarters, factor=factor).values())
    if factor is not None and _is_of_counts(given):
        whole = [row.denominator for row in given if row.denominator is not None]
        return _of_counts(how, parts, whole, factor)
    return _of_values(how, parts)


def entering(
    how: Consolidation, quarters: Mapping[int, Figure], *, factor: Decimal | None = None
) -> dict[int, Figure]:
    """The quarters of which the year is made, in their order, each with its value.

    Of a ratio those with both counts, for a sum those with a numerator: the whole is often named
    once. As soon as one has a value without counts, all that have a value.
    """
    given = {
        number: valued(quarters[number], factor)
        for number in sorted(quarters)
        if not quarters[number].is_empty
    }
    if factor is None or not _is_of_counts(given.values()):
        return {number: row for number, row in given.items() if row.value is not None}
    if how is Consolidation.SUM:
        return {number: row for number, row in given.items() if row.numerator is not None}
    return {number: row for number, row in given.items() if row.has_counts}


def _is_of_counts(given: Iterable[Figure]) -> bool:
    return all(row.value is None or row.has_counts for row in given)


def valued(figure: Figure, factor: Decimal | None) -> Figure:
    """With the value that its counts make, whatever stood beside them; without counts as it is."""
    if factor is None or not figure.has_counts:
        return figure
    return replace(figure, value=ratio(figure.numerator, figure.denominator, factor))


def _latest_day(given: Sequence[Figure]) -> Figure | None:
    """What was done stays done: a later "not yet" does not take the day back."""
    speaking = [figure for figure in given if figure.says_something]
    spoken = [figure for figure in speaking if figure.done_on is not None] or speaking
    return spoken[-1] if spoken else None


def _of_counts(
    how: Consolidation, parts: Sequence[Figure], whole: Sequence[Decimal], factor: Decimal
) -> Figure | None:
    if not parts or not whole:
        return None
    if how is Consolidation.LAST:
        return parts[-1]
    numerator = sum((row.numerator or ZERO for row in parts), ZERO)
    denominator = whole[-1]
    if how is Consolidation.AVERAGE:
        denominator = sum((row.denominator or ZERO for row in parts), ZERO)
    return Figure(ratio(numerator, denominator, factor), numerator, denominator)


def _of_values(how: Consolidation, parts: Sequence[Figure]) -> Figure | None:
    if not parts:
        return None
    if how is Consolidation.LAST:
        return parts[-1]
    total = sum((row.value or ZERO for row in parts), ZERO)
    return Figure(total if how is Consolidation.SUM else total / len(parts))


# --- many indicators ---


def roll_up(parts: Iterable[Decimal | None]) -> RolledUp:
    """The mean of `counted` percentages; what has none stays out of the divisor and is told."""
    every = list(parts)
    _refuse_endless(*every)
    known = [part for part in every if part is not None]
    mean = sum(known, ZERO) / len(known) if known else None
    return RolledUp(mean, len(known), len(every))
