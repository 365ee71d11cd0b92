"""Adding, editing, renaming, closing and merging units."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opd.actions import units as actions
from opd.forms.units import (
    CloseForm,
    FormerNameForm,
    MergeForm,
    MergeIntoNewForm,
    RenameForm,
    UnitForm,
    UnitPlaceForm,
)
from opd.http import PortalRequest, screen
from opd.models import Unit
from opd.permissions import can_manage_units
from opd.queries import loose_ends, units as queries
from opd.queries.unit_search import search_units
from opd.registry import RegistryRefused
from opd.unit_steps import UnitFacts
from opd.views.units import crumbs, unit_crumbs, unit_or_404

T = TypeVar("T")
reads_and_sends = require_http_methods(["GET", "HEAD", "POST"])


def attempt(form: forms.Form, action: Callable[[], T]) -> T | None:
    """Run the action on a valid form; a refusal becomes a sentence at its field."""
    if not form.is_valid():
        return None
    try:
        return action()
    except RegistryRefused as refused:
        place = refused.field if refused.field in form.fields else None
        form.add_error(place, str(refused))
        form.in_the_way = refused.units  # type: ignore[attr-defined]
        return None


def form_page(request: PortalRequest, form: forms.Form, **context: Any) -> HttpResponse:
    """The page of one form: `title`, `button`, `back`, `breadcrumbs`, perhaps `unit`."""
    template = context.pop("template", "opd/units/form.html")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def unit_form_page(
    request: PortalRequest, unit: Unit, form: forms.Form, title: str, button: str, **context: Any
) -> HttpResponse:
    """The page of a form about one unit."""
    trail = unit_crumbs(unit, title)
    return form_page(
        request, form, unit=unit, title=title, button=button, breadcrumbs=trail, **context
    )


def changed(
    request: PortalRequest,
    unit: Unit,
    form: forms.Form,
    action: Callable[[], object],
    said: str,
) -> HttpResponse | None:
    """Back to the unit's page where the action was done; None where the form is shown (again)."""
    if attempt(form, action) is None:
        return None
    messages.success(request, said)
    return redirect("opd:unit", unit.pk)


