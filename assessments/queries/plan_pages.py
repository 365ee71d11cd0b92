"""The page of a plan: which plan and period, the tree under a choice, what a node is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max

from assessments.enums import NodeLevel, PlanState
from assessments.forecast import Outlook
from assessments.models import Indicator, Measurement, Plan, PlanNode
from assessments.outlook import Look
from assessments.permissions import keeps_rpjmd
from assessments.queries.performance import OFFICIAL, Known
from assessments.queries.plan_board import Board, Money, NodeRow, Reached
from assessments.queries.plan_lines import Line, line_of, look_of
from assessments.series import QUARTERS, WHOLE_YEAR, quarter_of
from integrity_portal.core.charts import Tone
from opd.models import Membership, Unit

# Of a plan with more indicators than this, programmes and what is below begin folded.
FOLDED_FROM = 12
NO_LIGHT = "none"
# What a forecast says, the worst first; what is reached will be reached.
OUTLOOKS = (Outlook.OFF_TRACK.value, Outlook.AT_RISK.value, Outlook.ON_TRACK.value)
LIGHTS = (Tone.BAD.value, Tone.WARN.value, Tone.GOOD.value, NO_LIGHT)


def plan_of(membership: Membership, pk: int) -> Plan | None:
    """Of the own government; a draft only for planners."""
    row = Plan.objects.visible_to(membership).select_related("government").filter(pk=pk).first()
    if row is None or (row.state == PlanState.DRAFT and not keeps_rpjmd(membership)):
        return None
    return row


def plan_of_today(plans: list[Plan], on: date) -> Plan | None:
    """In force and covering today, else the newest in force, else the newest."""
    in_force = [row for row in plans if row.state == PlanState.IN_FORCE]
    today = [row for row in in_force if on.year in row.all_years]
    return next(iter([*today, *in_force, *plans]), None)


@dataclass(frozen=True)
class Choice:
    """What the query string asks for; nonsense is what nobody asked for."""

    year: int
    quarter: int = WHOLE_YEAR
    level: str = ""
    unit: int | None = None
    is_iku: bool = False
    light: str = ""
    outlook: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.level or self.unit or self.is_iku or self.light or self.outlook)


def choice_of(plan: Plan, query: Mapping[str, str], on: date) -> Choice:
    year = _number(query.get("year"))
    if year not in plan.all_years:
        year = None
    begin = Choice(year, WHOLE_YEAR) if year else usual_period(plan, on)
    quarter = _number(query.get("quarter"))
    light, level = query.get("light", ""), query.get("level", "")
    outlook = query.get("outlook", "")
    return replace(
        begin,
        quarter=quarter if quarter in (WHOLE_YEAR, *QUARTERS) else begin.quarter,
        level=level if level in NodeLevel.values else "",
        unit=_number(query.get("unit")),
        is_iku=query.get("iku") == "1",
        light=light if light in LIGHTS else "",
        outlook=outlook if outlook in OUTLOOKS else "",
    )


def usual_period(plan: Plan, on: date) -> Choice:
    """This year up to the last quarter that is over; of a plan that is past, its last figures."""
    if on.year in plan.all_years:
        quarter = quarter_of(on) - 1
        if quarter:
            return Choice(on.year, quarter)
        earlier = on.year - 1
        return Choice(earlier if earlier in plan.all_years else on.year)
    rows = Measurement.objects.filter(
        indicator__node__plan=plan, state__in=OFFICIAL, year__in=list(plan.all_years)
    )
    newest = rows.aggregate(year=Max("year"))["year"]
    return Choice(newest or (plan.last_year if on.year > plan.last_year else plan.first_year))


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass(frozen=True)
class Branch:
    """A node as the page shows it. `closes`: how many branches end after it."""

    row: NodeRow
    lines: list[Line]
    is_open: bool
    closes: int

    @property
    def node(self) -> PlanNode:
        return self.row.node

    @property
    def light(self) -> Tone:
        return self.row.band.tone if self.row.band else Tone.NONE

    @property
    def ends(self) -> range:
        return range(self.closes)


def branches(board: Board, choice: Choice) -> list[Branch]:
    """The tree without what the choice leaves out; nodes on the way to what is left stay."""
    lines = {one.indicator.pk: line_of(board, one) for one in board.indicators}
    kept = [(row, _chosen(row, lines, choice)) for row in board.rows]
    if choice.narrows:
        needed = {key for row, own in kept if own for key in row.node.lineage}
        kept = [(row, own) for row, own in kept if row.node.pk in needed]
    depths = [row.depth for row, _own in kept] + [0]
    unfolds = choice.narrows or len(board.indicators) <= FOLDED_FROM
    warned = {
        key
        for row, own in kept
        if any(line.look.is_warning for line in own)
        for key in row.node.lineage
    }
    return [
        Branch(
            row,
            own,
            unfolds
            or row.node.pk in warned
            or NodeLevel(row.node.level).rank < NodeLevel.PROGRAMME.rank,
            max(0, depths[number] - depths[number + 1] + 1),
        )
        for number, (row, own) in enumerate(kept)
    ]


def _chosen(row: NodeRow, lines: Mapping[int, Line], choice: Choice) -> list[Line]:
    if choice.level and row.node.level != choice.level:
        return []
    own = [lines[one.indicator.pk] for one in row.indicators]
    return [line for line in own if fits(line, choice)]


def fits(line: Line, choice: Choice) -> bool:
    row = line.indicator
    return (
        (not choice.unit or row.unit_id == choice.unit)
        and (not choice.is_iku or row.is_iku)
        and (not choice.light or (line.light.value or NO_LIGHT) == choice.light)
        and (not choice.outlook or outlook_of(line.look) == choice.outlook)
    )


def outlook_of(look: Look) -> str:
    """One of OUTLOOKS, or empty where nothing is foreseen."""
    found = look.forecast.outlook
    if found is Outlook.REACHED:
        return Outlook.ON_TRACK.value
    return found.value if found.value in OUTLOOKS else ""


def looks_of(board: Board) -> dict[str, int]:
    """How many indicators are foreseen how; nothing of a plan whose years are over."""
    if board.on.year > board.plan.last_year:
        return {}
    counts = dict.fromkeys(OUTLOOKS, 0)
    for one in board.indicators:
        said = outlook_of(look_of(board, one)[0])
        if said:
            counts[said] += 1
    return counts


def lights_of(rows: list[Reached]) -> dict[str, int]:
    """How many indicators show which light, the worst first; each is there, 0 as well."""
    counts = dict.fromkeys(LIGHTS, 0)
    for one in rows:
        counts[(one.band.tone.value if one.band else "") or NO_LIGHT] += 1
    return counts


def units_of(board: Board) -> list[Unit]:
    """Who answers for an indicator of the plan, by name."""
    rows = {row.unit_id: row.unit for one in board.indicators if (row := one.indicator).unit}
    return sorted((row for row in rows.values() if row), key=lambda unit: unit.label.casefold())


def levels_of(board: Board) -> list[NodeLevel]:
    """Levels that have indicators, from the top."""
    found = {NodeLevel(row.node.level) for row in board.rows if row.indicators}
    return sorted(found, key=lambda level: level.rank)


@dataclass(frozen=True)
class Parts:
    """What the light and the money of a node are made of."""

    row: NodeRow
    path: list[PlanNode]
    lines: list[Line]
    children: list[NodeRow]
    budgets: list[tuple[Indicator, Money]]


def parts_of(board: Board, node_pk: int) -> Parts | None:
    rows = {row.node.pk: row for row in board.rows}
    row = rows.get(node_pk)
    if row is None:
        return None
    path = [rows[key].node for key in row.node.lineage[:-1] if key in rows]
    children = [each for each in board.rows if each.node.parent_id == node_pk]
    return Parts(
        row,
        path,
        [line_of(board, one) for one in row.indicators],
        children,
        [(one.indicator, _money(board, one)) for one in board.budgets.get(node_pk, [])],
    )


def _money(board: Board, one: Known) -> Money:
    aim = one.series.aim(board.year)
    figure = one.series.until(board.year, board.quarter or 4)
    return Money(aim.low if aim else None, figure.value if figure else None)
