"""The doors of pocket books and of the summary of a plan."""

import io
from typing import Any

from django.utils import timezone

from assessments.models import Booklet, BookletRun, Plan
from assessments.queries.booklets import KIND
from assessments.tests.factories_rpjmd import plan_in_force, planner
from integrity_portal.core import files
from integrity_portal.core.models import Document
from opd.enums import Role
from opd.models import Unit
from opd.tests.doors import FORM, MEMBERS, Door
from opd.tests.fixtures import Cast

PLANNERS = frozenset({Role.PLANNER})


def plan_of(cast: Cast) -> Plan:
    return Plan.objects.filter(government=cast.home).first() or plan_in_force(cast)


def run_of(cast: Cast) -> BookletRun:
    """Of all units, with one finished book of `cast.unit`."""
    plan = plan_of(cast)
    run = BookletRun.objects.create(
        government=cast.home,
        plan=plan,
        year=plan.first_year,
        quarter=0,
        is_whole=True,
        asked_by=planner(cast),
        asked_at=timezone.now(),
    )
    Booklet.objects.create(
        government=cast.home, run=run, unit=cast.unit, document=document_of(plan, cast.unit)
    )
    return run


def document_of(plan: Plan, unit: Unit) -> Document:
    data = b"%PDF-1.7 uji"
    stored = files.store_made(
        io.BytesIO(data),
        size=len(data),
        name="buku-saku.pdf",
        kind="document",
        government_id=plan.government_id,
    )
    now = timezone.now()
    return Document.objects.create(
        government_id=plan.government_id,
        kind=KIND,
        params={"plan": plan.pk, "unit": unit.pk, "year": plan.first_year, "quarter": 0},
        title="Buku saku",
        requested_at=now,
        next_try_at=now,
        job_state="done",
        file=stored,
        pages=1,
        finished_at=now,
    )


def door(name: str, allowed: frozenset[str], **more: Any) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        kwargs=lambda cast: {"pk": run_of(cast).plan_id},
        **more,
    )


def _unit(cast: Cast, unit: Unit) -> dict[str, Any]:
    return {"pk": plan_of(cast).pk, "unit_pk": unit.pk}


def _run(cast: Cast) -> dict[str, Any]:
    run = run_of(cast)
    return {"pk": run.plan_id, "run_pk": run.pk}


MATRIX = [
    door("rpjmd_booklets", MEMBERS),
    door("rpjmd_booklets_all", PLANNERS, method="post"),
    door("rpjmd_booklets_progress", PLANNERS, is_page=False),
    door("rpjmd_booklets_zip", MEMBERS, is_page=False),
    door("rpjmd_summary", PLANNERS, method="post"),
    *(
        Door(
            "assessments:rpjmd_booklet_new",
            allowed=MEMBERS,
            kwargs=lambda cast: _unit(cast, cast.unit),
            elsewhere=lambda cast: _unit(cast, cast.other_unit),
            method=method,
            answer=FORM,
        )
        for method in ("get", "post")
    ),
    Door("assessments:rpjmd_booklets_cancel", allowed=PLANNERS, kwargs=_run, method="post"),
    Door("assessments:rpjmd_booklets_retry", allowed=PLANNERS, kwargs=_run, method="post"),
]
PUBLIC = {"unit_performance"}
