"""Duties, standing facts, and the kinds that count."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from opd.actions import unit_details as actions
from opd.forms.units import DutiesForm, FactForm, KindRulesForm
from opd.http import PortalRequest, screen
from opd.models import StandingFact, Unit
from opd.permissions import can_manage_units, is_member
from opd.queries import units as queries
from opd.views.unit_changes import attempt, form_page, reads_and_sends
from opd.views.units import crumbs, shown_facts, unit_crumbs, unit_or_404


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


@screen(is_member)
@require_safe
def fact_list(request: PortalRequest) -> HttpResponse:
    """The government's own standing facts, year by year."""
    facts = list(queries.government_facts(request.government.pk))
    return render(
        request,
        "opd/units/facts.html",
        {
            "facts": shown_facts(facts),
            "may_manage": can_manage_units(request.membership),
            "breadcrumbs": crumbs((_("Standing facts"), "")),
        },
    )


@screen(can_manage_units)
@reads_and_sends
def fact_add(request: PortalRequest) -> HttpResponse:
    return _fact_page(request, None, None)


@screen(can_manage_units)
@reads_and_sends
def unit_fact_add(request: PortalRequest, unit_id: int) -> HttpResponse:
    return _fact_page(request, unit_or_404(request, unit_id), None)


@screen(can_manage_units)
@reads_and_sends
def fact_edit(request: PortalRequest, fact_id: int) -> HttpResponse:
    fact = _fact_or_404(request, fact_id)
    return _fact_page(request, fact.unit, fact)


def _fact_page(
    request: PortalRequest, unit: Unit | None, fact: StandingFact | None
) -> HttpResponse:
    form = FactForm(request.POST or None, initial=FactForm.initial_of(fact) if fact else None)
    if attempt(
        form,
        lambda: actions.save_fact(
            by=request.membership,
            unit=unit,
            fact=fact,
            today=timezone.localdate(),
            **{**form.cleaned_data, "year": int(form.cleaned_data["year"])},
        ),
    ):
        messages.success(request, _("The fact is saved."))
        return _back_to_facts(unit)
    title = _("Edit the fact") if fact else _("Add a fact")
    trail = unit_crumbs(unit, title) if unit else crumbs(_facts_crumb(), (title, ""))
    return form_page(
        request,
        form,
        unit=unit,
        title=title,
        button=_("Save the fact"),
        back=None if unit else reverse("opd:fact_list"),
        remove=reverse("opd:fact_remove", args=[fact.pk]) if fact else "",
        remove_label=_("Remove this fact"),
        breadcrumbs=trail,
    )


@screen(can_manage_units)
@require_POST
def fact_remove(request: PortalRequest, fact_id: int) -> HttpResponse:
    fact = _fact_or_404(request, fact_id)
    actions.remove_fact(by=request.membership, fact=fact)
    messages.success(request, _("The fact is removed."))
    return _back_to_facts(fact.unit)


def _fact_or_404(request: PortalRequest, fact_id: int) -> StandingFact:
    fact = queries.fact_of(request.membership, fact_id)
    if fact is None:
        raise Http404
    return fact


def _facts_crumb() -> tuple[str, str]:
    return _("Standing facts"), reverse("opd:fact_list")


def _back_to_facts(unit: Unit | None) -> HttpResponse:
    return redirect("opd:unit", unit.pk) if unit else redirect("opd:fact_list")


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
