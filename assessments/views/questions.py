"""Questions of assessors: write, answer, ask again."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import questions as actions
from assessments.enums import EventState, QuestionState
from assessments.forms.events import QuestionForm
from assessments.forms.proofs import ReasonForm
from assessments.models import AssessorQuestion
from assessments.permissions import can_write_plan, reads_plans, records_assessments, writes_plans
from assessments.queries import events as queries
from assessments.views.editing import conflicts_in, form_page, proof_of
from assessments.views.events import event_crumbs, event_or_404
from integrity_portal.core.http import or_404, refuse, serve_file
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: PortalRequest, pk: int) -> HttpResponse:
    event = event_or_404(request, pk)
    data = posted(request)
    form = QuestionForm.blank() if data is None else QuestionForm(data)
    if data is not None and form.is_valid():
        with refusals_in(form):
            actions.ask_question(
                event=event,
                texts=form.texts(),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
            )
            messages.success(request, _("The question is saved."))
            return redirect(reverse("assessments:event", args=[event.pk]) + "#questions")
    return form_page(
        request,
        form,
        heading=_("New question"),
        lead=f"{event.zone.unit.name} · {event.get_kind_display()}, {queries.window(event)}",
        is_sample=event.is_sample,
        back=reverse("assessments:event", args=[event.pk]),
        breadcrumbs=event_crumbs(event, _("New question")),
    )


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = question_or_404(request, pk)
    more: dict[str, Any] = {}
    data = posted(request)
    form = QuestionForm.showing(row) if data is None else QuestionForm(data)
    if data is not None and form.is_valid():
        with refusals_in(form), conflicts_in(form, QuestionForm.showing, more):
            actions.edit_question(
                question=row,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
            )
            messages.success(request, _("The question is saved."))
            return redirect("assessments:question", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Change the question"),
        lead=row.event.zone.unit.name,
        is_sample=row.is_sample,
        back=reverse("assessments:question", args=[row.pk]),
        breadcrumbs=event_crumbs(row.event, _("Change the question")),
        **more,
    )


@screen(reads_plans)
@require_safe
def question(request: PortalRequest, pk: int) -> HttpResponse:
    """One question with every answer that the unit has sent."""
    row = question_or_404(request, pk)
    recorder = records_assessments(request.membership)
    answers = list(row.answers.all())
    context = {
        "question": row,
        "event": row.event,
        "unit": row.event.zone.unit,
        "window": queries.window(row.event),
        "is_late": queries.is_late(row, timezone.localdate()),
        "answers": answers,
        "messages_again": queries.messages_of(row),
        "may_answer": _may_answer(request, row) and row.state == QuestionState.OPEN,
        "may_edit": recorder and not answers,
        "may_ask_again": recorder and row.state == QuestionState.ANSWERED,
        "breadcrumbs": event_crumbs(row.event, _("Question %(number)d") % {"number": row.position}),
    }
    return render(request, "assessments/events/question.html", context)


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def question_answer(request: PortalRequest, pk: int) -> HttpResponse:
    row = question_or_404(request, pk)
    if not _may_answer(request, row):
        raise refuse(_("Only the operator and the head of the unit answer."))
    if request.method != "POST" and (
        row.state == QuestionState.ANSWERED or row.event.state == EventState.CANCELLED
    ):
        return redirect("assessments:question", pk=row.pk)
    form, arrived = proof_of(
        request, queries.ANSWER_FILE_KIND, submit=_("Send the answer"), label=_("Answer")
    )
    if arrived is not None and not form.errors:
        with refusals_in(form):
            actions.answer_question(
                question=row,
                text=form.cleaned_data["text"],
                files=arrived,
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The answer is sent."))
            return redirect("assessments:question", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Answer the question"),
        lead=row.text,
        facts=[(_("Asked by"), row.asked_by)],
        is_sample=row.is_sample,
        back=reverse("assessments:question", args=[row.pk]),
        breadcrumbs=event_crumbs(row.event, _("Answer the question")),
    )


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def question_again(request: PortalRequest, pk: int) -> HttpResponse:
    row = question_or_404(request, pk)
    form = ReasonForm(posted(request), submit=_("Ask again"), label=_("What is still missing?"))
    if form.is_valid():
        with refusals_in(form):
            actions.ask_again(
                question=row,
                message=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Asked again; the earlier answer stays readable."))
            return redirect("assessments:question", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Ask again"),
        lead=row.text,
        back=reverse("assessments:question", args=[row.pk]),
        breadcrumbs=event_crumbs(row.event, _("Ask again")),
    )


@screen(reads_plans)
@require_safe
def answer_file(request: PortalRequest, pk: int) -> FileResponse:
    return serve_file(or_404(queries.answer_file(request.membership, pk)).stored)


def question_or_404(request: PortalRequest, pk: int) -> AssessorQuestion:
    return or_404(queries.question(request.membership, pk))


def _may_answer(request: PortalRequest, row: AssessorQuestion) -> bool:
    return can_write_plan(request.membership, row.event.zone.unit)
