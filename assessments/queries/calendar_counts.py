"""Of how many units a step of the ZI year is done: what the calendar of `opd` counts by itself."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from assessments.enums import MonevPeriod, PaperKind, PaperState, ProposalState, ZoneStage
from assessments.models import Candidate, IntegrityZone, Paper, PlanFreeze, WorkPlan
from opd.enums import UnitKind
from opd.year_calendar import Count, Memo

# Whoever has built for less than a year is not proposed, so no report is asked of him.
BUILT_FOR = timedelta(days=365)


def _zones(government_id: int, year: int, memo: Memo) -> list[Any]:
    """Every zone with what it has of the year: one query for all counts of a calendar."""
    if "zones" not in memo:
        frozen = PlanFreeze.objects.filter(plan__zone=OuterRef("pk"), plan__year=year)
        plans = WorkPlan.objects.filter(zone=OuterRef("pk"), year=year, activities__isnull=False)
        wanted = Candidate.objects.filter(
            zone=OuterRef("pk"),
            proposal__year=year,
            proposal__state__in=[ProposalState.DRAFT, ProposalState.SENT],
        )
        rows = IntegrityZone.objects.filter(government=government_id).select_related("unit")
        memo["zones"] = list(
            rows.annotate(
                has_team=_signed(PaperKind.SK_TIM_KERJA, year),
                has_report=_signed(PaperKind.LHE, year),
                has_plan=Exists(plans),
                is_candidate=Exists(wanted),
                frozen=ArraySubquery(frozen.values("period")),
            ).order_by("pk")
        )
    return list(memo["zones"])


def _signed(kind: PaperKind, year: int) -> Exists:
    papers = Paper.objects.filter(
        zone=OuterRef("pk"), kind=kind, year=year, state=PaperState.SIGNED
    )
    return Exists(papers)


def _is_open(zone: IntegrityZone, day: date) -> bool:
    last = zone.unit.active_to
    return zone.closed_on is None and (last is None or last >= day)


def _builds(zone: IntegrityZone, day: date) -> bool:
    """It was building on the day of the step and is not decided."""
    since = zone.building_since
    is_on_the_road = zone.stage not in (ZoneStage.COMMITTED, ZoneStage.DECIDED)
    return _is_open(zone, day) and is_on_the_road and since is not None and since <= day


def _counted(rows: list[Any], has_it: Callable[[Any], bool]) -> Count:
    return Count(len(rows), tuple(row.unit_id for row in rows if not has_it(row)))


def units_named(government_id: int, year: int, due_on: date, memo: Memo) -> Count:
    """Units that declared: whoever is past that stage stands in a registered decree."""
    rows = _zones(government_id, year, memo)
    owed = [row for row in rows if _is_open(row, due_on) and row.opened_on <= due_on]
    return _counted(owed, lambda row: row.stage != ZoneStage.COMMITTED)


def teams_and_plans(government_id: int, year: int, due_on: date, memo: Memo) -> Count:
    """A signed decree of the year's work team, and a work plan of the year with an activity."""
    rows = _zones(government_id, year, memo)
    owed = [row for row in rows if _builds(row, due_on)]
    return _counted(owed, lambda row: row.has_team and row.has_plan)


def plans_frozen(government_id: int, year: int, due_on: date, memo: Memo, *, period: str) -> Count:
    rows = _zones(government_id, year, memo)
    owed = [row for row in rows if _builds(row, due_on)]
    return _counted(owed, lambda row: period in row.frozen)


def evaluations_signed(government_id: int, year: int, due_on: date, memo: Memo) -> Count:
    """Units that are or were proposed in the year; before there are any, all that could be."""
    rows = _zones(government_id, year, memo)
    owed = [row for row in rows if row.is_candidate]
    if not owed:
        owed = [row for row in rows if _builds(row, due_on - BUILT_FOR)]
    # Another body evaluates the inspectorate; that report is no paper of the portal.
    owed = [row for row in owed if row.unit.kind != UnitKind.INSPEKTORAT]
    return _counted(owed, lambda row: row.has_report)


COUNTS: dict[str, Callable[[int, int, date, Memo], Count]] = {
    "units_named": units_named,
    "teams_and_plans": teams_and_plans,
    "evaluations_signed": evaluations_signed,
    **{
        f"plans_frozen_{period.value.lower()}": partial(plans_frozen, period=period.value)
        for period in MonevPeriod
    },
}
