"""Duties, and the kinds that count."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from opd.actions import unit_details as actions
from opd.forms.units import DutiesForm, KindRulesForm
from opd.http import PortalRequest, screen
from opd.permissions import can_manage_units
from opd.queries import units as queries
from opd.views.unit_changes import attempt, form_page, reads_and_sends
from opd.views.units import crumbs, unit_crumbs, unit_or_404


@screen(can_manage_units)
@reads_and_sends
def unit_duties(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    before = "\n".join(queries.duty_texts(unit))
    form = DutiesForm(request.POST or None, initial={"duties": before})
    saved = attempt(
        form,
        lambda: actions.set_duties(
            by=request.membership, unit=unit, texts=form.cleaned_data["duties"]
        ),
    )
    if saved is not None:
        messages.success(request, _("The duties are saved."))
        return redirect("opd:unit", unit.pk)
    return form_page(
        request,
        form,
        unit=unit,
        title=_("Duties"),
        button=_("Save the duties"),
        breadcrumbs=unit_crumbs(unit, _("Duties")),
    )


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
