"""A plan with every kind of indicator, money on three levels and figures in every state."""

from datetime import date
from decimal import Decimal
from typing import Any

from assessments.actions.indicators import TargetRow, set_budget, set_targets
from assessments.actions.plans import adopt_plan
from assessments.enums import Consolidation, Direction, IndicatorKind, NodeLevel, Shape
from assessments.models import Indicator, Plan, PlanNode
from assessments.tests.factories_rpjmd import (
    NOW,
    give_targets,
    indicator_of,
    make_indicator,
    make_node,
    make_plan,
    planner,
    sent,
    verified,
)
from opd.enums import Role
from opd.models import Unit
from opd.tests.fixtures import Cast

YEARS = {"y2025": "70", "y2026": "80", "y2027": "85", "y2028": "90", "y2029": "95"}
FALLING = {"y2025": "8", "y2026": "7.5", "y2027": "7", "y2028": "6.5", "y2029": "6"}


def whole_plan(cast: Cast) -> Plan:
    by = planner(cast)
    plan = make_plan(cast, cap=Decimal(110))
    nodes: dict[str, PlanNode] = {}
    above: PlanNode | None = None
    for level, code in (
        (NodeLevel.VISION, "V"),
        (NodeLevel.MISSION, "1"),
        (NodeLevel.GOAL, "1.1"),
        (NodeLevel.OBJECTIVE, "1.1.1"),
    ):
        above = nodes[code] = make_node(plan, above, level, code, by=by)
    nodes["P"] = make_node(
        plan, above, NodeLevel.PROGRAMME, "1.02.02", by=by, owners=(cast.unit, cast.other_unit)
    )
    nodes["A"] = make_node(
        plan, nodes["P"], NodeLevel.ACTIVITY, "1.02.02.2.01", by=by, owners=(cast.unit,)
    )
    for name, code in (("S1", "1.02.02.2.01.01"), ("S2", "1.02.02.2.01.02")):
        nodes[name] = make_node(
            plan,
            nodes["A"],
            NodeLevel.SUB_ACTIVITY,
            code,
            by=by,
            owners=(cast.unit,),
        )
    _indicators(nodes, cast)
    _budgets(nodes, cast)
    adopt_plan(plan=plan, on=date(2025, 8, 20), by=by, now=NOW)
    plan.refresh_from_db()
    return plan


def _indicators(nodes: dict[str, PlanNode], cast: Cast) -> None:
    by, unit = planner(cast), cast.unit
    base = {"base_year": 2024}

    def make(node: str, name: str, targets: dict[str, Any], **texts: Any) -> Indicator:
        row = make_indicator(nodes[node], by=by, name=name, **{"unit": unit, **texts})
        give_targets(row, by=by, **targets)
        return row

    make(
        "1.1",
        "Kemiskinan",
        FALLING,
        direction=Direction.LOWER,
        is_iku=True,
        base_value=Decimal("8.4"),
        **base,
    )
    make("1.1.1", "Indeks", YEARS, is_iku=True, base_value=Decimal("68.5"), **base)
    make("P", "Warga dilayani", YEARS, consolidation=Consolidation.SUM, unit_of_measure="orang")
    make("P", "Rata-rata waktu", YEARS, consolidation=Consolidation.AVERAGE)
    make("P", "Milik unit lain", YEARS, unit=cast.other_unit)
    make("A", "Rasio", YEARS, factor=Decimal(100), numerator_label="a", denominator_label="b")
    make("A", "Melampaui", YEARS)
    make("A", "Belum ada", YEARS)
    words = {"y2025": "1", "y2026": "1", "y2027": "1", "y2028": "1", "y2029": "1"}
    make("S1", "Aturan ada", words, shape=Shape.YES_NO, unit_of_measure="")
    spread = make_indicator(nodes["S1"], by=by, name="Rentang", unit=unit, shape=Shape.RANGE)
    rows = [TargetRow(year, 0, low=Decimal(6), high=Decimal("7.5")) for year in range(2025, 2030)]
    set_targets(indicator=spread, rows=rows, by=by)
    due = make_indicator(nodes["S2"], by=by, name="Selesai", unit=unit, shape=Shape.DATE)
    set_targets(indicator=due, rows=[TargetRow(2026, 0, due_on=date(2026, 6, 30))], by=by)


def _budgets(nodes: dict[str, PlanNode], cast: Cast) -> None:
    by = planner(cast)

    def give(node: str, unit: Unit, million: int) -> None:
        rows = [
            TargetRow(year, 0, low=Decimal(million * 1_000_000 + year))
            for year in range(2025, 2030)
        ]
        set_budget(node=nodes[node], unit=unit, rows=rows, by=by)

    give("S1", cast.unit, 100)
    give("S2", cast.unit, 50)
    give("A", cast.unit, 157)
    give("P", cast.other_unit, 30)


def budget(plan: Plan, code: str) -> Indicator:
    return Indicator.objects.get(node__plan=plan, node__code=code, kind=IndicatorKind.BUDGET)


def with_figures(cast: Cast, plan: Plan) -> Plan:
    """2025 whole, two quarters of 2026: verified, preliminary, waiting, with words."""
    by, other = cast.offices[Role.OPD_OPERATOR], planner(cast)

    def say(name: str | Indicator, value: Any, year: int, quarter: int, **more: Any) -> None:
        row = indicator_of(plan, name) if isinstance(name, str) else name
        verified(row, value, by=by, planner=other, year=year, quarter=quarter, **more)

    say("Kemiskinan", "8.25", 2025, 4)
    say("Kemiskinan", "7.85", 2026, 2, is_final=False)
    say("Indeks", "71.333", 2025, 4)
    say("Indeks", "72.5", 2026, 1)
    for quarter, value in ((1, 20), (2, 25)):
        say("Warga dilayani", value, 2025, quarter)
        say("Rata-rata waktu", value * 3, 2026, quarter)
    say(
        "Warga dilayani",
        "0",
        2026,
        1,
        obstacle="Listrik padam",
        follow_up="Genset",
        follow_up_by="Kepala UPTD",
        follow_up_due=date(2026, 12, 31),
    )
    say("Warga dilayani", 33, 2026, 2, obstacle="Jalan rusak", follow_up="Layanan keliling")
    say("Rasio", None, 2026, 1, numerator=Decimal(1), denominator=Decimal(3))
    say("Rasio", None, 2026, 2, numerator=Decimal(2), denominator=Decimal(3))
    say("Melampaui", 200, 2026, 2)
    say("Aturan ada", 1, 2026, 1)
    say("Rentang", "8", 2026, 2)
    say("Selesai", None, 2026, 2, done_on=date(2026, 6, 29))
    for code, value in (("1.02.02.2.01.01", 40_500_000), ("1.02.02.2.01.02", 1_250_000)):
        say(budget(plan, code), value, 2025, 4)
        say(budget(plan, code), value / 2, 2026, 1)
        say(budget(plan, code), value, 2026, 2, is_final=code.endswith("01"))
    sent(indicator_of(plan, "Belum ada"), 40, by=by, year=2026, quarter=2)
    sent(indicator_of(plan, "Indeks"), 90, by=by, year=2026, quarter=2)
    return plan


def rich_plan(cast: Cast) -> Plan:
    return with_figures(cast, whole_plan(cast))
