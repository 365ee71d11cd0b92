"""Following a report: the code comes in a form, never in an address, and is not kept."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions.handling import reopen
from complaints.actions.messages import write_as_citizen
from complaints.actions.notices import resend_code
from complaints.enums import ComplaintState
from complaints.forms.filing_steps import ResendForm
from complaints.forms.public import CitizenTextForm, CodeForm
from complaints.models import Complaint
from complaints.permissions import citizen_may_write
from complaints.queries import followers, tracking
from complaints.views import visit
from complaints.views.after_answer import contentment_form
from complaints.views.frame import page
from complaints.views.visit import FOLLOWED, FOLLOWING, UNSENT
from integrity_portal.core import ratelimit
from opd.http import PortalRequest, public
from opd.transitions import StepRefused

WINDOW = timedelta(minutes=15)
# Wrong codes; a right one uses nothing up, so a village behind one address can read its answers.
PER_ADDRESS = 30
TRIES_PER_ADDRESS = 600
WRITES = 120
# Of a new code to one contact, on top of what the sending itself allows.
RESENDS = 10
DAY = timedelta(days=1)
# Against guessing from many addresses: ten to the sixteenth codes, two million tries a day.
IN_ALL = 20_000


@public
@require_http_methods(["GET", "POST"])
def track(request: PortalRequest, government_slug: str) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        address = ratelimit.client_address(request.META)
        _count_tries(address, now)
        code = form.cleaned_data["code"]
        found = tracking.complaint_by_code(request.government.pk, code)
        follower = followers.follower_by_code(request.government.pk, code)
        if found:
            visit.keep(request, FOLLOWED, {"complaint": found.pk}, now=now)
            return redirect(_url(request, "followed"))
        if follower:
            visit.keep(request, FOLLOWING, {"follower": follower.pk}, now=now)
            return redirect(_url(request, "following"))
        ratelimit.hit("complaints.wrong", address, limit=PER_ADDRESS, window=WINDOW, now=now)
        form.add_error(
            "code",
            _("No report in %(government)s has this code. Compare each group of four digits.")
            % {"government": request.government.official_name},
        )
    return page(request, "track", "track", {"form": form})


def _count_tries(address: str, now: datetime) -> None:
    """Before any look-up: after too many wrong codes a right one waits like the others."""
    ratelimit.refuse_used_up("complaints.wrong", address, limit=PER_ADDRESS, window=WINDOW, now=now)
    ratelimit.hit("complaints.track", address, limit=TRIES_PER_ADDRESS, window=WINDOW, now=now)
    ratelimit.hit("complaints.track", "all", limit=IN_ALL, window=WINDOW, now=now)


@public
@require_http_methods(["GET", "POST"])
def resend(request: PortalRequest, government_slug: str) -> HttpResponse:
    """A new code to where the reporter is told of answers; the page says the same to everybody."""
    form = ResendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now, contact = timezone.now(), form.cleaned_data["contact"]
        ratelimit.hit("complaints.resend", contact, limit=RESENDS, window=DAY, now=now)
        resend_code(government=request.government, contact=contact, now=now)
        messages.success(
            request,
            _(
                "If a report was filed with this number or address, a new code is on its way there. "
                "It may take some minutes."
            ),
        )
        return redirect(_url(request, "track"))
    return page(request, "resend", "track", {"form": form})


@public
@require_safe
def following(request: PortalRequest, government_slug: str) -> HttpResponse:
    """Somebody else's report: state, dates and the title that staff released."""
    kept = visit.read(request, FOLLOWING, now=timezone.now())
    found = kept and followers.follower_followed(request.government.pk, kept["follower"])
    if not found:
        return _ask_code(request)
    context = {
        "complaint": found.complaint,
        "follower": found,
        "events": tracking.timeline(found.complaint, is_own=False),
    }
    return page(request, "following", "track", context)


@public
@require_safe
def followed(request: PortalRequest, government_slug: str) -> HttpResponse:
    complaint = _followed(request)
    if complaint is None:
        return _ask_code(request)
    return _show(request, complaint, _text_form(request, complaint))


