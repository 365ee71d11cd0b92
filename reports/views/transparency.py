"""The public page of a government: no names of people, no small counts, no cookie, no script."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from integrity_portal.core.middleware import cookieless
from opd.http import PortalRequest, public
from opd.navigation import Link
from opd.queries.meetings import by_series
from reports.queries.transparency import facts_of
from reports.transparency import as_data

FIVE_MINUTES = 300


@public
@cookieless
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def transparency(request: PortalRequest, government_slug: str) -> HttpResponse:
    government = request.government
    facts = facts_of(government, today=timezone.localdate())
    home = reverse("government", args=[government.slug])
    here = reverse("reports:transparency", args=[government.slug])
    series = request.GET.get("seri", "")
    counts = by_series(facts.promises)
    if series not in {row.series for row in counts}:
        series = ""
    context = {
        "facts": facts,
        "series": series,
        "series_counts": counts,
        "promises": [row for row in facts.promises if not series or row.series == series],
        "complaint_rows": [
            (_("answered in time"), facts.complaints.parts["in_time"]),
            (_("answered late, or still open after the deadline"), facts.complaints.parts["late"]),
            (_("open, the deadline has not come"), facts.complaints.parts["waiting"]),
            (_("referred to another office, or not taken up"), facts.complaints.parts["elsewhere"]),
        ],
        "public_home": home,
        "public_navigation": [
            Link(
                pgettext("public menu", "Report"),
                reverse("complaints:privacy", args=[government.slug]),
                False,
            ),
            Link(pgettext("public menu", "Transparency"), here, True),
        ],
    }
    return render(request, "reports/transparency.html", context)


@public
@cookieless
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def transparency_data(request: PortalRequest, government_slug: str) -> HttpResponse:
    """The same figures as JSON."""
    government = request.government
    facts = facts_of(government, today=timezone.localdate())
    return JsonResponse(as_data(facts, government=government.official_name, code=government.code))
