"""Assessment events: the list, a zone's, one with its questions and files."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import events as actions
from assessments.enums import EventState
from assessments.forms.events import EventFilterForm, EventForm
from assessments.forms.proofs import FilesForm, ReasonForm
from assessments.models import AssessmentEvent, IntegrityZone
from assessments.permissions import can_write_plan, reads_plans, records_assessments
from assessments.queries import events as queries
from assessments.queries.recommendations import assessed_zone
from assessments.views.editing import conflicts_in, form_page, proof_of
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404, serve_file
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said

PER_PAGE = 25


@screen(reads_plans)
@require_safe
def event_list(request: PortalRequest) -> HttpResponse:
    return _list(request, None)


@screen(reads_plans)
@require_safe
def zone_events(request: PortalRequest, zone_pk: int) -> HttpResponse:
    return _list(request, zone_or_404(request, zone_pk))


def _list(request: PortalRequest, zone: IntegrityZone | None) -> HttpResponse:
    form = EventFilterForm(request.GET, years=queries.years(request.membership))
    year = form.chosen("year")
    wanted = queries.EventFilter(
        year=int(year) if year else None,
        team=form.chosen("team"),
        kind=form.chosen("kind"),
        state=form.chosen("state"),
    )
    rows = queries.events(request.membership, wanted, zone)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "zone": zone,
        "filters": form,
        "is_filtered": wanted != queries.EventFilter(),
        "page_obj": page,
        "rows": [(row, queries.window(row)) for row in page],
        "may_record": records_assessments(request.membership),
        "breadcrumbs": zone_crumbs(zone, _("Assessment events")),
    }
    return render(request, "assessments/events/list.html", context)


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def event_new(request: PortalRequest, zone_pk: int) -> HttpResponse:
    zone = zone_or_404(request, zone_pk)
    attempts = queries.attempts_of(zone)
    data = posted(request)
    form = EventForm.blank(attempts) if data is None else EventForm(data, attempts=attempts)
    if data is not None and form.is_valid():
        with refusals_in(form):
            row = actions.plan_event(
                zone=zone,
                texts=form.texts(),
                attempt=form.chosen_attempt(),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
            )
            messages.success(request, _("The event is saved."))
            return redirect("assessments:event", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("New assessment event"),
        lead=zone.unit.name,
        is_sample=zone.is_sample,
        breadcrumbs=zone_crumbs(zone, _("New assessment event"), inside=True),
    )


@screen(reads_plans)
@require_safe
def event(request: PortalRequest, pk: int) -> HttpResponse:
    row = event_or_404(request, pk)
    today = timezone.localdate()
    recorder = records_assessments(request.membership)
    questions = queries.questions_of(row)
    context = {
        "event": row,
        "unit": row.zone.unit,
        "window": queries.window(row),
        "assessors": [line for line in row.assessors.split("\n") if line.strip()],
        "questions": [(each, queries.is_late(each, today)) for each in questions],
        "unanswered": sum(each.state == "open" for each in questions),
        "steps": queries.steps_of(row),
        "may_record": recorder,
        "may_answer": can_write_plan(request.membership, row.zone.unit),
        "may_hold": recorder and row.state == EventState.PLANNED and row.ends_on <= today,
        "may_cancel": recorder and row.state == EventState.PLANNED,
        "may_replan": recorder and row.state == EventState.CANCELLED,
        "breadcrumbs": event_crumbs(row),
    }
    return render(request, "assessments/events/event.html", context)


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def event_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = event_or_404(request, pk)
    more: dict[str, Any] = {}
    data = posted(request)
    form = EventForm.showing(row) if data is None else EventForm(data, attempts=[])
    if data is not None and form.is_valid():
        with refusals_in(form), conflicts_in(form, EventForm.showing, more):
            actions.edit_event(
                event=row,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The event is saved."))
            return redirect("assessments:event", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Change the event"),
        lead=row.zone.unit.name,
        is_sample=row.is_sample,
        back=reverse("assessments:event", args=[row.pk]),
        breadcrumbs=event_crumbs(row, _("Change the event")),
        **more,
    )


@screen(records_assessments)
@require_POST
def event_hold(request: PortalRequest, pk: int) -> HttpResponse:
    row = event_or_404(request, pk)
    with refusals_said(request):
        actions.hold_event(
            event=row, by=request.membership, now=timezone.now(), today=timezone.localdate()
        )
        messages.success(request, _("Recorded as held."))
    return redirect("assessments:event", pk=row.pk)


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def event_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    row = event_or_404(request, pk)
    form = ReasonForm(
        posted(request), submit=_("Cancel the event"), label=_("Why is it cancelled?"), danger=True
    )
    if form.is_valid():
        with refusals_in(form):
            actions.cancel_event(
                event=row,
                reason=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The event is cancelled."))
            return redirect("assessments:event", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Cancel the event"),
        lead=f"{row.zone.unit.name} · {row.get_kind_display()}, {queries.window(row)}",
        back=reverse("assessments:event", args=[row.pk]),
        breadcrumbs=event_crumbs(row, _("Cancel the event")),
    )


@screen(records_assessments)
@require_POST
def event_replan(request: PortalRequest, pk: int) -> HttpResponse:
    row = event_or_404(request, pk)
    with refusals_said(request):
        actions.replan_event(event=row, by=request.membership, now=timezone.now())
        messages.success(request, _("Planned again. Check its day and place."))
    return redirect("assessments:event", pk=row.pk)


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def event_files(request: PortalRequest, pk: int) -> HttpResponse:
    row = event_or_404(request, pk)
    form, arrived = proof_of(request, queries.EVENT_FILE_KIND, FilesForm, submit=_("Add the files"))
    if arrived == [] and not form.errors:
        form.add_error("files", _("Choose a file."))
    if arrived and not form.errors:
        with refusals_in(form):
            actions.add_event_files(event=row, files=arrived, by=request.membership)
            messages.success(request, _("The files are added."))
            return redirect("assessments:event", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Add files"),
        lead=f"{row.zone.unit.name} · {row.get_kind_display()}, {queries.window(row)}",
        back=reverse("assessments:event", args=[row.pk]),
        breadcrumbs=event_crumbs(row, _("Add files")),
    )


@screen(reads_plans)
@require_safe
def event_file(request: PortalRequest, pk: int) -> FileResponse:
    return serve_file(or_404(queries.event_file(request.membership, pk)).stored)


def event_or_404(request: PortalRequest, pk: int) -> AssessmentEvent:
    return or_404(queries.event(request.membership, pk))


def zone_or_404(request: PortalRequest, pk: int) -> IntegrityZone:
    return or_404(assessed_zone(request.membership, pk))


def zone_crumbs(
    zone: IntegrityZone | None, label: str, *, inside: bool = False
) -> list[dict[str, Any]]:
    """All events, the zone's, the page itself."""
    every = (_("Assessment events"), reverse("assessments:events"))
    if zone is None:
        return crumbs((_("ZI programme"), reverse("assessments:programme")), (label, ""))
    here = (zone.unit.label, reverse("assessments:zone_events", args=[zone.pk]))
    return crumbs(every, here, (label, "")) if inside else crumbs(every, (zone.unit.label, ""))


def event_crumbs(row: AssessmentEvent, label: str = "") -> list[dict[str, Any]]:
    title = f"{row.get_kind_display()} {row.get_team_display()}"
    steps = [
        (_("Assessment events"), reverse("assessments:events")),
        (row.zone.unit.label, reverse("assessments:zone_events", args=[row.zone_id])),
    ]
    if not label:
        return crumbs(*steps, (title, ""))
    return crumbs(*steps, (title, reverse("assessments:event", args=[row.pk])), (label, ""))
