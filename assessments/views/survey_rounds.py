"""Preparing survey rounds: one unit's, all units' at once; codes, receipts, what people wrote."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments import survey_documents as papers
from assessments.actions import survey_answers, surveys as actions
from assessments.editing import Conflict
from assessments.enums import SurveyState
from assessments.forms.surveys import PDF, BulkForm, CodesForm, LongerForm, ReceiptsForm, RoundForm
from assessments.models import SurveyRound
from assessments.permissions import (
    can_write_survey,
    reads_survey_comments,
    reads_surveys,
    writes_all_surveys,
    writes_surveys,
)
from assessments.queries import survey_overview, surveys as queries
from assessments.survey_proofs import shown
from assessments.views.surveys import (
    csv_answer,
    round_crumbs,
    round_or_404,
    survey_crumbs,
    writable_or_refused,
)
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in

FORM = "assessments/surveys/form.html"


def _form_page(
    request: PortalRequest, form: forms.Form, heading: Any, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "heading": heading, **more}
    return render(request, FORM, context, status=status)


@screen(writes_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_new(request: PortalRequest, unit_pk: int) -> HttpResponse:
    unit = or_404(queries.surveyed_unit(request.membership, unit_pk))
    if not can_write_survey(request.membership, unit):
        raise refuse(_("Only the unit itself and the ZI secretariat keep its surveys."))
    services = queries.offered_services(unit)
    form = RoundForm(posted(request), today=timezone.localdate(), services=services)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            round = actions.create_round(unit=unit, plan=form.plan(), by=request.membership)
            messages.success(request, _("The survey is prepared. Look at it, then open it."))
            return redirect("assessments:survey_round", pk=round.pk)
    return _form_page(
        request,
        form,
        _("New survey"),
        lead=unit.name,
        breadcrumbs=survey_crumbs((unit.label, "")),
    )


@screen(writes_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_edit(request: PortalRequest, pk: int) -> HttpResponse:
    round = writable_or_refused(request, pk)
    if round.is_counted:
        raise refuse(_("This survey is closed; it stays as it is."))
    form = _edit_form(request, round)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            with refusals_in(form):
                actions.edit_round(
                    round=round,
                    plan=form.plan(),
                    version=form.cleaned_data["version"] or 0,
                    by=request.membership,
                )
                messages.success(request, _("Saved."))
                return redirect("assessments:survey_round", pk=round.pk)
        except Conflict as conflict:
            form.overwrite(conflict.current.version)
            form.add_error(
                None,
                _("Somebody else saved this survey meanwhile. Save again to write over it."),
            )
            status = 409
    return _form_page(
        request,
        form,
        _("Change the survey"),
        status=status,
        lead=round.unit.name,
        breadcrumbs=round_crumbs(round, (_("Change"), "")),
    )


def _edit_form(request: PortalRequest, round: SurveyRound) -> RoundForm | LongerForm:
    if round.state == SurveyState.OPEN:
        return LongerForm(posted(request), row=round)
    services = queries.offered_services(round.unit)
    today = timezone.localdate()
    return RoundForm(posted(request), today=today, services=services, row=round)


@screen(writes_all_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def surveys_bulk(request: PortalRequest) -> HttpResponse:
    """The same survey for every unit that offers services."""
    today = timezone.localdate()
    form = BulkForm(posted(request), today=today)
    units = survey_overview.serving_units(request.membership, on=today)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = actions.create_rounds(
                units=units,
                plan=form.plan(),
                at_once=form.cleaned_data["at_once"],
                by=request.membership,
                now=timezone.now(),
            )
            said = ngettext(
                "%(count)d survey was prepared; units that had one keep it.",
                "%(count)d surveys were prepared; units that had one keep it.",
                made,
            )
            messages.success(request, said % {"count": made})
            return redirect("assessments:surveys")
    note = ngettext(
        "%(count)d unit offers services; it is asked about all of them.",
        "%(count)d units offer services; each is asked about all of its own.",
        len(units),
    )
    return _form_page(
        request,
        form,
        _("Surveys of all units"),
        note=note % {"count": len(units)},
        breadcrumbs=survey_crumbs((_("All units at once"), "")),
    )


@screen(writes_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_codes(request: PortalRequest, pk: int) -> HttpResponse:
    """New codes: they leave in this answer and are kept nowhere."""
    round = writable_or_refused(request, pk)
    form = CodesForm(posted(request), services=list(round.services.order_by("position", "pk")))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            codes = survey_answers.make_codes(
                round=round,
                number=int(form.cleaned_data["number"]),
                service=form.chosen_service(),
                served_on=form.cleaned_data["served_on"],
                by=request.membership,
                today=timezone.localdate(),
            )
            return _codes_answer(round, codes, form.cleaned_data["kind"])
    return _form_page(
        request,
        form,
        _("Codes for those who were served"),
        lead=round.unit.name,
        note=_(
            "Print the slips and hand one to each person after the service. The codes are shown "
            "only now: the portal keeps no copy. Lost slips do no harm; make new ones."
        ),
        breadcrumbs=round_crumbs(round, (_("Codes"), "")),
    )


def _codes_answer(round: SurveyRound, codes: list[str], kind: str) -> HttpResponse:
    if kind != PDF:
        return csv_answer([_("Code")], [[shown(code)] for code in codes], "kode-survei")
    response = HttpResponse(papers.slips_pdf(round, codes), content_type="application/pdf")
    name = content_disposition_header(True, f"slip-{round.survey.lower()}.pdf")
    response.headers["Content-Disposition"] = name or ""
    response.headers["Cache-Control"] = "no-store, private"
    return response


@screen(writes_surveys)
@require_http_methods(["GET", "HEAD", "POST"])
def survey_receipts(request: PortalRequest, pk: int) -> HttpResponse:
    round = writable_or_refused(request, pk)
    form = ReceiptsForm(posted(request), services=list(round.services.order_by("position", "pk")))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            done = survey_answers.add_receipts(
                round=round,
                numbers=form.cleaned_data["numbers"].split("\n"),
                service=form.chosen_service(),
                served_on=form.cleaned_data["served_on"],
                by=request.membership,
                today=timezone.localdate(),
            )
            _tell(request, done)
            return redirect("assessments:survey_round", pk=round.pk)
    return _form_page(
        request,
        form,
        _("Receipt numbers as proof"),
        lead=round.unit.name,
        note=_("Kept scrambled: nobody can read the numbers again. Each counts once."),
        breadcrumbs=round_crumbs(round, (_("Receipt numbers"), "")),
    )


def _tell(request: PortalRequest, done: survey_answers.Receipts) -> None:
    messages.success(
        request,
        _("New: %(added)d. Known before: %(known)d.") % {"added": done.added, "known": done.known},
    )
    if done.refused:
        lines = ", ".join(done.refused[:10])
        messages.warning(request, _("These are no receipt numbers: %(lines)s") % {"lines": lines})


@screen(reads_surveys)
@require_safe
def survey_comments(request: PortalRequest, pk: int) -> HttpResponse:
    """What people wrote: for the unit alone, and not while they are few."""
    round = round_or_404(request, pk)
    if not reads_survey_comments(request.membership, round.unit):
        raise refuse(_("What people wrote is read by the unit itself only."))
    context = {
        "round": round,
        "comments": queries.comments_of(round),
        "breadcrumbs": round_crumbs(round, (_("Comments"), "")),
    }
    return render(request, "assessments/surveys/comments.html", context)
