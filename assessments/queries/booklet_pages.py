"""What a pocket book and the summary of a plan show, from the very board of the plan's page."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from assessments.booklets import (
    ROMAN,
    Light,
    aim_text,
    direction_text,
    figure_text,
    formula_text,
    is_within,
    light_of,
    number_text,
    period_text,
    verified_text,
)
from assessments.enums import MeasurementState, NodeLevel
from assessments.forecast import Forecast, Outlook, year_forecast
from assessments.forecast_words import sentence
from assessments.models import Indicator, Measurement, Plan, PlanNode
from assessments.outlook import quarter_aims, whole_of
from assessments.queries.plan_board import Board, Money, NodeRow, Reached, plan_board
from assessments.series import QUARTERS, WHOLE_YEAR, Period, Series
from integrity_portal.core.charts import Tone
from opd.models import Unit

# Whose words may be printed: what was sent. Drafts are the unit's own.
SENT = frozenset({MeasurementState.SUBMITTED, MeasurementState.VERIFIED})


@dataclass(frozen=True)
class YearLine:
    """A year of an indicator; judged once it is over, or at its end."""

    year: int
    target: str
    realised: str = ""
    light: Light | None = None
    is_running: bool = False
    is_preliminary: bool = False
    is_sample: bool = False


@dataclass(frozen=True)
class IndicatorPage:
    row: Indicator
    reached: Reached
    light: Light
    target: str
    realised: str
    # Up to which quarter it is verified; empty where no figure is.
    verified: str
    lines: list[YearLine]
    base: str
    # Without its unit, for the table.
    base_plain: str
    # The newest verified figure and when it was.
    last: str
    last_period: str
    last_is_preliminary: bool
    level: str
    meaning: str
    formula: str
    direction: str
    # What to expect of the running year.
    outlook: str
    is_sample: bool
    target_is_sample: bool


@dataclass(frozen=True)
class LagPage:
    """Why an indicator lags and what the unit does about it; empty words are written by hand."""

    page: IndicatorPage
    words: Measurement | None

    @property
    def said(self) -> str:
        return period_text((self.words.year, self.words.quarter)) if self.words else ""

    @property
    def is_verified(self) -> bool:
        return self.words is not None and self.words.state == MeasurementState.VERIFIED


@dataclass(frozen=True)
class PlaceLine:
    level: str
    code: str
    name: str


@dataclass(frozen=True)
class Book:
    """Everything of a unit's book that comes from the database."""

    plan: Plan
    unit: Unit
    period: Period
    board: Board
    duties: list[str]
    above: list[PlaceLine]
    own: list[PlaceLine]
    money: Money
    pages: list[IndicatorPage] = field(default_factory=list)

    @property
    def money_verified(self) -> str:
        return money_verified(self.board, self.unit)

    @cached_property
    def lags(self) -> list[LagPage]:
        return [
            LagPage(page, words_of(page.reached, self.period))
            for page in self.pages
            if is_lagging(page.reached, on=self.board.on)
        ]

    @property
    def counts(self) -> list[tuple[Tone, str, int]]:
        """How many of each light, the good ones first."""
        words = {
            Tone.GOOD: "baik",
            Tone.WARN: "perlu perhatian",
            Tone.BAD: "tertinggal",
            Tone.NONE: "belum ada angka",
        }
        return [
            (tone, word, sum(page.light.tone == tone for page in self.pages))
            for tone, word in words.items()
        ]


def board_for(plan: Plan, period: Period, *, on: date) -> Board:
    return plan_board(plan, year=period[0], quarter=period[1], on=on)


def book_of(plan: Plan, unit: Unit, period: Period, *, on: date) -> Book:
    """Eight queries, whatever the size of the plan."""
    board = board_for(plan, period, on=on)
    above, own = place_of(board, unit)
    return Book(
        plan,
        unit,
        period,
        board,
        duties=[row.text for row in unit.duties.order_by("position")],
        above=above,
        own=own,
        money=money_of(board, unit),
        pages=[page_of(board, row, each) for row, each in _rows_of(board, unit)],
    )


def _rows_of(board: Board, unit: Unit) -> Iterable[tuple[NodeRow, Reached]]:
    """Key indicators first, then in the order of the tree."""
    found = [
        (row, each)
        for row in board.rows
        for each in row.indicators
        if each.indicator.unit_id == unit.pk
    ]
    return sorted(found, key=lambda pair: not pair[1].indicator.is_iku)


