from typing import Any

from django.conf import settings
from django.http import HttpRequest

from opd import navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows: government, office, menu. No queries of its own but the
    number of unread items, when the menu is written."""
    membership = getattr(request, "membership", None)
    return {
        "government": getattr(request, "government", None),
        "membership": membership,
        "memberships": getattr(request, "memberships", []),
        "navigation": navigation.links_for(membership, request.path) if membership else [],
        "is_demo": settings.DEMO,
    }
