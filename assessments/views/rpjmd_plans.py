"""Keeping a plan as a whole: its texts, in force or closed, revisions, the tree to work on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import plans as actions
from assessments.enums import PlanState
from assessments.forms.rpjmd import AdoptRevisionForm, DayForm, PlanTextsForm, RevisionForm
from assessments.models import Plan, PlanRevision
from assessments.permissions import keeps_rpjmd
from assessments.plan_keeping import open_revision_of
from assessments.queries import plan_keeping_pages as queries
from assessments.queries.plan_board import plan_board
from assessments.views.editing import conflicts_in, form_page
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said, say_refusal
from opd.transitions import StepRefused

KEEP = "assessments:rpjmd_keep"


def plan_or_404(request: PortalRequest, pk: int) -> Plan:
    return or_404(queries.plan_of(request.membership, pk))


def keeping_crumbs(plan: Plan, *labels: Any) -> list[dict[str, Any]]:
    return crumbs(
        (_("Plans"), reverse("assessments:rpjmd")),
        (plan.title, reverse(KEEP, args=[plan.pk])),
        *((label, "") for label in labels),
    )


@screen(keeps_rpjmd)
@require_safe
def rpjmd_keep(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything that a planner changes, with the tree."""
    plan = plan_or_404(request, pk)
    today = timezone.localdate()
    year = min(max(today.year, plan.first_year), plan.last_year)
    context = {
        "plan": plan,
        "revisions": plan.revisions.select_related("opened_by").order_by("-number"),
        "open_revision": open_revision_of(plan) if plan.state == PlanState.IN_FORCE else None,
        "board": plan_board(plan, year=year, on=today, years=[year], with_open=True),
        "papers": queries.papers_of(plan),
        "breadcrumbs": crumbs((_("Plans"), reverse("assessments:rpjmd")), (plan.title, "")),
    }
    return render(request, "assessments/rpjmd/keeping/plan.html", context)


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def rpjmd_new(request: PortalRequest) -> HttpResponse:
    data = posted(request)
    form = PlanTextsForm.blank() if data is None else PlanTextsForm(data)
    if data is not None and form.is_valid():
        with refusals_in(form):
            plan = actions.create_plan(
                texts=form.texts(), form_key=form.cleaned_data["form_key"], by=request.membership
            )
            messages.success(request, _("The plan is opened as a draft."))
            return redirect(KEEP, pk=plan.pk)
    trail = crumbs((_("Plans"), reverse("assessments:rpjmd")), (_("New plan"), ""))
    return form_page(
        request, form, heading=_("New plan"), breadcrumbs=trail, status=422 if data else 200
    )


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def rpjmd_edit(request: PortalRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    data = posted(request)
    form = PlanTextsForm.showing(plan) if data is None else PlanTextsForm(data)
    more: dict[str, Any] = {"status": 200 if data is None else 422}
    if data is not None and form.is_valid():
        with refusals_in(form), conflicts_in(form, PlanTextsForm.showing, more):
            actions.edit_plan(
                plan=plan,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
            )
            messages.success(request, _("The plan is saved."))
            return redirect(KEEP, pk=plan.pk)
    return form_page(
        request,
        form,
        heading=_("Change the plan"),
        back=reverse(KEEP, args=[plan.pk]),
        breadcrumbs=keeping_crumbs(plan, _("Change the plan")),
        **more,
    )


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def rpjmd_adopt(request: PortalRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    data = posted(request)
    submit = _("Put in force")
    form = DayForm(data, submit=submit) if data else DayForm(submit=submit)
    if data is not None and form.is_valid():
        with refusals_in(form):
            actions.adopt_plan(
                plan=plan, on=form.cleaned_data["on"], by=request.membership, now=timezone.now()
            )
            messages.success(request, _("The plan is in force; units can report."))
            return redirect(KEEP, pk=plan.pk)
    return form_page(
        request,
        form,
        heading=_("Put the plan in force"),
        lead=plan.title,
        note=_("From then on its targets change by revisions only."),
        back=reverse(KEEP, args=[plan.pk]),
        breadcrumbs=keeping_crumbs(plan, submit),
        status=200 if data is None else 422,
    )


STEPS: dict[str, tuple[Callable[..., Plan], Any]] = {
    "close": (actions.close_plan, gettext_noop("The plan is closed.")),
    "reopen": (actions.reopen_plan, gettext_noop("The plan is in force again.")),
}


@screen(keeps_rpjmd)
@require_POST
def rpjmd_step(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    plan = plan_or_404(request, pk)
    action, said = or_404(STEPS.get(name))
    with refusals_said(request):
        action(plan=plan, by=request.membership, now=timezone.now())
        messages.success(request, _(said))
    return redirect(KEEP, pk=plan.pk)


@screen(keeps_rpjmd)
@require_POST
def rpjmd_discard(request: PortalRequest, pk: int) -> HttpResponse:
    """A draft that was opened by mistake."""
    plan = plan_or_404(request, pk)
    try:
        actions.discard_plan(plan=plan, by=request.membership)
    except StepRefused as refusal:
        say_refusal(request, refusal)
        return redirect(KEEP, pk=pk)
    messages.success(request, _("The draft is thrown away."))
    return redirect("assessments:rpjmd")


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def revision_new(request: PortalRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    data = posted(request)
    today = timezone.localdate()
    form = (
        RevisionForm(data, plan=plan, today=today) if data else RevisionForm(plan=plan, today=today)
    )
    if data is not None and form.is_valid():
        with refusals_in(form):
            actions.open_revision(
                plan=plan,
                from_year=int(form.cleaned_data["from_year"]),
                reason=form.cleaned_data["reason"],
                by=request.membership,
            )
            messages.success(
                request, _("The revision is open. What you change counts once it is adopted.")
            )
            return redirect(KEEP, pk=plan.pk)
    return form_page(
        request,
        form,
        heading=_("Revise the plan"),
        lead=plan.title,
        note=_("What stands today stays readable; years before the revision keep their targets."),
        back=reverse(KEEP, args=[plan.pk]),
        breadcrumbs=keeping_crumbs(plan, _("Revise the plan")),
        status=200 if data is None else 422,
    )


def _revision(request: PortalRequest, pk: int) -> PlanRevision:
    return or_404(queries.revision_of(request.membership, pk))


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def revision_adopt(request: PortalRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    data = posted(request)
    submit = _("Adopt the revision")
    form = AdoptRevisionForm(data, submit=submit) if data else AdoptRevisionForm(submit=submit)
    if data is not None and form.is_valid():
        with refusals_in(form):
            actions.adopt_revision(
                revision=revision,
                basis=form.cleaned_data["basis"],
                on=form.cleaned_data["on"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The revision is adopted; its targets count now."))
            return redirect(KEEP, pk=revision.plan_id)
    return form_page(
        request,
        form,
        heading=submit,
        lead=revision.plan.title,
        back=reverse(KEEP, args=[revision.plan_id]),
        breadcrumbs=keeping_crumbs(revision.plan, submit),
        status=200 if data is None else 422,
    )


@screen(keeps_rpjmd)
@require_POST
def revision_discard(request: PortalRequest, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    with refusals_said(request):
        actions.discard_revision(revision=revision, by=request.membership)
        messages.success(request, _("The revision is thrown away; nothing of it counts."))
    return redirect(KEEP, pk=revision.plan_id)
