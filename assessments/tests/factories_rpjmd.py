"""Plans for tests, made by the verbs themselves: what stands there passed every rule."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from assessments.actions.indicators import IndicatorTexts, TargetRow, add_indicator, set_targets
from assessments.actions.measurements import (
    Judged,
    Realised,
    save_measurement,
    send_measurements,
    verify_measurement,
)
from assessments.actions.plan_nodes import NodeTexts, Owners, add_node
from assessments.actions.plans import PlanTexts, adopt_plan, create_plan
from assessments.enums import Consolidation, NodeLevel
from assessments.models import Indicator, Measurement, Plan, PlanNode
from opd.enums import Role
from opd.models import Membership, Unit
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast

# The second quarter of 2026 is over, the third has begun.
NOW = datetime(2026, 7, 10, 3, tzinfo=UTC)
TODAY = date(2026, 7, 10)
YEAR = 2026
BANDS = "permendagri-86-2017"


def planner(cast: Cast) -> Membership:
    return cast.offices[Role.PLANNER]


def second_planner(cast: Cast) -> Membership:
    """Another person: nobody verifies what he sent himself."""
    rows = Membership.objects.filter(government=cast.home, role=Role.PLANNER)
    other = rows.exclude(pk=planner(cast).pk).first()
    return other or MembershipFactory(government=cast.home, role=Role.PLANNER, unit=None)


def make_plan(cast: Cast, *, by: Membership | None = None, **texts: Any) -> Plan:
    """A draft of 2025–2029."""
    content = {
        "title": "RPJMD Contoh",
        "first_year": 2025,
        "last_year": 2029,
        "bands": BANDS,
        "legal_basis": "Perda 1/2025",
        **texts,
    }
    return create_plan(texts=PlanTexts(**content), form_key=uuid4(), by=by or planner(cast))


def make_node(
    plan: Plan,
    parent: PlanNode | None,
    level: NodeLevel,
    code: str,
    *,
    by: Membership,
    owners: tuple[Unit, ...] = (),
    name: str = "",
) -> PlanNode:
    return add_node(
        plan=plan,
        parent=parent,
        texts=NodeTexts(level, code, name or f"{level.label} {code}"),
        owners=Owners(owners, owners[0]) if owners else None,
        form_key=uuid4(),
        by=by,
    )


def make_indicator(
    node: PlanNode, *, by: Membership, unit: Unit | None = None, **texts: Any
) -> Indicator:
    content = {"name": "Persentase contoh", "unit_of_measure": "%", "unit": unit, **texts}
    return add_indicator(node=node, texts=IndicatorTexts(**content), form_key=uuid4(), by=by)


def give_targets(indicator: Indicator, *, by: Membership, **years: Any) -> None:
    """`y2026="75"` for a year, `y2026q1="20"` for a quarter."""
    rows = []
    for name, value in years.items():
        year, _sep, quarter = name.removeprefix("y").partition("q")
        rows.append(TargetRow(int(year), int(quarter or 0), low=Decimal(value)))
    set_targets(indicator=indicator, rows=rows, by=by)


def plan_in_force(cast: Cast, **texts: Any) -> Plan:
    """Vision, mission, goal, objective, one programme of `cast.unit` with a summed and a levelled
    indicator, and one of `cast.other_unit`; targets for all years.
    """
    by = planner(cast)
    plan = make_plan(cast, **texts)
    node: PlanNode | None = None
    for level, code in (
        (NodeLevel.VISION, "V"),
        (NodeLevel.MISSION, "1"),
        (NodeLevel.GOAL, "1.1"),
        (NodeLevel.OBJECTIVE, "1.1.1"),
    ):
        node = make_node(plan, node, level, code, by=by)
    assert node is not None
    make_indicator(node, by=by, name="Indeks contoh", code="IKU-1", is_iku=True, unit=cast.unit)
    programme = make_node(
        plan, node, NodeLevel.PROGRAMME, "1.02.02", by=by, owners=(cast.unit, cast.other_unit)
    )
    make_indicator(
        programme,
        by=by,
        name="Warga dilayani",
        unit_of_measure="orang",
        consolidation=Consolidation.SUM,
        unit=cast.unit,
    )
    make_indicator(programme, by=by, name="Persentase dua", unit=cast.other_unit)
    for row in Indicator.objects.filter(node__plan=plan):
        give_targets(row, by=by, y2025="70", y2026="80", y2027="85", y2028="90", y2029="95")
    return adopt_plan(plan=plan, on=date(2025, 8, 20), by=by, now=NOW)


def indicator_of(plan: Plan, name: str) -> Indicator:
    return Indicator.objects.get(node__plan=plan, name=name)


def report(
    indicator: Indicator,
    value: Any,
    *,
    by: Membership,
    year: int = YEAR,
    quarter: int = 1,
    **more: Any,
) -> Measurement:
    """Entered, not sent."""
    number = None if value is None else Decimal(str(value))
    standing = indicator.measurements.filter(year=year, quarter=quarter).first()
    kept = save_measurement(
        indicator=indicator,
        year=year,
        quarter=quarter,
        realised=Realised(value=number, **more),
        version=standing.version if standing else 0,
        by=by,
        now=NOW,
    )
    return kept.measurement


def sent(indicator: Indicator, value: Any, *, by: Membership, **more: Any) -> Measurement:
    (row,) = send_measurements(rows=[report(indicator, value, by=by, **more)], by=by, now=NOW)
    return row


def verified(
    indicator: Indicator,
    value: Any,
    *,
    by: Membership,
    planner: Membership,
    judged: Judged | None = None,
    **more: Any,
) -> Measurement:
    """Entered and sent by one, verified by another."""
    row = sent(indicator, value, by=by, **more)
    return verify_measurement(
        measurement=row, shown=row.version, by=planner, now=NOW, judged=judged
    )
