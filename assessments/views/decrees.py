"""Decrees that name units: list, one decree, registration, corrections."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import decrees as actions
from assessments.forms.declarations import DecreeCorrectionForm, DecreeForm
from assessments.guards import BuildsEarlier, UnitBuilds, UnitsAbsent
from assessments.models import NamingDecree
from assessments.permissions import can_manage_acts, can_read_acts
from assessments.queries import decrees as queries
from assessments.queries.zones import zones_of_units
from assessments.views.declarations import unit_choices
from assessments.views.shared import crumbs, receive
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import or_404, serve_file
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


@screen(can_read_acts)
@require_safe
def decree_list(request: PortalRequest) -> HttpResponse:
    rows = queries.decree_list(request.membership)
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    manages = can_manage_acts(request.membership)
    return render(request, "assessments/decrees.html", {"page_obj": page, "can_manage": manages})


@screen(can_read_acts)
@require_safe
def decree(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    units = list(row.units.all())
    zones = zones_of_units(request.membership, [named.unit_id for named in units])
    crumb = crumbs((_("Decrees"), reverse("assessments:decrees")), (row.number, ""))
    context = {
        "decree": row,
        "units": [(named, zones.get(named.unit_id)) for named in units],
        "corrections": [(each, queries.changed_lines(each)) for each in row.corrections.all()],
        "can_manage": can_manage_acts(request.membership),
        "breadcrumbs": crumb,
    }
    return render(request, "assessments/decree.html", context)


@screen(can_read_acts)
@require_safe
def decree_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = _found(request, pk)
    if row.scan is None:
        raise Http404
    return serve_file(row.scan)


@screen(can_read_acts)
@require_safe
def decree_former_file(request: PortalRequest, pk: int, correction: int) -> HttpResponseBase:
    """The scan that a correction replaced."""
    for each in _found(request, pk).corrections.all():
        if each.pk == correction and each.former_scan is not None:
            return serve_file(each.former_scan)
    raise Http404


def _found(request: PortalRequest, pk: int) -> NamingDecree:
    return or_404(queries.decree_of(request.membership, pk))


@screen(can_manage_acts)
@READ
def decree_new(request: PortalRequest) -> HttpResponse:
    kwargs: dict[str, Any] = {"choices": unit_choices(request), "today": timezone.localdate()}
    form = DecreeForm(**kwargs)
    if request.method == "POST":
        form = DecreeForm(request.POST, request.FILES, **kwargs)
        if form.is_valid() and _registered(request, form):
            messages.success(request, _("The decree is registered; its units are named to build."))
            return redirect("assessments:decrees")
    heading = _("Register a decree")
    context = {
        "form": form,
        "heading": heading,
        "wide": True,
        "breadcrumbs": crumbs((_("Decrees"), reverse("assessments:decrees")), (heading, "")),
    }
    return render(request, "assessments/form.html", context)


@screen(can_manage_acts)
@READ
def decree_correct(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    kwargs: dict[str, Any] = {
        "choices": unit_choices(request),
        "today": timezone.localdate(),
        "initial": DecreeCorrectionForm.initial_of(row),
    }
    form = DecreeCorrectionForm(**kwargs)
    if request.method == "POST":
        form = DecreeCorrectionForm(request.POST, request.FILES, **kwargs)
        if form.is_valid() and _corrected(request, row, form):
            messages.success(request, _("The decree is corrected. What stood there is kept below."))
            return redirect("assessments:decree", pk)
    heading = _("Correct the decree")
    here = reverse("assessments:decree", args=[pk])
    context = {
        "form": form,
        "heading": heading,
        "wide": True,
        "back": here,
        "breadcrumbs": crumbs(
            (_("Decrees"), reverse("assessments:decrees")), (row.number, here), (heading, "")
        ),
    }
    return render(request, "assessments/form.html", context)


def _registered(request: PortalRequest, form: DecreeForm) -> bool:
    def act(facts: actions.DecreeFacts) -> None:
        actions.register_decree(**vars(facts), by=request.membership, now=timezone.now())

    return _saved(request, form, act)


def _corrected(request: PortalRequest, row: NamingDecree, form: DecreeCorrectionForm) -> bool:
    def act(facts: actions.DecreeFacts) -> None:
        actions.correct_decree(
            decree=row,
            facts=facts,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=timezone.now(),
        )

    return _saved(request, form, act)


BLAMED: dict[type[Exception], str] = {
    UnitsAbsent: "units",
    UnitBuilds: "units",
    BuildsEarlier: "decided",
}


def _saved(
    request: PortalRequest, form: DecreeForm, act: Callable[[actions.DecreeFacts], None]
) -> bool:
    """Whether the action went through; its refusal stands at the field otherwise."""
    values = form.cleaned_data
    field = "scan"
    try:
        scan = receive(request, values["scan"], "decree") if values["scan"] else None
        field = "number"
        act(
            actions.DecreeFacts(
                number=values["number"],
                title=values["title"],
                decided_on=values["decided"].date,
                precision=values["decided"].precision,
                unit_ids=values["units"],
                scan=scan,
            )
        )
    except (StepRefused, FileRefused) as refusal:
        form.add_error(BLAMED.get(type(refusal), field), str(refusal))
        return False
    return True
