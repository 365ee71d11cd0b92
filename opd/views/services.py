"""Services: the overview, a unit's list, one service, its standard and its moves."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core.http import or_404, refuse
from opd import service_drawings as drawings
from opd.actions import services as actions
from opd.enums import ServiceChannel
from opd.forms.services import CorrectMoveForm, MoveForm, ServiceForm
from opd.http import PortalRequest, posted, screen
from opd.models import ChannelMove, Service, Unit
from opd.permissions import is_member, may_write_services, writes_services
from opd.queries import services as queries
from opd.registry import RegistryRefused
from opd.views.unit_changes import attempt, form_page, reads_and_sends
from opd.views.units import crumbs, unit_or_404


@screen(is_member)
@require_safe
def service_overview(request: PortalRequest) -> HttpResponse:
    """All services by unit, how they are reached, and the share that needs no counter."""
    found = queries.overview(request.membership, today=timezone.localdate())
    channel = request.GET.get("channel", "")
    context = {
        "overview": found,
        "channels": [(value, label, found.count(value)) for value, label in ServiceChannel.choices],
        "channel": channel if channel in ServiceChannel.values else "",
        "chart": drawings.units_chart(found),
    }
    return render(request, "opd/services/overview.html", context)


@screen(is_member)
@require_safe
def unit_services(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    today = timezone.localdate()
    context = {
        "unit": unit,
        "found": queries.unit_services(unit, today=today),
        "may_write": may_write_services(request.membership, unit),
        "year": today.year,
        "breadcrumbs": crumbs(*unit_step(unit), (_("Services"), "")),
    }
    return render(request, "opd/services/unit.html", context)


@screen(is_member)
@require_safe
def service(request: PortalRequest, service_id: int) -> HttpResponse:
    found = service_or_404(request, service_id)
    today = timezone.localdate()
    page = queries.service_page(found, today=today)
    context = {
        "page": page,
        "service": found,
        "unit": found.unit,
        "year": today.year,
        "has_ended": found.ended_on is not None and found.ended_on < today,
        "chart": drawings.volume_chart(page) if page.volumes else None,
        "may_write": may_write_services(request.membership, found.unit),
        "breadcrumbs": service_crumbs(found),
    }
    return render(request, "opd/services/service.html", context)


@screen(writes_services)
@reads_and_sends
def service_add(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = writable_unit(request, unit_id)
    form = ServiceForm(posted(request), initial={"channel": ServiceChannel.COUNTER})
    saved = attempt(form, lambda: _save(request, unit, form, None))
    if saved:
        messages.success(request, _("The service is saved."))
        return redirect("opd:service", saved.pk)
    title = _("Add a service")
    return _form(request, form, unit, title, crumbs(*unit_step(unit), (title, "")))


@screen(writes_services)
@reads_and_sends
def service_edit(request: PortalRequest, service_id: int) -> HttpResponse:
    found = service_or_404(request, service_id)
    _require_write(request, found.unit)
    follows = bool(queries.standing_moves(found))
    initial = ServiceForm.initial_of(found, queries.lines_of(found))
    form = ServiceForm(posted(request), follows_moves=follows, initial=initial)
    if not form.is_bound or not form.is_valid():
        saved = None
    else:
        try:
            saved = _save(request, found.unit, form, found)
        except actions.SavedMeanwhile as refused:
            form.show_version(found.version)
            form.add_error(None, str(refused))
            saved = None
        except RegistryRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            saved = None
    if saved:
        messages.success(request, _("The service is saved."))
        return redirect("opd:service", found.pk)
    return _form(
        request,
        form,
        found.unit,
        _("Edit the service"),
        service_crumbs(found, _("Edit the service")),
        back=reverse("opd:service", args=[found.pk]),
        remove=reverse("opd:service_remove", args=[found.pk]),
        remove_label=_("Remove this service"),
        follows=follows,
        saved_now=found if form.is_bound and form.non_field_errors() else None,
    )


def _save(request: PortalRequest, unit: Unit, form: ServiceForm, found: Service | None) -> Service:
    values = form.cleaned_data
    if "channel" not in values and found is not None:
        values["channel"] = found.channel
    return actions.save_service(
        by=request.membership,
        unit=unit,
        standard=form.standard(),
        service=found,
        version=values["version"] or 0 if found else None,
        today=timezone.localdate(),
    )


@screen(writes_services)
@require_POST
def service_remove(request: PortalRequest, service_id: int) -> HttpResponse:
    found = service_or_404(request, service_id)
    _require_write(request, found.unit)
    try:
        actions.remove_service(by=request.membership, service=found)
    except RegistryRefused as refused:
        messages.error(request, str(refused))
        return redirect("opd:service", found.pk)
    messages.success(request, _("The service is removed."))
    return redirect("opd:unit_services", found.unit_id)


@screen(writes_services)
@reads_and_sends
def move_add(request: PortalRequest, service_id: int) -> HttpResponse:
    found = service_or_404(request, service_id)
    _require_write(request, found.unit)
    form = MoveForm(posted(request), initial={"from_channel": found.channel})
    if attempt(
        form,
        lambda: actions.record_move(
            by=request.membership,
            service=found,
            facts=form.facts(),
            now=timezone.now(),
            today=timezone.localdate(),
        ),
    ):
        messages.success(request, _("The move is recorded."))
        return redirect("opd:service", found.pk)
    title = _("Record a move")
    back = reverse("opd:service", args=[found.pk])
    return _form(request, form, found.unit, title, service_crumbs(found, title), back=back)


@screen(writes_services)
@reads_and_sends
def move_correct(request: PortalRequest, service_id: int, move_id: int) -> HttpResponse:
    found = service_or_404(request, service_id)
    _require_write(request, found.unit)
    move = or_404(queries.move_of(found, move_id))
    form = CorrectMoveForm(posted(request), initial=CorrectMoveForm.initial_of(move))
    if attempt(form, lambda: _correct(request, move, form)):
        messages.success(request, _("The entry is corrected. What stood there stays readable."))
        return redirect("opd:service", found.pk)
    title = _("Correct a move")
    back = reverse("opd:service", args=[found.pk])
    return _form(request, form, found.unit, title, service_crumbs(found, title), back=back)


def _correct(request: PortalRequest, move: ChannelMove, form: CorrectMoveForm) -> bool:
    reason, now = form.cleaned_data["reason"], timezone.now()
    if form.cleaned_data["never"]:
        actions.withdraw_move(by=request.membership, move=move, reason=reason, now=now)
    else:
        actions.correct_move(
            by=request.membership,
            move=move,
            facts=form.facts(),
            reason=reason,
            now=now,
            today=timezone.localdate(),
        )
    return True


def service_or_404(request: PortalRequest, service_id: int) -> Service:
    return or_404(queries.service_of(request.membership, service_id))


def writable_unit(request: PortalRequest, unit_id: int) -> Unit:
    unit = unit_or_404(request, unit_id)
    _require_write(request, unit)
    return unit


def _require_write(request: PortalRequest, unit: Unit) -> None:
    if not may_write_services(request.membership, unit):
        raise refuse(_("Your role does not include the services of this unit."))


def unit_step(unit: Unit) -> list[tuple[Any, str]]:
    return [(unit.label, reverse("opd:unit", args=[unit.pk]))]


def service_crumbs(found: Service, label: Any = "") -> list[dict[str, Any]]:
    trail = [
        *unit_step(found.unit),
        (_("Services"), reverse("opd:unit_services", args=[found.unit_id])),
    ]
    if not label:
        return crumbs(*trail, (found.name, ""))
    return crumbs(*trail, (found.name, reverse("opd:service", args=[found.pk])), (label, ""))


def _form(
    request: PortalRequest, form: Any, unit: Unit, title: Any, breadcrumbs: Any, **context: Any
) -> HttpResponse:
    context.setdefault("back", reverse("opd:unit_services", args=[unit.pk]))
    return form_page(
        request,
        form,
        template="opd/services/form.html",
        unit=unit,
        title=title,
        breadcrumbs=breadcrumbs,
        **context,
    )
