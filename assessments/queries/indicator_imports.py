"""A plan as tables of indicators are compared with it, and the previews that wait."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from assessments.enums import (
    WRITABLE_STATES,
    IndicatorKind,
    MeasurementState,
    NodeLevel,
    PlanState,
    SheetImportState,
)
from assessments.excel.cells import plain
from assessments.models import Indicator, IndicatorImport, Measurement, Plan, PlanNode, Target
from assessments.permissions import keeps_rpjmd, reads_plan_figures
from assessments.plan_excel import keeping
from assessments.plan_excel.compared import Comparison
from assessments.plan_excel.comparing import compare
from assessments.plan_excel.headings import Span
from assessments.plan_excel.standing import (
    KnownUnit,
    Period,
    Standing,
    StandingFigure,
    StandingIndicator,
    StandingNode,
)
from assessments.plan_excel.writing import TableRow, workbook
from assessments.plan_keeping import rules_of
from assessments.target_rules import TargetRules, Wanted
from opd.enums import IdentifierKind
from opd.models import Membership, Unit, UnitName

SHOWN_WAITING = 5
FICHE = (
    "name", "code", "definition", "unit_of_measure", "direction", "shape", "consolidation",
    "formula", "source", "unit_id", "responsible", "base_year", "base_value", "is_iku",
)  # fmt: skip
SENT = (MeasurementState.SUBMITTED, MeasurementState.VERIFIED)


def plan_to_fill(membership: Membership, pk: int) -> Plan | None:
    """A plan of the planner's own government, drafts included."""
    rows = Plan.objects.visible_to(membership).select_related("government")
    return rows.filter(pk=pk).first()


def plan_to_read(membership: Membership, pk: int) -> Plan | None:
    """Drafts are the planners'."""
    plan = plan_to_fill(membership, pk) if reads_plan_figures(membership) else None
    is_draft = plan is not None and plan.state == PlanState.DRAFT
    return None if is_draft and not keeps_rpjmd(membership) else plan


def import_of(membership: Membership, pk: int, import_pk: int) -> IndicatorImport | None:
    """An import that this person has sent himself."""
    plans = Plan.objects.visible_to(membership).filter(pk=pk)
    rows = IndicatorImport.objects.filter(plan__in=plans, made_by__user=membership.user_id)
    rows = rows.select_related("plan__government")
    return rows.filter(pk=import_pk, government=membership.government_id).first()


def waiting_imports(membership: Membership, plan: Plan, now: datetime) -> list[IndicatorImport]:
    """Previews of this person that nobody has confirmed yet, newest first."""
    rows = IndicatorImport.objects.filter(
        plan=plan,
        made_by__user=membership.user_id,
        state=SheetImportState.PENDING,
        expires_at__gte=now,
    )
    return list(rows.defer("content").order_by("-made_at", "-pk")[:SHOWN_WAITING])


def comparison_of(upload: IndicatorImport, plan: Plan, today: date) -> Comparison:
    return compare(keeping.from_json(upload.content), standing_of(plan, today))


def span_of(plan: Plan) -> Span:
    return Span(plan.first_year, plan.last_year)


def standing_of(plan: Plan, today: date) -> Standing:
    """The same queries for a plan of ten or of a thousand indicators."""
    rules = rules_of(plan)
    nodes = PlanNode.objects.filter(plan=plan, until=None).order_by("pk")
    indicators = Indicator.objects.filter(node__plan=plan, node__until=None, until=None)
    indicators = indicators.order_by("position", "pk")
    rows = list(indicators)
    stands, counts = _targets(rows, rules)
    figures, sent = _figures(rows)
    return Standing(
        nodes=tuple(
            StandingNode(row.pk, row.parent_id, NodeLevel(row.level), row.code, row.name)
            for row in nodes
        ),
        indicators=tuple(
            StandingIndicator(
                row.pk,
                row.node_id,
                row.kind == IndicatorKind.BUDGET,
                row.unit_id,
                row.version,
                {name: getattr(row, name) for name in FICHE},
                stands[row.pk],
                counts[row.pk],
                figures[row.pk],
                has_sent=row.pk in sent,
                has_targets=bool(stands[row.pk]),
                has_ratio=row.is_ratio,
                has_duty=row.duty_id is not None,
            )
            for row in rows
        ),
        units=tuple(_units(plan.government_id, today)),
        rules=rules,
        is_in_force=plan.state == PlanState.IN_FORCE,
        today=today,
    )


def _targets(
    indicators: list[Indicator], rules: TargetRules
) -> tuple[dict[int, dict[Period, Wanted]], dict[int, dict[Period, Wanted]]]:
    """As they would stand, and as they were adopted."""
    said: dict[tuple[int, Period], dict[int, Wanted]] = defaultdict(dict)
    rows = Target.objects.filter(indicator__in=[row.pk for row in indicators])
    for row in rows.select_related("revision"):
        value = Wanted(row.low, row.high, row.due_on)
        said[row.indicator_id, (row.year, row.quarter)][row.revision.number] = value
    is_budget = {row.pk: row.kind == IndicatorKind.BUDGET for row in indicators}
    stands: dict[int, dict[Period, Wanted]] = defaultdict(dict)
    counts: dict[int, dict[Period, Wanted]] = defaultdict(dict)
    for (pk, period), values in said.items():
        adopted = rules.counting(period[0], values)
        written = rules.written_into(period[0], is_budget=is_budget[pk])
        if adopted is not None:
            counts[pk][period] = adopted
        if (standing := values.get(written, adopted)) is not None:
            stands[pk][period] = standing
    return stands, counts


