"""A plan as a whole: written, put in force, closed, revised in the middle of its term."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.editing import write
from assessments.enums import WRITABLE_STATES, PlanState
from assessments.models import (
    DocumentIndicator,
    Indicator,
    Measurement,
    NodeOwner,
    Plan,
    PlanRevision,
    Target,
)
from assessments.permissions import keeps_rpjmd
from assessments.plan_keeping import held_plan, open_plan_of, open_revision_of
from assessments.workflow import PLAN
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd.models import Membership
from opd.transitions import Missing, StepRefused, perform


@dataclass(frozen=True)
class PlanTexts:
    """What a planner writes about a plan; `cap` and `report_days` None: none is set."""

    title: str
    first_year: int
    last_year: int
    bands: str
    legal_basis: str = ""
    cap: Decimal | None = None
    report_days: int | None = None
    is_public: bool = False


@transaction.atomic
def create_plan(
    *, texts: PlanTexts, form_key: UUID, by: Membership, is_sample: bool = False
) -> Plan:
    """Open a draft with its revision 0; a second press of the same form finds the first one's.

    Raises PermissionDenied.
    """
    if not keeps_rpjmd(by):
        raise PermissionDenied(_("Only planners keep the plan."))
    existing = Plan.objects.filter(form_key=form_key, government_id=by.government_id).first()
    if existing:
        return existing
    plan = Plan.objects.create(
        government_id=by.government_id, form_key=form_key, is_sample=is_sample, **vars(texts)
    )
    PlanRevision.objects.create(
        government_id=plan.government_id,
        plan=plan,
        number=0,
        from_year=plan.first_year,
        opened_by=by,
    )
    codes: dict[str, ledger.Code] = {"from": plan.first_year, "to": plan.last_year}
    ledger.record("plan.created", plan, by=by, codes=codes)
    return plan


@transaction.atomic
def edit_plan(*, plan: Plan, texts: PlanTexts, version: int, by: Membership) -> Plan:
    """Raises Conflict, PermissionDenied, StepRefused when years with figures would fall out."""
    row = open_plan_of(plan, by)
    _refuse_years_with_rows(row, texts)
    if row.state != PlanState.DRAFT and not texts.legal_basis.strip():
        raise StepRefused(_("Write the regulation (Perda or Perkada) that enacts the plan."))
    changed = write(row, vars(texts), version)
    if changed:
        row.revisions.filter(number=0).update(from_year=row.first_year)
        ledger.record("plan.edited", row, by=by, codes=dict.fromkeys(sorted(changed), True))
    return row


def _refuse_years_with_rows(plan: Plan, texts: PlanTexts) -> None:
    """Targets outside the years would be lost from every page; measurements before it may stay."""
    outside = Target.objects.filter(indicator__node__plan=plan).exclude(
        year__range=(texts.first_year, texts.last_year)
    )
    stray = outside.order_by("year").values_list("year", flat=True).first()
    if stray is not None:
        raise StepRefused(
            _("There are targets for %(year)s; the plan must still cover that year.")
            % {"year": str(stray)}
        )


@transaction.atomic
def discard_plan(*, plan: Plan, by: Membership) -> None:
    """Throw away a draft with everything in it. Raises StepRefused for one that was in force."""
    row = held_plan(plan, by)
    if row.state != PlanState.DRAFT:
        raise StepRefused(_("Only a draft is thrown away; a plan that was in force is closed."))
    ledger.record("plan.discarded", row, by=by, codes={"nodes": row.nodes.count()})
    indicators = Indicator.objects.filter(node__plan=row)
    Target.objects.filter(indicator__in=indicators).delete()
    DocumentIndicator.objects.filter(document__plan=row).delete()
    row.documents.all().delete()
    indicators.update(supports=None)
    indicators.delete()
    NodeOwner.objects.filter(node__plan=row).delete()
    row.nodes.update(parent=None)
    row.nodes.all().delete()
    row.revisions.all().delete()
    row.delete()


@transaction.atomic
def adopt_plan(*, plan: Plan, on: date, by: Membership, now: datetime) -> Plan:
    """Put the draft in force: from now on its targets change by revisions only."""
    row = held_plan(plan, by)
    if row.state == PlanState.IN_FORCE:
        return row
    _refuse_future(on, now)
    done = perform(
        PLAN,
        "adopt",
        row,
        by=by,
        now=now,
        checks={"legal_basis": _missing_basis, "indicators": _missing_indicators},
    )
    done.revisions.filter(number=0).update(adopted_on=on, basis=done.legal_basis)
    return done


def _missing_basis(plan: Plan) -> Iterable[Missing]:
    if not plan.legal_basis:
        yield Missing(_("Write the regulation (Perda or Perkada) that enacts the plan."), "edit")


def _missing_indicators(plan: Plan) -> Iterable[Missing]:
    rows = Indicator.objects.filter(node__plan=plan).of_performance().standing()
    if not rows.exists():
        yield Missing(_("The plan has no indicator yet."), "tree")


@transaction.atomic
def close_plan(*, plan: Plan, by: Membership, now: datetime) -> Plan:
    """Its figures stay readable; nothing is reported into it any more.

    Raises StepRefused while figures wait that nobody could decide any more.
    """
    row = held_plan(plan, by)
    if row.state == PlanState.CLOSED:
        return row
    figures = Measurement.objects.filter(indicator__node__plan=row)
    unlocked = figures.filter(state__in=WRITABLE_STATES, steps__name="unlock").distinct()
    waiting = figures.waiting().count() + unlocked.count()
    if waiting:
        raise StepRefused(
            _("Figures still wait or were unlocked: %(count)s. Settle them first.")
            % {"count": waiting}
        )
    return perform(PLAN, "close", row, by=by, now=now)


@transaction.atomic
def reopen_plan(*, plan: Plan, by: Membership, now: datetime) -> Plan:
    row = held_plan(plan, by)
    return row if row.state == PlanState.IN_FORCE else perform(PLAN, "reopen", row, by=by, now=now)


# --- revisions in the middle of the term ---


@transaction.atomic
def open_revision(*, plan: Plan, from_year: int, reason: str, by: Membership) -> PlanRevision:
    """Begin a revision; what is changed in it counts from `from_year` once it is adopted.

    Raises StepRefused for a year outside the plan and while another is being written.
    """
    row = held_plan(plan, by)
    if row.state != PlanState.IN_FORCE:
        raise StepRefused(_("Only a plan in force is revised."))
    if from_year not in row.all_years:
        raise StepRefused(_("Choose a year of the plan, %(years)s.") % {"years": row.years})
    standing = open_revision_of(row)
    if standing is not None:
        if (standing.from_year, standing.reason) == (from_year, reason):
            return standing
        raise StepRefused(_("A revision of this plan is already being written."))
    last = row.revisions.order_by("-number")[0]
    revision = PlanRevision.objects.create(
        government_id=row.government_id,
        plan=row,
        number=last.number + 1,
        from_year=from_year,
        reason=reason,
        opened_by=by,
    )
    codes: dict[str, ledger.Code] = {"number": revision.number, "from_year": from_year}
    ledger.record("plan_revision.opened", revision, by=by, codes=codes)
    return revision


@transaction.atomic
def adopt_revision(
    *, revision: PlanRevision, basis: str, on: date, by: Membership, now: datetime
) -> PlanRevision:
    """From now on it counts. Raises StepRefused without a regulation or for a day to come."""
    row = _held_revision(revision, by)
    if row.adopted_on is not None:
        return row
    if not basis.strip():
        raise StepRefused(_("Write the regulation that adopts the revision."))
    _refuse_future(on, now)
    if row.from_year < on.year:
        raise StepRefused(
            _("A revision of %(day)s cannot change targets of %(year)s, a year that was over.")
            % {"day": date_id(on), "year": str(row.from_year)}
        )
    row.basis, row.adopted_on = basis.strip(), on
    row.save(update_fields=["basis", "adopted_on"])
    codes: dict[str, ledger.Code] = {"number": row.number, "from_year": row.from_year}
    ledger.record("plan_revision.adopted", row, by=by, codes=codes)
    return row


@transaction.atomic
def discard_revision(*, revision: PlanRevision, by: Membership) -> None:
    """Throw away a revision that was not adopted, with the targets written in it.

    Raises StepRefused when nodes or indicators were added in it: those are dropped first.
    """
    row = _held_revision(revision, by)
    if row.adopted_on is not None or row.number == 0:
        raise StepRefused(_("This revision is adopted; it stays."))
    nodes = row.plan.nodes.filter(since=row)
    indicators = Indicator.objects.filter(node__plan=row.plan, since=row)
    if nodes.exists() or indicators.exists():
        raise StepRefused(
            _("This revision has added rows to the tree. Remove them first, then discard it.")
        )
    _bring_back(row)
    removed, _each = row.targets.all().delete()
    codes: dict[str, ledger.Code] = {"number": row.number, "targets": removed}
    ledger.record("plan_revision.discarded", row, by=by, codes=codes)
    row.delete()


def _bring_back(revision: PlanRevision) -> None:
    """What it has dropped stands again. Raises StepRefused when something took the place."""
    try:
        with transaction.atomic():
            revision.plan.nodes.filter(until=revision).update(until=None)
            rows = Indicator.objects.filter(node__plan=revision.plan, until=revision)
            rows.update(until=None)
    except IntegrityError as error:
        raise StepRefused(
            _(
                "Something else has taken the place of a line that this revision drops. "
                "Give it another code, or move its money, then discard the revision."
            )
        ) from error


def _held_revision(revision: PlanRevision, by: Membership) -> PlanRevision:
    plan = held_plan(revision.plan, by)
    row = PlanRevision.objects.select_for_update(of=("self",), no_key=True).get(pk=revision.pk)
    row.plan = plan
    return row


def _refuse_future(on: date, now: datetime) -> None:
    if on > timezone.localdate(now):
        raise StepRefused(_("The day of adoption cannot lie in the future."))
