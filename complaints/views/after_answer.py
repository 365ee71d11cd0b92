"""On the tracking page after an answer: what the citizen says of it, and the files that came with it.

The report is the one that this visit opened with its code.
"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.actions.answers import say_contentment
from complaints.forms.answers import ContentmentForm
from complaints.models import Complaint
from complaints.permissions import may_say_contentment
from complaints.queries import tracking
from complaints.queries.answers import said_of
from complaints.views import visit
from complaints.views.visit import FOLLOWED
from integrity_portal.core import ratelimit
from integrity_portal.core.http import or_404, serve_file
from opd.http import PortalRequest, public
from opd.refusals import refusals_said

WINDOW = timedelta(minutes=15)


@public
@require_POST
def contentment(request: PortalRequest, government_slug: str) -> HttpResponse:
    now = timezone.now()
    address = ratelimit.client_address(request.META)
    ratelimit.hit("complaints.contentment", address, limit=120, window=WINDOW, now=now)
    complaint = _opened(request)
    back = reverse("complaints:followed", args=[request.government.slug])
    if complaint is None:
        return redirect(back)
    form = ContentmentForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect(back)
    with refusals_said(request):
        say_contentment(complaint=complaint, now=now, **form.cleaned_data)
        messages.success(request, _("Thank you. The unit reads what you said."))
    return redirect(back)


@public
def answer_file(request: PortalRequest, government_slug: str, file_pk: int) -> Any:
    """GET only: a file of an answer to the report that this visit has open."""
    complaint = or_404(_opened(request))
    return serve_file(or_404(tracking.answer_file(complaint, file_pk)).file)


def contentment_form(request: PortalRequest, complaint: Complaint) -> ContentmentForm | None:
    """For the tracking page; None before there is an answer."""
    if not may_say_contentment(complaint):
        return None
    said = said_of(complaint)
    initial = {"level": said.level, "words": said.words} if said else {}
    action = reverse("complaints:contentment", args=[request.government.slug])
    return ContentmentForm(initial=initial, action=action)


def _opened(request: PortalRequest) -> Complaint | None:
    kept = visit.read(request, FOLLOWED, now=timezone.now())
    return tracking.complaint_followed(request.government.pk, kept["complaint"]) if kept else None
