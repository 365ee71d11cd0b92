"""Standing facts of the government and of units."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core import files
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import or_404, serve_file
from opd.actions import facts as actions
from opd.actions.facts import FactInput
from opd.forms.facts import FactForm
from opd.http import PortalRequest, screen
from opd.models import StandingFact, Unit
from opd.permissions import can_manage_facts, is_member
from opd.queries import units as queries
from opd.views.unit_changes import attempt, form_page, reads_and_sends
from opd.views.units import crumbs, shown_facts, unit_crumbs, unit_or_404


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
            "may_manage": can_manage_facts(request.membership),
            "breadcrumbs": crumbs((_("Standing facts"), "")),
        },
    )


@screen(can_manage_facts)
@reads_and_sends
def fact_add(request: PortalRequest) -> HttpResponse:
    return _fact_page(request, None, None)


@screen(can_manage_facts)
@reads_and_sends
def unit_fact_add(request: PortalRequest, unit_id: int) -> HttpResponse:
    return _fact_page(request, unit_or_404(request, unit_id), None)


@screen(can_manage_facts)
@reads_and_sends
def fact_edit(request: PortalRequest, fact_id: int) -> HttpResponse:
    fact = _fact_or_404(request, fact_id)
    return _fact_page(request, fact.unit, fact)


def _fact_page(
    request: PortalRequest, unit: Unit | None, fact: StandingFact | None
) -> HttpResponse:
    form = FactForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        of_unit=unit is not None,
        initial=FactForm.initial_of(fact) if fact else None,
    )
    if _saved(request, form, unit, fact) is not None:
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


def _saved(
    request: PortalRequest, form: FactForm, unit: Unit | None, fact: StandingFact | None
) -> StandingFact | None:
    """The row, or None with the sentence at its field."""
    if not form.is_valid():
        return None
    values = dict(form.cleaned_data)
    upload = values.pop("proof")
    try:
        proof = None
        if upload:
            proof = files.receive(
                upload,
                rule=files.EVIDENCE,
                kind="fact",
                government_id=request.membership.government_id,
                by_user_id=request.user.pk,
            )
    except FileRefused as refused:
        form.add_error("proof", str(refused))
        return None
    entered = FactInput(**{**values, "year": int(values["year"])}, proof=proof)
    return attempt(
        form,
        lambda: actions.save_fact(
            by=request.membership, unit=unit, fact=fact, entered=entered, today=timezone.localdate()
        ),
    )


@screen(is_member)
@require_safe
def fact_file(request: PortalRequest, fact_id: int) -> HttpResponseBase:
    fact = queries.readable_fact(request.membership, fact_id)
    if fact is None or fact.proof is None:
        raise Http404
    return serve_file(fact.proof)


@screen(can_manage_facts)
@require_POST
def fact_remove(request: PortalRequest, fact_id: int) -> HttpResponse:
    fact = _fact_or_404(request, fact_id)
    actions.remove_fact(by=request.membership, fact=fact)
    messages.success(request, _("The fact is removed."))
    return _back_to_facts(fact.unit)


def _fact_or_404(request: PortalRequest, fact_id: int) -> StandingFact:
    return or_404(queries.fact_of(request.membership, fact_id))


def _facts_crumb() -> tuple[str, str]:
    return _("Standing facts"), reverse("opd:fact_list")


def _back_to_facts(unit: Unit | None) -> HttpResponse:
    return redirect("opd:unit", unit.pk) if unit else redirect("opd:fact_list")
