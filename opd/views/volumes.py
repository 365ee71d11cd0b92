"""The grid of a unit's year: how many came each month, at the counter and online."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from opd.actions import services as actions
from opd.forms.services import VolumeForm
from opd.http import PortalRequest, screen
from opd.models import Unit
from opd.permissions import writes_services
from opd.queries import services as queries
from opd.registry import RegistryRefused
from opd.views.services import unit_step, writable_unit
from opd.views.unit_changes import reads_and_sends
from opd.views.units import crumbs

FIRST_YEAR = 2015
# Two ways for twelve months each: what one form may send at once.
SERVICES_PER_PAGE = 20


@screen(writes_services)
@reads_and_sends
def volumes(request: PortalRequest, unit_id: int, year: int) -> HttpResponse:
    unit = writable_unit(request, unit_id)
    today = timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        raise Http404
    grid = queries.volume_grid(unit, year)
    page = Paginator(grid.services, SERVICES_PER_PAGE).get_page(request.GET.get("page"))
    form = VolumeForm(
        request.POST if request.method == "POST" else None,
        services=list(page),
        stored=grid.stored,
        year=year,
        today=today,
    )
    if request.method == "POST" and form.is_valid() and not form.was_spread:
        if _saved(request, unit, year, form):
            return redirect(f"{request.path}?page={page.number}")
    status = 422 if form.is_bound and form.errors else 200
    context = {
        "unit": unit,
        "year": year,
        "form": form,
        "blocks": form.blocks(),
        "page_obj": page,
        "years": range(max(FIRST_YEAR, year - 2), min(today.year, year + 2) + 1),
        "breadcrumbs": crumbs(
            *unit_step(unit),
            (_("Services"), reverse("opd:unit_services", args=[unit.pk])),
            (_("Monthly numbers %(year)s") % {"year": year}, ""),
        ),
    }
    return render(request, "opd/services/volumes.html", context, status=status)


def _saved(request: PortalRequest, unit: Unit, year: int, form: VolumeForm) -> bool:
    try:
        changed = actions.save_volumes(
            by=request.membership,
            unit=unit,
            year=year,
            cells=form.cells,
            seen=form.seen(request.POST.get("seen", "")),
            today=timezone.localdate(),
        )
    except RegistryRefused as refused:
        form.add_error(None, str(refused))
        _mark_changed(request, form)
        return False
    if changed:
        messages.success(request, _("The numbers are saved."))
    else:
        messages.info(request, _("Nothing was different: no number has changed."))
    return True


def _mark_changed(request: PortalRequest, form: VolumeForm) -> None:
    """Name the cells that hold something else than what was seen, with what stands there now."""
    form.say_what_changed(form.seen(request.POST.get("seen", "")))
