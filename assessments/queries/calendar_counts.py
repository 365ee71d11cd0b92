"""Of how many units a step of the ZI year is done: what the calendar of `opd` counts by itself."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.enums import MonevPeriod, PaperKind, PaperState, ProposalState, ZoneStage
from assessments.models import Candidate, IntegrityZone, Paper, PlanFreeze, WorkPlan
from opd.enums import UnitKind
from opd.year_calendar import Count

# Whoever has built for less than a year is not proposed, so no report is asked of him.
BUILT_FOR = timedelta(days=365)


def _building(government_id: int, due_on: date) -> QuerySet[IntegrityZone]:
    """Zones that were building on the day of the step and are not decided."""
    rows = IntegrityZone.objects.filter(government=government_id, building_since__lte=due_on)
    return rows.open_on(due_on).on_the_road()


def _counted(rows: QuerySet[IntegrityZone], done: Exists | Q) -> Count:
    found = list(rows.annotate(has_it=done).order_by("pk").values_list("unit_id", "has_it"))
    return Count(len(found), tuple(unit for unit, has_it in found if not has_it))


def _signed(kind: PaperKind, year: int) -> Exists:
    papers = Paper.objects.filter(
        zone=OuterRef("pk"), kind=kind, year=year, state=PaperState.SIGNED
    )
    return Exists(papers)


def units_named(government_id: int, _year: int, due_on: date) -> Count:
    """Units that declared: whoever is past that stage stands in a registered decree."""
    rows = IntegrityZone.objects.filter(government=government_id, opened_on__lte=due_on)
    return _counted(rows.open_on(due_on), ~Q(stage=ZoneStage.COMMITTED))


def teams_and_plans(government_id: int, year: int, due_on: date) -> Count:
    """A signed decree of the year's work team, and a work plan of the year with an activity."""
    plans = WorkPlan.objects.filter(zone=OuterRef("pk"), year=year, activities__isnull=False)
    done = Q(_signed(PaperKind.SK_TIM_KERJA, year)) & Q(Exists(plans))
    return _counted(_building(government_id, due_on), done)


def plans_frozen(government_id: int, year: int, due_on: date, *, period: str) -> Count:
    frozen = PlanFreeze.objects.filter(plan__zone=OuterRef("pk"), plan__year=year, period=period)
    return _counted(_building(government_id, due_on), Exists(frozen))


def evaluations_signed(government_id: int, year: int, due_on: date) -> Count:
    """Units that are or were proposed in the year; before there are any, all that could be."""
    wanted = Candidate.objects.filter(
        government=government_id,
        proposal__year=year,
        proposal__state__in=[ProposalState.DRAFT, ProposalState.SENT],
    ).values("zone")
    rows: QuerySet[IntegrityZone] = IntegrityZone.objects.filter(pk__in=wanted)
    if not rows.exists():
        rows = _building(government_id, due_on - BUILT_FOR)
    # Another body evaluates the inspectorate; that report is no paper of the portal.
    rows = rows.exclude(unit__kind=UnitKind.INSPEKTORAT)
    return _counted(rows, _signed(PaperKind.LHE, year))


COUNTS: dict[str, Callable[[int, int, date], Count]] = {
    "units_named": units_named,
    "teams_and_plans": teams_and_plans,
    "evaluations_signed": evaluations_signed,
    **{
        f"plans_frozen_{period.value.lower()}": partial(plans_frozen, period=period.value)
        for period in MonevPeriod
    },
}
