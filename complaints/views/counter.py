"""Filing for a citizen: at the counter, from letters in a row, at a public meeting. One page, then
the code to hand over."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions.filing import Filed, Filing, SentDifferently, file_complaint
from complaints.codes import grouped
from complaints.enums import Channel
from complaints.forms.public import UNKNOWN
from complaints.forms.staff import CounterForm
from complaints.permissions import (
    can_file_for_citizen,
    can_read_complaints,
    files_for_own_unit_only,
)
from complaints.queries import tracking, units
from complaints.views import visit
from complaints.views.tickets import new_ticket, open_ticket
from integrity_portal.core.http import or_404
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest, posted, screen
from opd.queries import meetings
from opd.transitions import StepRefused
from opd.views.uploads import arrived

# How long the code can be read again after filing; those of letters in a row wait for the printer.
SHOWN_FOR = timedelta(minutes=10)
ROW_FOR = timedelta(hours=1)
PROOF = "complaint"
# What the next letter most likely has in common with this one.
SAME = ("channel", "meeting", "unit", "kind")


@require_http_methods(["GET", "HEAD", "POST"])
@screen(can_file_for_citizen)
def file(request: PortalRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "POST":
        form.is_valid()
        proof = arrived(request, form, PROOF)
        if not form.errors:
            ticket = open_ticket(_office(request), form.cleaned_data["ticket"])
            if ticket is not None:
                return _file(request, form, ticket, proof)
            form.add_error(None, _("The form was open for too long. Send it once more."))
            form.overwrite(ticket=new_ticket(_office(request)))
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(can_file_for_citizen)
def filed(request: PortalRequest) -> HttpResponse:
    """The code, to be handed over: here until "Finished" or for ten minutes, then nowhere."""
    kept = visit.read(request, visit.HANDED, now=timezone.now())
    if request.method == "POST":
        return _finish(request, kept)
    if kept is None or "code" not in kept:
        return redirect(_home(request))
    complaint = or_404(tracking.complaint_followed(request.government.pk, kept["complaint"]))
    context = {
        "complaint": complaint,
        "code": grouped(kept["code"]),
        "events": tracking.timeline(complaint),
    }
    return render(request, "complaints/staff/filed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(can_file_for_citizen)
def slips(request: PortalRequest) -> HttpResponse:
    """The codes of what was filed in a row, one slip each, to be printed and cut."""
    rows = _row(request)
    if request.method == "POST":
        _keep_row(request, [{"complaint": row["complaint"]} for row in rows])
        messages.success(request, _("The codes are gone from here."))
        return redirect(_home(request))
    shown = [row for row in rows if "code" in row]
    if not shown:
        return redirect("complaints:counter")
    found = tracking.complaints_filed(request.government.pk, [row["complaint"] for row in shown])
    context = {
        "slips": [
            (found[row["complaint"]], grouped(row["code"]))
            for row in shown
            if row["complaint"] in found
        ]
    }
    return render(request, "complaints/staff/slips.html", context)


def _form(request: PortalRequest) -> CounterForm:
    today, membership = timezone.localdate(), request.membership
    own_only = files_for_own_unit_only(membership)
    groups = units.unit_choices(
        request.government.pk, today, below=membership.unit_id if own_only else None
    )
    held = meetings.meetings_of_days(request.government.pk, today=today)
    return CounterForm(
        posted(request),
        request.FILES or None,
        groups=groups,
        meetings=held,
        may_be_unknown=not own_only,
        initial={"ticket": new_ticket(_office(request)), **_start(request, held)},
    )


def _start(request: PortalRequest, held: list[Any]) -> dict[str, Any]:
    """From the meeting's page: that meeting; in a row: what the letter before had."""
    asked = request.GET.get("pertemuan", "")
    meeting = next((row for row in held if row.public_id == asked), None)
    if meeting is not None:
        return {"channel": Channel.MEETING.value, "meeting": meeting.pk}
    kept = visit.read(request, visit.IN_A_ROW, now=timezone.now()) or {}
    return dict(kept.get("same", {}))


