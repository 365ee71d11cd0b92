"""Opening a closed act again, changing or discarding what some have signed: first what it means."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.actions import corrections as actions
from assessments.enums import DeclarationState
from assessments.forms.declarations import ReasonForm
from assessments.models import Declaration
from assessments.permissions import can_manage_acts
from assessments.queries.declarations import closed_once
from assessments.queries.zones import zones_standing_by
from assessments.views.shared import act_crumbs, find_declaration, refusal_text
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


@screen(can_manage_acts)
@READ
def declaration_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    row = find_declaration(request, pk)
    if row.state != DeclarationState.CLOSED:
        raise refuse(_("Only a closed declaration is opened again."))
    form = _form(request, _("Open it again"))
    said = _("The declaration is open again. Correct it, then close it.")
    if _done(request, form, row, actions.reopen_declaration, said):
        return redirect("assessments:declaration", pk)
    back = zones_standing_by(row, timezone.localdate())
    context = {"kind": "reopen", "zones": back, "units": list(row.units.all())}
    return _page(request, row, form, _("Open the declaration again"), context)


@screen(can_manage_acts)
@READ
def declaration_text(request: PortalRequest, pk: int) -> HttpResponse:
    """Back to draft while signatures stand; without any the step on the act's page does it."""
    row = find_declaration(request, pk)
    if row.state != DeclarationState.OPEN:
        raise refuse(_("This declaration is not open for signing."))
    form = _form(request, _("Withdraw the signatures and change the text"))
    said = _("The declaration is a draft again; everybody signs the new text.")
    if _done(request, form, row, actions.change_text, said):
        return redirect("assessments:declaration", pk)
    places = [place for place in row.signatories.all() if place.signature]
    return _page(request, row, form, _("Change the text"), {"kind": "text", "places": places})


@screen(can_manage_acts)
@READ
def declaration_discard(request: PortalRequest, pk: int) -> HttpResponse:
    """A draft that was open before and that somebody signed then: discarded with a reason."""
    row = find_declaration(request, pk)
    if row.state != DeclarationState.DRAFT:
        raise refuse(_("This declaration is being signed or closed; only drafts are discarded."))
    lacking = closed_once(row)
    if lacking:
        raise refuse(lacking[0].sentence)
    form = _form(request, _("Discard the draft"))
    said = _("The draft is discarded. What was signed stays readable here.")
    if _done(request, form, row, actions.discard_signed, said):
        return redirect("assessments:declaration", pk)
    return _page(request, row, form, _("Discard the draft"), {"kind": "discard"})


def _form(request: PortalRequest, submit: Any) -> ReasonForm:
    return ReasonForm(request.POST if request.method == "POST" else None, submit=submit)


def _done(
    request: PortalRequest,
    form: ReasonForm,
    row: Declaration,
    act: Callable[..., Declaration],
    said: str,
) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(
            declaration=row,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        form.add_error("reason", refusal_text(refusal))
        return False
    messages.success(request, said)
    return True


def _page(
    request: PortalRequest,
    row: Declaration,
    form: ReasonForm,
    heading: str,
    context: dict[str, Any],
) -> HttpResponse:
    shown = {"act": row, "form": form, "heading": heading, "breadcrumbs": act_crumbs(row, heading)}
    return render(request, "assessments/correction.html", {**shown, **context})
