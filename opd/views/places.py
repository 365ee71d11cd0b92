"""Places for posters: the list with its figures, one place, its form."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrity_portal.core.http import or_404, refuse
from opd.actions import places as actions
from opd.enums import PlaceKind, PosterState
from opd.forms.places import PlaceForm
from opd.http import PortalRequest, posted, screen
from opd.models import Place, Unit
from opd.permissions import (
    can_read_places,
    manages_places,
    may_write_place,
    writes_places,
)
from opd.posters import place_address, short
from opd.queries import places as queries
from opd.queries.people import units_to_choose
from opd.unit_csv import write_sheet
from opd.views.unit_changes import attempt
from opd.views.unit_imports import as_csv

PER_PAGE = 50
reads_and_sends = require_http_methods(["GET", "HEAD", "POST"])


def chosen(data: QueryDict) -> queries.PlaceFilter:
    """Bad values filter nothing."""
    kind, state, region = data.get("kind", ""), data.get("state", ""), data.get("region", "")
    return queries.PlaceFilter(
        kind=kind if kind in PlaceKind.values else "",
        state=state if state in dict(queries.states()) else "",
        region=int(region) if region.isascii() and region.isdigit() and len(region) < 19 else None,
        words=data.get("q", "").strip()[:80],
    )


@screen(can_read_places)
@require_safe
def place_list(request: PortalRequest) -> HttpResponse:
    today, membership = timezone.localdate(), request.membership
    filters = chosen(request.GET)
    rows = queries.places(membership, filters, today=today)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    posters = queries.current_posters(found)
    coverage = queries.coverage(membership.government_id, today=today)
    context = {
        "page_obj": page,
        "rows": [(row, posters.get(row.pk)) for row in found],
        "filters": filters,
        "kinds": PlaceKind.choices,
        "states": queries.states(),
        "regions": queries.regions_of(membership, today=today),
        "coverage": coverage if membership.unit_id is None else [],
        "totals": [
            sum(getattr(row, name) for row in coverage) for name in ("posted", "places", "due")
        ],
        "may_manage": manages_places(membership),
        "may_write": writes_places(membership),
        "today": today,
        "breadcrumbs": crumbs(),
    }
    return render(request, "opd/places/list.html", context)


@screen(can_read_places)
@require_safe
def place_csv(request: PortalRequest) -> HttpResponse:
    """The list as it is filtered; the import reads it back unchanged."""
    rows = queries.places(request.membership, chosen(request.GET), today=timezone.localdate())
    return as_csv(write_sheet(queries.sheet_head(), queries.sheet_rows(rows)), "tempat")


@screen(can_read_places)
@require_safe
def place(request: PortalRequest, pk: int) -> HttpResponse:
    found = place_or_404(request, pk)
    lately, ever = queries.scans_of(found, today=timezone.localdate())
    address = place_address(found.token)
    context = {
        "place": found,
        "posters": queries.posters_of(found),
        "lately": lately,
        "ever": ever,
        "address": address,
        "short": short(address),
        "may_write": may_write_place(request.membership, found),
        "states": PosterState,
        "today": timezone.localdate(),
        "breadcrumbs": crumbs((found.name, "")),
    }
    return render(request, "opd/places/place.html", context)


@screen(writes_places)
@reads_and_sends
def place_add(request: PortalRequest) -> HttpResponse:
    form = _form(request, posted(request), None)
    made = attempt(form, lambda: actions.add_place(facts=form.facts(), by=request.membership))
    if made:
        messages.success(request, _("The place is saved."))
        return redirect("opd:place", made.pk)
    return form_page(request, form, _("Add a place"), crumbs((_("Add a place"), "")))


@screen(writes_places)
@reads_and_sends
def place_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = writable_or_403(request, pk)
    form = _form(request, posted(request), found)
    saved = attempt(
        form,
        lambda: actions.edit_place(place=found, facts=form.facts(), by=request.membership),
    )
    if saved:
        messages.success(request, _("The place is saved."))
        return redirect("opd:place", found.pk)
    trail = crumbs((found.name, reverse("opd:place", args=[found.pk])), (_("Change"), ""))
    return form_page(request, form, _("Change the place"), trail)


@screen(writes_places)
@require_POST
def place_active(request: PortalRequest, pk: int) -> HttpResponse:
    found = writable_or_403(request, pk)
    is_active = "active" in request.POST
    actions.set_place_active(place=found, is_active=is_active, by=request.membership)
    said = _("The place is in use again.") if is_active else _("The place is out of use.")
    messages.success(request, said)
    return redirect("opd:place", found.pk)


def _form(request: PortalRequest, data: Any, found: Place | None) -> PlaceForm:
    today = timezone.localdate()
    initial = PlaceForm.initial_of(found) if found else {"unit": request.membership.unit_id or ""}
    return PlaceForm(
        data,
        initial=initial,
        units=_units(request),
        regions=queries.regions_of(request.membership, today=today),
    )


def _units(request: PortalRequest) -> list[Unit]:
    return units_to_choose(request.membership, today=timezone.localdate())


def form_page(
    request: PortalRequest, form: Any, title: str, trail: list[Any], about: str = ""
) -> HttpResponse:
    """The page of one crispy form."""
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "title": title, "about": about, "breadcrumbs": trail}
    return render(request, "opd/places/form.html", context, status=status)


def place_or_404(request: PortalRequest, pk: int) -> Place:
    return or_404(queries.place_of(request.membership, pk))


def writable_or_403(request: PortalRequest, pk: int) -> Place:
    found = place_or_404(request, pk)
    if not may_write_place(request.membership, found):
        raise refuse(_("Your role does not include this place."))
    return found


def crumbs(*trail: tuple[Any, str]) -> list[dict[str, Any]]:
    steps = [(_("Places and posters"), reverse("opd:places") if trail else ""), *trail]
    return [{"label": label, "url": url} for label, url in steps]
