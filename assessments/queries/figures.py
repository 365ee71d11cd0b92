"""Figures of zones and work plans for dashboards and documents: constant queries, worst first.

The current plan of a unit is its newest one whose year has begun, so in January last year's plan
speaks until the new one is there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from assessments import progress
from assessments.enums import WhoseMove, ZoneStage
from assessments.models import Activity, IntegrityZone, WorkPlan
from assessments.progress import ActivityFacts
from opd.models import Unit


@dataclass(frozen=True)
class UnitProgress:
    """How far one unit is with its current plan. `percent` is None where there is nothing to
    measure: no plan, or a plan without activities."""

    unit: Unit
    zone_id: int
    stage: ZoneStage
    plan_id: int | None
    percent: Decimal | None
    activity_count: int
    late_count: int
    whose_move: Mapping[WhoseMove, int]
    is_sample: bool = False
    plan_is_sample: bool = False


@dataclass(frozen=True)
class LateActivity:
    activity_id: int
    unit: Unit
    title: str
    due_on: date
    whose_move: WhoseMove
    is_sample: bool = False


def facts_of(activity: Any) -> ActivityFacts:
    """What the rules need of an Activity that was read `with_facts`."""
    return ActivityFacts(
        state=activity.state,
        due_on=activity.due_on,
        confirmed=activity.confirmed_percent,
        newest=activity.newest_state or "",
        is_neutral=activity.is_neutral,
    )


def zone_stage_counts(government_id: int) -> dict[ZoneStage, int]:
    """How many open zones stand at each stage; every stage is there, also with none."""
    found = dict(
        IntegrityZone.objects.filter(government_id=government_id, closed_on=None)
        .order_by()
        .values_list("stage")
        .annotate(number=Count("pk"))
    )
    return {stage: found.get(stage.value, 0) for stage in ZoneStage}


def unit_progress(government_id: int, today: date) -> list[UnitProgress]:
    """Every unit with an open zone: most late activities first, then the least progress."""
    open_zones = IntegrityZone.objects.open_on(today).filter(government_id=government_id)
    zones = list(open_zones.select_related("unit"))
    return worst_first(progress_of(zones, today))


def progress_of(zones: Iterable[IntegrityZone], today: date) -> list[UnitProgress]:
    """In the order given; two queries however many zones there are."""
    zones = list(zones)
    marked = plans_with_marks([zone.pk for zone in zones], today)
    plans = {zone_id: plan_id for zone_id, (plan_id, _sample) in marked.items()}
    by_plan: dict[int, list[ActivityFacts]] = {plan_id: [] for plan_id in plans.values()}
    rows = Activity.objects.filter(plan_id__in=by_plan).with_facts()
    columns = ("plan_id", "state", "due_on", "confirmed_percent", "newest_state", "is_neutral")
    for plan_id, state, due_on, confirmed, newest, neutral in rows.values_list(*columns):
        by_plan[plan_id].append(ActivityFacts(state, due_on, confirmed, newest or "", neutral))
    return [
        replace(
            _progress(zone, plans.get(zone.pk), by_plan, today),
            plan_is_sample=zone.pk in marked and marked[zone.pk][1],
        )
        for zone in zones
    ]


def worst_first(rows: Iterable[UnitProgress]) -> list[UnitProgress]:
    """Most late first; among equals no progress at all before the least, then by name."""

    def badness(row: UnitProgress) -> tuple[int, Decimal, str, int]:
        percent = Decimal(-1) if row.percent is None else row.percent
        return -row.late_count, percent, row.unit.name, row.zone_id

    return sorted(rows, key=badness)


def late_activities(government_id: int, today: date) -> list[LateActivity]:
    """Late activities of all current plans, the longest late first."""
    zones = IntegrityZone.objects.open_on(today).filter(government_id=government_id)
    plans = current_plans(zones.values_list("pk", flat=True), today)
    rows = (
        Activity.objects.filter(plan_id__in=plans.values(), due_on__lt=today)
        .counted()
        .with_facts()
        .select_related("plan__zone__unit")
        .order_by("due_on", "pk")
    )
    return [
        LateActivity(
            activity_id=row.pk,
            unit=row.plan.zone.unit,
            title=row.title,
            due_on=row.due_on,
            whose_move=progress.whose_move(facts_of(row)),
        )
        for row in rows
        if progress.is_late(facts_of(row), today=today)
    ]


def current_plans(zone_ids: Iterable[int], today: date) -> dict[int, int]:
    """zone → its current plan."""
    return {zone_id: pk for zone_id, (pk, _sample) in plans_with_marks(zone_ids, today).items()}


def plans_with_marks(zone_ids: Iterable[int], today: date) -> dict[int, tuple[int, bool]]:
    """zone → its current plan and whether that plan is a sample."""
    rows = (
        WorkPlan.objects.filter(zone_id__in=list(zone_ids), year__lte=today.year)
        .order_by("zone_id", "-year")
        .distinct("zone_id")
        .values_list("zone_id", "pk", "is_sample")
    )
    return {zone_id: (pk, is_sample) for zone_id, pk, is_sample in rows}


def with_current_plan(zones: QuerySet[IntegrityZone], today: date) -> QuerySet[Any]:
    """Each zone with its `current_plan`, as `pk` and `is_sample`, or None."""
    plans = WorkPlan.objects.filter(zone=OuterRef("pk"), year__lte=today.year)
    newest = plans.order_by("-year").values(found=JSONObject(pk="pk", is_sample="is_sample"))
    return zones.annotate(current_plan=Subquery(newest[:1]))


def _progress(
    zone: IntegrityZone,
    plan_id: int | None,
    by_plan: Mapping[int, list[ActivityFacts]],
    today: date,
) -> UnitProgress:
    activities = by_plan[plan_id] if plan_id else []
    counted = [activity for activity in activities if activity.counts]
    moves = dict.fromkeys(WhoseMove, 0)
    for activity in counted:
        moves[progress.whose_move(activity)] += 1
    return UnitProgress(
        unit=zone.unit,
        zone_id=zone.pk,
        stage=ZoneStage(zone.stage),
        plan_id=plan_id,
        percent=progress.plan_progress(activities),
        activity_count=len(counted),
        late_count=sum(progress.is_late(activity, today=today) for activity in counted),
        whose_move=moves,
        is_sample=zone.is_sample,
    )
