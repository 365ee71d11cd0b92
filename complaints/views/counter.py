"""Filing for a citizen who stands at the counter or calls: one page, then the code to hand over."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions.filing import Filed, Filing, SentDifferently, file_complaint
from complaints.codes import grouped, new_code
from complaints.forms.public import UNKNOWN
from complaints.forms.staff import CounterForm
from complaints.permissions import can_file_for_citizen
from complaints.queries import tracking, units
from complaints.views import visit
from integrity_portal.core.crypto import UnableToOpen, open_sealed, seal
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

# How long the code can be read again after filing.
SHOWN_FOR = timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(can_file_for_citizen)
def file(request: PortalRequest) -> HttpResponse:
    groups = units.unit_choices(request.government.pk, timezone.localdate())
    form = CounterForm(
        request.POST if request.method == "POST" else None,
        groups=groups,
        initial={"ticket": _ticket(request)},
    )
    if request.method == "POST" and form.is_valid():
        ticket = _open_ticket(request, form.cleaned_data["ticket"])
        if ticket is not None:
            return _file(request, form, ticket)
        form.add_error(None, _("The form was open for too long. Send it once more."))
        form.data = request.POST.copy()
        form.data["ticket"] = _ticket(request)
    return render(request, "complaints/staff/counter.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@screen(can_file_for_citizen)
def filed(request: PortalRequest) -> HttpResponse:
    """The code, to be handed over: here until "Finished" or for ten minutes, then nowhere."""
    kept = visit.read(request, visit.HANDED, now=timezone.now())
    if request.method == "POST":
        return _finish(request, kept)
    if kept is None or "code" not in kept:
        return redirect("complaints:list")
    complaint = or_404(tracking.complaint_followed(request.government.pk, kept["complaint"]))
    context = {
        "complaint": complaint,
        "code": grouped(kept["code"]),
        "events": tracking.timeline(complaint),
    }
    return render(request, "complaints/staff/filed.html", context)


def _file(request: PortalRequest, form: CounterForm, ticket: dict[str, str]) -> HttpResponse:
    now, values = timezone.now(), form.cleaned_data
    unit = None
    if values["unit"] != UNKNOWN:
        unit = units.active_unit(request.government.pk, int(values["unit"]), timezone.localdate())
    filing = Filing(
        draft_key=ticket["key"],
        code=ticket["code"],
        kind=values["kind"],
        story=values["story"],
        when_text=values["when_text"],
        where_text=values["where_text"],
        unit=unit,
        disclosure=values["disclosure"],
        name=values["name"],
        contact=values["contact"],
        channel=values["channel"],
    )
    try:
        done = file_complaint(
            government=request.government, filing=filing, now=now, by=request.membership
        )
    except SentDifferently as refused:
        form.add_error(None, str(refused))
        return render(request, "complaints/staff/counter.html", {"form": form})
    except StepRefused:  # The other request of a double click holds the code.
        return redirect("complaints:counter_filed")
    return _hand_over(request, done, now)


def _hand_over(request: PortalRequest, done: Filed, now: datetime) -> HttpResponse:
    """The same form sent again shows the code again only while it has not been handed over."""
    pk = done.complaint.pk
    kept = visit.read(request, visit.HANDED, now=now) or {}
    left = done.complaint.filed_at + SHOWN_FOR - now
    if left <= timedelta(0) or (kept.get("complaint") == pk and "code" not in kept):
        said = _("Complaint %(number)s is saved; its code was handed over and is gone from here.")
        messages.info(request, said % {"number": done.complaint.number})
        return redirect("complaints:list")
    value = {"complaint": pk, "code": done.code}
    visit.keep(request, visit.HANDED, value, now=now, lifetime=left)
    return redirect("complaints:counter_filed")


def _finish(request: PortalRequest, kept: dict[str, Any] | None) -> HttpResponse:
    """Forget the code; which complaint it was stays, so that no resent form brings it back."""
    if kept is None:
        visit.forget(request, visit.HANDED)
    else:
        value = {"complaint": kept["complaint"]}
        visit.keep(request, visit.HANDED, value, now=timezone.now())
    return redirect("complaints:counter" if "next" in request.POST else "complaints:list")


def _ticket(request: PortalRequest) -> str:
    """Key and code of this form, readable only here: sending it twice files one complaint."""
    text = json.dumps({"key": secrets.token_hex(16), "code": new_code()})
    return seal(text, table="counter", column="ticket", row=str(request.membership.pk))


def _open_ticket(request: PortalRequest, sealed: str) -> dict[str, str] | None:
    try:
        text = open_sealed(sealed, table="counter", column="ticket", row=str(request.membership.pk))
    except UnableToOpen:
        return None
    return dict(json.loads(text))
