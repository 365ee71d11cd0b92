"""What leaves the portal about a plan: the rows of the evaluation forms E.81, E.60 and E.58.

Everything comes from one `plan_board`; nothing is reckoned here that the board reckons.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from assessments.achievement import Achieved
from assessments.enums import MeasurementState, NodeLevel, PlanState
from assessments.models import Measurement, Plan
from assessments.permissions import keeps_rpjmd
from assessments.queries.performance import Known
from assessments.queries.plan_board import Board, NodeRow, plan_board, speaking
from assessments.series import WHOLE_YEAR, last_day
from assessments.spans import against_the_end, periods_behind
from opd.models import Membership, Unit

# Headings above what is promised: shown only where they carry an indicator.
ABOVE = frozenset({NodeLevel.VISION, NodeLevel.MISSION})
# E.58 ends with the programmes; activities belong to RKPD and Renja.
BELOW_PROGRAMMES = frozenset({NodeLevel.ACTIVITY, NodeLevel.SUB_ACTIVITY})


@dataclass(frozen=True)
class Line:
    """A node with its indicators; `above`: the nearest node over it that is shown as well."""

    row: NodeRow
    above: int | None
    indicators: list[Known]

    @property
    def unit_label(self) -> str:
        """Who answers for the node: the lead unit, or the only one that carries it."""
        owners = self.row.owners
        lead = next((each for each in owners if each.is_lead), owners[0] if owners else None)
        return lead.unit.label if lead else ""


@dataclass(frozen=True)
class Purse:
    """Rupiah of a node in a year: with everything below it that the form shows or leaves out."""

    ceiling: Decimal | None = None
    quarters: tuple[Decimal | None, ...] = (None, None, None, None)
    # Up to the quarter that was asked for; a figure of the whole year wins over its quarters.
    spent: Decimal | None = None
    is_of_quarters: bool = True
    is_provisional: bool = False


@dataclass(frozen=True)
class Form:
    """One export: of `unit` and all below it, or of the whole government (None)."""

    plan: Plan
    unit: Unit | None
    year: int
    quarter: int
    on: date
    lines: list[Line]
    below: dict[int, list[Known]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def years(self) -> list[int]:
        return list(self.plan.all_years)

    @property
    def years_before(self) -> list[int]:
        return [year for year in self.years if year < self.year]

    @property
    def years_until(self) -> list[int]:
        return [year for year in self.years if year <= self.year]

    @cached_property
    def indicators(self) -> list[Known]:
        return [one for line in self.lines for one in line.indicators]

    def of_year(self, one: Known, year: int | None = None) -> Achieved:
        """Against the target of the whole year; the year of the form up to its quarter."""
        asked = self.year if year is None else year
        quarter = self.quarter if asked == self.year else WHOLE_YEAR
        return one.series.achieved_so_far(asked, quarter, cap=self.plan.cap, on=self.on)

    def of_span(self, one: Known) -> Achieved:
        """Against the target at the end of the plan."""
        return against_the_end(
            one.series, self.years, self.years_until, self.quarter, cap=self.plan.cap, on=self.on
        )

    @property
    def samples(self) -> int:
        """Indicators with an example in the place of a target, of a plan that is none itself."""
        if self.plan.is_sample:
            return 0
        return sum(any(row.is_sample for row in one.targets.values()) for one in self.indicators)

    def is_provisional(self, one: Known, years: Iterable[int]) -> bool:
        """Whether a figure that counts in these years is a preliminary one."""
        return any(
            not one.measurements[period].is_final
            for year in years
            for period in periods_behind(
                one.series, year, self.quarter if year == self.year else WHOLE_YEAR
            )
        )

    def purse(self, line: Line, year: int) -> Purse:
        """The money of a line in one year, of everything at or below its node."""
        quarter = self.quarter if year == self.year else WHOLE_YEAR
        return _purse(self.below.get(line.row.node.pk, []), year, quarter or 4)


def _plans(membership: Membership) -> QuerySet[Plan]:
    """A draft only for planners."""
    rows = Plan.objects.visible_to(membership)
    return rows if keeps_rpjmd(membership) else rows.exclude(state=PlanState.DRAFT)


def plan_of(membership: Membership, pk: int) -> Plan | None:
    return _plans(membership).select_related("government").filter(pk=pk).first()


def readable_plans(membership: Membership, keys: Collection[int]) -> set[int]:
    """Those of these plans that this person reads."""
    return set(_plans(membership).filter(pk__in=keys).values_list("pk", flat=True))


def name_of(plan: Plan) -> str:
    """With its years, which many titles name already."""
    return plan.title if plan.years in plan.title else f"{plan.title} {plan.years}"


def units_of(plan: Plan) -> list[Unit]:
    """Units that carry a node or answer for an indicator, and the branches that they belong to."""
    own = Unit.objects.filter(government_id=plan.government_id)
    named = own.filter(plan_nodes__plan=plan) | own.filter(indicators__node__plan=plan)
    lineages = named.distinct().values_list("lineage", flat=True)
    keys = {key for lineage in lineages for key in lineage}
    return list(own.filter(pk__in=keys).order_by("name"))


def form_of(
    plan: Plan,
    *,
    unit: Unit | None = None,
    year: int,
    quarter: int = WHOLE_YEAR,
    on: date,
    to_programmes: bool = False,
) -> Form:
    """The same queries for one indicator or 300. `to_programmes`: lines end with the programmes,
    with the money of what hangs below them.
    """
    board = plan_board(plan, year=year, quarter=quarter, on=on)
    keys = _branch(unit) if unit is not None else None
    known = _known_by_node(board, keys)
    below = _below(board, keys)
    lines = _lines(board, known, keys, deep=not to_programmes)
    shown = [one for line in lines for one in line.indicators]
    budgets = {one.indicator.pk: one for line in lines for one in below[line.row.node.pk]}
    missing = _left_out([*shown, *budgets.values()], year, quarter)
    return Form(plan, unit, year, quarter, on, lines, dict(below), missing)


def _branch(unit: Unit) -> set[int]:
    rows = Unit.objects.filter(government_id=unit.government_id).at_or_below(unit.pk)
    return set(rows.values_list("pk", flat=True))


def _is_in(unit_id: int | None, keys: Collection[int] | None) -> bool:
    return keys is None or unit_id in keys


def _known_by_node(board: Board, keys: Collection[int] | None) -> dict[int, list[Known]]:
    found: dict[int, list[Known]] = defaultdict(list)
    for each in board.indicators:
        if _is_in(each.indicator.unit_id, keys):
            found[each.indicator.node_id].append(each.known)
    return found


def _below(board: Board, keys: Collection[int] | None) -> dict[int, list[Known]]:
    """Per node the budgets of itself and of everything below it."""
    found: dict[int, list[Known]] = defaultdict(list)
    for row in board.rows:
        for one in board.budgets.get(row.node.pk, []):
            if _is_in(one.indicator.unit_id, keys):
                for key in row.node.lineage:
                    found[key].append(one)
    return found


def _lines(
    board: Board, known: dict[int, list[Known]], keys: Collection[int] | None, *, deep: bool
) -> list[Line]:
    """Nodes of the branch and, as headings, what stands above them."""
    budgets = {
        key: [one for one in rows if _is_in(one.indicator.unit_id, keys)]
        for key, rows in board.budgets.items()
    }
    wanted: set[int] = set()
    for row in board.rows:
        owned = any(_is_in(owner.unit_id, keys) for owner in row.owners)
        if keys is None or owned or known.get(row.node.pk) or budgets.get(row.node.pk):
            wanted.update(row.node.lineage)
    shown = [row for row in board.rows if row.node.pk in wanted and _is_shown(row, known, deep)]
    keys_shown = {row.node.pk for row in shown}
    return [
        Line(
            row,
            next((key for key in reversed(row.node.lineage[:-1]) if key in keys_shown), None),
            known.get(row.node.pk, []),
        )
        for row in shown
    ]


def _is_shown(row: NodeRow, known: dict[int, list[Known]], deep: bool) -> bool:
    """Vision and mission only with an indicator of their own; E.58 ends with the programmes."""
    if row.node.level in ABOVE:
        return bool(known.get(row.node.pk))
    return deep or row.node.level not in BELOW_PROGRAMMES


def _purse(rows: Iterable[Known], year: int, quarter: int) -> Purse:
    rows = list(rows)
    promised = speaking(rows, lambda one: one.series.aim(year) is not None)
    ceilings = [aim.low for one in promised if (aim := one.series.aim(year)) is not None]
    every = speaking(rows, lambda one: one.series.until(year, quarter) is not None)
    spent = [figure.value for one in every if (figure := one.series.until(year, quarter))]
    quarters = tuple(
        _sum(figure.value for one in every if (figure := one.series.figure(year, each)))
        if each <= quarter
        else None
        for each in (1, 2, 3, 4)
    )
    behind = [
        (one, period) for one in every for period in periods_behind(one.series, year, quarter)
    ]
    return Purse(
        _sum(ceilings),
        quarters,
        _sum(spent),
        all(period[1] != WHOLE_YEAR for _one, period in behind),
        any(not one.measurements[period].is_final for one, period in behind),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _left_out(rows: Iterable[Known], year: int, quarter: int) -> dict[str, int]:
    """Figures up to the end of the form that say something and are not verified, by state."""
    found: dict[str, int] = defaultdict(int)
    for one in rows:
        for (when, each), row in one.measurements.items():
            is_later = when > year or (when == year and each > (quarter or 4))
            if not is_later and row.says_something and row.state != MeasurementState.VERIFIED:
                found[row.state] += 1
    return dict(found)


@dataclass(frozen=True)
class Said:
    """A sentence of a unit about an indicator, with who and until when where it was told."""

    indicator: str
    unit: str
    text: str
    by: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Footer:
    """`soon`: follow-ups due until the end of the next quarter, or on no day; `later`: the rest."""

    obstacles: list[Said]
    soon: list[Said]
    later: list[Said]


def footer_of(form: Form) -> Footer:
    """From the latest verified figure of each indicator in the year of the form."""
    obstacles: list[Said] = []
    soon: list[Said] = []
    later: list[Said] = []
    quarter = form.quarter or 4
    next_ends = last_day(form.year + quarter // 4, quarter % 4 + 1)
    for one in form.indicators:
        row = _latest(one, form.year, quarter)
        if row is None:
            continue
        unit = one.indicator.unit.label if one.indicator.unit else ""
        if row.obstacle:
            obstacles.append(Said(one.indicator.name, unit, row.obstacle))
        if row.follow_up:
            said = Said(
                one.indicator.name, unit, row.follow_up, row.follow_up_by, row.follow_up_due
            )
            is_soon = row.follow_up_due is None or row.follow_up_due <= next_ends
            (soon if is_soon else later).append(said)
    return Footer(obstacles, soon, later)


def _latest(one: Known, year: int, quarter: int) -> Measurement | None:
    """A figure of the whole year speaks last, and only once the whole year is asked for."""
    asked = [*([WHOLE_YEAR] if quarter == 4 else []), *range(quarter, 0, -1)]
    rows = [one.measurements.get((year, each)) for each in asked]
    return next(
        (row for row in rows if row is not None and row.state == MeasurementState.VERIFIED), None
    )
