"""Decrees that name units: list, one decree, registration."""

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
from assessments.forms.declarations import DecreeForm
from assessments.permissions import can_manage_acts, can_read_acts
from assessments.queries import decrees as queries
from assessments.queries.zones import zones_of_units
from assessments.views.declarations import unit_choices
from assessments.views.shared import crumbs, receive
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import serve_file
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused


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
    row = queries.decree_of(request.membership, pk)
    if row is None:
        raise Http404
    units = list(row.units.all())
    zones = zones_of_units(request.membership, [named.unit_id for named in units])
    crumb = crumbs((_("Decrees"), reverse("assessments:decrees")), (row.number, ""))
    context = {
        "decree": row,
        "units": [(named, zones.get(named.unit_id)) for named in units],
        "breadcrumbs": crumb,
    }
    return render(request, "assessments/decree.html", context)


@screen(can_read_acts)
@require_safe
def decree_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = queries.decree_of(request.membership, pk)
    if row is None or row.scan is None:
        raise Http404
    return serve_file(row.scan)


@screen(can_manage_acts)
@require_http_methods(["GET", "HEAD", "POST"])
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


def _registered(request: PortalRequest, form: DecreeForm) -> bool:
    values = form.cleaned_data
    field = "scan"
    try:
        scan = receive(request, values["scan"], "decree") if values["scan"] else None
        field = "number"
        actions.register_decree(
            number=values["number"],
            title=values["title"],
            decided_on=values["decided"].date,
            precision=values["decided"].precision,
            unit_ids=values["units"],
            scan=scan,
            by=request.membership,
            now=timezone.now(),
        )
    except (StepRefused, FileRefused) as refusal:
        form.add_error(field, str(refusal))
        return False
    return True
