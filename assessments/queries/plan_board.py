"""A plan as a tree with what was reached: one set of queries for the page, the papers, the Excel.

    board = plan_board(plan, year=2026, quarter=2, on=today)
    board.rows            # nodes in the order of the tree, each with its indicators
    board.of_unit(unit)   # the indicators that a unit answers for

A figure counts when it is verified; `states=ON_ITS_WAY` lets those count that wait as well.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Prefetch

from assessments.achievement import Achieved, Aim, Figure, RolledUp, roll_up
from assessments.achievement_bands import Band, bands
from assessments.enums import IndicatorKind, PlanState
from assessments.models import Indicator, Measurement, NodeOwner, Plan, PlanNode, Target
from assessments.permissions import keeps_rpjmd
from assessments.queries.performance import OFFICIAL, Known, known
from assessments.series import WHOLE_YEAR, Series
from opd.models import Membership, Unit


@dataclass(frozen=True)
class Reached:
    """An indicator at the end of a period. `by_quarters`: against the quarter's own target."""

    known: Known
    year: int
    # The quarter up to which it counts: the newest one reported; 0: the whole year.
    quarter: int
    figure: Figure | None
    aim: Aim | None
    achieved: Achieved
    band: Band | None
    by_quarters: bool

    @property
    def indicator(self) -> Indicator:
        return self.known.indicator

    @property
    def series(self) -> Series:
        return self.known.series

    @property
    def target(self) -> Target | None:
        """The row of the year's target."""
        return self.known.targets.get((self.year, WHOLE_YEAR))

    def measurement(self, year: int, quarter: int) -> Measurement | None:
        return self.known.measurements.get((year, quarter))


@dataclass(frozen=True)
class Money:
    """Ceiling and spending of a node, what hangs below it included, in rupiah; None: not known."""

    ceiling: Decimal | None = None
    spent: Decimal | None = None

    @property
    def percent(self) -> Decimal | None:
        if not self.ceiling or self.spent is None:
            return None
        return self.spent * 100 / self.ceiling


@dataclass(frozen=True)
class NodeRow:
    """`rolled`: the mean of its own indicators; while none of them has a figure, of the nodes below
    (`from_below`).
    """

    node: PlanNode
    depth: int
    owners: list[NodeOwner]
    indicators: list[Reached]
    rolled: RolledUp
    from_below: bool
    band: Band | None
    money: Money


@dataclass(frozen=True)
class Board:
    plan: Plan
    year: int
    # 0: the whole year; else the year up to the end of this quarter.
    quarter: int
    on: date
    rows: list[NodeRow]
    # Ceilings by (node, unit) are indicators of kind budget.
    budgets: dict[int, list[Known]] = field(default_factory=dict)

    @cached_property
    def indicators(self) -> list[Reached]:
        return [each for row in self.rows for each in row.indicators]

    def of_unit(self, unit: Unit | int) -> list[Reached]:
        key = unit if isinstance(unit, int) else unit.pk
        return [each for each in self.indicators if each.indicator.unit_id == key]

    @cached_property
    def by_unit(self) -> dict[int, RolledUp]:
        """Per responsible unit the mean of its indicators."""
        parts: dict[int, list[Decimal | None]] = defaultdict(list)
        for each in self.indicators:
            if each.indicator.unit_id is not None:
                parts[each.indicator.unit_id].append(each.achieved.counted)
        return {key: roll_up(rows) for key, rows in parts.items()}

    def band(self, percent: Decimal | None) -> Band | None:
        return bands(self.plan.bands).of(percent)


def plans_of(membership: Membership) -> list[Plan]:
    """Newest first; drafts only for planners."""
    rows = Plan.objects.visible_to(membership).order_by("-first_year", "-pk")
    return list(rows if keeps_rpjmd(membership) else rows.exclude(state=PlanState.DRAFT))


def plan_board(
    plan: Plan,
    *,
    year: int,
    quarter: int = WHOLE_YEAR,
    on: date,
    states: Collection[str] = OFFICIAL,
    years: Collection[int] | None = None,
    with_open: bool = False,
) -> Board:
    """Everything of a plan, as it stands in the year, in five queries.

    `years`: only these years of figures are read. `with_open`: with the rows and targets of a
    revision that is being written.
    """
    nodes = tree_of(plan, year=year, with_open=with_open)
    indicators = list(
        Indicator.objects.filter(node__plan=plan, node__in=[node.pk for node in nodes])
        .standing(year, with_open=with_open)
        .select_related("unit", "duty", "node")
        .order_by("-is_iku", "position", "pk")
    )
    rows = known(indicators, states=states, years=years, with_open=with_open)
    own: dict[int, list[Reached]] = defaultdict(list)
    budgets: dict[int, list[Known]] = defaultdict(list)
    for one in rows:
        if one.indicator.kind == IndicatorKind.BUDGET:
            budgets[one.indicator.node_id].append(one)
        else:
            own[one.indicator.node_id].append(reached(plan, one, year, quarter, on))
    return Board(plan, year, quarter, on, _rows(plan, nodes, own, budgets, year, quarter), budgets)


