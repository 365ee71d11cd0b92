"""The public page: what happens to the data, four steps, a check. No script needed."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions.filing import Filing, SentDifferently, file_complaint
from complaints.enums import ComplaintKind, Disclosure
from complaints.forms.filing_steps import WhatStep, WhereStep, WhoStep, rounded
from complaints.queries import units
from complaints.views import drafts, evidence, proof, similar, visit
from complaints.views.drafts import Draft, url
from complaints.views.frame import page
from complaints.views.visit import DRAFT, FOLLOWED, FOLLOWING, RECEIPT, UNSENT
from opd.enums import UnitKind
from opd.http import PortalRequest, public
from opd.transitions import StepRefused

# Each step by the answer that shows that it was taken.
MARKERS = {1: "kind", 2: "unit", 3: "evidence", 4: "disclosure"}
STEPS = len(MARKERS)
# So many units are found at a glance; above it a search by name stands over the list.
LONG_LIST = 12
REGIONS = {UnitKind.KECAMATAN.label, UnitKind.KELURAHAN.label}


@public
@require_safe
def privacy(request: PortalRequest, government_slug: str) -> HttpResponse:
    """The address of a poster or a meeting goes along to the first step."""
    query = request.GET.urlencode() if drafts.place_named(request) else ""
    query = query or (request.GET.urlencode() if drafts.meeting_named(request) else "")
    return page(request, "privacy", "report", {"query": query})


@public
@require_http_methods(["GET", "POST"])
def step(request: PortalRequest, government_slug: str, number: int) -> HttpResponse:
    if number not in MARKERS:
        raise Http404
    draft = drafts.read(request)
    if draft is None and number > 1 and request.method == "GET":
        return drafts.start_again(request)
    if number == evidence.NUMBER:
        return evidence.step(request, draft or drafts.new_draft(request), _onward)
    answers = draft["answers"] if draft else {}
    form = _form(request, number, answers, draft)
    if request.method == "POST" and form.is_valid():
        return _accept(request, number, draft or drafts.new_draft(request), form)
    return _show(request, number, form, draft)


def _accept(request: PortalRequest, number: int, draft: Draft, form: Form) -> HttpResponse:
    form.cleaned_data.pop("find", None)
    draft["answers"] = {**draft["answers"], **form.cleaned_data}
    proof.take(request, draft, timezone.now())
    if number == 1:
        drafts.take_origin(request, draft)
    if number == 2:
        draft["place"] = draft.get("place") if form.cleaned_data["at_place"] else None
        draft["meeting"] = draft.get("meeting") if form.cleaned_data["at_meeting"] else None
        offers = not draft.get("offered") and similar.found_for(request, draft)
        if offers:
            draft["offered"] = True
            drafts.keep(request, draft)
            return redirect(url(request, "similar"))
    drafts.keep(request, draft)
    return _onward(request, number, draft)


def _show(request: PortalRequest, number: int, form: Form, draft: Draft | None) -> HttpResponse:
    titles = {1: _("What is it about?"), 2: _("Where and when?"), 4: _("Who are you?")}
    typed = getattr(form, "data", None) or form.initial
    position = rounded(typed.get("position", "")) if number == 2 else ""
    context = {
        "form": form,
        "number": number,
        "of": STEPS,
        "heading": titles[number],
        "back": url(request, "step", number - 1) if number > 1 else url(request, "privacy"),
        "position": position,
        "position_words": drafts.position_in_words(position),
        "with_script": True,
        "is_new": request.method == "GET",
        **drafts.origin(request, draft),
    }
    if draft and number > 1:
        context["challenge"] = proof.challenge(request, draft, timezone.now())
    return page(request, "step", "report", context)


@public
@require_http_methods(["GET", "POST"])
def check(request: PortalRequest, government_slug: str) -> HttpResponse:
    """Everything once more with links to change it; sending it twice gives one complaint."""
    now = timezone.now()
    draft = drafts.read(request)
    if draft is None:
        if visit.read(request, RECEIPT, now=now):
            return redirect(url(request, "receipt"))
        return drafts.start_again(request)
    if missing := _first_missing(draft["answers"]):
        return redirect(url(request, "step", missing))
    if request.method == "POST":
        proof.take(request, draft, now)
        return _send(request, draft, now)
    filing = drafts.filing_of(request, draft, is_quarantined=False)
    context = {
        "answers": draft["answers"],
        "filing": filing,
        "position_words": drafts.position_in_words(draft["answers"].get("position", "")),
        "kind": ComplaintKind(filing.kind).label,
        "back": url(request, "step", STEPS),
        "challenge": proof.challenge(request, draft, now),
        "with_script": True,
    }
    return page(request, "check", "report", context)


@public
@require_POST
def leave(request: PortalRequest, government_slug: str) -> HttpResponse:
    """For a phone that others use too: nothing of the visit stays."""
    drafts.discard(request, drafts.read(request))
    visit.forget(request, DRAFT, RECEIPT, FOLLOWED, FOLLOWING, UNSENT)
    if not request.user.is_authenticated:
        request.session.flush()
    messages.success(request, _("Everything about this report was removed from this device."))
    return redirect(url(request, "track"))


def _send(request: PortalRequest, draft: Draft, now: datetime) -> HttpResponse:
    proof.count(request, now)
    aside = proof.is_put_aside(request, draft, draft.get("place"), now)
    return send(request, drafts.filing_of(request, draft, is_quarantined=aside), now)


def send(request: PortalRequest, filing: Filing, now: datetime) -> HttpResponse:
    """File it and show the code; the draft is gone."""
    try:
        filed = file_complaint(government=request.government, filing=filing, now=now)
    except SentDifferently:
        messages.warning(request, _("Your report was already sent. Send the change as a message."))
        return redirect(url(request, "receipt"))
    except StepRefused:  # The other request of a double click holds the receipt.
        return redirect(url(request, "receipt"))
    visit.keep(request, RECEIPT, {"complaint": filed.complaint.pk, "code": filed.code}, now=now)
    visit.forget(request, DRAFT)
    return redirect(url(request, "receipt"))


def _form(
    request: PortalRequest, number: int, answers: dict[str, Any], draft: Draft | None
) -> Form:
    sent = request.POST if request.method == "POST" else None
    if number == 2:
        return _where_form(request, sent, answers, draft)
    if number == 4:
        default = Disclosure.ANONYMOUS.value if drafts.is_accusation(answers) else ""
        return WhoStep(sent, initial={"disclosure": default, **answers})
    return WhatStep(sent, initial=answers)


def _where_form(
    request: PortalRequest, sent: Any, answers: dict[str, Any], draft: Draft | None
) -> WhereStep:
    """ "Search" with a word: the same page with the units that fit, whatever was chosen before.

    Enter in a box presses the first button, which is "Search": without a word it goes on.
    """
    government, today = request.government.pk, timezone.localdate()
    groups = units.unit_choices(government, today)
    regions = [group for group in groups if group[0] in REGIONS]
    lists: dict[str, Any] = {
        "regions": regions,
        "with_search": sum(len(members) for _kind, members in groups) > LONG_LIST,
    }
    words = sent.get("find", "").strip()[:80] if sent else ""
    searches = bool(sent) and ("search" in sent or not sent.get("unit"))
    if not (words and searches):
        initial = answers if "unit" in answers else {**_of_place(request, draft), **answers}
        return WhereStep(sent, initial=initial, groups=groups, **lists)
    fitting = units.unit_choices(government, today, words)
    keys = [pk for _kind, members in fitting for pk, _name in members]
    chosen = sent.get("unit", "")
    if chosen not in map(str, keys):
        chosen = keys[0] if len(keys) == 1 else ""
    typed = {**sent.dict(), "unit": chosen}
    found = ngettext("%(count)s office fits.", "%(count)s offices fit: choose one.", len(keys))
    if not keys:
        found = _("No office has this name. Choose one from the list, or “I do not know”.")
    found %= {"count": len(keys)}
    return WhereStep(initial=typed, groups=fitting or groups, found=found, **lists)


def _of_place(request: PortalRequest, draft: Draft | None) -> dict[str, Any]:
    """What a poster knows of where it hangs."""
    place = drafts.origin(request, draft)["place"] if draft else None
    return {"unit": place.unit_id, "region": place.region_id} if place else {}


def _first_missing(answers: dict[str, Any]) -> int | None:
    return next((number for number, marker in MARKERS.items() if marker not in answers), None)


def _onward(request: PortalRequest, number: int, draft: Draft) -> HttpResponse:
    """To the first step that is still missing, else to the check."""
    missing = _first_missing(draft["answers"])
    if missing is None:
        return redirect(url(request, "check"))
    if missing < number:
        messages.warning(request, drafts.expired())
    return redirect(url(request, "step", missing))
