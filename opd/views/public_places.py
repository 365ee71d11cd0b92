"""What a scanned code opens: the page of a place, and the page of a public meeting. For everybody."""

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from integrity_portal.core.http import or_404, records_access
from integrity_portal.core.middleware import cookieless
from opd import posters
from opd.actions.places import count_scan
from opd.http import PortalRequest, public
from opd.models import Government
from opd.navigation import Link
from opd.queries import meetings, places


@public
@records_access
@cookieless
@require_safe
def place(request: PortalRequest, token: str) -> HttpResponse:
    """For ever, because posters are printed; also for places that are no longer in use.

    Recorded is one more opening of this place today: a number, nothing about who.
    """
    found = or_404(places.place_by_token(token))
    request.government = found.government
    timezone.activate(ZoneInfo(found.government.time_zone))
    if request.method == "GET":
        count_scan(place=found, today=timezone.localdate())
    slug = found.government.slug
    start, here = reverse("complaints:privacy", args=[slug]), {"tempat": found.token}
    context = {
        **frame(found.government),
        "place": found,
        "domain": posters.domain(),
        "report": f"{start}?{urlencode(here)}",
        "suggest": f"{start}?{urlencode({**here, 'jenis': 'aspiration'})}",
        "track": reverse("complaints:track", args=[slug]),
        "sticker": reverse("complaints:sticker", args=[slug, found.token]),
    }
    return render(request, "opd/public/place.html", context)


@public
@cookieless
@require_safe
def meeting(request: PortalRequest, government_slug: str, public_id: str) -> HttpResponse:
    """What the meeting is, a way to file from the table while it lasts, and what was promised."""
    government, today = request.government, timezone.localdate()
    found = or_404(meetings.meeting_by_public_id(government.pk, public_id))
    here, open_before = meetings.public_promises(found, government, today=today)
    start = reverse("complaints:privacy", args=[government.slug])
    context = {
        **frame(government),
        "meeting": found,
        "is_open": found.is_open_on(today),
        "is_ahead": found.held_on > today,
        "promises": here,
        "open_before": open_before,
        "count": meetings.counted(found.series, here),
        "report": f"{start}?{urlencode({'pertemuan': found.public_id})}",
        "all_promises": reverse("reports:transparency", args=[government.slug]) + "#janji",
    }
    return render(request, "opd/public/meeting.html", context)


def frame(government: Government) -> dict[str, Any]:
    """The two doors of the public pages."""
    slug = government.slug
    report = Link(
        pgettext("public menu", "Report"), reverse("complaints:privacy", args=[slug]), False
    )
    track = Link(
        pgettext("public menu", "Follow a report"), reverse("complaints:track", args=[slug]), False
    )
    return {
        "public_home": reverse("government", args=[slug]),
        "public_navigation": [report, track],
    }
