"""The plan that follows a survey, and its index as the answer of a work-sheet's question."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import survey_follow_ups as actions
from assessments.actions.answers import save_answer
from assessments.answering import Said
from assessments.editing import Conflict
from assessments.enums import Assessor
from assessments.forms.surveys import FollowUpForm
from assessments.models import Answer, SurveyFollowUp
from assessments.permissions import answers_worksheets, can_write_survey, writes_surveys
from assessments.queries import surveys as queries
from assessments.queries.survey_proposals import Proposal, proposal_for
from assessments.queries.worksheets import item_of
from assessments.views.surveys import round_crumbs, writable_or_refused
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said

FORM = "assessments/surveys/form.html"
MOST_NOTE = 4000


@screen(writes_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_follow_up_new(request: PortalRequest, pk: int) -> HttpResponse:
    round = writable_or_refused(request, pk)
    if not round.is_counted:
        raise refuse(_("Close the survey first: its plan answers its result."))
    form = FollowUpForm(posted(request), round=round, item=request.GET.get("item", ""))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            actions.add_survey_follow_up(
                round=round,
                texts=form.texts(),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
            )
            messages.success(request, _("Saved."))
            return redirect(_plan_url(round.pk))
    crumbs = round_crumbs(round, (_("Follow-up"), ""))
    context = {"form": form, "heading": _("What is done about it"), "breadcrumbs": crumbs}
    return render(request, FORM, {**context, "lead": round.unit.name})


@screen(writes_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_follow_up_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = FollowUpForm(posted(request), round=row.round, row=row)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            with refusals_in(form):
                actions.edit_survey_follow_up(
                    follow_up=row,
                    texts=form.texts(),
                    done_on=values["done_on"],
                    outcome=values["outcome"],
                    version=values["version"],
                    by=request.membership,
                    today=timezone.localdate(),
                )
                messages.success(request, _("Saved."))
                return redirect(_plan_url(row.round_id))
        except Conflict as conflict:
            form.overwrite(version=conflict.current.version)
            form.add_error(
                None, _("Somebody else saved this row meanwhile. Save again to write over it.")
            )
            status = 409
    crumbs = round_crumbs(row.round, (_("Follow-up"), ""))
    context = {
        "form": form,
        "heading": _("What is done about it"),
        "lead": row.round.unit.name,
        "breadcrumbs": crumbs,
        "removal": reverse("assessments:survey_follow_up_remove", args=[row.pk])
        if row.round.state == "closed"
        else "",
    }
    return render(request, FORM, context, status=status)


@screen(writes_surveys)
@require_POST
def survey_follow_up_remove(request: PortalRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    with refusals_said(request):
        actions.remove_survey_follow_up(follow_up=row, by=request.membership)
        messages.success(request, _("The row is gone."))
    return redirect(_plan_url(row.round_id))


@screen(answers_worksheets)
@require_POST
def worksheet_survey(request: PortalRequest, pk: int, code: str) -> HttpResponse:
    """Take the proposed index over as the unit's answer, by the same verb as typing it."""
    item = or_404(item_of(request.membership, pk, code))
    proposal = or_404(proposal_for(item.worksheet, code))
    standing = item.answers.filter(assessor=Assessor.UNIT).first()
    with refusals_said(request):
        try:
            save_answer(
                item=item,
                assessor=Assessor.UNIT,
                said=Said(index=proposal.value, note=_note(standing, proposal)),
                version=standing.version if standing else 0,
                by=request.membership,
                now=timezone.now(),
            )
        except Conflict:
            messages.error(request, _("Somebody saved another answer meanwhile. Look at it."))
        else:
            messages.success(request, _("%(code)s is saved.") % {"code": code})
    return redirect("assessments:worksheet_question", pk=pk, code=code)


def _note(standing: Answer | None, proposal: Proposal) -> str:
    """The source of the value; what the unit explained before stays above it."""
    if standing is None or not standing.note or proposal.source in standing.note:
        return standing.note if standing and standing.note else proposal.source
    return f"{standing.note}\n{proposal.source}"[:MOST_NOTE]


def _row(request: PortalRequest, pk: int) -> SurveyFollowUp:
    row = or_404(queries.follow_up_of(request.membership, pk))
    if not can_write_survey(request.membership, row.round.unit):
        raise refuse(_("Only the unit itself and the ZI secretariat keep its surveys."))
    return row


def _plan_url(pk: int) -> str:
    return reverse("assessments:survey_round", args=[pk]) + "#plan"