def place_of(board: Board, unit: Unit) -> tuple[list[PlaceLine], list[PlaceLine]]:
    """What of the plan stands above the unit's part, and the nodes that it carries itself."""
    own = {
        row.node.pk
        for row in board.rows
        if any(owner.unit_id == unit.pk for owner in row.owners)
        or any(each.indicator.unit_id == unit.pk for each in row.indicators)
    }
    lines = {key for row in board.rows if row.node.pk in own for key in row.node.lineage}
    shared = NodeLevel.OBJECTIVE.rank
    above, mine = [], []
    for row in board.rows:
        rank = NodeLevel(row.node.level).rank
        if row.node.pk in lines and rank <= shared:
            above.append(_line(row.node))
        elif row.node.pk in own and rank > shared:
            mine.append(_line(row.node))
    return above, mine


def _line(node: PlanNode) -> PlaceLine:
    return PlaceLine(str(NodeLevel(node.level).label), node.code, node.name)


def money_of(board: Board, unit: Unit) -> Money:
    """The unit's own ceilings and spending, at whatever node."""
    rows = [
        known
        for each in board.budgets.values()
        for known in each
        if known.indicator.unit_id == unit.pk
    ]
    aims = [row.series.aim(board.year) for row in rows]
    figures = [row.series.until(board.year, board.quarter or 4) for row in rows]
    ceilings = [aim.low for aim in aims if aim is not None and aim.low is not None]
    spent = [row.value for row in figures if row is not None and row.value is not None]
    return Money(_sum(ceilings), _sum(spent))


