"""Activities of a work plan: write, read with history, drop, take up again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import workplans as actions
from assessments.enums import ActivityState, AreaOfChange
from assessments.forms.workplans import ActivityForm, DropForm
from assessments.models import Activity, WorkPlan
from assessments.permissions import can_decide, can_write_plan, reads_plans, writes_plans
from assessments.queries import workplans as queries
from assessments.views.workplans import crumbs, plan_or_404
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, screen
from opd.refusals import refusals_in, refusals_said
from opd.transitions import StepRefused


@screen(reads_plans)
@require_safe
def activity(request: PortalRequest, pk: int) -> HttpResponse:
    """One activity: where it stands, whose move it is, who reported what when."""
    found = activity_or_404(request, pk)
    unit = found.plan.zone.unit
    may_write = can_write_plan(request.membership, unit) and found.plan.zone.closed_on is None
    waiting = queries.waiting_report(found)
    context = {
        "row": queries.activity_row(found, timezone.localdate()),
        "activity": found,
        "unit": unit,
        "history": queries.history(found),
        "waiting": waiting,
        "may_write": may_write,
        "may_decide": waiting is not None
        and can_decide(request.membership, unit)
        and not queries.is_own(waiting, request.membership),
        "may_withdraw": may_write
        and waiting is not None
        and queries.is_own(waiting, request.membership),
        "draft": queries.own_draft(found, request.membership) if may_write else None,
        "breadcrumbs": crumbs(found.title, plan=found.plan),
    }
    return render(request, "assessments/workplans/activity.html", context)


@screen(writes_plans)
@require_http_methods(["GET", "POST"])
def activity_new(request: PortalRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    require_write(request, plan)
    area = request.GET.get("area", "")
    form = ActivityForm.blank(area if area in AreaOfChange else "")
    if request.method == "POST":
        form = ActivityForm(request.POST)
        if form.is_valid():
            with refusals_in(form):
                added = actions.add_activity(
                    plan=plan,
                    texts=form.texts(),
                    form_key=form.cleaned_data["form_key"],
                    by=request.membership,
                )
                messages.success(request, _("Saved: %(title)s") % {"title": added.title})
                return redirect("assessments:workplan", pk=plan.pk)
    context = {"form": form, "plan": plan, "breadcrumbs": crumbs(_("New activity"), plan=plan)}
    return render(request, "assessments/workplans/activity_form.html", context)


@screen(writes_plans)
@require_http_methods(["GET", "POST"])
def activity_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = activity_or_404(request, pk)
    require_write(request, found.plan)
    if request.method == "GET":
        return _activity_form(request, found, ActivityForm.showing(found))
    form = ActivityForm(request.POST)
    if not form.is_valid():
        return _activity_form(request, found, form)
    try:
        actions.edit_activity(
            activity=found,
            texts=form.texts(),
            version=form.cleaned_data["version"],
            by=request.membership,
            now=timezone.now(),
        )
    except actions.EditConflict as conflict:
        return _conflict(request, found, form, conflict.current)
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return _activity_form(request, found, form)
    messages.success(request, _("The activity is saved."))
    return redirect("assessments:activity", pk=found.pk)


def _conflict(
    request: PortalRequest, found: Activity, form: ActivityForm, current: Activity
) -> HttpResponse:
    """Both texts on one page: the typed ones in the form, the saved ones beside them."""
    typed = form.texts()
    form.overwrite(version=current.version)
    differing = [
        {"label": form.fields[name].label, "saved": saved, "typed": mine}
        for name, saved, mine in (
            ("area", _area(current.area), _area(typed.area)),
            ("title", current.title, typed.title),
            ("milestone", current.milestone, typed.milestone),
            ("due_on", date_id(current.due_on), date_id(typed.due_on)),
            ("responsible", current.responsible, typed.responsible),
            ("position", current.position, typed.position or current.position),
        )
        if saved != mine
    ]
    return _activity_form(request, found, form, differing=differing, status=409)


def _area(value: str) -> str:
    return str(AreaOfChange(value).label)


def _activity_form(
    request: PortalRequest, found: Activity, form: ActivityForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "activity": found,
        "plan": found.plan,
        "is_settled": queries.is_settled(found, request.membership),
        "breadcrumbs": crumbs(_("Change the activity"), plan=found.plan),
        **more,
    }
    return render(request, "assessments/workplans/activity_form.html", context, status=status)


@screen(writes_plans)
@require_http_methods(["GET", "POST"])
def activity_drop(request: PortalRequest, pk: int) -> HttpResponse:
    found = activity_or_404(request, pk)
    require_write(request, found.plan)
    if request.method == "GET" and found.state == ActivityState.DROPPED:
        return redirect("assessments:activity", pk=found.pk)
    form = DropForm(request.POST or None)
    if form.is_valid():
        with refusals_in(form):
            actions.drop_activity(
                activity=found,
                reason=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Dropped: %(title)s") % {"title": found.title})
            return redirect("assessments:workplan", pk=found.plan_id)
    context = {
        "form": form,
        "activity": found,
        "breadcrumbs": crumbs(_("Drop the activity"), plan=found.plan),
    }
    return render(request, "assessments/workplans/drop.html", context)


@screen(writes_plans)
@require_POST
def activity_restore(request: PortalRequest, pk: int) -> HttpResponse:
    found = activity_or_404(request, pk)
    require_write(request, found.plan)
    with refusals_said(request):
        actions.restore_activity(activity=found, by=request.membership, now=timezone.now())
        messages.success(request, _("Taken up again: %(title)s") % {"title": found.title})
    return redirect("assessments:activity", pk=found.pk)


def activity_or_404(request: PortalRequest, pk: int) -> Activity:
    return or_404(queries.activity(request.membership, pk))


def require_write(request: PortalRequest, plan: WorkPlan) -> None:
    """Somebody above may read the units below without writing for them."""
    if not can_write_plan(request.membership, plan.zone.unit):
        raise refuse(_("Only the operator and the head of the unit write its work plan."))
