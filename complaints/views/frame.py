"""The frame of the public pages: three doors, the government's name.

`with_script` adds the one small script of the pages on which people type: nothing needs it.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext

from opd.navigation import Link


def page(
    request: HttpRequest, name: str, current: str, context: dict[str, Any] | None = None
) -> HttpResponse:
    slug = request.government.slug  # type: ignore[attr-defined]
    home = reverse("complaints:privacy", args=[slug])
    track = reverse("complaints:track", args=[slug])
    suggest = reverse("complaints:suggestion", args=[slug])
    frame = {
        "public_home": home,
        "public_navigation": [
            Link(pgettext("public menu", "Report"), home, current == "report"),
            Link(pgettext("public menu", "Suggest"), suggest, current == "suggestion"),
            Link(pgettext("public menu", "Follow a report"), track, current == "track"),
        ],
    }
    return render(request, f"complaints/public/{name}.html", {**frame, **(context or {})})
