"""A plan with as many indicators as asked, written in bulk: for pages that must stay cheap."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

from assessments.enums import MeasurementState, NodeLevel
from assessments.models import Indicator, Measurement, Plan, PlanNode, Target
from assessments.tests.factories_rpjmd import (
    indicator_of,
    make_node,
    plan_in_force,
    planner,
    second_planner,
)
from opd.tests.fixtures import Cast

NOW = datetime(2026, 7, 10, 3, tzinfo=UTC)
PER_PROGRAMME = 10
# The first year whole, the second up to the quarter that is over.
REPORTED = [(2025, 1), (2025, 2), (2025, 3), (2025, 4), (2026, 1), (2026, 2)]


def grow(cast: Cast, plan: Plan, count: int) -> None:
    """`count` more indicators in programmes of ten, with targets of five years and their quarters and what was
    reported until today."""
    above = indicator_of(plan, "Indeks contoh").node
    nodes: list[PlanNode] = []
    for number in range(-(-count // PER_PROGRAMME)):
        code = f"9.{plan.nodes.count()}.{number}"
        owners = (cast.unit, cast.other_unit)
        level = NodeLevel.PROGRAMME
        nodes.append(make_node(plan, above, level, code, by=planner(cast), owners=owners))
    rows = Indicator.objects.bulk_create(
        Indicator(
            government=cast.home,
            node=nodes[number // PER_PROGRAMME],
            name=f"Persentase layanan nomor {number} yang selesai tepat waktu",
            unit_of_measure="%",
            unit=cast.unit if number % 2 else cast.other_unit,
            base_year=2024,
            base_value=Decimal(60),
            form_key=uuid4(),
        )
        for number in range(count)
    )
    revision = plan.revisions.get()
    Target.objects.bulk_create(
        Target(
            government=cast.home,
            indicator=row,
            revision=revision,
            year=year,
            quarter=quarter,
            low=Decimal(70 + number % 20),
        )
        for number, row in enumerate(rows)
        for year in plan.all_years
        for quarter in range(5)
    )
    Measurement.objects.bulk_create(
        Measurement(
            government=cast.home,
            indicator=row,
            year=year,
            quarter=quarter,
            value=Decimal(40 + (number * 7 + year + quarter) % 50),
            state=MeasurementState.VERIFIED,
            entered_by=planner(cast),
            entered_at=NOW,
            submitted_by=planner(cast),
            submitted_at=NOW,
            decided_by=second_planner(cast),
            decided_at=NOW,
        )
        for number, row in enumerate(rows)
        for year, quarter in REPORTED
    )


def big_plan(cast: Cast, count: int) -> Plan:
    plan = plan_in_force(cast)
    grow(cast, plan, count)
    return plan
