"""E.58 of 300 indicators over five years, per indicator, against the same form of 30.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/plan_exports.py

Query, arithmetic and workbook together; processor time, medians of three. Rows are written into the
database that DATABASE_URL names, which needs the demonstration's units, and are rolled back.
"""

import os
import statistics
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
FEW, MANY = 30, 300
PER_PROGRAMME = 5
YEARS = range(2025, 2030)
NOW = datetime(2029, 12, 31, 3, tzinfo=UTC)


def a_plan(indicators: int) -> Any:
    """Programmes of five indicators and a budget each, with a figure for every year."""
    from assessments.models import Plan, PlanRevision
    from opd.enums import Role
    from opd.models import Membership

    by = Membership.objects.filter(role=Role.PLANNER).select_related("government").first()
    if by is None:
        raise SystemExit("Load the demonstration first: manage.py load_demo")
    plan = Plan.objects.create(
        government=by.government,
        title="Ukur",
        first_year=YEARS[0],
        last_year=YEARS[-1],
        state="in_force",
        bands="permendagri-86-2017",
        form_key=uuid4(),
    )
    revision = PlanRevision.objects.create(
        government=by.government,
        plan=plan,
        number=0,
        from_year=YEARS[0],
        adopted_on=date(2025, 8, 20),
        opened_by=by,
    )
    for number in range(indicators // PER_PROGRAMME):
        _programme(plan, revision, by, number)
    return plan


def _programme(plan: Any, revision: Any, by: Any, number: int) -> None:
    from assessments.models import Indicator, Measurement, PlanNode, Target

    node = PlanNode.objects.create(
        government=plan.government,
        plan=plan,
        level="programme",
        code=f"1.{number:02}",
        name=f"Program {number}",
        form_key=uuid4(),
    )
    PlanNode.objects.filter(pk=node.pk).update(lineage=[node.pk])
    rows = [
        Indicator(
            government=plan.government,
            node=node,
            name=f"Indikator {number}.{each}",
            kind="budget" if each == PER_PROGRAMME else "performance",
            consolidation="sum" if each == PER_PROGRAMME else "last",
            form_key=uuid4(),
        )
        for each in range(PER_PROGRAMME + 1)
    ]
    Indicator.objects.bulk_create(rows)
    same = {"government": plan.government}
    Target.objects.bulk_create(
        Target(**same, indicator=row, revision=revision, year=year, low=Decimal(year))
        for row in rows
        for year in YEARS
    )
    Measurement.objects.bulk_create(
        Measurement(
            **same,
            indicator=row,
            year=year,
            quarter=4,
            value=Decimal(year) / 2,
            state="verified",
            entered_by=by,
            entered_at=NOW,
            submitted_by=by,
            submitted_at=NOW,
            decided_at=NOW,
            decided_by=_another(by),
        )
        for row in rows
        for year in YEARS
    )


def _another(by: Any) -> Any:
    from opd.models import Membership

    rows = Membership.objects.filter(government=by.government).exclude(user_id=by.user_id)
    return rows.first()


def measured(plan: Any) -> tuple[float, int, int]:
    """Seconds of the processor, queries, bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assessments.plan_excel_out.forms import e58
    from assessments.queries.plan_exports import form_of

    times = []
    for _round in range(ROUNDS):
        start = time.process_time()
        with CaptureQueriesContext(connection) as seen:
            form = form_of(plan, year=YEARS[-1], on=NOW.date(), to_programmes=True)
            data = e58(form, now=NOW)
        times.append(time.process_time() - start)
    return statistics.median(times), len(seen), len(data)


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        few, many = measured(a_plan(FEW)), measured(a_plan(MANY))
        transaction.set_rollback(True)
    sys.stdout.write(f"{FEW} indicators: {few[0]:.2f} s, {few[1]} queries, {few[2]} bytes\n")
    sys.stdout.write(f"{MANY} indicators: {many[0]:.2f} s, {many[1]} queries, {many[2]} bytes\n")
    sys.stdout.write(f"per indicator: {many[0] / MANY / (few[0] / FEW):.2f}\n")


if __name__ == "__main__":
    main()
