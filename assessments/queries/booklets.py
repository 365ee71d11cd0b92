"""Pocket books: which units have one, how a run stands, what is finished."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from assessments.booklets import period_text
from assessments.enums import PlanState
from assessments.models import (
    Booklet,
    BookletRun,
    Indicator,
    NodeOwner,
    Plan,
    PlanNode,
)
from assessments.permissions import keeps_rpjmd
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document
from opd.enums import Role
from opd.models import Membership, Unit

KIND = "assessments.booklet"
SUMMARY_KIND = "assessments.plan_summary"
UNFINISHED = (JobState.WAITING, JobState.RUNNING)
GONE = (JobState.DEAD, JobState.CANCELLED)


def visible_plan(membership: Membership, pk: int) -> Plan | None:
    """None for drafts, too, unless a planner asks."""
    plan = Plan.objects.visible_to(membership).select_related("government").filter(pk=pk).first()
    if plan is None or (plan.state == PlanState.DRAFT and not keeps_rpjmd(membership)):
        return None
    return plan


def units_of_plan(plan: Plan, *, on: date) -> QuerySet[Unit]:
    """Standing units that answer for an indicator or carry a node, by name."""
    indicators = Indicator.objects.filter(node__plan=plan).of_performance().standing()
    owners = NodeOwner.objects.filter(node__in=PlanNode.objects.filter(plan=plan).standing())
    return (
        Unit.objects.filter(government_id=plan.government_id)
        .active_on(on)
        .filter(
            Q(pk__in=indicators.exclude(unit=None).values("unit")) | Q(pk__in=owners.values("unit"))
        )
        .order_by("name", "pk")
    )


def visible_units(membership: Membership, plan: Plan, *, on: date) -> list[Unit]:
    seen = Unit.objects.visible_to(membership)
    return list(units_of_plan(plan, on=on).filter(pk__in=seen.values("pk")))


def visible_unit(membership: Membership, plan: Plan, pk: int, *, on: date) -> Unit | None:
    seen = Unit.objects.visible_to(membership)
    return units_of_plan(plan, on=on).filter(pk__in=seen.values("pk"), pk=pk).first()


def planning_unit(government_id: int, *, on: date) -> Unit | None:
    """Where the planners sit: whom to ask."""
    rows = Unit.objects.filter(government_id=government_id).active_on(on)
    return rows.seats_of(Role.PLANNER).order_by("pk").first()


@dataclass(frozen=True)
class Shelf:
    """A unit with its newest book, and the newest that is finished."""

    unit: Unit
    newest: Booklet | None
    finished: Booklet | None

    @property
    def state(self) -> str:
        return self.newest.document.job_state if self.newest else ""


def shelves(plan: Plan, units: Iterable[Unit]) -> list[Shelf]:
    """In the order of the units, in two queries."""
    rows = list(units)
    newest = newest_booklets(plan, rows)
    finished = newest_booklets(plan, rows, finished=True)
    return [Shelf(row, newest.get(row.pk), finished.get(row.pk)) for row in rows]


def newest_booklets(
    plan: Plan, units: Iterable[Unit], *, finished: bool = False
) -> dict[int, Booklet]:
    rows = Booklet.objects.filter(run__plan=plan, unit__in=[unit.pk for unit in units])
    if finished:
        rows = rows.filter(document__job_state=JobState.DONE)
    chosen = rows.order_by("unit", "-pk").distinct("unit").select_related("run", "document__file")
    return {row.unit_id: row for row in chosen}


@dataclass(frozen=True)
class Progress:
    """How far a run is. `total` counts the books, whatever became of them."""

    run: BookletRun
    total: int
    done: int
    moving: int
    failed: int
    cancelled: int

    @property
    def is_moving(self) -> bool:
        return self.moving > 0

    @property
    def lost(self) -> int:
        return self.failed + self.cancelled

    @property
    def period(self) -> str:
        return period_text((self.run.year, self.run.quarter))


def whole_run(plan: Plan) -> BookletRun | None:
    """The newest of all units."""
    return plan.booklet_runs.filter(is_whole=True).order_by("-pk").first()


def visible_run(membership: Membership, plan: Plan, pk: int) -> BookletRun | None:
    return BookletRun.objects.visible_to(membership).filter(plan=plan, pk=pk).first()


def progress_of(run: BookletRun) -> Progress:
    counted: dict[str, int] = {
        row["document__job_state"]: row["count"]
        for row in run.booklets.values("document__job_state").annotate(count=Count("pk"))
    }
    return Progress(
        run,
        total=sum(counted.values()),
        done=counted.get(JobState.DONE, 0),
        moving=sum(counted.get(state, 0) for state in UNFINISHED),
        failed=counted.get(JobState.DEAD, 0),
        cancelled=counted.get(JobState.CANCELLED, 0),
    )


def documents_of_run(run: BookletRun, states: Iterable[str]) -> list[Document]:
    rows = Document.objects.filter(pk__in=run.booklets.values("document"))
    return list(rows.filter(job_state__in=list(states)).order_by("pk"))


def newest_summary(plan: Plan) -> Document | None:
    return (
        Document.objects.filter(
            government_id=plan.government_id, kind=SUMMARY_KIND, params__plan=plan.pk
        )
        .order_by("-pk")
        .first()
    )
