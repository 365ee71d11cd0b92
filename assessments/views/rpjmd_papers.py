"""Renstra, Renja, RKPD and PK of a plan, with the indicators that stand in them."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import plan_papers as actions
from assessments.forms.rpjmd import PlanPaperForm
from assessments.models import Indicator, Plan, PlanDocument
from assessments.permissions import keeps_rpjmd, reads_plan_figures
from assessments.queries import plan_keeping_pages as queries
from assessments.views.editing import conflicts_in, form_page
from assessments.views.rpjmd_plans import KEEP, keeping_crumbs, plan_or_404
from assessments.views.shared import receive
from integrity_portal.core.http import or_404, serve_file
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said

KIND = "plan_paper"


def _rows(request: PortalRequest, plan: Plan, also: int | None = None) -> dict[str, Any]:
    return {
        "plan": plan,
        "units": queries.units_to_choose(request.membership, [also]),
        "rows": queries.indicators_of_plan(plan),
    }


def _stored(request: PortalRequest, form: PlanPaperForm) -> StoredFile | None:
    """Raises FileRefused."""
    upload = form.cleaned_data["file"]
    return receive(request, upload, KIND) if upload else None


def _chosen(form: PlanPaperForm, rows: list[Indicator]) -> list[Indicator]:
    wanted = set(form.cleaned_data["indicators"])
    return [row for row in rows if row.pk in wanted]


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_paper_new(request: PortalRequest, pk: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    rows = _rows(request, plan)
    data = posted(request)
    if data is None:
        initial = {"form_key": uuid4(), "version": 0, "year": str(timezone.localdate().year)}
        form = PlanPaperForm(initial=initial, **rows)
    else:
        form = PlanPaperForm(data, request.FILES, **rows)
    if data is not None and form.is_valid():
        with refusals_in(form, upload="file"):
            actions.add_plan_paper(
                plan=plan,
                texts=form.texts(),
                indicators=_chosen(form, rows["rows"]),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
                stored=_stored(request, form),
            )
            messages.success(request, _("The paper is recorded."))
            return redirect(f"{reverse(KEEP, args=[plan.pk])}#papers")
    return form_page(
        request,
        form,
        heading=_("New paper of the plan"),
        lead=plan.title,
        back=f"{reverse(KEEP, args=[plan.pk])}#papers",
        breadcrumbs=keeping_crumbs(plan, _("New paper of the plan")),
        status=200 if data is None else 422,
    )


def _paper(request: PortalRequest, pk: int) -> PlanDocument:
    return or_404(queries.paper_of(request.membership, pk))


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_paper_edit(request: PortalRequest, pk: int) -> HttpResponse:
    paper = _paper(request, pk)
    rows = _rows(request, paper.plan, paper.unit_id)
    data = posted(request)
    if data is None:
        form = PlanPaperForm.showing(paper, **rows)
    else:
        form = PlanPaperForm(data, request.FILES, **rows)
    more: dict[str, Any] = {"status": 200 if data is None else 422}
    if data is not None and form.is_valid():
        with (
            refusals_in(form, upload="file"),
            conflicts_in(form, lambda row: PlanPaperForm.showing(row, **rows), more),
        ):
            actions.edit_plan_paper(
                paper=paper,
                texts=form.texts(),
                indicators=_chosen(form, rows["rows"]),
                version=form.cleaned_data["version"],
                by=request.membership,
                stored=_stored(request, form),
            )
            messages.success(request, _("The paper is saved."))
            return redirect(f"{reverse(KEEP, args=[paper.plan_id])}#papers")
    return form_page(
        request,
        form,
        heading=_("Change the paper"),
        lead=paper.title,
        back=f"{reverse(KEEP, args=[paper.plan_id])}#papers",
        breadcrumbs=keeping_crumbs(paper.plan, _("Change the paper")),
        **more,
    )


@screen(keeps_rpjmd)
@require_POST
def plan_paper_remove(request: PortalRequest, pk: int) -> HttpResponse:
    paper = _paper(request, pk)
    plan_pk = paper.plan_id
    with refusals_said(request):
        actions.remove_plan_paper(paper=paper, by=request.membership)
        messages.success(request, _("The paper is removed; its indicators stay."))
    return redirect(KEEP, pk=plan_pk)


@screen(reads_plan_figures)
@require_safe
def plan_paper_file(request: PortalRequest, pk: int) -> FileResponse:
    paper = _paper(request, pk)
    return serve_file(or_404(paper.stored))