def reached(plan: Plan, one: Known, year: int, quarter: int, on: date) -> Reached:
    """Against what should stand at the end of the newest quarter reported; where that has no
    target of its own, against the year's.
    """
    series = one.series
    aim = series.aim_until(year, quarter) if quarter else None
    figure = series.until(year, quarter) if quarter else series.figure(year)
    if aim is not None:
        achieved = series.achieved_until(year, quarter, cap=plan.cap, on=on)
    else:
        achieved = series.achieved_so_far(year, quarter, cap=plan.cap, on=on)
    return Reached(
        one,
        year,
        series.last_reported(year, quarter) if quarter else WHOLE_YEAR,
        figure,
        aim or series.aim(year),
        achieved,
        bands(plan.bands).of(achieved.counted),
        aim is not None,
    )


def tree_of(plan: Plan, *, year: int | None = None, with_open: bool = True) -> list[PlanNode]:
    """Standing nodes, each after the one that it hangs on, siblings in the order of their codes.

    As the plan was in the `year`; `with_open`: with what an open revision adds.
    """
    owners = Prefetch(
        "owner_rows", NodeOwner.objects.select_related("unit").order_by("-is_lead", "unit__name")
    )
    rows = PlanNode.objects.filter(plan=plan).standing(year, with_open=with_open)
    below: dict[int | None, list[PlanNode]] = defaultdict(list)
    for node in rows.prefetch_related(owners):
        below[node.parent_id].append(node)
    for siblings in below.values():
        siblings.sort(key=lambda node: (natural(node.code), node.position, node.pk))
    return list(_walk(below, None))


def _walk(below: Mapping[int | None, list[PlanNode]], key: int | None) -> Iterator[PlanNode]:
    """Not by calls upon calls: a tree of free depth has no deepest level."""
    waiting = list(reversed(below.get(key, [])))
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(below.get(node.pk, []))


def natural(code: str) -> tuple[tuple[int, int, str], ...]:
    """1.2 before 1.10: numbers in a code are compared as numbers."""
    parts = re.findall(r"\d+|\D+", code)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def _rows(
    plan: Plan,
    nodes: list[PlanNode],
    own: Mapping[int, list[Reached]],
    budgets: Mapping[int, list[Known]],
    year: int,
    quarter: int,
) -> list[NodeRow]:
    """From the leaves up: what hangs below is known when its parent is reached."""
    rolled: dict[int, RolledUp] = {}
    from_below: set[int] = set()
    held = _held(nodes, budgets)
    below: dict[int | None, list[int]] = defaultdict(list)
    for node in reversed(nodes):
        children = below[node.pk]
        rolled[node.pk] = roll_up(each.achieved.counted for each in own.get(node.pk, []))
        if not rolled[node.pk].known and children:
            rolled[node.pk] = roll_up(rolled[key].percent for key in children)
            from_below.add(node.pk)
        below[node.parent_id].append(node.pk)
    found = bands(plan.bands)
    return [
        NodeRow(
            node,
            len(node.lineage) - 1,
            list(node.owner_rows.all()),
            own.get(node.pk, []),
            rolled[node.pk],
            node.pk in from_below,
            found.of(rolled[node.pk].percent),
            money_of(held[node.pk], year, quarter),
        )
        for node in nodes
    ]


def _held(nodes: list[PlanNode], budgets: Mapping[int, list[Known]]) -> dict[int, list[Known]]:
    """Per node the budgets of itself and of everything below it."""
    found: dict[int, list[Known]] = defaultdict(list)
    for node in nodes:
        for one in budgets.get(node.pk, []):
            for key in node.lineage:
                found[key].append(one)
    return found


def speaking(rows: Iterable[Known], says: Callable[[Known], bool]) -> list[Known]:
    """What a unit says of its money at a line holds what it says at the lines below; what is said
    without a unit holds all of them. So nothing counts twice.
    """
    saying = [one for one in rows if says(one)]
    said = {(one.indicator.node_id, one.indicator.unit_id) for one in saying}
    return [
        one
        for one in saying
        if not any(
            (above, unit) in said
            for above in one.indicator.node.lineage[:-1]
            for unit in (one.indicator.unit_id, None)
        )
    ]


def money_of(rows: Iterable[Known], year: int, quarter: int) -> Money:
    """Against the year's ceiling, whatever the quarter: that is how spending is told."""
    rows = list(rows)
    promised = speaking(rows, lambda one: one.series.aim(year) is not None)
    spending = speaking(rows, lambda one: one.series.until(year, quarter or 4) is not None)
    return Money(
        _sum(aim.low for one in promised if (aim := one.series.aim(year))),
        _sum(figure.value for one in spending if (figure := one.series.until(year, quarter or 4))),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
