"""What the unit reports on a recommendation, and the assessor's word on it."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import recommendations as actions
from assessments.enums import RecommendationState
from assessments.forms.recommendations import DecisionForm
from assessments.permissions import can_write_plan, may_assess, reads_plans, writes_plans
from assessments.queries import recommendations as queries
from assessments.views.editing import form_page, proof_of
from assessments.views.recommendations import recommendation_or_404, recommendation_page, way
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import or_404, refuse, serve_file
from opd.http import PortalRequest, screen
from opd.refusals import refusals_in


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_reply(request: PortalRequest, pk: int) -> HttpResponse:
    row = recommendation_or_404(request, pk)
    if not can_write_plan(request.membership, row.zone.unit):
        raise refuse(_("Only the operator and the head of the unit report this."))
    if request.method != "POST" and row.state not in (
        RecommendationState.OPEN,
        RecommendationState.RETURNED,
    ):
        return redirect("assessments:recommendation", pk=row.pk)
    form, arrived = proof_of(request, queries.PROOF_KIND, submit=_("Send to the assessor"))
    if arrived is not None and not form.errors:
        with refusals_in(form):
            actions.follow_up(
                recommendation=row,
                text=form.cleaned_data["text"],
                files=arrived,
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Sent to the assessor."))
            return redirect("assessments:recommendation", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Report the follow-up"),
        lead=row.text,
        facts=[(_("Due date"), date_id(row.due_on))],
        is_sample=row.is_sample,
        back=reverse("assessments:recommendation", args=[row.pk]),
        breadcrumbs=way(row, _("Report the follow-up")),
    )


@screen(may_assess)
@require_POST
def recommendation_decide(request: PortalRequest, pk: int) -> HttpResponse:
    """Close or return, by the button that was pressed."""
    row = recommendation_or_404(request, pk)
    today = timezone.localdate()
    if not queries.may_decide(request.membership, row, today):
        raise refuse(
            _(
                "Only the inspectorate and TPI members assigned to this unit decide, and never "
                "somebody of the unit itself."
            )
        )
    form = DecisionForm(request.POST)
    returns = "return" in request.POST
    if form.is_valid() and returns and not form.cleaned_data["message"]:
        form.add_error("message", _("Write what is still missing."))
    if form.errors:
        return recommendation_page(request, row, form)
    action = actions.return_recommendation if returns else actions.close_recommendation
    with refusals_in(form):
        action(
            recommendation=row,
            reply=form.cleaned_data["reply"],
            message=form.cleaned_data["message"],
            by=request.membership,
            now=timezone.now(),
            today=today,
        )
        messages.success(request, _("Returned to the unit.") if returns else _("Closed."))
        return redirect("assessments:recommendation", pk=row.pk)
    return recommendation_page(request, row, form, status=409)


@screen(reads_plans)
@require_safe
def reply_file(request: PortalRequest, pk: int) -> FileResponse:
    return serve_file(or_404(queries.reply_file(request.membership, pk)).stored)
