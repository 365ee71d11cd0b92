"""Splitting a unit, and who takes over what it held."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from opd.actions import unit_splits as actions
from opd.forms.splits import HandOverForm, SplitForm
from opd.http import PortalRequest, posted, screen
from opd.models import Unit
from opd.permissions import can_manage_people, can_manage_units, may_read_roster
from opd.queries import loose_ends, unit_splits as queries
from opd.registry import RegistryRefused
from opd.views.unit_changes import attempt, form_page, numbers
from opd.views.units import unit_crumbs, unit_or_404

reads_and_sends = require_http_methods(["GET", "HEAD", "POST"])


@screen(can_manage_units)
@reads_and_sends
def unit_split(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    today = timezone.localdate()
    form = _split_form(request, unit)
    split = attempt(form, lambda: _split(request, form, unit))
    if split:
        messages.success(request, _("The split of “%(unit)s” is recorded.") % {"unit": unit.name})
        waiting = queries.holdings(unit, today=today)
        return redirect("opd:unit_hand_over" if waiting else "opd:unit", unit.pk)
    return form_page(
        request,
        form,
        template="opd/units/split.html",
        unit=unit,
        title=_("Split"),
        ends=loose_ends.loose_ends([unit.pk], after=today)[unit.pk],
        may_add=form.count < actions.MOST_PARTS,
        breadcrumbs=unit_crumbs(unit, _("Split")),
    )


def _split_form(request: PortalRequest, unit: Unit) -> SplitForm:
    """Asked for one more part, the page comes back with everything typed and no complaint."""
    today = timezone.localdate()
    count = (numbers([request.POST.get("count", "")]) or [2])[0]
    more = "more" in request.POST
    page = queries.split_choices(request.membership, unit, today=today)
    return SplitForm(
        None if more else posted(request),
        initial=request.POST.dict() if more else None,
        unit=unit,
        others=page.others,
        parents=page.parents,
        has_below=page.has_below,
        count=count + more,
    )


def _split(request: PortalRequest, form: SplitForm, unit: Unit) -> actions.Split:
    places = form.places()
    values = form.cleaned_data
    try:
        return actions.split_unit(
            by=request.membership,
            unit=unit,
            parts=form.parts(),
            goes_on=values["fate"] == SplitForm.GOES_ON,
            happened_on=values["happened_on"],
            basis=values["basis"],
            below=form.below_go_to(),
            today=timezone.localdate(),
            now=timezone.now(),
        )
    except RegistryRefused as refused:
        name, _mark, place = refused.field.rpartition("_")
        if name and place.isdecimal():
            free = [n for n in range(form.count) if n not in places]
            refused.field = f"{name}_{[*places, *free][int(place)]}"
        raise


@screen(can_manage_units)
@reads_and_sends
def unit_hand_over(request: PortalRequest, unit_id: int) -> HttpResponse:
    """What a merged or split unit still holds, each with the choice of who takes it."""
    unit = unit_or_404(request, unit_id)
    today = timezone.localdate()
    held = queries.holdings(unit, today=today)
    takers = queries.takers(unit, today=today)
    only = takers[0] if unit.active_to is not None and len(takers) == 1 else None
    form = HandOverForm(
        posted(request), services=held.services, duties=held.duties, takers=takers, only=only
    )
    done: list[int] = []
    attempt(form, lambda: done.append(_hand_over(request, form, unit)))
    if done:
        messages.success(request, _moved(done[0]))
        return redirect("opd:unit", unit.pk)
    return form_page(
        request,
        form,
        template="opd/units/hand_over.html",
        unit=unit,
        title=_("Who takes over?"),
        takers=takers,
        held=held,
        service_boxes=form.boxes("service"),
        duty_boxes=form.boxes("duty"),
        may_manage_people=can_manage_people(request.membership),
        reads_names=may_read_roster(request.membership, unit),
        breadcrumbs=unit_crumbs(unit, _("Who takes over?")),
    )


def _hand_over(request: PortalRequest, form: HandOverForm, unit: Unit) -> int:
    return actions.hand_over(
        by=request.membership,
        unit=unit,
        services=form.chosen("service"),
        duties=form.chosen("duty"),
        today=timezone.localdate(),
    )


def _moved(count: int) -> Any:
    if not count:
        return _("Nothing was moved: everything stays where it is.")
    return ngettext(
        "%(count)s entry was handed over.", "%(count)s entries were handed over.", count
    ) % {"count": count}
