"""Duties, services, and the kinds that count."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from opd.actions import unit_details as actions
from opd.actions.unit_details import ServiceFacts
from opd.forms.units import DutiesForm, KindRulesForm, ServiceForm
from opd.http import PortalRequest, screen
from opd.models import Service, Unit
from opd.permissions import can_manage_units
from opd.queries import units as queries
from opd.registry import RegistryRefused
from opd.views.unit_changes import attempt, changed, form_page, reads_and_sends, unit_form_page
from opd.views.units import crumbs, unit_or_404


@screen(can_manage_units)
@reads_and_sends
def unit_duties(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    before = "\n".join(queries.duty_texts(unit))
    form = DutiesForm(request.POST or None, initial={"duties": before})
    done = changed(
        request,
        unit,
        form,
        lambda: actions.set_duties(
            by=request.membership, unit=unit, texts=form.cleaned_data["duties"]
        ),
        _("The duties are saved."),
    )
    return done or unit_form_page(request, unit, form, _("Duties"), _("Save the duties"))


@screen(can_manage_units)
@reads_and_sends
def service_add(request: PortalRequest, unit_id: int) -> HttpResponse:
    return _service_page(request, unit_or_404(request, unit_id), None)


@screen(can_manage_units)
@reads_and_sends
def service_edit(request: PortalRequest, service_id: int) -> HttpResponse:
    service = _service_or_404(request, service_id)
    return _service_page(request, service.unit, service)


def _service_page(request: PortalRequest, unit: Unit, service: Service | None) -> HttpResponse:
    initial = ServiceForm.initial_of(service) if service else {"channel": "counter"}
    form = ServiceForm(request.POST or None, initial=initial)
    done = changed(
        request,
        unit,
        form,
        lambda: actions.save_service(
            by=request.membership,
            unit=unit,
            service=service,
            facts=_service_facts(form.cleaned_data),
            today=timezone.localdate(),
        ),
        _("The service is saved."),
    )
    return done or unit_form_page(
        request,
        unit,
        form,
        _("Edit the service") if service else _("Add a service"),
        _("Save the service"),
        remove=reverse("opd:service_remove", args=[service.pk]) if service else "",
        remove_label=_("Remove this service"),
    )


def _service_facts(values: dict[str, Any]) -> ServiceFacts:
    applications = values["applications_per_month"]
    return ServiceFacts(
        **{**values, "applications_per_month": None if applications is None else int(applications)}
    )


@screen(can_manage_units)
@require_POST
def service_remove(request: PortalRequest, service_id: int) -> HttpResponse:
    service = _service_or_404(request, service_id)
    try:
        actions.remove_service(by=request.membership, service=service)
    except RegistryRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The service is removed."))
    return redirect("opd:unit", service.unit_id)


def _service_or_404(request: PortalRequest, service_id: int) -> Service:
    service = queries.service_of(request.membership, service_id)
    if service is None:
        raise Http404
    return service


@screen(can_manage_units)
@reads_and_sends
def kind_rules(request: PortalRequest) -> HttpResponse:
    """Which kinds count towards "all units"."""
    today = timezone.localdate()
    form = KindRulesForm(request.POST or None, rules=queries.kind_rules(request.government.pk))
    changed = attempt(
        form, lambda: actions.set_kind_rules(by=request.membership, rules=form.rules())
    )
    if changed is not None:
        messages.success(request, _("The rules are saved."))
        return redirect("opd:kind_rules")
    return form_page(
        request,
        form,
        template="opd/units/kinds.html",
        counted=queries.counted_units(request.government.pk, on=today).count(),
        breadcrumbs=crumbs((_("Kinds that count"), "")),
    )
