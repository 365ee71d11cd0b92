"""The front door, theme colours and switching between offices."""

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core import errors
from integrity_portal.core.colour import theme_css
from integrity_portal.core.http import local_path
from opd import navigation, queries
from opd.acting import SESSION_KEY
from opd.http import PortalRequest, public


@public
@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """Signed-in people go to their start page; everybody else sees the governments."""
    if request.membership:
        start = navigation.start_url(request.membership)
        if start:
            return redirect(start)
    elif request.user.is_authenticated:
        return render(request, "opd/no_office.html", status=403)
    return render(request, "opd/home.html", {"governments": queries.governments()})


@public
@require_safe
def government_home(request: PortalRequest, government_slug: str) -> HttpResponse:
    """The short address that stands on posters: one government's doors."""
    return render(request, "opd/government_home.html")


@public
@require_safe
@cache_control(public=True, max_age=3600)
def theme(request: PortalRequest, government_slug: str) -> HttpResponse:
    government = request.government
    css = theme_css(government.primary_colour, government.accent_colour)
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@require_POST
def membership_switch(request: PortalRequest) -> HttpResponse:
    """One click to another of one's own valid offices; anything else changes nothing."""
    wanted = request.POST.get("membership", "")
    if any(str(m.pk) == wanted for m in request.memberships):
        request.session[SESSION_KEY] = int(wanted)
    return redirect(local_path(request.POST.get("next", "/"), "/"))


# Also from a tab whose office has ended meanwhile.
membership_switch.in_any_office = True  # type: ignore[attr-defined]


def page_not_found(request: PortalRequest, exception: Exception) -> HttpResponse:
    """404; who holds several offices is offered to look for the page in the others."""
    offices = [
        m for m in getattr(request, "memberships", []) if m != getattr(request, "membership", None)
    ]
    if not offices or request.method != "GET" or not request.path.startswith("/app/"):
        return errors.page_not_found(request, exception)
    context = {
        "offices": offices,
        "next": request.get_full_path(),
        "csrf_token": get_token(request),
    }
    return errors.page_not_found(request, exception, context)
