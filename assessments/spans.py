"""What an indicator comes to over years of a plan: pure, no ORM and no clock.

A plain sum adds up from year to year (kilometres built); a level does not (an index, a percentage):
of a level the latest known value stands, and its target is that of the last year. The official
forms add everything up; for a level that would be a number without a meaning.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from assessments.achievement import Achieved, Aim, Figure, achieve, entering
from assessments.enums import Consolidation, Shape
from assessments.series import QUARTERS, WHOLE_YEAR, Period, Series


def adds_up(series: Series) -> bool:
    """Whether the figures of several years make a total."""
    return series.how == Consolidation.SUM and series.shape == Shape.VALUE and series.factor is None


def aim_at_the_end(series: Series, years: Sequence[int]) -> Aim | None:
    """The target of the whole span; None when a share is missing: half a target would flatter."""
    if not adds_up(series):
        return series.aim(years[-1]) if years else None
    aims = [series.aim(year) for year in years]
    lows = [aim.low for aim in aims if aim is not None and aim.low is not None]
    if not lows or len(lows) < len(aims):
        return None
    return Aim(series.direction, series.shape, sum(lows, Decimal(0)))


def figure_until(series: Series, years: Sequence[int], quarter: int = WHOLE_YEAR) -> Figure | None:
    """What the years amount to, the last one up to the end of this quarter (0: all of it)."""
    given = [
        series.until(year, (quarter or 4) if year == years[-1] else 4) for year in sorted(years)
    ]
    said = [figure for figure in given if figure is not None and figure.says_something]
    if not said:
        return None
    if not adds_up(series):
        return said[-1]
    return Figure(sum((figure.value or Decimal(0) for figure in said), Decimal(0)))


def against_the_end(
    series: Series,
    years: Sequence[int],
    until: Sequence[int],
    quarter: int = WHOLE_YEAR,
    *,
    cap: Decimal | None,
    on: date,
) -> Achieved:
    """What the years `until` now amount to, against the target of the whole span."""
    figure = figure_until(series, until, quarter) if until else None
    return achieve(aim_at_the_end(series, years), figure, cap=cap, on=on)


def periods_behind(series: Series, year: int, quarter: int = WHOLE_YEAR) -> list[Period]:
    """Which figures the year so far rests on: its own, or those of its quarters that count."""
    own = series.figures.get((year, WHOLE_YEAR))
    if own is not None and own.says_something:
        return [(year, WHOLE_YEAR)]
    given = {
        each: figure
        for each in QUARTERS
        if each <= (quarter or 4) and (figure := series.figures.get((year, each)))
    }
    if series.shape is Shape.DATE:
        speaking = [each for each, figure in given.items() if figure.says_something]
        done = [each for each in speaking if given[each].done_on is not None]
        return [(year, each) for each in (done or speaking)[-1:]]
    names = list(entering(series.how, given, factor=series.factor))
    is_total = series.how in (Consolidation.SUM, Consolidation.AVERAGE)
    kept = names if is_total and series.shape is not Shape.YES_NO else names[-1:]
    return [(year, each) for each in kept]
