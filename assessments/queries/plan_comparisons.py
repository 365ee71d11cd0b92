"""Comparisons inside a plan: promise against figure, year against year, unit against unit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from assessments.achievement import RolledUp, roll_up
from assessments.achievement_bands import Band, bands
from assessments.figure_words import aim_text, figure_text
from assessments.models import Indicator
from assessments.queries.plan_board import Board, Reached, reached
from assessments.queries.plan_lines import anchor_of
from assessments.series import WHOLE_YEAR, quarter_of
from integrity_portal.core.charts import Tone
from opd.models import Unit


@dataclass(frozen=True)
class YearCell:
    """What was promised and reached in a year, and the anchor of its rows.

    `until`: the quarter whose target stands here, 0: the target of the whole year.
    """

    year: int
    target: str
    figure: str
    percent: Decimal | None
    band: Band | None
    until: int = WHOLE_YEAR

    @property
    def anchor(self) -> str:
        return anchor_of(self.year)

    @property
    def tone(self) -> Tone:
        return self.band.tone if self.band else Tone.NONE


@dataclass(frozen=True)
class Compared:
    """An indicator over years."""

    indicator: Indicator
    cells: list[YearCell]


@dataclass(frozen=True)
class Moved:
    """An indicator in two years; `change` in percentage points, None while one is not known."""

    indicator: Indicator
    before: YearCell
    after: YearCell

    @property
    def change(self) -> Decimal | None:
        if self.before.percent is None or self.after.percent is None:
            return None
        return self.after.percent - self.before.percent


@dataclass(frozen=True)
class UnitRow:
    """A unit's mean in the chosen year, how many of its indicators stand in which band, its years."""

    unit: Unit
    rolled: RolledUp
    band: Band | None
    counts: list[tuple[Band, int]]
    years: list[tuple[int, RolledUp, Band | None]]

    @cached_property
    def order(self) -> tuple[int, Decimal, str]:
        """The worst first; what is not known last."""
        percent = self.rolled.percent
        known = 1 if percent is None else 0
        return known, percent if percent is not None else Decimal(0), self.unit.label.casefold()


def over_years(board: Board, rows: list[Reached]) -> list[Compared]:
    """Every year of the plan, in the order of the tree."""
    return [
        Compared(one.indicator, [_cell(board, one, year) for year in board.plan.all_years])
        for one in rows
    ]


def two_years(board: Board, rows: list[Reached], before: int, after: int) -> list[Moved]:
    """By change, the deepest fall first; what cannot be compared comes last."""
    found = [
        Moved(one.indicator, _cell(board, one, before), _cell(board, one, after)) for one in rows
    ]
    return sorted(found, key=lambda row: (row.change is None, row.change or Decimal(0)))


def by_unit(board: Board, rows: list[Reached], year: int) -> list[UnitRow]:
    """Responsible units, the worst first. An indicator without a unit is a gap and not here."""
    units = {row.unit_id: row.unit for one in rows if (row := one.indicator).unit}
    found = [
        _unit_row(board, unit, [one for one in rows if one.indicator.unit_id == key], year)
        for key, unit in units.items()
        if unit is not None
    ]
    return sorted(found, key=lambda row: row.order)


def at_level(board: Board, level: str) -> list[Reached]:
    return [one for row in board.rows if row.node.level == level for one in row.indicators]


def running_quarter(year: int, on: date) -> int:
    """Up to which quarter a running year is measured; 0 of years that are over or to come."""
    return max(1, quarter_of(on) - 1) if year == on.year else WHOLE_YEAR


def in_year(board: Board, one: Reached, year: int) -> Reached:
    """The year, or of the running one like with like: what is known against its own quarters."""
    return reached(board.plan, one.known, year, running_quarter(year, board.on), board.on)


def _cell(board: Board, one: Reached, year: int) -> YearCell:
    there = in_year(board, one, year)
    return YearCell(
        year,
        aim_text(one.indicator, there.aim),
        figure_text(one.indicator, there.figure),
        there.achieved.percent,
        there.band,
        there.quarter if there.by_quarters else WHOLE_YEAR,
    )


def _unit_row(board: Board, unit: Unit, rows: list[Reached], year: int) -> UnitRow:
    plan, found = board.plan, bands(board.plan.bands)
    counted = {
        each: [in_year(board, one, each).achieved.counted for one in rows]
        for each in plan.all_years
    }
    names = [found.of(percent) for percent in counted[year]]
    means = {each: roll_up(parts) for each, parts in counted.items()}
    return UnitRow(
        unit,
        means[year],
        found.of(means[year].percent),
        [(band, names.count(band)) for band in found.bands],
        [(each, means[each], found.of(means[each].percent)) for each in plan.all_years],
    )
