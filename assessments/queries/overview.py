"""Zones, work plans and coverage at a glance, in six reads: for dashboards with a query budget.

The numbers are those of `figures` and `coverage`, which read more because they tell more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from assessments import progress
from assessments.coverage import Forecast, behind, forecast
from assessments.enums import DeclarationState
from assessments.models import Activity, DeclarationUnit, IntegrityZone
from assessments.progress import ActivityFacts
from assessments.queries.figures import (
    LateActivity,
    UnitProgress,
    _progress as progress_row,
    current_plans,
    worst_first,
)
from opd.enums import SuccessionKind
from opd.models import Government, UnitSuccession
from opd.queries.units import counted_units

COMING = timedelta(days=14)


@dataclass(frozen=True)
class CoverageCounts:
    counted: int
    declared: int
    forecast: Forecast


@dataclass(frozen=True)
class WorkOverview:
    """`late`: the longest late first; `coming`: due within 14 days and not complete."""

    units: list[UnitProgress]
    late: list[LateActivity]
    coming: list[LateActivity]


def coverage_counts(government: Government, today: date) -> CoverageCounts:
    """How many of all counted units stand behind a closed declaration. Three queries."""
    units = set(counted_units(government.pk, on=today).values_list("pk", flat=True))
    heirs: dict[int, list[int]] = {}
    merged = UnitSuccession.objects.filter(government=government, kind=SuccessionKind.MERGED)
    for old, new in merged.values_list("predecessor_id", "successor_id"):
        heirs.setdefault(old, []).append(new)
    rows = (
        DeclarationUnit.objects.filter(
            government=government, declaration__state=DeclarationState.CLOSED
        )
        .order_by("declaration__held_on", "declaration_id", "position")
        .values_list("declaration__held_on", "unit_id")
    )
    first: dict[int, date] = {}
    for day, unit_id in rows:
        for pk in behind([unit_id], counted=units, heirs=heirs):
            first.setdefault(pk, day or date.min)
    return CoverageCounts(
        counted=len(units),
        declared=len(first),
        forecast=forecast(total=len(units), first_days=list(first.values()), today=today),
    )


def work_overview(government_id: int, today: date) -> WorkOverview:
    """Every unit with an open zone, worst first, with what is late and what comes. Three queries."""
    zones = {
        zone.pk: zone
        for zone in IntegrityZone.objects.open_on(today)
        .filter(government_id=government_id)
        .select_related("unit")
    }
    plans = current_plans(zones, today)
    zone_of = {plan_id: zones[zone_id] for zone_id, plan_id in plans.items()}
    rows = list(
        Activity.objects.filter(plan_id__in=zone_of)
        .with_facts()
        .order_by("due_on", "pk")
        .values_list(  # type: ignore[misc]  # two of them are annotations
            "pk", "plan_id", "title", "state", "due_on", "confirmed_percent", "newest_state"
        )
    )
    by_plan: dict[int, list[ActivityFacts]] = {plan_id: [] for plan_id in zone_of}
    late, coming = [], []
    for pk, plan_id, title, state, due_on, confirmed, newest in rows:
        facts = ActivityFacts(state, due_on, confirmed, newest or "")
        by_plan[plan_id].append(facts)
        row = LateActivity(pk, zone_of[plan_id].unit, title, due_on, progress.whose_move(facts))
        if progress.is_late(facts, today=today):
            late.append(row)
        elif facts.counts and not facts.is_complete and due_on - today <= COMING:
            coming.append(row)
    units: Iterable[UnitProgress] = (
        progress_row(zone, plans.get(zone.pk), by_plan, today) for zone in zones.values()
    )
    return WorkOverview(worst_first(units), late, coming)
