"""Innovations: all of them, a unit's, one, its form and files."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core import files
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import or_404, refuse, serve_file
from opd.actions import innovations as actions
from opd.actions.services import SavedMeanwhile
from opd.enums import InnovationArea, InnovationState
from opd.forms.innovations import InnovationForm
from opd.http import PortalRequest, screen
from opd.models import Innovation, Unit
from opd.permissions import is_member, may_write_services, writes_services
from opd.queries import innovations as queries
from opd.registry import RegistryRefused
from opd.views.services import unit_step
from opd.views.unit_changes import form_page, reads_and_sends
from opd.views.units import crumbs, unit_or_404

PER_PAGE = 30


@screen(is_member)
@require_safe
def innovation_list(request: PortalRequest) -> HttpResponse:
    area, state = request.GET.get("area", ""), request.GET.get("state", "")
    rows = queries.innovations(request.membership, area=area, state=state)
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "areas": InnovationArea.choices,
        "states": InnovationState.choices,
        "area": area,
        "state": state,
    }
    return render(request, "opd/innovations/list.html", context)


@screen(is_member)
@require_safe
def unit_innovations(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    rows = queries.innovations(request.membership, unit=unit)
    context = {
        "unit": unit,
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_write": may_write_services(request.membership, unit),
        "breadcrumbs": crumbs(*unit_step(unit), (_("Innovations"), "")),
    }
    return render(request, "opd/innovations/list.html", context)


@screen(is_member)
@require_safe
def innovation(request: PortalRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    context = {
        "row": found,
        "unit": found.unit,
        "files": found.standing,  # type: ignore[attr-defined]
        "may_write": may_write_services(request.membership, found.unit),
        "breadcrumbs": _trail(found.unit, (found.title, "")),
    }
    return render(request, "opd/innovations/page.html", context)


@screen(writes_services)
@reads_and_sends
def innovation_add(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    _require_write(request, unit)
    return _form(request, unit, None)


@screen(writes_services)
@reads_and_sends
def innovation_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    _require_write(request, found.unit)
    return _form(request, found.unit, found)


def _form(request: PortalRequest, unit: Unit, row: Innovation | None) -> HttpResponse:
    form = InnovationForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial=InnovationForm.initial_of(row),
    )
    if form.is_bound and form.is_valid():
        saved = _saved(request, unit, row, form)
        if saved is not None:
            messages.success(request, _("The innovation is saved."))
            return redirect("opd:innovation", saved.pk)
    title = _("Edit the innovation") if row else _("Add an innovation")
    steps = [(row.title, reverse("opd:innovation", args=[row.pk]))] if row else []
    back = steps[0][1] if steps else reverse("opd:unit_innovations", args=[unit.pk])
    return form_page(
        request,
        form,
        unit=unit,
        title=title,
        back=back,
        breadcrumbs=_trail(unit, *steps, (title, "")),
    )


def _saved(
    request: PortalRequest, unit: Unit, row: Innovation | None, form: InnovationForm
) -> Innovation | None:
    try:
        uploads = [
            files.receive(
                upload,
                rule=files.EVIDENCE,
                kind="innovation",
                government_id=request.government.pk,
                by_user_id=request.user.pk,
            )
            for upload in form.cleaned_data["files"]
        ]
        return actions.save_innovation(
            by=request.membership,
            unit=unit,
            facts=form.facts(),
            form_key=form.cleaned_data["form_key"],
            uploads=uploads,
            innovation=row,
            version=form.cleaned_data["version"] or 0 if row else None,
            now=timezone.now(),
            today=timezone.localdate(),
        )
    except FileRefused as refused:
        form.add_error("files", str(refused))
    except SavedMeanwhile as refused:
        form.show_version(row.version if row else 0)
        form.add_error(None, str(refused))
    except RegistryRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return None


@screen(is_member)
@require_safe
def innovation_file(request: PortalRequest, pk: int, file_id: int) -> HttpResponseBase:
    link = or_404(queries.file_of(_found(request, pk), file_id))
    return serve_file(link.stored)


@screen(writes_services)
@require_POST
def innovation_file_remove(request: PortalRequest, pk: int, file_id: int) -> HttpResponse:
    found = _found(request, pk)
    _require_write(request, found.unit)
    link = or_404(queries.file_of(found, file_id))
    actions.remove_innovation_file(by=request.membership, link=link, now=timezone.now())
    messages.success(request, _("The file is taken out of the list."))
    return redirect("opd:innovation", pk)


def _found(request: PortalRequest, pk: int) -> Innovation:
    return or_404(queries.innovation_of(request.membership, pk))


def _require_write(request: PortalRequest, unit: Unit) -> None:
    if not may_write_services(request.membership, unit):
        raise refuse(_("Your role does not include the innovations of this unit."))


def _trail(unit: Unit, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs(
        *unit_step(unit),
        (_("Innovations"), reverse("opd:unit_innovations", args=[unit.pk])),
        *steps,
    )
