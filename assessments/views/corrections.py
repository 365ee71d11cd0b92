"""Opening a closed act again, changing or discarding what some have signed: first what it means."""

from collections.abc import Callable
from typing import Any, NamedTuple

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
from assessments.views.shared import act_crumbs, find_declaration
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.refusals import refusal_text
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


class Words(NamedTuple):
    """What one correction says: over its page, on its button, and when it is done."""

    heading: str
    button: str
    done: str


@screen(can_manage_acts)
@READ
def declaration_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    row = find_declaration(request, pk)
    if row.state != DeclarationState.CLOSED:
        raise refuse(_("Only a closed declaration is opened again."))
    words = Words(
        _("Open the declaration again"),
        _("Open it again"),
        _("The declaration is open again. Correct it, then close it."),
    )

    def meaning() -> dict[str, Any]:
        back = zones_standing_by(row, timezone.localdate())
        return {"kind": "reopen", "zones": back, "units": list(row.units.all())}

    return _with_a_reason(request, row, actions.reopen_declaration, words, meaning)


@screen(can_manage_acts)
@READ
def declaration_text(request: PortalRequest, pk: int) -> HttpResponse:
    """Back to draft while signatures stand; without any the step on the act's page does it."""
    row = find_declaration(request, pk)
    if row.state != DeclarationState.OPEN:
        raise refuse(_("This declaration is not open for signing."))
    words = Words(
        _("Change the text"),
        _("Withdraw the signatures and change the text"),
        _("The declaration is a draft again; everybody signs the new text."),
    )

    def meaning() -> dict[str, Any]:
        places = [place for place in row.signatories.all() if place.signature]
        return {"kind": "text", "places": places}

    return _with_a_reason(request, row, actions.change_text, words, meaning)


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
    words = Words(
        _("Discard the draft"),
        _("Discard the draft"),
        _("The draft is discarded. What was signed stays readable here."),
    )
    return _with_a_reason(request, row, actions.discard_signed, words, lambda: {"kind": "discard"})


def _with_a_reason(
    request: PortalRequest,
    row: Declaration,
    act: Callable[..., Declaration],
    words: Words,
    meaning: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """The page that says what the correction means; sent with a reason, it is done."""
    form = ReasonForm(request.POST if request.method == "POST" else None, submit=words.button)
    if form.is_valid() and _done(request, form, row, act):
        messages.success(request, words.done)
        return redirect("assessments:declaration", row.pk)
    shown = {
        "act": row,
        "form": form,
        "heading": words.heading,
        "breadcrumbs": act_crumbs(row, words.heading),
    }
    return render(request, "assessments/correction.html", {**shown, **meaning()})


def _done(
    request: PortalRequest, form: ReasonForm, row: Declaration, act: Callable[..., Declaration]
) -> bool:
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
    return True
