"""The suggestion box (*kotak saran*): one short page, a code, an answer like any other report."""

import json
import secrets
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints import sla
from complaints.actions.filing import Filing
from complaints.codes import new_code
from complaints.enums import ComplaintKind, Disclosure
from complaints.forms.filing_steps import SuggestionForm
from complaints.queries import units
from complaints.views import drafts, proof
from complaints.views.filing import send
from complaints.views.frame import page
from complaints.views.visit import LIFETIME
from integrity_portal.core.crypto import UnableToOpen, open_sealed, seal
from opd.http import PortalRequest, public

PLACE = {"table": "complaints_suggestion", "column": "ticket"}


@public
@require_http_methods(["GET", "POST"])
def suggestion(request: PortalRequest, government_slug: str) -> HttpResponse:
    """No cookie before it is sent: key and code of this one page stand sealed in the form."""
    now = timezone.now()
    draft = _opened(request, request.POST.get("ticket", ""), now) if request.POST else None
    named = {"place": drafts.place_named(request), "meeting": drafts.meeting_named(request)}
    form = _form(request, named["place"])
    if request.method == "POST" and form.is_valid():
        if draft is None:
            form.add_error(None, _("The form was open for too long. Send it once more."))
        else:
            proof.take(request, draft, now)
            return _send(request, draft, form.cleaned_data, named, now)
    if draft is None:
        draft = {"key": secrets.token_hex(16), "code": new_code()}
        form.initial["ticket"] = _sealed(request, draft, now)
        if form.is_bound:
            form.data = {**request.POST.dict(), "ticket": form.initial["ticket"]}
    challenge = proof.challenge(request, draft, now)
    days = sla.current().first_class(ComplaintKind.ASPIRATION).days
    context = {"form": form, "challenge": challenge, "days": days, "with_script": True, **named}
    return page(request, "suggestion", "suggestion", context)


def _form(request: PortalRequest, place: Any) -> SuggestionForm:
    groups = units.unit_choices(request.government.pk, timezone.localdate())
    initial = {"unit": place.unit_id} if place else {}
    return SuggestionForm(request.POST or None, groups=groups, initial=initial)


def _send(
    request: PortalRequest,
    draft: dict[str, Any],
    values: dict[str, Any],
    named: dict[str, Any],
    now: datetime,
) -> HttpResponse:
    proof.count(request, now)
    place = named["place"]
    filing = Filing(
        draft_key=draft["key"],
        code=draft["code"],
        kind=ComplaintKind.ASPIRATION,
        story=values["story"],
        unit=drafts.unit_of(request, values["unit"]),
        disclosure=Disclosure.ANONYMOUS,
        contact=values["notice"],
        is_contact_for_notice=bool(values["notice"]),
        region=place.region if place else None,
        is_quarantined=proof.is_put_aside(request, draft, place.pk if place else None, now),
        **named,
    )
    return send(request, filing, now)


def _sealed(request: PortalRequest, draft: dict[str, Any], now: datetime) -> str:
    text = json.dumps({**draft, "until": (now + LIFETIME).timestamp()})
    return seal(text, row=str(request.government.pk), **PLACE)


def _opened(request: PortalRequest, ticket: str, now: datetime) -> dict[str, Any] | None:
    try:
        draft = json.loads(open_sealed(ticket, row=str(request.government.pk), **PLACE))
    except UnableToOpen:
        return None
    return draft if draft.pop("until") > now.timestamp() else None
