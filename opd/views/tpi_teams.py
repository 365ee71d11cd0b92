"""The TPI of a year: decree, functions, who assesses what, who could."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core import files
from integrity_portal.core.http import or_404, serve_file
from opd import permissions, queries
from opd.actions import people as people_actions, tpi as actions
from opd.forms.tpi import AssignForm, TpiMemberForm, TpiTeamForm
from opd.http import PortalRequest, posted, screen
from opd.models import Membership, TpiTeam
from opd.queries import tpi as tpi_queries
from opd.refusals import refusals_in, refusals_said
from opd.views.unit_changes import form_page, reads_and_sends

FIRST_YEAR = 2015


def _year(text: str) -> int:
    """The year asked for, within reason; this one when nothing was."""
    today = timezone.localdate()
    year = int(text) if text.isdecimal() and len(text) == 4 else today.year
    return min(max(year, FIRST_YEAR), today.year + 1)


def _url(year: int) -> str:
    return f"{reverse('opd:tpi_year')}?year={year}"


@screen(permissions.can_see_tpi)
@require_safe
def tpi_year(request: PortalRequest) -> HttpResponse:
    today, year = timezone.localdate(), _year(request.GET.get("year", ""))
    found = tpi_queries.tpi_year(request.government.pk, year, today=today)
    context = {
        "found": found,
        "year": year,
        "years": sorted(
            {
                *tpi_queries.team_years(request.government.pk),
                *range(max(FIRST_YEAR, today.year - 2), today.year + 2),
            }
        ),
        "may_assign": permissions.can_assign_tpi(request.membership),
        "breadcrumbs": [
            {"label": _("TPI"), "url": reverse("opd:tpi")},
            {"label": str(year), "url": ""},
        ],
    }
    return render(request, "opd/people/tpi_year.html", context)


@screen(permissions.can_assign_tpi)
@reads_and_sends
def tpi_team_edit(request: PortalRequest) -> HttpResponse:
    year = _year(request.GET.get("year", ""))
    team = tpi_queries.team_of(request.government.pk, year)
    form = TpiTeamForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial=TpiTeamForm.initial_of(team),
    )
    if form.is_bound and form.is_valid() and _saved(request, form, year):
        messages.success(request, _("The decree of the team is saved."))
        return redirect(_url(year))
    title = _("Decree of the TPI %(year)s") % {"year": year}
    return _form(request, form, year, title)


def _saved(request: PortalRequest, form: TpiTeamForm, year: int) -> bool:
    clean = form.cleaned_data
    with refusals_in(form, upload="scan"):
        scan = None
        if clean["scan"]:
            scan = files.receive(
                clean["scan"],
                rule=files.EVIDENCE,
                kind="tpi",
                government_id=request.government.pk,
                by_user_id=request.user.pk,
            )
        actions.save_tpi_team(
            by=request.membership,
            year=year,
            decree_number=clean["decree_number"],
            decided_on=clean["decided_on"],
            scan=scan,
            version=clean["version"] or 0,
            today=timezone.localdate(),
        )
        return True
    return False


@screen(permissions.can_assign_tpi)
@reads_and_sends
def tpi_member_add(request: PortalRequest, pk: int) -> HttpResponse:
    team = _team_or_404(request, pk)
    year = team.year
    form = TpiMemberForm(posted(request))
    if form.is_valid():
        member = _office_of(request, *form.cleaned_data["identifier"])
        if member is None:
            form.add_error("identifier", _("Nobody who holds an office here signs in with this."))
        else:
            with refusals_in(form):
                actions.add_tpi_member(
                    by=request.membership,
                    team=team,
                    member=member,
                    function=form.cleaned_data["function"],
                )
                messages.success(request, _("The member is in the team."))
                return redirect(_url(year))
    return _form(request, form, year, _("Add a member to the team"))


def _office_of(request: PortalRequest, kind: str, value: str) -> Membership | None:
    return (
        queries.offices_in_scope(request.membership)
        .valid_on(timezone.localdate())
        .filter(user__identifiers__kind=kind, user__identifiers__value=value)
        .order_by("-valid_from", "-pk")
        .first()
    )


@screen(permissions.can_assign_tpi)
@require_POST
def tpi_member_remove(request: PortalRequest, pk: int) -> HttpResponse:
    row = or_404(tpi_queries.member_in_scope(request.membership, pk))
    year = row.team.year
    with refusals_said(request):
        actions.remove_tpi_member(by=request.membership, row=row)
        messages.success(request, _("The member has left the team."))
    return redirect(_url(year))


@screen(permissions.can_assign_tpi)
@require_POST
def tpi_assign(request: PortalRequest, unit_id: int) -> HttpResponse:
    """One of the members that the page suggested for a unit."""
    today, year = timezone.localdate(), _year(request.POST.get("year", ""))
    found = tpi_queries.tpi_year(request.government.pk, year, today=today)
    need = or_404(next((row for row in found.needs if row.unit.pk == unit_id), None))
    form = AssignForm(request.POST, possible=need.possible)
    if not form.is_valid():
        messages.error(request, _("Choose an assessor from the list."))
        return redirect(_url(year))
    with refusals_said(request):
        people_actions.assign_tpi(
            member=form.chosen(), unit=need.unit, year=year, by=request.membership, today=today
        )
        messages.success(request, _("The member was assigned."))
    return redirect(f"{_url(year)}#units")


@screen(permissions.can_see_tpi)
@require_safe
def tpi_decree_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    team = _team_or_404(request, pk)
    if team.scan is None:
        raise Http404
    return serve_file(team.scan)


def _team_or_404(request: PortalRequest, pk: int) -> TpiTeam:
    return or_404(tpi_queries.team_in_scope(request.membership, pk))


def _form(request: PortalRequest, form: Any, year: int, title: str) -> HttpResponse:
    here = _url(year)
    return form_page(
        request,
        form,
        template="opd/people/tpi_form.html",
        title=title,
        back=here,
        breadcrumbs=[
            {"label": _("TPI"), "url": reverse("opd:tpi")},
            {"label": str(year), "url": here},
            {"label": title, "url": ""},
        ],
    )