def _page(request: PortalRequest, form: CounterForm) -> HttpResponse:
    waiting = sum("code" in row for row in _row(request))
    form.in_a_row(waiting)
    status = 422 if form.errors else 200
    context = {"form": form, "waiting": waiting}
    return render(request, "complaints/staff/counter.html", context, status=status)


def _file(
    request: PortalRequest, form: CounterForm, ticket: dict[str, str], proof: StoredFile | None
) -> HttpResponse:
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
        where_text=form.where_said(),
        unit=unit,
        disclosure=values["disclosure"],
        name=values["name"],
        contact=values["contact"],
        channel=values["channel"],
        meeting=values["meeting"],
        files=(proof,) if proof is not None else (),
    )
    try:
        done = file_complaint(
            government=request.government, filing=filing, now=now, by=request.membership
        )
    except SentDifferently as refused:
        form.add_error(None, str(refused))
        return _page(request, form)
    except StepRefused as refused:
        if tracking.was_filed(ticket["key"]):  # The other request of a double click has the code.
            return redirect("complaints:counter_filed")
        form.add_error(None, str(refused))
        return _page(request, form)
    return (_add_to_row if "next" in request.POST else _hand_over)(request, done, now)


def _hand_over(request: PortalRequest, done: Filed, now: datetime) -> HttpResponse:
    """The same form sent again shows the code again only while it has not been handed over."""
    pk = done.complaint.pk
    kept = visit.read(request, visit.HANDED, now=now) or {}
    left = done.complaint.filed_at + SHOWN_FOR - now
    if left <= timedelta(0) or (kept.get("complaint") == pk and "code" not in kept):
        return _is_gone(request, done)
    value = {"complaint": pk, "code": done.code}
    visit.keep(request, visit.HANDED, value, now=now, lifetime=left)
    return redirect("complaints:counter_filed")


def _is_gone(request: PortalRequest, done: Filed) -> HttpResponse:
    said = _("Complaint %(number)s is saved; its code was handed over and is gone from here.")
    messages.info(request, said % {"number": done.complaint.number})
    return redirect(_home(request))


def _add_to_row(request: PortalRequest, done: Filed, now: datetime) -> HttpResponse:
    """Saved, and straight on to the next letter; the slips are printed at the end."""
    rows = _row(request)
    known = [row for row in rows if row["complaint"] == done.complaint.pk]
    if done.complaint.filed_at + SHOWN_FOR <= now or (known and "code" not in known[0]):
        return _is_gone(request, done)
    if not known:
        rows.append({"complaint": done.complaint.pk, "code": done.code})
    same = {name: request.POST.get(name, "") for name in SAME}
    _keep_row(request, rows, same)
    said = _("Complaint %(number)s is saved. Its slip waits below.")
    messages.success(request, said % {"number": done.complaint.number})
    return redirect("complaints:counter")


def _row(request: PortalRequest) -> list[dict[str, Any]]:
    kept = visit.read(request, visit.IN_A_ROW, now=timezone.now())
    return list(kept["rows"]) if kept else []


def _keep_row(
    request: PortalRequest, rows: list[dict[str, Any]], same: dict[str, str] | None = None
) -> None:
    value = {"rows": rows, "same": same or {}}
    visit.keep(request, visit.IN_A_ROW, value, now=timezone.now(), lifetime=ROW_FOR)


def _finish(request: PortalRequest, kept: dict[str, Any] | None) -> HttpResponse:
    """Forget the code; which complaint it was stays, so that no resent form brings it back."""
    if kept is None:
        visit.forget(request, visit.HANDED)
    else:
        value = {"complaint": kept["complaint"]}
        visit.keep(request, visit.HANDED, value, now=timezone.now())
    return redirect("complaints:counter" if "next" in request.POST else _home(request))


def _home(request: PortalRequest) -> str:
    """An operator files, but does not read complaints."""
    return "complaints:list" if can_read_complaints(request.membership) else "complaints:counter"


def _office(request: PortalRequest) -> str:
    return str(request.membership.pk)
