"""The figures of the head's report (LKPJ): one reading for the page, the PDF and the Excel."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Max

from assessments.achievement import Achieved, Note, RolledUp, roll_up
from assessments.achievement_bands import Band, bands
from assessments.enums import Direction, IndicatorKind, MeasurementState, NodeLevel
from assessments.models import Indicator, Measurement, Plan
from assessments.queries.performance import OFFICIAL, Known
from assessments.queries.plan_board import Reached, plan_board, reached
from assessments.queries.plan_comparisons import running_quarter
from assessments.queries.plan_exports import name_of
from assessments.queries.plan_lines import anchor_of
from assessments.series import WHOLE_YEAR, last_day
from assessments.spans import periods_behind

DOCUMENT_KIND = "head-report"


@dataclass(frozen=True)
class HeadRow:
    """`before`: what was reached the year before, in the same plan."""

    this: Reached
    before: Achieved
    is_provisional: bool
    # A figure of this year is on its way or being written; it counts once it is verified.
    is_waiting: bool

    @property
    def indicator(self) -> Indicator:
        return self.this.indicator

    @property
    def percent(self) -> Decimal | None:
        """Under the plan's limit: what the mean and the bands use."""
        return self.this.achieved.counted

    @property
    def change(self) -> Decimal | None:
        """In percentage points; None where one of both years has no figure."""
        if self.percent is None or self.before.counted is None:
            return None
        return self.percent - self.before.counted

    @property
    def is_better_low(self) -> bool:
        return self.indicator.direction == Direction.LOWER

    @property
    def responsible(self) -> str:
        """The unit; without one, the office that the fiche names."""
        unit = self.indicator.unit
        return unit.name if unit is not None else self.indicator.responsible

    @property
    def has_sample_target(self) -> bool:
        """The target is not public; an example stands in its place."""
        return self.this.target is not None and self.this.target.is_sample

    @property
    def is_sample_percent(self) -> bool:
        """An achievement that rests on an example is one."""
        return self.has_sample_target and self.percent is not None

    @property
    def anchor(self) -> str:
        """Where the rows of this year stand on the indicator's page."""
        return anchor_of(self.this.year)

    @property
    def is_capped(self) -> bool:
        return Note.CAPPED in self.this.achieved.notes


@dataclass(frozen=True)
class BandCount:
    band: Band
    count: int


@dataclass(frozen=True)
class HeadReport:
    """`level` empty: the key indicators (IKU); else every indicator of that level of the tree."""

    plan: Plan
    year: int
    level: str
    on: date
    rows: list[HeadRow]

    @cached_property
    def mean(self) -> RolledUp:
        return roll_up(row.percent for row in self.rows)

    @property
    def mean_band(self) -> Band | None:
        return bands(self.plan.bands).of(self.mean.percent)

    @cached_property
    def counts(self) -> list[BandCount]:
        """Every band, highest first, also those without an indicator."""
        found = Counter(row.this.band.code for row in self.rows if row.this.band)
        return [BandCount(band, found[band.code]) for band in bands(self.plan.bands).bands]

    @property
    def without(self) -> int:
        return self.mean.total - self.mean.known

    @property
    def provisional(self) -> int:
        return sum(row.is_provisional for row in self.rows)

    @property
    def waiting(self) -> int:
        return sum(row.is_waiting for row in self.rows)

    @property
    def samples(self) -> int:
        """Examples in the place of targets, of a plan that is no example itself."""
        return 0 if self.plan.is_sample else sum(row.has_sample_target for row in self.rows)

    @property
    def plan_name(self) -> str:
        return name_of(self.plan)

    @property
    def is_running(self) -> bool:
        """The year is not over: what is reached now is not the year's last word."""
        return self.on <= last_day(self.year, WHOLE_YEAR)

    @property
    def has_figures(self) -> bool:
        return any(row.this.figure is not None for row in self.rows)

    @property
    def running_quarter(self) -> int:
        """Up to where the plan's page measures this year."""
        return running_quarter(self.year, self.on)

    @property
    def before_year(self) -> str:
        return str(self.year - 1)

    @property
    def level_label(self) -> str:
        return str(NodeLevel(self.level).label) if self.level else "IKU"


def head_report(plan: Plan, *, year: int, level: str = "", on: date) -> HeadReport:
    """In the order of the tree; the same queries for nine indicators or 300."""
    board = plan_board(plan, year=year, on=on, years=(year - 1, year))
    shown = [
        each
        for row in board.rows
        for each in row.indicators
        if (row.node.level == level if level else each.indicator.is_iku)
    ]
    rows = [
        HeadRow(
            each,
            reached(plan, each.known, year - 1, WHOLE_YEAR, on).achieved,
            _is_provisional(each.known, year),
            _is_waiting(each.known, year),
        )
        for each in shown
    ]
    return HeadReport(plan, year, level, on, rows)


def newest_year_with_figures(plan: Plan) -> int | None:
    rows = Measurement.objects.filter(
        indicator__node__plan=plan, state__in=OFFICIAL, year__in=list(plan.all_years)
    )
    rows = rows.exclude(indicator__kind=IndicatorKind.BUDGET)
    found: int | None = rows.aggregate(year=Max("year"))["year"]
    return found


def _is_provisional(one: Known, year: int) -> bool:
    behind = periods_behind(one.series, year)
    return any(not one.measurements[period].is_final for period in behind)


def _is_waiting(one: Known, year: int) -> bool:
    return any(
        when == year and row.says_something and row.state != MeasurementState.VERIFIED
        for (when, _quarter), row in one.measurements.items()
    )
