"""Zones, work plans and coverage at a glance, in six reads: for dashboards with a query budget.

The numbers are those of `figures` and `coverage`, which read more because they tell more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, DateField, F, IntegerField, Q, Value
from django.db.models.functions import Cast

from assessments import preparation, progress
from assessments.checklists import checklist_on
from assessments.coverage import Forecast, Roads, behind, forecast
from assessments.enums import PAST_PREPARATION, DeclarationState, PredicateState, PreparationState
from assessments.models import (
    Activity,
    DeclarationUnit,
    IntegrityZone,
    NamedUnit,
    PreparationAnswer,
    ZoneHandover,
    ZonePredicate,
)
from assessments.progress import ActivityFacts
from assessments.queries.coverage import roads_of
from assessments.queries.figures import (
    LateActivity,
    UnitProgress,
    _progress as progress_row,
    with_current_plan,
    worst_first,
)
from opd.enums import SuccessionKind
from opd.models import Government, UnitSuccession
from opd.queries.units import counted_units

DECLARED, OTHER, PREPARED = 1, 2, 3
NOBODY = preparation.Tally(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class CoverageCounts:
    """`last_recorded`: the newest day of a declaration or decree; `prepared`: how far the units
    are that have not declared, by a checklist of `steps` steps."""

    counted: int
    declared: int
    forecast: Forecast
    roads: Roads
    last_recorded: date | None = None
    prepared: preparation.Tally = NOBODY
    steps: int = 0


@dataclass(frozen=True)
class WorkOverview:
    """`late`: the longest late first; `coming`: due within 14 days and not complete."""

    units: list[UnitProgress]
    late: list[LateActivity]
    coming: list[LateActivity]


def coverage_counts(
    government: Government, today: date, zones: Iterable[UnitProgress]
) -> CoverageCounts:
    """The counted units by where they stand; `zones` of the work overview. Two queries."""
    units = set(counted_units(government.pk, on=today).values_list("pk", flat=True))
    codes = checklist_on(today).codes
    acts = _reached(list(_acts(government, codes)), units)
    stages = {row.unit.pk: row.stage for row in zones}
    return CoverageCounts(
        counted=len(units),
        declared=len(acts.first),
        forecast=forecast(total=len(units), first_days=list(acts.first.values()), today=today),
        roads=roads_of(units, acts.reached, stages.items()),
        last_recorded=acts.last,
        prepared=preparation.tally(
            units - acts.first.keys(),
            further=(pk for pk, stage in stages.items() if stage in PAST_PREPARATION),
            done=acts.done,
            of=len(codes),
        ),
        steps=len(codes),
    )


Act = tuple[int, date | None, int, int | None]


@dataclass(frozen=True)
class _Reached:
    """What the acts of a government reached: units with their first declaration, units that any
    act stands for, the last day of an act, done steps of preparation by unit."""

    first: dict[int, date]
    reached: set[int]
    last: date | None
    done: dict[int, int]


def _reached(rows: list[Act], units: set[int]) -> _Reached:
    heirs: dict[int, list[int]] = {}
    done: dict[int, int] = {}
    for act, _day, unit_id, other in rows:
        if act == PREPARED:
            done[unit_id] = other or 0
        elif other is not None:
            heirs.setdefault(unit_id, []).append(other)
    first: dict[int, date] = {}
    reached: set[int] = set()
    own = [(act, day, unit_id) for act, day, unit_id, heir in rows if heir is None]
    for act, day, unit_id in own:
        found = behind([unit_id], counted=units, heirs=heirs)
        reached |= found
        if act == DECLARED:
            for pk in found:
                first[pk] = min(day or date.min, first.get(pk, date.max))
    last = max((day for _act, day, _unit in own if day), default=None)
    return _Reached(first, reached, last, done)


# Columns of the union where an act knows nothing to put into them.
NO_OTHER = Cast(Value(None), BigIntegerField())
NO_DAY = Value(None, DateField())


def _acts(government: Government, codes: list[str]) -> Iterable[Act]:
    """Which act reached which unit and when, who took over from whom, and how far each unit has
    prepared itself, in one query.

    (act, day, unit, other): the heir of a take-over, the number of done steps of a preparation.
    """

    def rows(model: Any, unit: str, day: Any, act: int, other: Any = NO_OTHER, **only: Any) -> Any:
        return (
            model.objects.filter(government=government, **only)
            .order_by()
            .annotate(act=Value(act, IntegerField()), day=day, other=other)
            .values_list("act", "day", unit, "other")
        )

    closed = {"declaration__state": DeclarationState.CLOSED}
    in_force = {"state__in": [PredicateState.ACTIVE, PredicateState.WATCHED]}
    merged = {"kind": SuccessionKind.MERGED}
    found: Iterable[Act] = rows(
        DeclarationUnit, "unit_id", F("declaration__held_on"), DECLARED, **closed
    ).union(
        rows(NamedUnit, "unit_id", F("decree__decided_on"), OTHER),
        rows(ZonePredicate, "zone__unit_id", NO_DAY, OTHER, **in_force),
        rows(UnitSuccession, "predecessor_id", NO_DAY, OTHER, F("successor_id"), **merged),
        rows(ZoneHandover, "predecessor__unit_id", NO_DAY, OTHER, F("heir_id")),
        _prepared(government, codes),
    )
    return found


def _prepared(government: Government, codes: list[str]) -> Any:
    """Units that began to prepare themselves, with their done steps, as rows of the union."""
    begun = PreparationAnswer.objects.exclude(state=PreparationState.NOT_STARTED)
    return (
        (begun if government.is_sample else begun.filter(is_sample=False))
        .filter(government=government, step__in=codes)
        .order_by()
        .values("unit_id")
        .annotate(
            act=Value(PREPARED, IntegerField()),
            day=NO_DAY,
            other=Cast(Count("pk", filter=Q(state=PreparationState.DONE)), BigIntegerField()),
        )
        .values_list("act", "day", "unit_id", "other")
    )


def _activities(plan_ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """Of these plans, the earliest due first: key, plan, title and what progress judges by."""
    return list(
        Activity.objects.filter(plan_id__in=plan_ids)
        .with_facts()
        .order_by("due_on", "pk")
        .values_list(  # type: ignore[misc]  # two of them are annotations
            "pk",
            "plan_id",
            "title",
            "state",
            "due_on",
            "confirmed_percent",
            "newest_state",
            "is_sample",
            "is_neutral",
        )
    )


def work_overview(government_id: int, today: date) -> WorkOverview:
    """Every unit with an open zone, worst first, with what is late and what comes. Two queries."""
    opened = IntegrityZone.objects.open_on(today).filter(government_id=government_id)
    zones = list(with_current_plan(opened.select_related("unit"), today))
    zone_of = {zone.current_plan["pk"]: zone for zone in zones if zone.current_plan}
    by_plan: dict[int, list[ActivityFacts]] = {plan_id: [] for plan_id in zone_of}
    late, coming = [], []
    for pk, plan_id, title, state, due_on, confirmed, newest, is_sample, is_neutral in _activities(
        zone_of
    ):
        facts = ActivityFacts(state, due_on, confirmed, newest or "", is_neutral)
        by_plan[plan_id].append(facts)
        unit, move = zone_of[plan_id].unit, progress.whose_move(facts)
        row = LateActivity(pk, unit, title, due_on, move, is_sample)
        if progress.is_late(facts, today=today):
            late.append(row)
        elif progress.is_coming(facts, today=today):
            coming.append(row)
    units: list[UnitProgress] = []
    for zone in zones:
        plan = zone.current_plan or {"pk": None, "is_sample": False}
        measured = progress_row(zone, plan["pk"], by_plan, today)
        units.append(replace(measured, plan_is_sample=plan["is_sample"]))
    return WorkOverview(worst_first(units), late, coming)
