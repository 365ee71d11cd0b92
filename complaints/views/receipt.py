"""The code, large and to be printed; typing it once more opens what it is for."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.codes import grouped
from complaints.forms.public import CodeForm
from complaints.queries import followers, tracking
from complaints.views import visit
from complaints.views.drafts import url
from complaints.views.frame import page
from complaints.views.visit import FOLLOWED, FOLLOWING, RECEIPT
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, public


@public
@require_http_methods(["GET", "POST"])
def receipt(request: PortalRequest, government_slug: str) -> HttpResponse:
    now = timezone.now()
    kept = visit.read(request, RECEIPT, now=now)
    if kept is None:
        return redirect(url(request, "track"))
    form = CodeForm(
        request.POST or None, label=_("Type the code once more"), submit=_("Open my report")
    )
    if request.method == "POST" and form.is_valid():
        if secrets.compare_digest(form.cleaned_data["code"], kept["code"]):
            return _open(request, kept)
        form.add_error("code", _("That is another code. Compare it with the code above."))
    context = {
        **_shown(request, kept),
        "form": form,
        "code": grouped(kept["code"]),
        "address": request.get_host() + url(request, "track"),
        "with_script": True,
    }
    return page(request, "receipt", "report", context)


def _shown(request: PortalRequest, kept: dict[str, Any]) -> dict[str, Any]:
    """Of one's own report everything; of somebody else's what everybody may read."""
    government = request.government.pk
    if "follower" in kept:
        follower = or_404(followers.follower_followed(government, kept["follower"]))
        complaint = follower.complaint
        at, contact = follower.followed_at, bool(follower.contact_sealed)
    else:
        complaint = or_404(tracking.complaint_followed(government, kept["complaint"]))
        at, contact = complaint.filed_at, tracking.has_contact(complaint)
        follower = None
    return {
        "complaint": complaint,
        "follower": follower,
        "at": at,
        "has_contact": contact,
        "events": tracking.timeline(complaint),
    }


def _open(request: PortalRequest, kept: dict[str, Any]) -> HttpResponse:
    now = timezone.now()
    visit.forget(request, RECEIPT)
    if "follower" in kept:
        visit.keep(request, FOLLOWING, {"follower": kept["follower"]}, now=now)
        return redirect(url(request, "following"))
    visit.keep(request, FOLLOWED, {"complaint": kept["complaint"]}, now=now)
    return redirect(url(request, "followed"))
