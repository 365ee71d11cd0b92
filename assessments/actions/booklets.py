"""Pocket books and the summary of a plan: ask for them, call them off, try again."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.booklets import period_text, periods
from assessments.enums import PlanState
from assessments.models import Booklet, BookletRun, Plan
from assessments.permissions import makes_all_booklets, may_have_booklet
from assessments.queries.booklets import (
    GONE,
    KIND,
    SUMMARY_KIND,
    UNFINISHED,
    documents_of_run,
    progress_of,
    units_of_plan,
    whole_run,
)
from assessments.series import Period
from integrity_portal.core import ledger
from integrity_portal.core.documents.actions import (
    cancel_document,
    request_document,
    retry_document,
)
from integrity_portal.core.models import Document
from opd.models import Membership, Unit
from opd.transitions import StepRefused


@transaction.atomic
def order_booklet(
    *, plan: Plan, unit: Unit, period: Period, by: Membership, now: datetime, today: date
) -> Booklet:
    """The book of one unit. Raises PermissionDenied, StepRefused."""
    if not may_have_booklet(by, unit):
        raise PermissionDenied(_("You may have the pocket books of your own units only."))
    row = _held(plan, period, by, today)
    run = _run(row, period, by, now, is_whole=False)
    return _booklet(run, unit, by, now)


@transaction.atomic
def order_all_booklets(
    *, plan: Plan, period: Period, by: Membership, now: datetime, today: date
) -> BookletRun:
    """The books of all units; a second press answers the run that is still being made.

    Raises PermissionDenied, StepRefused.
    """
    if not makes_all_booklets(by):
        raise PermissionDenied(_("Only planners ask for the books of all units."))
    row = _held(plan, period, by, today)
    standing = whole_run(row)
    if standing is not None and (standing.year, standing.quarter) == period:
        if progress_of(standing).is_moving:
            return standing
    units = list(units_of_plan(row, on=today))
    if not units:
        raise StepRefused(_("No unit has an indicator or a node in this plan yet."))
    run = _run(row, period, by, now, is_whole=True)
    for unit in units:
        _booklet(run, unit, by, now)
    return run


def _held(plan: Plan, period: Period, by: Membership, today: date) -> Plan:
    """Locked, so that two presses of a button wait for each other."""
    row = Plan.objects.select_for_update(of=("self",), no_key=True).get(
        pk=plan.pk, government_id=by.government_id
    )
    if row.state == PlanState.DRAFT:
        raise StepRefused(_("This plan is still being written. Adopt it first."))
    if period not in periods(row.first_year, row.last_year, today):
        raise StepRefused(_("Choose a period of the plan that is over."))
    return row


def _run(
    plan: Plan, period: Period, by: Membership, now: datetime, *, is_whole: bool
) -> BookletRun:
    run = BookletRun.objects.create(
        government_id=plan.government_id,
        plan=plan,
        year=period[0],
        quarter=period[1],
        is_whole=is_whole,
        asked_by=by,
        asked_at=now,
    )
    codes: dict[str, ledger.Code] = {"plan": plan.pk, "year": period[0], "quarter": period[1]}
    ledger.record("booklets.ordered", run, by=by, codes=codes)
    return run


def _booklet(run: BookletRun, unit: Unit, by: Membership, now: datetime) -> Booklet:
    period = (run.year, run.quarter)
    document = request_document(
        kind=KIND,
        params={"plan": run.plan_id, "unit": unit.pk, "year": run.year, "quarter": run.quarter},
        title=f"Buku saku {unit.label[:100]}, {period_text(period)}",
        by=by,
        now=now,
        is_sample=unit.is_sample or run.plan.is_sample,
    )
    return Booklet.objects.create(
        government_id=run.government_id, run=run, unit=unit, document=document
    )


@transaction.atomic
def cancel_booklets(*, run: BookletRun, by: Membership, now: datetime) -> int:
    """Call off what is not made yet; finished books stay. Answers how many."""
    locked = _locked(run, by)
    rows = documents_of_run(locked, UNFINISHED)
    for document in rows:
        cancel_document(document=document, by=by, now=now)
    ledger.record("booklets.cancelled", locked, by=by, codes={"count": len(rows)})
    return len(rows)


@transaction.atomic
def retry_booklets(*, run: BookletRun, by: Membership, now: datetime) -> int:
    """Make once more what failed or was called off. Answers how many."""
    locked = _locked(run, by)
    rows = documents_of_run(locked, GONE)
    for document in rows:
        retry_document(document=document, by=by, now=now)
    ledger.record("booklets.retried", locked, by=by, codes={"count": len(rows)})
    return len(rows)


def _locked(run: BookletRun, by: Membership) -> BookletRun:
    """The documents are locked as well: none finishes between the look and the step."""
    if not makes_all_booklets(by):
        raise PermissionDenied(_("Only planners ask for the books of all units."))
    row = BookletRun.objects.select_for_update(of=("self",), no_key=True).get(
        pk=run.pk, government_id=by.government_id
    )
    list(
        Document.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=row.booklets.values("document"))
        .order_by("pk")
        .values_list("pk")
    )
    return row


@transaction.atomic
def order_summary(
    *, plan: Plan, period: Period, by: Membership, now: datetime, today: date
) -> Document:
    """Raises PermissionDenied, StepRefused."""
    if not makes_all_booklets(by):
        raise PermissionDenied(_("Only planners ask for the summary of a plan."))
    row = _held(plan, period, by, today)
    return request_document(
        kind=SUMMARY_KIND,
        params={"plan": row.pk, "year": period[0], "quarter": period[1]},
        title=f"Ringkasan {row.title[:120]}, {period_text(period)}",
        by=by,
        now=now,
        is_sample=row.is_sample,
    )


@transaction.atomic
def record_booklets_taken(*, plan: Plan, by: Membership, count: int) -> None:
    ledger.record("booklets.taken", plan, by=by, codes={"count": count})