def _sum(values: list[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) if values else None


def outlook_of(reached: Reached, *, on: date) -> Forecast | None:
    """How the running year ends at the pace of its quarters; None once it is over."""
    if not reached.quarter:
        return None
    series, year = reached.series, reached.year
    quarters = {
        each: figure
        for each in QUARTERS
        if each <= reached.quarter and (figure := series.figures.get((year, each)))
    }
    return year_forecast(
        series.how,
        series.aim(year),
        quarters,
        today_quarter=reached.quarter + 1,
        year=series.figures.get((year, WHOLE_YEAR)),
        before=series.value(year - 1),
        factor=series.factor,
        on=on,
        aims=quarter_aims(series, year),
        whole=whole_of(series, reached.indicator.unit_of_measure),
    )


def is_lagging(reached: Reached, *, on: date) -> bool:
    """Judged and not good, or on its way to miss the year's target."""
    if reached.band is not None and reached.band.tone != Tone.GOOD:
        return True
    outlook = outlook_of(reached, on=on)
    return outlook is not None and outlook.outlook is Outlook.OFF_TRACK


def outlook_text(reached: Reached, *, on: date) -> str:
    """A sentence where there is something to foresee."""
    outlook = outlook_of(reached, on=on)
    if outlook is None or outlook.outlook is Outlook.UNKNOWN:
        return ""
    indicator = reached.indicator
    return sentence(outlook, reached.series.aim(reached.year), unit=indicator.unit_of_measure)


def words_of(reached: Reached, until: Period) -> Measurement | None:
    """The newest report up to the period that says a cause or a plan."""
    said = [
        row
        for period, row in reached.known.measurements.items()
        if row.state in SENT
        and is_within(period, until)
        and (row.obstacle or row.follow_up or row.follow_up_by or row.follow_up_due)
    ]
    return max(said, key=lambda row: (row.year, row.quarter or 4, not row.quarter), default=None)


def page_of(board: Board, row: NodeRow, reached: Reached) -> IndicatorPage:
    indicator = reached.indicator
    unit = indicator.unit_of_measure
    last = _last(reached, (board.year, board.quarter))
    base = number_text(indicator.base_value, unit) if indicator.base_value is not None else ""
    target = reached.target
    return IndicatorPage(
        row=indicator,
        reached=reached,
        light=light_of(reached.achieved, reached.band),
        target=aim_text(reached.aim, unit),
        realised=figure_text(indicator.shape, reached.figure, unit),
        verified=verified_of(reached, board.quarter),
        lines=[_year(board, reached, year) for year in board.plan.all_years],
        base=base,
        base_plain=number_text(indicator.base_value),
        last=figure_text(indicator.shape, reached.series.figure(*last), unit) if last else "",
        last_period=period_text(last) if last else "",
        last_is_preliminary=bool(last and not reached.known.measurements[last].is_final),
        level=f"{NodeLevel(row.node.level).label} {row.node.code}: {row.node.name}",
        meaning=indicator.definition,
        formula=formula_text(
            indicator.formula,
            indicator.factor,
            indicator.numerator_label,
            indicator.denominator_label,
        ),
        direction=direction_text(indicator.direction, indicator.shape),
        outlook=outlook_text(reached, on=board.on),
        is_sample=indicator.is_sample,
        target_is_sample=bool(target and target.is_sample),
    )


def verified_of(reached: Reached, quarter: int) -> str:
    """Up to which quarter the figure of the period counts: quarters may still be on their way."""
    figure = reached.figure
    if figure is None or not figure.says_something:
        return ""
    return verified_text(reached.year, counts_until(reached.series, reached.year, quarter))


def counts_until(series: Series, year: int, quarter: int) -> int:
    """The newest quarter up to this one that has a figure; 0: the year's own figure stands."""
    own = series.figures.get((year, WHOLE_YEAR))
    if own is not None and own.says_something:
        return WHOLE_YEAR
    return series.last_reported(year, quarter or 4)


def money_verified(board: Board, unit: Unit | None = None) -> str:
    """Up to where the spending is verified; from the least to the most where purses differ."""
    rows = [
        row
        for each in board.budgets.values()
        for row in each
        if unit is None or row.indicator.unit_id == unit.pk
    ]
    found = {
        counts_until(row.series, board.year, board.quarter) or 4
        for row in rows
        if row.series.until(board.year, board.quarter or 4) is not None
    }
    if not found:
        return ""
    said = verified_text(board.year, max(found))
    if min(found) == max(found):
        return said
    return f"{said}, sebagian baru s.d. Triwulan {ROMAN[min(found)]}"


def _last(reached: Reached, until: Period) -> Period | None:
    """The newest verified figure that says something, not after `until`."""
    known = [
        period
        for period in reached.series.figures
        if is_within(period, until) and reached.known.measurements[period].says_something
    ]
    return max(known, key=lambda period: (period[0], period[1] or 4), default=None)


def _year(board: Board, reached: Reached, year: int) -> YearLine:
    """Nothing that came after the period of the book; a running year is not judged yet."""
    series = reached.series
    target = reached.known.targets.get((year, WHOLE_YEAR))
    aim = series.aim(year)
    line = YearLine(year, aim_text(aim), is_sample=bool(target and target.is_sample))
    if year > board.year:
        return line
    is_running = year == board.year and bool(board.quarter)
    figure = series.until(year, board.quarter if is_running else 4)
    rows = [
        row
        for period, row in reached.known.measurements.items()
        if period[0] == year and period in series.figures
    ]
    light = None
    if not is_running:
        achieved = series.achieved(year, cap=board.plan.cap, on=board.on)
        light = light_of(achieved, board.band(achieved.counted))
    return replace(
        line,
        realised=figure_text(reached.indicator.shape, figure),
        light=light,
        is_running=is_running,
        is_preliminary=any(not row.is_final for row in rows),
    )


# --- the summary of a plan ---


@dataclass(frozen=True)
class Summary:
    board: Board
    visions: list[NodeRow]
    # Or goals or objectives, see `_upper`.
    missions: list[NodeRow]
    keys: list[IndicatorPage]
    lags: list[LagPage]
    money: Money
    counts: list[tuple[str, int]]

    @property
    def money_verified(self) -> str:
        return money_verified(self.board)


def summary_of(plan: Plan, period: Period, *, on: date) -> Summary:
    board = board_for(plan, period, on=on)
    rows = [(row, each) for row in board.rows for each in row.indicators]
    lagging = sorted(
        (pair for pair in rows if is_lagging(pair[1], on=on)),
        key=lambda pair: (not pair[1].indicator.is_iku, pair[1].achieved.counted or 0),
    )
    pages = [page_of(board, row, each) for row, each in rows if each.indicator.is_iku]
    lags = [LagPage(page_of(board, row, each), words_of(each, period)) for row, each in lagging]
    top = [row for row in board.rows if row.depth == 0]
    return Summary(
        board,
        visions=[row for row in board.rows if row.node.level == NodeLevel.VISION],
        missions=_upper(board),
        keys=pages,
        lags=lags,
        money=Money(
            _sum([row.money.ceiling for row in top if row.money.ceiling is not None]),
            _sum([row.money.spent for row in top if row.money.spent is not None]),
        ),
        counts=_counted(board),
    )


def _upper(board: Board) -> list[NodeRow]:
    """The missions; of a plan without any the goals, or the objectives where a goal is alone."""
    found = [
        [row for row in board.rows if row.node.level == level]
        for level in (NodeLevel.MISSION, NodeLevel.GOAL, NodeLevel.OBJECTIVE)
    ]
    if found[0]:
        return found[0]
    return next((rows for rows in found if len(rows) > 1), found[1] or found[2])


def _counted(board: Board) -> list[tuple[str, int]]:
    tones = [each.band.tone if each.band else Tone.NONE for each in board.indicators]
    return [(tone.value, tones.count(tone)) for tone in (Tone.GOOD, Tone.WARN, Tone.BAD, Tone.NONE)]
