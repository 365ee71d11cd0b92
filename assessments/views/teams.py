"""Work teams of a zone: the team of a year, its members, new versions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import teams as actions
from assessments.enums import AreaOfChange, TeamFunction
from assessments.forms.teams import MemberForm, TeamForm
from assessments.models import IntegrityZone, TeamMember, WorkTeam
from assessments.permissions import can_write_plan, reads_plans, writes_plans
from assessments.queries import teams as queries
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, screen
from opd.refusals import refusals_in, refusals_said, say_refusal
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


@screen(reads_plans)
@require_safe
def team(request: PortalRequest, zone_pk: int) -> HttpResponse:
    """The newest team, or the version that is asked for, and the others of the zone."""
    zone = _zone(request, zone_pk)
    teams = queries.teams_of(request.membership, zone)
    asked = request.GET.get("team", "")
    chosen = next((row for row in teams if str(row.pk) == asked), None)
    chosen = chosen or (teams[0] if teams else None)
    writes = can_write_plan(request.membership, zone.unit) and zone.closed_on is None
    newest = next((row for row in teams if chosen and row.year == chosen.year), None)
    is_newest = chosen is not None and newest is not None and chosen.pk == newest.pk
    context = {
        "zone": zone,
        "page": queries.team_page(chosen) if chosen else None,
        "teams": teams,
        "is_newest": is_newest,
        "may_write": writes,
        "may_edit": writes and chosen is not None and chosen.sealed_at is None,
        "may_amend": writes and chosen is not None and chosen.sealed_at and is_newest,
        "breadcrumbs": _crumbs(zone),
    }
    return render(request, "assessments/teams/team.html", context)


def _zone(request: PortalRequest, pk: int) -> IntegrityZone:
    return or_404(queries.zone_for_team(request.membership, pk))


def _crumbs(zone: IntegrityZone, label: Any = "") -> list[dict[str, Any]]:
    here = reverse("assessments:team", kwargs={"zone_pk": zone.pk})
    steps = [
        (_("Zones"), reverse("assessments:zones")),
        (zone.unit.label, reverse("assessments:zone", args=[zone.pk])),
        (_("Work team"), here if label else ""),
    ]
    return crumbs(*steps, *([(label, "")] if label else []))


def _require_write(request: PortalRequest, zone: IntegrityZone) -> None:
    if not can_write_plan(request.membership, zone.unit):
        raise refuse(_("Only the operator and the head of the unit write its work team."))


@screen(writes_plans)
@READ
def team_new(request: PortalRequest, zone_pk: int) -> HttpResponse:
    zone = _zone(request, zone_pk)
    _require_write(request, zone)
    teams = queries.teams_of(request.membership, zone)
    data = request.POST if request.method == "POST" else None
    form = TeamForm(data, teams=teams, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        source = next((t for t in teams if str(t.pk) == form.cleaned_data["copy_from"]), None)
        with refusals_in(form):
            opened = actions.open_team(
                zone=zone,
                year=int(form.cleaned_data["year"]),
                by=request.membership,
                copy_from=source,
            )
            messages.success(request, _("The work team is open. Write its members."))
            return redirect(_address(opened))
    heading = _("Open a work team")
    context = {
        "form": form,
        "heading": heading,
        "back": reverse("assessments:team", kwargs={"zone_pk": zone.pk}),
        "breadcrumbs": _crumbs(zone, heading),
    }
    return render(request, "assessments/form.html", context)


def _address(row: WorkTeam, anchor: str = "") -> str:
    url = reverse("assessments:team", kwargs={"zone_pk": row.zone_id})
    return f"{url}?team={row.pk}{'#' + anchor if anchor else ''}"


def _team(request: PortalRequest, pk: int) -> WorkTeam:
    row = or_404(queries.team_of(request.membership, pk))
    _require_write(request, row.zone)
    return row


def _member(request: PortalRequest, pk: int) -> TeamMember:
    row = or_404(queries.member_of(request.membership, pk))
    _require_write(request, row.team.zone)
    return row


@screen(writes_plans)
@READ
def member_new(request: PortalRequest, pk: int) -> HttpResponse:
    row = _team(request, pk)
    people = list(queries.people_of_branch(row.zone.unit, timezone.localdate()))
    function, area = request.GET.get("function", ""), request.GET.get("area", "")
    form = MemberForm.blank(
        people,
        function=function if function in TeamFunction.values else "",
        area=area if area in AreaOfChange.values else "",
        is_agent=function == TeamFunction.AGEN,
    )
    if request.method == "POST":
        form = MemberForm(request.POST, people=people)
        if form.is_valid():
            with refusals_in(form, "function"):
                added = actions.add_member(
                    team=row,
                    facts=form.facts(),
                    form_key=form.cleaned_data["form_key"],
                    by=request.membership,
                )
                messages.success(request, _("Saved: %(title)s") % {"title": added.name})
                return redirect(_address(row, _anchor(added)))
    return _form(request, row, form, _("Add a member"))


def _anchor(member: TeamMember) -> str:
    if member.area:
        return f"pokja-{member.area}"
    return "agents" if member.function == TeamFunction.AGEN else "leaders"


@screen(writes_plans)
@READ
def member_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = _member(request, pk)
    people = list(queries.people_of_branch(row.team.zone.unit, timezone.localdate()))
    if row.membership is not None and row.membership not in people:
        people.append(row.membership)
    form = MemberForm.showing(row, people)
    heading = _("Change a member")
    if request.method == "POST":
        form = MemberForm(request.POST, people=people)
        if form.is_valid():
            try:
                actions.edit_member(
                    member=row,
                    facts=form.facts(),
                    version=form.cleaned_data["version"],
                    by=request.membership,
                )
            except actions.MemberConflict as conflict:
                form.overwrite(version=conflict.current.version)
                return _form(request, row.team, form, heading, saved=conflict.current, status=409)
            except StepRefused as refused:
                form.add_error("function", str(refused))
            else:
                messages.success(request, _("Saved."))
                return redirect(_address(row.team, _anchor(row)))
    return _form(request, row.team, form, heading)


def _form(
    request: PortalRequest,
    row: WorkTeam,
    form: MemberForm,
    heading: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "team": row,
        "back": _address(row),
        "breadcrumbs": _crumbs(row.zone, heading),
        **more,
    }
    return render(request, "assessments/teams/member_form.html", context, status=status)


@screen(writes_plans)
@require_POST
def member_remove(request: PortalRequest, pk: int) -> HttpResponse:
    row = _member(request, pk)
    with refusals_said(request):
        actions.remove_member(member=row, by=request.membership)
        messages.success(request, _("Removed from the team: %(name)s") % {"name": row.name})
    return redirect(_address(row.team, _anchor(row)))


@screen(writes_plans)
@require_POST
def team_amend(request: PortalRequest, pk: int) -> HttpResponse:
    row = _team(request, pk)
    try:
        fresh = actions.amend_team(team=row, by=request.membership)
    except StepRefused as refusal:
        say_refusal(request, refusal)
        return redirect(_address(row))
    messages.success(
        request, _("A new version of the team. Its own decree will replace the signed one.")
    )
    return redirect(_address(fresh))