@public
@require_POST
def write(request: PortalRequest, government_slug: str) -> HttpResponse:
    return _receive_text(request, write_as_citizen, _("Your message was sent."))


@public
@require_POST
def not_settled(request: PortalRequest, government_slug: str) -> HttpResponse:
    return _receive_text(request, reopen, _("The unit will work on your report again."))


def _receive_text(request: PortalRequest, action: Any, thanks: str) -> HttpResponse:
    now = timezone.now()
    address = ratelimit.client_address(request.META)
    ratelimit.hit("complaints.write.address", address, limit=WRITES, window=WINDOW, now=now)
    complaint = _followed(request)
    mark = request.POST.get("report", "")
    written_for = visit.report_of(request, mark) if mark else None
    if complaint is None or (mark and written_for != complaint.pk):
        return _keep_unsent(request, written_for)
    form = _text_form(request, complaint) or CitizenTextForm(
        request.POST, label="", submit="", required="", action=""
    )
    if not form.is_valid():
        return _show(request, complaint, form)
    ratelimit.hit("complaints.write", str(complaint.pk), limit=30, window=WINDOW, now=now)
    try:
        action(complaint=complaint, text=form.cleaned_data["text"], now=now)
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, complaint, form)
    visit.forget(request, UNSENT)
    messages.success(request, thanks)
    return redirect(_url(request, "followed"))


def _keep_unsent(request: PortalRequest, written_for: int | None) -> HttpResponse:
    """Offered again to whoever opens the same report; without knowing which, only shown back."""
    text = request.POST.get("text", "")[:20_000]
    if text and written_for is None:
        return page(request, "track", "track", {"form": CodeForm(), "unsent": text})
    if text:
        kept = {"text": text, "complaint": written_for}
        visit.keep(request, UNSENT, kept, now=timezone.now())
    return _ask_code(request)


def _show(request: PortalRequest, complaint: Complaint, form: Any) -> HttpResponse:
    context = {
        "complaint": complaint,
        "form": form,
        "events": tracking.timeline(complaint),
        "letters": tracking.letters(complaint),
        # Whose report was joined with another reads that one's state and dates.
        "main": complaint.merged_into or complaint,
        "is_answered": _is_answered(complaint),
        "contentment_form": contentment_form(request, complaint),
    }
    return page(request, "followed", "track", context)


def _text_form(request: PortalRequest, complaint: Complaint) -> CitizenTextForm | None:
    """The one thing the citizen can write now, or None when the report has ended."""
    data = request.POST if request.method == "POST" else None
    unsent = visit.read(request, UNSENT, now=timezone.now()) or {}
    is_this_ones = unsent.get("complaint") == complaint.pk
    initial = {
        "report": visit.mark_of(request, complaint.pk),
        "text": unsent["text"] if is_this_ones else "",
    }
    if _is_answered(complaint):
        return CitizenTextForm(
            data,
            initial=initial,
            label=_("What is not settled yet?"),
            submit=_("Not settled yet"),
            required=_("Tell what is not settled yet."),
            action=_url(request, "not_settled"),
        )
    if citizen_may_write(complaint):
        return CitizenTextForm(
            data,
            initial=initial,
            label=_("Add something"),
            submit=_("Send the message"),
            required=_("Write the message."),
            action=_url(request, "write"),
        )
    return None


def _is_answered(complaint: Complaint) -> bool:
    return (complaint.merged_into or complaint).state == ComplaintState.ANSWERED


def _followed(request: PortalRequest) -> Complaint | None:
    kept = visit.read(request, FOLLOWED, now=timezone.now())
    if kept is None:
        return None
    return tracking.complaint_followed(request.government.pk, kept["complaint"])


def _ask_code(request: PortalRequest) -> HttpResponse:
    messages.warning(request, _("Enter your code once more; for your safety the page had closed."))
    return redirect(_url(request, "track"))


def _url(request: PortalRequest, name: str) -> str:
    return reverse(f"complaints:{name}", args=[request.government.slug])
