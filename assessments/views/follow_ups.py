"""Follow-ups of monev meetings: write, report with proof, verify, give back."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import follow_ups as actions
from assessments.enums import FollowUpState, MeetingState
from assessments.forms.monev import FollowUpForm
from assessments.forms.proofs import ReasonForm
from assessments.models import FollowUp, MonevMeeting
from assessments.permissions import (
    can_decide,
    can_write_plan,
    decides_reports,
    is_another_person,
    reads_plans,
    writes_plans,
)
from assessments.queries import monev as queries
from assessments.views.editing import conflicts_in, form_page, proof_of
from assessments.views.meetings import meeting_or_404
from assessments.views.shared import crumbs
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import or_404, refuse, serve_file
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_new(request: PortalRequest, pk: int) -> HttpResponse:
    meeting = meeting_or_404(request, pk)
    _require_write(request, meeting)
    activities = queries.activities_to_name(meeting)
    data = posted(request)
    if data is None:
        named = request.GET.get("activity", "")
        form = FollowUpForm.blank(activities, activity=named)
    else:
        form = FollowUpForm(data, activities=activities)
        if form.is_valid():
            with refusals_in(form):
                actions.add_follow_up(
                    meeting=meeting,
                    texts=form.texts(),
                    form_key=form.cleaned_data["form_key"],
                    by=request.membership,
                )
                messages.success(request, _("The follow-up is saved."))
                return redirect(reverse("assessments:meeting", args=[meeting.pk]) + "#follow-ups")
    return _form(request, form, meeting, _("New follow-up"))


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = follow_up_or_404(request, pk)
    _require_write(request, row.meeting)
    activities = queries.activities_to_name(row.meeting)
    more: dict[str, Any] = {}
    data = posted(request)
    if data is None:
        form = FollowUpForm.showing(row, activities)
    else:
        form = FollowUpForm(data, activities=activities)
    if data is not None and form.is_valid():
        with (
            refusals_in(form),
            conflicts_in(form, lambda row: FollowUpForm.showing(row, activities), more),
        ):
            actions.edit_follow_up(
                follow_up=row,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
            )
            messages.success(request, _("The follow-up is saved."))
            return redirect("assessments:follow_up", pk=row.pk)
    back = reverse("assessments:follow_up", args=[row.pk])
    return _form(request, form, row.meeting, _("Change the follow-up"), back=back, **more)


def _form(
    request: PortalRequest, form: FollowUpForm, meeting: MonevMeeting, heading: str, **more: Any
) -> HttpResponse:
    more.setdefault("back", reverse("assessments:meeting", args=[meeting.pk]))
    return form_page(
        request,
        form,
        heading=heading,
        lead=f"{meeting.freeze.plan.zone.unit.name} · {meeting.freeze.period}",
        is_sample=meeting.is_sample,
        breadcrumbs=way(meeting, heading),
        **more,
    )


@screen(reads_plans)
@require_safe
def follow_up(request: PortalRequest, pk: int) -> HttpResponse:
    """What is to be done, what was reported, and whose move it is."""
    return _page(request, follow_up_or_404(request, pk))


def _page(
    request: PortalRequest, row: FollowUp, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    unit = row.meeting.freeze.plan.zone.unit
    membership = request.membership
    decides = row.state == FollowUpState.DONE and can_decide(membership, unit)
    is_own = row.done_by is not None and not is_another_person(membership, row.done_by)
    may_write = can_write_plan(membership, unit)
    form = form or ReasonForm(submit=_("Give back"), label=_("What is still missing?"))
    form.helper.form_action = reverse("assessments:follow_up_return", args=[row.pk])
    context = {
        "follow_up": row,
        "row": queries.follow_up_rows([row], timezone.localdate())[0],
        "meeting": row.meeting,
        "unit": unit,
        "files": row.files.select_related("stored").order_by("pk"),
        "steps": row.steps.select_related("membership").order_by("-happened_at", "-pk"),
        "may_report": may_write and row.state == FollowUpState.OPEN,
        "may_edit": may_write
        and row.state == FollowUpState.OPEN
        and row.meeting.state == MeetingState.DRAFT,
        "may_decide": decides and not is_own,
        "waits_for_other": decides and is_own,
        "form": form,
        "breadcrumbs": way(row.meeting, _("Follow-up")),
    }
    return render(request, "assessments/monev/follow_up.html", context, status=status)


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_report(request: PortalRequest, pk: int) -> HttpResponse:
    row = follow_up_or_404(request, pk)
    _require_write(request, row.meeting)
    if request.method != "POST" and row.state != FollowUpState.OPEN:
        return redirect("assessments:follow_up", pk=row.pk)
    form, arrived = proof_of(request, queries.PROOF_KIND, submit=_("Report as done"))
    if arrived is not None and not form.errors:
        with refusals_in(form):
            actions.report_follow_up(
                follow_up=row,
                text=form.cleaned_data["text"],
                files=arrived,
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Reported; the head of the unit verifies it."))
            return redirect("assessments:follow_up", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Report as done"),
        lead=row.what,
        facts=[(_("Who does it?"), row.owner), (_("Due date"), date_id(row.due_on))],
        is_sample=row.is_sample,
        back=reverse("assessments:follow_up", args=[row.pk]),
        breadcrumbs=way(row.meeting, _("Report as done")),
    )


@screen(decides_reports)
@require_POST
def follow_up_verify(request: PortalRequest, pk: int) -> HttpResponse:
    row = follow_up_or_404(request, pk)
    with refusals_said(request):
        actions.verify_follow_up(follow_up=row, by=request.membership, now=timezone.now())
        messages.success(request, _("Verified."))
    return redirect("assessments:follow_up", pk=row.pk)


@screen(decides_reports)
@require_POST
def follow_up_return(request: PortalRequest, pk: int) -> HttpResponse:
    row = follow_up_or_404(request, pk)
    form = ReasonForm(request.POST, submit=_("Give back"), label=_("What is still missing?"))
    if form.is_valid():
        with refusals_in(form):
            actions.give_back_follow_up(
                follow_up=row,
                message=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Given back to the unit."))
            return redirect("assessments:follow_up", pk=row.pk)
    return _page(request, row, form, status=200)


@screen(reads_plans)
@require_safe
def follow_up_file(request: PortalRequest, pk: int) -> FileResponse:
    return serve_file(or_404(queries.follow_up_file(request.membership, pk)).stored)


def follow_up_or_404(request: PortalRequest, pk: int) -> FollowUp:
    return or_404(queries.follow_up(request.membership, pk))


def _require_write(request: PortalRequest, meeting: MonevMeeting) -> None:
    if not can_write_plan(request.membership, meeting.freeze.plan.zone.unit):
        raise refuse(_("Only the operator and the head of the unit write this."))


def way(meeting: MonevMeeting, label: str) -> list[dict[str, Any]]:
    zone = meeting.freeze.plan.zone
    return crumbs(
        ("Monev", reverse("assessments:monev")),
        (zone.unit.label, reverse("assessments:zone_monev", args=[zone.pk])),
        (
            _("Monev meeting, %(day)s") % {"day": date_id(meeting.held_on)},
            reverse("assessments:meeting", args=[meeting.pk]),
        ),
        (label, ""),
    )
