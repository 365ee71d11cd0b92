"""Work plans: the list of units, a plan, its printed form, a new year."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import workplans as actions
from assessments.enums import WhoseMove
from assessments.forms.workplans import ListFilterForm, PlanForm
from assessments.models import IntegrityZone, WorkPlan
from assessments.permissions import (
    can_decide,
    can_freeze,
    can_write_plan,
    decides_reports,
    reads_plans,
    writes_plans,
)
from assessments.queries import workplans as queries
from assessments.queries.declarations import waiting_for
from assessments.queries.figures import UnitProgress
from assessments.queries.monev import plan_periods
from integrity_portal.core.http import or_404, refuse
from opd.enums import Role
from opd.http import PortalRequest, screen
from opd.permissions import sees_whole_government
from opd.queries.people import office_holder
from opd.refusals import refusals_in

PER_PAGE = 25


@screen(reads_plans)
@require_safe
def workplans(request: PortalRequest) -> HttpResponse:
    """All units that the person may read, worst first, and what waits for himself."""
    today = timezone.localdate()
    membership = request.membership
    rows = queries.progress_list(membership, today)
    form = ListFilterForm(request.GET)
    page = Paginator(matching(rows, form), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": form,
        "page_obj": page,
        "total": len(rows),
        "late_units": sum(1 for row in rows if row.late_count),
        "is_filtered": any(form.chosen(name) for name in ("q", "stage", "show")),
        "is_central": sees_whole_government(membership),
        "writable": queries.writable_zones(membership, rows),
        "tasks": queries.own_tasks(membership, rows, today) if writes_plans(membership) else [],
        "awaited": list(waiting_for(membership)),
        "waiting": queries.to_decide(membership) if decides_reports(membership) else 0,
    }
    return render(request, "assessments/workplans/list.html", context)


def matching(rows: list[UnitProgress], form: ListFilterForm) -> list[UnitProgress]:
    """The rows that the filter leaves, in their order."""
    words, stage = form.chosen("q").casefold(), form.chosen("stage")
    kept = {
        "late": lambda row: row.late_count > 0,
        "head": lambda row: row.whose_move[WhoseMove.HEAD] > 0,
        "none": lambda row: row.plan_id is None,
    }.get(form.chosen("show"), lambda row: True)
    return [
        row
        for row in rows
        if kept(row)
        and (not stage or row.stage == stage)
        and (words in row.unit.name.casefold() or words in row.unit.short_name.casefold())
    ]


@screen(reads_plans)
@require_safe
def workplan(request: PortalRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    return render(request, "assessments/workplans/plan.html", _plan_context(request, plan))


@screen(reads_plans)
@require_safe
def workplan_print(request: PortalRequest, pk: int) -> HttpResponse:
    """The plan as one sheet for paper, with the place for the signature."""
    plan = plan_or_404(request, pk)
    context = _plan_context(request, plan)
    context["signer"] = office_holder(
        request.government, Role.OPD_HEAD, context["today"], plan.zone.unit
    )
    return render(request, "assessments/workplans/print.html", context)


def _plan_context(request: PortalRequest, plan: WorkPlan) -> dict[str, Any]:
    today = timezone.localdate()
    unit = plan.zone.unit
    return {
        "page": queries.plan_page(plan, today),
        "plan": plan,
        "unit": unit,
        "today": today,
        "plans": queries.plans_of(plan.zone),
        "periods": plan_periods(plan, today),
        "may_freeze": can_freeze(request.membership, unit) and plan.zone.closed_on is None,
        "may_write": can_write_plan(request.membership, unit) and plan.zone.closed_on is None,
        "may_decide": can_decide(request.membership, unit),
        "breadcrumbs": crumbs(unit.label, str(plan.year)),
    }


@screen(writes_plans)
@require_http_methods(["GET", "POST"])
def workplan_new(request: PortalRequest, zone_pk: int) -> HttpResponse:
    zone = _zone_or_404(request, zone_pk)
    if not can_write_plan(request.membership, zone.unit):
        raise refuse(_("Only the operator and the head of the unit write its work plan."))
    plans = queries.plans_of(zone)
    there = next((plan for plan in plans if str(plan.year) == request.POST.get("year")), None)
    if there is not None:  # a second press, or a colleague was faster
        return redirect("assessments:workplan", pk=there.pk)
    earlier = queries.plans_taken_over(zone)
    form = PlanForm(
        request.POST or None, plans=plans, taken_over=earlier, today=timezone.localdate()
    )
    if form.is_valid():
        with refusals_in(form):
            plan = actions.open_plan(
                zone=zone,
                year=int(form.cleaned_data["year"]),
                copy_from=_chosen([*plans, *earlier], form.cleaned_data["copy_from"]),
                by=request.membership,
            )
            return redirect("assessments:workplan", pk=plan.pk)
    context = {
        "form": form,
        "zone": zone,
        "breadcrumbs": crumbs(zone.unit.label, _("New work plan")),
    }
    return render(request, "assessments/workplans/plan_new.html", context)


def _chosen(plans: list[WorkPlan], value: str) -> WorkPlan | None:
    return next((plan for plan in plans if str(plan.pk) == value), None)


def plan_or_404(request: PortalRequest, pk: int) -> WorkPlan:
    return or_404(queries.plan(request.membership, pk))


def _zone_or_404(request: PortalRequest, pk: int) -> IntegrityZone:
    return or_404(queries.zone(request.membership, pk))


def crumbs(*labels: str, plan: WorkPlan | None = None) -> list[dict[str, Any]]:
    """The way here: all units, perhaps the plan, then the page itself."""
    way = [{"label": _("Work plans"), "url": reverse("assessments:workplans")}]
    if plan is not None:
        label = f"{plan.zone.unit.label} {plan.year}"
        way.append({"label": label, "url": reverse("assessments:workplan", args=[plan.pk])})
    return [*way, {"label": " ".join(labels), "url": ""}]
