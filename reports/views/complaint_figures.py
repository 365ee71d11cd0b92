"""How complaints are answered, for everybody: one quarter, no unit, no small count, no cookie."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from integrity_portal.core.middleware import cookieless
from opd.http import PortalRequest, public
from opd.navigation import Link
from reports.queries.complaint_figures import kind_label, public_complaints
from reports.suppression import Protected
from reports.transparency import share
from reports.views.transparency import FIVE_MINUTES


@public
@cookieless
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def complaint_figures(request: PortalRequest, government_slug: str) -> HttpResponse:
    government = request.government
    quarter, found = public_complaints(government, today=timezone.localdate())
    home = reverse("government", args=[government.slug])
    context: dict[str, Any] = {
        "quarter": quarter,
        "found": found,
        "in_time_percent": share(found.outcomes, "in_time", ("in_time", "late")),
        "tables": [
            (_("What became of them"), _outcomes(found.outcomes), found.outcomes.total),
            (_("By month"), _labelled(found.months, _month), _total(found.months)),
            (_("By kind"), _labelled(found.kinds, kind_label), _total(found.kinds)),
        ],
        "public_home": home,
        "public_navigation": [
            Link(
                pgettext("public menu", "Report"),
                reverse("complaints:privacy", args=[government.slug]),
                False,
            ),
            Link(
                pgettext("public menu", "Complaints"),
                reverse("reports:complaint_figures", args=[government.slug]),
                True,
            ),
        ],
    }
    return render(request, "reports/complaint_figures.html", context)


def _outcomes(found: Protected) -> list[tuple[str, int | None]]:
    words = {
        "in_time": _("answered in time"),
        "late": _("answered late, or still open after the deadline"),
        "waiting": _("open, the deadline has not come"),
        "elsewhere": _("referred to another office, or not taken up"),
    }
    return [(words[name], count) for name, count in found.parts.items()]


def _labelled(found: Protected | None, label: Any) -> list[tuple[str, int | None]]:
    return [(label(name), count) for name, count in found.parts.items()] if found else []


def _total(found: Protected | None) -> int | None:
    return found.total if found else None


def _month(key: str) -> str:
    return dateformat.format(date.fromisoformat(f"{key}-01"), "F Y")