def _figures(
    indicators: list[Indicator],
) -> tuple[dict[int, dict[Period, StandingFigure]], set[int]]:
    found: dict[int, dict[Period, StandingFigure]] = defaultdict(dict)
    sent = set()
    for row in Measurement.objects.filter(indicator__in=[row.pk for row in indicators]):
        is_locked = row.state not in WRITABLE_STATES
        figure = StandingFigure(row.version, is_locked, row.value, row.done_on)
        found[row.indicator_id][row.year, row.quarter] = figure
        if row.state in SENT:
            sent.add(row.indicator_id)
    return found, sent


def _units(government_id: int, today: date) -> Iterable[KnownUnit]:
    former: dict[int, list[str]] = defaultdict(list)
    names = UnitName.objects.filter(government_id=government_id)
    for name, short, unit_id in names.values_list("name", "short_name", "unit_id"):
        former[unit_id] += [name, short]
    for row in Unit.objects.filter(government_id=government_id).order_by("pk"):
        texts = (row.code, row.name, row.short_name, row.label, *former[row.pk])
        yield KnownUnit(row.pk, row.label, texts, row.is_closed(today))


def offices_that_plan(
    kind: IdentifierKind, login: str, plan: Plan, *, today: date
) -> list[Membership]:
    """Offices of the person with this login in which he keeps the plan today."""
    found = offices_of(kind, login, today=today)
    return [office for office in found if office.government_id == plan.government_id]


def offices_of(kind: IdentifierKind, login: str, *, today: date) -> list[Membership]:
    """Offices of the person with this login in which he keeps plans today."""
    rows = Membership.objects.valid_on(today).filter(
        user__identifiers__kind=kind, user__identifiers__value=login
    )
    found = rows.select_related("government", "unit", "user").order_by("pk")
    return [office for office in found if keeps_rpjmd(office)]


def plans_that_fit(offices: list[Membership] | None) -> list[Plan]:
    """Plans in force, else drafts; with offices only those of their governments."""
    rows = Plan.objects.select_related("government").order_by(
        "government__name", "first_year", "pk"
    )
    if offices is not None:
        rows = rows.filter(government__in={office.government_id for office in offices})
    by_state = {
        state: list(rows.filter(state=state)) for state in (PlanState.IN_FORCE, PlanState.DRAFT)
    }
    return by_state[PlanState.IN_FORCE] or by_state[PlanState.DRAFT]


def plan_by_id(pk: int) -> Plan | None:
    return Plan.objects.select_related("government").filter(pk=pk).first()


# --- out ---


def template_of(plan: Plan, today: date) -> bytes:
    return workbook(span_of(plan), [], _offered(plan.government_id, today))


def table_of(plan: Plan, today: date) -> bytes:
    """All indicators and money of a plan, in the columns of the template."""
    units = _unit_names(plan.government_id)
    rows = _table_rows(plan, standing_of(plan, today), units)
    return workbook(span_of(plan), rows, _offered(plan.government_id, today))


def _offered(government_id: int, today: date) -> list[str]:
    rows = Unit.objects.filter(government_id=government_id)
    names = _unit_names(government_id)
    return sorted(names[row.pk] for row in rows if not row.is_closed(today))


def _unit_names(government_id: int) -> dict[int, str]:
    """By name; by code where two are called so."""
    rows = list(Unit.objects.filter(government_id=government_id))
    often = Counter(plain(row.name) for row in rows)
    return {
        row.pk: row.code if often[plain(row.name)] > 1 and row.code else row.name for row in rows
    }


def _table_rows(plan: Plan, standing: Standing, units: dict[int, str]) -> Iterator[TableRow]:
    at_node: dict[int, list[StandingIndicator]] = defaultdict(list)
    for each in standing.indicators:
        at_node[each.node].append(each)
    for node in _in_order(plan, standing):
        here = (node.level, node.code, node.name)
        money = {each.unit: each for each in at_node[node.pk] if each.is_money}
        shown = [each for each in at_node[node.pk] if not each.is_money]
        for each in shown:
            unit = units.get(each.unit, "") if each.unit else ""
            budget = money.pop(each.unit, None)
            yield TableRow(*here, unit, each.columns, _yearly(each), _rupiah(budget))
        for unit_id, budget in money.items():
            unit = units.get(unit_id, "") if unit_id else ""
            yield TableRow(*here, unit, money=_rupiah(budget))
        if not at_node[node.pk]:
            yield TableRow(*here)


def _in_order(plan: Plan, standing: Standing) -> Iterator[StandingNode]:
    """Of the tree: each line before those below it."""
    positions = dict(PlanNode.objects.filter(plan=plan).values_list("pk", "position"))
    children: dict[int | None, list[StandingNode]] = defaultdict(list)
    for node in standing.nodes:
        children[node.parent].append(node)

    def walk(parent: int | None) -> Iterator[StandingNode]:
        for node in sorted(children[parent], key=lambda each: (positions[each.pk], each.pk)):
            yield node
            yield from walk(node.pk)

    return walk(None)


def _yearly(indicator: StandingIndicator) -> dict[int, Wanted]:
    return {year: value for (year, quarter), value in indicator.targets.items() if not quarter}


def _rupiah(budget: StandingIndicator | None) -> dict[int, Decimal]:
    values = _yearly(budget) if budget else {}
    return {year: value.low for year, value in values.items() if value.low is not None}
