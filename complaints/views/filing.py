"""The public page: what happens to the data, three steps, a check, the receipt. No script needed."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions.filing import Filing, SentDifferently, file_complaint
from complaints.codes import grouped, new_code
from complaints.enums import ComplaintKind
from complaints.forms.public import UNKNOWN, CodeForm, WhatForm, WhereForm, WhoForm
from complaints.queries import tracking, units
from complaints.views import visit
from complaints.views.frame import page
from complaints.views.visit import DRAFT, FOLLOWED, RECEIPT, UNSENT
from integrity_portal.core import ratelimit
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, public
from opd.transitions import StepRefused

STEPS: dict[int, tuple[type[Form], str]] = {
    1: (WhatForm, "kind"),
    2: (WhereForm, "unit"),
    3: (WhoForm, "disclosure"),
}
CHECK = 4
# So many units are found at a glance; above it a search by name stands over the list.
LONG_LIST = 12
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@public
@require_safe
def privacy(request: PortalRequest, government_slug: str) -> HttpResponse:
    return page(request, "privacy", "report")


@public
@require_http_methods(["GET", "POST"])
def step(request: PortalRequest, government_slug: str, number: int) -> HttpResponse:
    if number not in STEPS:
        raise Http404
    draft = visit.read(request, DRAFT, now=timezone.now())
    if draft is None and number > 1 and request.method == "GET":
        return _start_again(request)
    answers = draft["answers"] if draft else {}
    form = _form(request, number, answers)
    if request.method == "POST" and form.is_valid():
        draft = draft or _new_draft(request)
        form.cleaned_data.pop("find", None)
        draft["answers"] = {**answers, **form.cleaned_data}
        visit.keep(request, DRAFT, draft, now=timezone.now())
        return _onward(request, number, draft["answers"])
    title = [_("What is it about?"), _("Where and when?"), _("Who are you?")][number - 1]
    context = {"form": form, "number": number, "of": CHECK, "heading": title}
    context["back"] = _url(request, "step", number - 1) if number > 1 else _url(request, "privacy")
    return page(request, "step", "report", context)


@public
@require_http_methods(["GET", "POST"])
def check(request: PortalRequest, government_slug: str) -> HttpResponse:
    """Everything once more with links to change it; sending it twice gives one complaint."""
    now = timezone.now()
    draft = visit.read(request, DRAFT, now=now)
    if draft is None:
        if visit.read(request, RECEIPT, now=now):
            return redirect(_url(request, "receipt"))
        return _start_again(request)
    answers = draft["answers"]
    if missing := _first_missing(answers):
        return redirect(_url(request, "step", missing))
    if request.method == "POST":
        return _send(request, draft)
    context = {"answers": answers, "unit": _unit(request, answers), "number": CHECK, "of": CHECK}
    context["kind"] = ComplaintKind(answers["kind"]).label
    context["back"] = _url(request, "step", 3)
    return page(request, "check", "report", context)


@public
@require_http_methods(["GET", "POST"])
def receipt(request: PortalRequest, government_slug: str) -> HttpResponse:
    """The code, large; typing it once more opens the tracking page."""
    now = timezone.now()
    kept = visit.read(request, RECEIPT, now=now)
    if kept is None:
        return redirect(_url(request, "track"))
    complaint = or_404(tracking.complaint_followed(request.government.pk, kept["complaint"]))
    form = CodeForm(
        request.POST or None,
        label=_("Type the code once more"),
        submit=_("Open my report"),
    )
    if request.method == "POST" and form.is_valid():
        if secrets.compare_digest(form.cleaned_data["code"], kept["code"]):
            visit.keep(request, FOLLOWED, {"complaint": complaint.pk}, now=now)
            visit.forget(request, RECEIPT)
            return redirect(_url(request, "followed"))
        form.add_error("code", _("That is another code. Compare it with the code above."))
    events = tracking.timeline(complaint)
    context = {
        "form": form,
        "code": grouped(kept["code"]),
        "complaint": complaint,
        "events": events,
    }
    return page(request, "receipt", "report", context)


@public
@require_POST
def leave(request: PortalRequest, government_slug: str) -> HttpResponse:
    """For a phone that others use too: nothing of the visit stays."""
    visit.forget(request, DRAFT, RECEIPT, FOLLOWED, UNSENT)
    if not request.user.is_authenticated:
        request.session.flush()
    messages.success(request, _("Everything about this report was removed from this device."))
    return redirect(_url(request, "track"))


def _send(request: PortalRequest, draft: dict[str, Any]) -> HttpResponse:
    now, answers = timezone.now(), draft["answers"]
    address = ratelimit.client_address(request.META)
    ratelimit.hit("complaints.file.minute", address, limit=60, window=MINUTE, now=now)
    ratelimit.hit("complaints.file.day", address, limit=2000, window=DAY, now=now)
    filing = Filing(
        draft_key=draft["key"],
        code=draft["code"],
        kind=answers["kind"],
        story=answers["story"],
        when_text=answers["when_text"],
        where_text=answers["where_text"],
        unit=_unit(request, answers),
        disclosure=answers["disclosure"],
        name=answers["name"],
        contact=answers["contact"],
    )
    try:
        filed = file_complaint(government=request.government, filing=filing, now=now)
    except SentDifferently:
        messages.warning(request, _("Your report was already sent. Send the change as a message."))
        return redirect(_url(request, "receipt"))
    except StepRefused:  # The other request of a double click holds the receipt.
        return redirect(_url(request, "receipt"))
    visit.keep(request, RECEIPT, {"complaint": filed.complaint.pk, "code": filed.code}, now=now)
    visit.forget(request, DRAFT)
    return redirect(_url(request, "receipt"))


def _new_draft(request: PortalRequest) -> dict[str, Any]:
    address = ratelimit.client_address(request.META)
    ratelimit.hit("complaints.draft", address, limit=300, window=MINUTE, now=timezone.now())
    return {"key": secrets.token_hex(16), "code": new_code(), "answers": {}}


def _form(request: PortalRequest, number: int, answers: dict[str, Any]) -> Form:
    sent = request.POST if request.method == "POST" else None
    if number == 2:
        return _where_form(request, sent, answers)
    return STEPS[number][0](sent, initial=answers)


def _where_form(request: PortalRequest, sent: Any, answers: dict[str, Any]) -> Form:
    """ "Search" with a word: the same page with the units that fit, whatever was chosen before.

    Enter in a box presses the first button, which is "Search": without a word it goes on.
    """
    government, today = request.government.pk, timezone.localdate()
    groups = units.unit_choices(government, today)
    with_search = sum(len(members) for _kind, members in groups) > LONG_LIST
    words = sent.get("find", "").strip()[:80] if sent else ""
    searches = bool(sent) and ("search" in sent or not sent.get("unit"))
    if not (words and searches):
        return WhereForm(sent, initial=answers, groups=groups, with_search=with_search)
    fitting = units.unit_choices(government, today, words)
    keys = [pk for _kind, members in fitting for pk, _name in members]
    chosen = sent.get("unit", "")
    if chosen not in map(str, keys):
        chosen = keys[0] if len(keys) == 1 else ""
    typed = {**sent.dict(), "unit": chosen}
    found = ngettext("%(count)s office fits.", "%(count)s offices fit: choose one.", len(keys))
    if not keys:
        found = _("No office has this name. Choose one from the list, or “I do not know”.")
    return WhereForm(initial=typed, groups=fitting or groups, found=found % {"count": len(keys)})


def _first_missing(answers: dict[str, Any]) -> int | None:
    return next((n for n, (_form, marker) in STEPS.items() if marker not in answers), None)


def _onward(request: PortalRequest, number: int, answers: dict[str, Any]) -> HttpResponse:
    """To the first step that is still missing, else to the check."""
    missing = _first_missing(answers)
    if missing is None:
        return redirect(_url(request, "check"))
    if missing < number:
        messages.warning(request, _expired())
    return redirect(_url(request, "step", missing))


def _unit(request: PortalRequest, answers: dict[str, Any]) -> Any:
    if answers["unit"] == UNKNOWN:
        return None
    return units.active_unit(request.government.pk, int(answers["unit"]), timezone.localdate())


def _start_again(request: PortalRequest) -> HttpResponse:
    messages.warning(request, _expired())
    return redirect(_url(request, "step", 1))


def _expired() -> str:
    return _(
        "What you wrote before is kept for three hours only and is gone now. Please start again."
    )


def _url(request: PortalRequest, name: str, *args: Any) -> str:
    return reverse(f"complaints:{name}", args=[request.government.slug, *args])
