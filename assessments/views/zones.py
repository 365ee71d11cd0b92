"""Zones: the caller's list, one zone with its history, starting to build, earlier predicates."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import outcomes, zones as actions
from assessments.enums import Predicate, ZoneStage
from assessments.forms.journey import SinceForm, StartForm
from assessments.forms.zones import PredicateForm
from assessments.models import IntegrityZone
from assessments.permissions import (
    can_manage_acts,
    can_read_acts,
    can_start_building,
    may_start_building,
    reads_plans,
)
from assessments.queries import zones as queries
from assessments.queries.attempts import attempts_about
from assessments.queries.declarations import waiting_for
from assessments.queries.handovers import handovers_of
from assessments.views.shared import Lacking, crumbs, with_links
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, screen
from opd.models import Membership
from opd.navigation import hub_links
from opd.refusals import refusals_in, refusals_said
from opd.transitions import StepRefused


@screen(can_read_acts)
@require_safe
def zone_list(request: PortalRequest) -> HttpResponse:
    stage, text = request.GET.get("stage", ""), request.GET.get("q", "").strip()[:80]
    rows = queries.zone_list(request.membership, stage=stage, text=text)
    return render(
        request,
        "assessments/zones.html",
        {
            "page_obj": Paginator(rows, 25).get_page(request.GET.get("page")),
            "stage": stage,
            "stages": ZoneStage.choices,
            "text": text,
            "can_manage": can_manage_acts(request.membership),
            "awaited": list(waiting_for(request.membership)),
        },
    )


@screen(can_read_acts)
@require_safe
def zone(request: PortalRequest, pk: int) -> HttpResponse:
    row = or_404(queries.zone_of(request.membership, pk))
    membership, today = request.membership, timezone.localdate()
    handovers = handovers_of(row)
    taken_over = [each for each in handovers if each.successor_id == row.pk]
    line = {row.unit_id, *(each.predecessor.unit_id for each in taken_over)}
    declarations = queries.declarations_about(line, membership)
    decrees = queries.decrees_about(line, membership)
    plans = queries.plans_of(row, *(each.predecessor for each in taken_over))
    if not reads_plans(membership):
        plans = []
    acts = queries.Acts(declarations, decrees)
    steps = queries.next_steps(row, membership, today, acts=acts)
    return render(
        request,
        "assessments/zone.html",
        {
            "zone": row,
            "taken_over": taken_over,
            "handed_over": [each for each in handovers if each.predecessor_id == row.pk],
            "today": today,
            "declarations": declarations,
            "decrees": decrees,
            "next_steps": [(step, with_links(step.missing)) for step in steps],
            "road": _road(row),
            "attempts": attempts_about(line),
            "may_correct_since": row.stage == ZoneStage.BUILDING
            and row.closed_on is None
            and can_manage_acts(membership),
            "may_open_wbbm": _may_open_wbbm(row, membership),
            "plans": [plan for plan in plans if plan.zone_id == row.pk],
            "earlier_plans": [plan for plan in plans if plan.zone_id != row.pk],
            "awaited": list(waiting_for(request.membership)),
            "rooms": hub_links(membership, "assessments:zone", zone_pk=row.pk),
            "breadcrumbs": crumbs((_("Zones"), reverse("assessments:zones")), (row.unit.label, "")),
        },
    )


def _road(zone: IntegrityZone) -> list[tuple[str, str]]:
    """Each stage with its place on the road: done, now or ahead."""
    order = list(ZoneStage)
    here = order.index(ZoneStage(zone.stage))
    places = [
        "done" if place < here else "now" if place == here else "" for place in range(len(order))
    ]
    return [(str(stage.label), place) for stage, place in zip(order, places, strict=True)]


def _may_open_wbbm(zone: IntegrityZone, membership: Membership) -> bool:
    """Offered where WBK is held and nobody is on the way to WBBM yet; the action decides."""
    return (
        zone.closed_on is None
        and zone.stage == ZoneStage.DECIDED
        and zone.target == Predicate.WBK
        and can_start_building(membership)
        and may_start_building(membership, zone)
        and any(row.state in ("active", "watched") for row in zone.predicates.all())
    )


def _row(request: PortalRequest, pk: int) -> IntegrityZone:
    return or_404(queries.zone_of(request.membership, pk))


@screen(can_start_building)
@require_http_methods(["GET", "HEAD", "POST"])
def start_building(request: PortalRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = StartForm(posted(request), today=timezone.localdate(), submit=_("Start building"))
    lacking: list[Lacking] = []
    if form.is_valid():
        try:
            actions.start_building(
                zone=row, by=request.membership, now=timezone.now(), **form.cleaned_data
            )
        except StepRefused as refusal:
            form.add_error("since", str(refusal))
            lacking = with_links(refusal.missing)
        else:
            messages.success(request, _("The zone is being built."))
            return redirect("assessments:zone", pk)
    return _start_page(request, row, form, _("Start building"), lacking)


def _start_page(
    request: PortalRequest,
    row: IntegrityZone,
    form: StartForm | SinceForm,
    heading: str,
    lacking: Sequence[Lacking] = (),
) -> HttpResponse:
    here = reverse("assessments:zone", args=[row.pk])
    context = {
        "form": form,
        "heading": heading,
        "lead": row.unit.name,
        "lacking": lacking,
        "back": here,
        "breadcrumbs": crumbs(
            (_("Zones"), reverse("assessments:zones")), (row.unit.label, here), (heading, "")
        ),
    }
    return render(request, "assessments/form.html", context, status=422 if form.errors else 200)


@screen(can_manage_acts)
@require_http_methods(["GET", "HEAD", "POST"])
def building_since(request: PortalRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = SinceForm(posted(request), initial={"since": row.building_since})
    if form.is_valid():
        with refusals_in(form, "since"):
            actions.correct_building_since(
                zone=row, by=request.membership, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("The first day of building is corrected."))
            return redirect("assessments:zone", pk)
    return _start_page(request, row, form, _("Correct since when it builds"))


@screen(can_start_building)
@require_POST
def build_again(request: PortalRequest, pk: int) -> HttpResponse:
    with refusals_said(request):
        outcomes.build_again(zone=_row(request, pk), by=request.membership, now=timezone.now())
        messages.success(request, _("The zone is being built again; its attempts stay below."))
    return redirect("assessments:zone", pk)


@screen(can_start_building)
@require_http_methods(["GET", "HEAD", "POST"])
def open_wbbm(request: PortalRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    heading = _("Build towards WBBM")
    form = StartForm(posted(request), today=timezone.localdate(), submit=heading)
    if form.is_valid():
        with refusals_in(form, "since"):
            zone = outcomes.open_wbbm(
                unit=row.unit, by=request.membership, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("The unit builds towards WBBM. Its WBK stays in force."))
            return redirect("assessments:zone", zone.pk)
    return _start_page(request, row, form, heading)


@screen(can_manage_acts)
@require_http_methods(["GET", "HEAD", "POST"])
def predicate_new(request: PortalRequest) -> HttpResponse:
    units = {str(unit.pk): unit for unit in queries.units_of_government(request.membership)}
    choices = [(pk, unit.name) for pk, unit in units.items()]
    this_year = timezone.localdate().year
    form = PredicateForm(
        request.POST if request.method == "POST" else None, choices=choices, this_year=this_year
    )
    lacking: list[Lacking] = []
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        unit = units[values.pop("unit")]
        try:
            row = actions.record_award(
                unit=unit, by=request.membership, now=timezone.now(), **values
            )
        except StepRefused as refusal:
            form.add_error("unit", str(refusal))
            lacking = with_links(refusal.missing)
        else:
            messages.success(request, _("The predicate is recorded."))
            return redirect("assessments:zone", row.zone_id)
    heading = _("Record an earlier predicate")
    crumb = crumbs((_("Zones"), reverse("assessments:zones")), (heading, ""))
    context = {"form": form, "heading": heading, "lacking": lacking, "breadcrumbs": crumb}
    return render(request, "assessments/form.html", context)