@screen(can_manage_units)
@reads_and_sends
def unit_add(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    parents = queries.possible_parents(request.membership, today=today)
    start = {"parent": request.GET.get("parent", "")}
    form = UnitForm(request.POST or None, parents=parents, initial=start)
    unit = attempt(
        form,
        lambda: actions.add_unit(by=request.membership, facts=UnitFacts(**form.cleaned_data)),
    )
    if unit:
        messages.success(request, _("“%(unit)s” is in the registry.") % {"unit": unit.name})
        return redirect("opd:unit", unit.pk)
    return form_page(
        request,
        form,
        title=_("Add a unit"),
        button=_("Add the unit"),
        breadcrumbs=crumbs((_("Add a unit"), "")),
    )


@screen(can_manage_units)
@reads_and_sends
def unit_edit(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    today = timezone.localdate()
    parents = queries.possible_parents(request.membership, today=today, unit=unit)
    initial = UnitPlaceForm.initial_of(unit)
    form = UnitPlaceForm(request.POST or None, parents=parents, initial=initial)
    done = changed(
        request,
        unit,
        form,
        lambda: actions.edit_unit(
            by=request.membership, unit=unit, today=today, **form.cleaned_data
        ),
        _("The change is saved."),
    )
    return done or unit_form_page(request, unit, form, _("Code, kind and place"), _("Save"))


@screen(can_manage_units)
@reads_and_sends
def unit_rename(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    initial = {"what": RenameForm.NEW, "name": unit.name, "short_name": unit.short_name}
    form = RenameForm(request.POST or None, initial=initial)
    done = changed(
        request,
        unit,
        form,
        lambda: _rename(request, unit, form.cleaned_data),
        _("The name is saved."),
    )
    return done or unit_form_page(request, unit, form, _("Rename"), _("Save the name"))


def _rename(request: PortalRequest, unit: Unit, values: dict[str, Any]) -> Unit:
    names = {"name": values["name"], "short_name": values["short_name"]}
    if values["what"] == RenameForm.CORRECTION:
        return actions.correct_unit_name(by=request.membership, unit=unit, **names)
    return actions.rename_unit(
        by=request.membership,
        unit=unit,
        **names,
        changed_on=values["changed_on"],
        basis=values["basis"],
        today=timezone.localdate(),
    )


@screen(can_manage_units)
@reads_and_sends
def former_name_add(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    form = FormerNameForm(request.POST or None)
    done = changed(
        request,
        unit,
        form,
        lambda: actions.add_former_name(
            by=request.membership, unit=unit, today=timezone.localdate(), **form.cleaned_data
        ),
        _("The old name is saved; the search finds it."),
    )
    return done or unit_form_page(request, unit, form, _("Add an old name"), _("Save the old name"))


@screen(can_manage_units)
@reads_and_sends
def unit_close(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    today = timezone.localdate()
    form = CloseForm(request.POST or None)
    done = changed(
        request,
        unit,
        form,
        lambda: actions.close_unit(
            by=request.membership, unit=unit, today=today, **form.cleaned_data
        ),
        _("The end of “%(unit)s” is recorded.") % {"unit": unit.name},
    )
    if done:
        return done
    ends = loose_ends.loose_ends([unit.pk], after=today)[unit.pk]
    return unit_form_page(
        request, unit, form, _("Close"), _("Close the unit"), ends=ends, danger=True
    )


@screen(can_manage_units)
@reads_and_sends
def unit_merge(request: PortalRequest) -> HttpResponse:
    """The address holds who ends (`unit`, several) and who goes on (`into`): no state elsewhere."""
    today = timezone.localdate()
    ending_ids = numbers(request.GET.getlist("unit"))
    into_ids = numbers(request.GET.getlist("into"))[:1]
    chosen = queries.chosen_units(request.membership, {*ending_ids, *into_ids}, today=today)
    into = next((unit for unit in chosen if unit.pk in into_ids), None)
    ending = [unit for unit in chosen if unit.pk in ending_ids and unit != into]
    form = _merge_form(request, into)
    merged = attempt(form, lambda: _merge(request, form, ending, into))
    if merged:
        messages.success(request, _("The merger into “%(unit)s” is recorded.") % {"unit": merged})
        return redirect("opd:unit", merged.pk)
    text = request.GET.get("q", "").strip()[:150]
    found = []
    if text:
        found = search_units(request.membership, text=text, state="active", today=today)[:20]
    ends = loose_ends.loose_ends([unit.pk for unit in ending], after=today)
    return form_page(
        request,
        form,
        template="opd/units/merge.html",
        title=_("Merge units"),
        ending=[(unit, ends[unit.pk]) for unit in ending],
        into=into,
        found=[row for row in found if row.unit not in chosen],
        q=text,
        breadcrumbs=crumbs((_("Merge units"), "")),
    )


def _merge_form(request: PortalRequest, into: Unit | None) -> forms.Form:
    data = request.POST or None
    if into is not None:
        return MergeForm(data)
    parents = queries.possible_parents(request.membership, today=timezone.localdate())
    return MergeIntoNewForm(data, parents=parents)


def _merge(request: PortalRequest, form: forms.Form, ending: list[Unit], into: Unit | None) -> Unit:
    values = dict(form.cleaned_data)
    happened_on, basis = values.pop("happened_on"), values.pop("basis")
    return actions.merge_units(
        by=request.membership,
        units=ending,
        into=into or UnitFacts(**values),
        happened_on=happened_on,
        basis=basis,
        today=timezone.localdate(),
        now=timezone.now(),
    ).into


def numbers(texts: list[str]) -> list[int]:
    """Keys from an address; anything else is left out."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
