"""What a unit reports, quarter by quarter, and what planners have to decide."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from assessments.achievement import Achieved, Aim, Figure
from assessments.enums import (
    WRITABLE_STATES,
    Consolidation,
    IndicatorKind,
    MeasurementState,
    PlanState,
)
from assessments.measurement_rules import is_too_early
from assessments.models import (
    Indicator,
    Measurement,
    MeasurementFile,
    MeasurementStep,
    Plan,
)
from assessments.models.measurements import reported_by
from assessments.permissions import may_measure
from assessments.queries.performance import EVERYTHING, Known, known, waiting_for
from assessments.queries.plan_board import Reached, reached
from assessments.series import QUARTERS, WHOLE_YEAR, last_day, quarter_of
from opd.models import Membership, Unit

UPLOAD_KIND = "measurement"


@dataclass(frozen=True)
class Cell:
    """One figure of a quarter (0: of the whole year) with all that its place on the page needs."""

    indicator: Indicator
    year: int
    quarter: int
    aim: Aim | None
    measurement: Measurement | None
    figure: Figure | None
    achieved: Achieved
    is_open: bool

    @property
    def state(self) -> MeasurementState | None:
        return MeasurementState(self.measurement.state) if self.measurement else None

    @property
    def can_be_sent(self) -> bool:
        row = self.measurement
        return row is not None and row.state in WRITABLE_STATES and row.says_something


@dataclass(frozen=True)
class Line:
    """An indicator with its cells; `reached` is the year so far, of what is verified."""

    known: Known
    cells: list[Cell]
    reached: Reached

    @property
    def indicator(self) -> Indicator:
        return self.known.indicator

    @property
    def is_yearly(self) -> bool:
        return len(self.cells) == 1


@dataclass(frozen=True)
class ToSend:
    """A quarter with what is filled and not sent, and what is still empty."""

    quarter: int
    filled: list[Measurement] = field(default_factory=list)
    empty: int = 0


@dataclass(frozen=True)
class UnitFigures:
    unit: Unit
    plan: Plan
    year: int
    writes: bool
    lines: list[Line]
    money: list[Line]
    to_send: list[ToSend]

    @property
    def has_quarters(self) -> bool:
        return any(not line.is_yearly for line in (*self.lines, *self.money))


def plan_of_year(government_id: int, year: int) -> Plan | None:
    """The plan in force that covers the year, else the closed one."""
    rows = Plan.objects.filter(government_id=government_id).covering(year)
    known_ones = rows.exclude(state=PlanState.DRAFT).order_by("-first_year", "-pk")
    return min(known_ones, key=lambda plan: plan.state != PlanState.IN_FORCE, default=None)


def years_with_plans(government_id: int, today: date) -> list[int]:
    """Newest first; no year to come."""
    plans = Plan.objects.filter(government_id=government_id).exclude(state=PlanState.DRAFT)
    years = {year for plan in plans for year in plan.all_years if year <= today.year}
    return sorted(years, reverse=True)


def newest_year_with_figures(membership: Membership, years: Collection[int]) -> int | None:
    rows = Measurement.objects.visible_to(membership).filter(year__in=years)
    return rows.order_by("-year").values_list("year", flat=True).first()


def indicators_of(unit: Unit, plan: Plan, year: int) -> QuerySet[Indicator]:
    rows = Indicator.objects.filter(unit=unit, node__plan=plan).standing(year)
    return rows.select_related("node", "unit", "duty").order_by(
        "-is_iku", "node__code", "position", "pk"
    )


def unit_figures(
    membership: Membership, unit: Unit, plan: Plan, year: int, today: date
) -> UnitFigures:
    """The page of a unit in three queries."""
    writes = plan.state == PlanState.IN_FORCE and may_measure(membership, unit, plan.government_id)
    lines = []
    for one in known(indicators_of(unit, plan, year)):
        one.indicator.node.plan = plan
        lines.append(_line(plan, one, year, today, writes))
    performance = [row for row in lines if row.indicator.kind == IndicatorKind.PERFORMANCE]
    money = [row for row in lines if row.indicator.kind == IndicatorKind.BUDGET]
    return UnitFigures(unit, plan, year, writes, performance, money, _to_send(lines, year, today))


def _line(plan: Plan, one: Known, year: int, today: date, writes: bool) -> Line:
    quarter = quarter_of(today) if year == today.year else WHOLE_YEAR
    return Line(
        one,
        [cell_of(plan, one, year, each, today, writes) for each in _quarters(one, year)],
        reached(plan, one, year, quarter, today),
    )


def _quarters(one: Known, year: int) -> tuple[int, ...]:
    """The whole year where it is entered so, or where only the year was reported."""
    if one.indicator.consolidation == Consolidation.MANUAL:
        return (WHOLE_YEAR,)
    given = {quarter for at, quarter in one.measurements if at == year}
    return (WHOLE_YEAR,) if given == {WHOLE_YEAR} else QUARTERS


def cell_of(plan: Plan, one: Known, year: int, quarter: int, today: date, writes: bool) -> Cell:
    """The figure as it stands, whether it counts already or not."""
    row = one.measurements.get((year, quarter))
    figure = None
    if row is not None:
        figure = Figure(row.value, row.numerator, row.denominator, row.done_on)
    aim = one.series.aim(year, quarter)
    begun = date(year, 3 * (quarter or 1) - 2, 1) <= today
    begun = begun and bool(quarter or not is_too_early(one.indicator, year, today))
    return Cell(
        one.indicator,
        year,
        quarter,
        aim,
        row,
        figure,
        one.series.achieved(year, quarter, cap=plan.cap, on=today),
        writes and begun and (row is None or row.state in WRITABLE_STATES),
    )


def _to_send(lines: list[Line], year: int, today: date) -> list[ToSend]:
    # What was done on a day is not asked for again.
    done = {
        line.indicator.pk
        for line in lines
        if any(cell.figure is not None and cell.figure.done_on for cell in line.cells)
    }
    rows = []
    for quarter in (*QUARTERS, WHOLE_YEAR):
        cells = [cell for line in lines for cell in line.cells if cell.quarter == quarter]
        filled = [cell.measurement for cell in cells if cell.can_be_sent and cell.measurement]
        over = last_day(year, quarter) < today
        empty = [cell for cell in cells if cell.is_open and not cell.can_be_sent]
        empty = [cell for cell in empty if cell.indicator.pk not in done]
        if filled or (over and empty):
            rows.append(ToSend(quarter, filled, len(empty)))
    return rows


def indicator_of(membership: Membership, pk: int) -> Indicator | None:
    """One whose figures this office reads in every state; none of a plan that is a draft."""
    rows = Indicator.objects.filter(reported_by(membership))
    found = rows.select_related("node__plan", "unit", "duty").filter(pk=pk).first()
    if found is None or found.node.plan.state == PlanState.DRAFT:
        return None
    return found


@dataclass(frozen=True)
class OneFigure:
    """A figure with its proofs, its history and what stood in the quarter before."""

    cell: Cell
    known: Known
    files: list[MeasurementFile]
    steps: list[MeasurementStep]
    before: Figure | None
    needs_manual: bool
    writes: bool
    # As if it counted already.
    achieved: Achieved


def one_figure(
    membership: Membership, indicator: Indicator, year: int, quarter: int, today: date
) -> OneFigure:
    plan = indicator.node.plan
    writes = plan.state == PlanState.IN_FORCE and may_measure(
        membership, indicator.unit, plan.government_id
    )
    (one,) = known([indicator], states=EVERYTHING)
    cell = cell_of(plan, one, year, quarter, today, writes)
    row = cell.measurement
    files = list(row.files.select_related("stored").order_by("pk")) if row else []
    steps = (
        list(row.steps.select_related("membership").order_by("-happened_at", "-pk")) if row else []
    )
    period = (year, quarter - 1) if quarter > 1 else (year - 1, 4 if quarter else WHOLE_YEAR)
    return OneFigure(
        cell,
        one,
        files,
        steps,
        one.series.figure(*period),
        one.series.needs_manual(year, quarter),
        writes,
        one.series.achieved(year, quarter, cap=plan.cap, on=today),
    )


def measurement_of(membership: Membership, pk: int) -> Measurement | None:
    rows = Measurement.objects.visible_to(membership)
    return rows.select_related("indicator__node__plan", "indicator__unit").filter(pk=pk).first()


def measurement_file(membership: Membership, pk: int) -> MeasurementFile | None:
    rows = MeasurementFile.objects.visible_to(membership).select_related("stored")
    return rows.filter(pk=pk).first()


# --- planners ---

# A figure that moved by more than this share of the one before is marked for a second look.
JUMP = Decimal("0.5")


@dataclass(frozen=True)
class Waiting:
    """A figure that waits, with what a planner compares it with."""

    measurement: Measurement
    aim: Aim | None
    figure: Figure
    achieved: Achieved
    before: Figure | None
    files: int
    needs_manual: bool
    is_jump: bool
    is_own: bool
    # Against the target of the whole year, because the quarter has none.
    is_of_year: bool


def queue(
    membership: Membership, today: date, *, unit: int | None = None, quarter: str = ""
) -> list[Waiting]:
    """Oldest first, by unit; constant in queries."""
    rows = waiting_for(membership).prefetch_related(
        Prefetch("files", MeasurementFile.objects.only("measurement_id"))
    )
    if unit is not None:
        rows = rows.filter(indicator__unit=unit)
    if quarter in {"0", "1", "2", "3", "4"}:
        rows = rows.filter(quarter=int(quarter))
    found = list(rows)
    indicators = {row.indicator_id: row.indicator for row in found}
    by_key = {one.indicator.pk: one for one in known(indicators.values(), states=EVERYTHING)}
    waiting = [_waiting(membership, row, by_key[row.indicator_id], today) for row in found]
    return sorted(
        waiting,
        key=lambda one: (
            one.measurement.indicator.unit.name if one.measurement.indicator.unit else "",
            one.measurement.submitted_at,
        ),
    )


def waiting_units(membership: Membership) -> list[tuple[int, str, int]]:
    """Units with figures that wait: key, name, how many."""
    counts: Counter[tuple[int, str]] = Counter()
    for row in (
        Measurement.objects.visible_to(membership).waiting().select_related("indicator__unit")
    ):
        if row.indicator.unit is not None:
            counts[row.indicator.unit.pk, row.indicator.unit.label] += 1
    return sorted(((pk, name, count) for (pk, name), count in counts.items()), key=lambda u: u[1])


def _waiting(membership: Membership, row: Measurement, one: Known, today: date) -> Waiting:
    year, quarter = row.year, row.quarter
    period = (year, quarter - 1) if quarter > 1 else (year - 1, 4 if quarter else WHOLE_YEAR)
    before = one.series.figure(*period)
    figure = one.series.figure(year, quarter) or Figure()
    cap = row.indicator.node.plan.cap
    aim = one.series.aim(year, quarter)
    achieved = one.series.achieved(year, quarter, cap=cap, on=today)
    if aim is None:
        achieved = one.series.achieved_so_far(year, quarter, cap=cap, on=today)
    return Waiting(
        row,
        aim or one.series.aim(year),
        figure,
        achieved,
        before,
        len(row.files.all()),
        one.series.needs_manual(year, quarter),
        _jumps(figure.value, before.value if before else None),
        row.submitted_by is not None and row.submitted_by.user_id == membership.user_id,
        aim is None and quarter != WHOLE_YEAR,
    )


def _jumps(value: Decimal | None, before: Decimal | None) -> bool:
    if value is None or not before:
        return False
    return abs(value - before) > JUMP * abs(before)


@dataclass(frozen=True)
class Reporting:
    """How far a unit has come with reporting a quarter. `due_on`: until when, if a day is set."""

    unit: Unit
    total: int
    states: Counter[str]
    due_on: date | None
    today: date

    @property
    def reported(self) -> int:
        return self.states[MeasurementState.SUBMITTED] + self.states[MeasurementState.VERIFIED]

    @property
    def is_late(self) -> bool:
        late = self.due_on is not None and self.today > self.due_on
        return late and self.reported < self.total


def due_on(plan: Plan, year: int, quarter: int) -> date | None:
    return last_day(year, quarter) + timedelta(days=plan.report_days) if plan.report_days else None


def reporting(plan: Plan, year: int, quarter: int, today: date) -> list[Reporting]:
    """Units that answer for indicators of the plan, in two queries; those that owe most first."""
    rows = Indicator.objects.filter(node__plan=plan, unit__isnull=False)
    units: dict[int, Unit] = {}
    totals: Counter[int] = Counter()
    asked: dict[int, int] = {}
    for row in rows.standing(year).select_related("unit"):
        yearly = row.consolidation == Consolidation.MANUAL
        if row.unit is not None and yearly == (quarter == WHOLE_YEAR):
            units[row.unit.pk] = row.unit
            totals[row.unit.pk] += 1
            asked[row.pk] = row.unit.pk
    states: dict[int, Counter[str]] = {pk: Counter() for pk in units}
    figures = Measurement.objects.filter(indicator__node__plan=plan, year=year)
    for pk, at, state, day in figures.values_list("indicator_id", "quarter", "state", "done_on"):
        if pk in asked and at == quarter:
            states[asked[pk]][state] += 1
        elif pk in asked and day is not None and 0 < at < quarter:
            # What was done on a day is not asked for again.
            totals[asked[pk]] -= 1
    until = due_on(plan, year, quarter)
    found = [Reporting(units[pk], totals[pk], states[pk], until, today) for pk in units]
    return sorted(found, key=lambda one: (one.reported - one.total, one.unit.name))
