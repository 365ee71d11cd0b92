"""In which office does the person act, in whose time zone, and is the second factor there?"""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pghistory
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from integrity_portal.core import errors
from integrity_portal.core.middleware import SAFE_METHODS
from opd import acting, queries
from opd.acting import SESSION_KEY
from opd.http import PortalRequest
from opd.models import Membership

OPEN_PATHS = ("/accounts/", "/static/", "/theme/", "/healthz", "/readyz")


class MembershipMiddleware:
    """Sets `request.membership(s)`, `request.government` and the government's time zone."""

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        _nobody(request)
        if request.user.is_authenticated:
            self._act_as(request)
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk, request=request.request_id):
            return self.get_response(request)

    def _act_as(self, request: PortalRequest) -> None:
        memberships = valid_memberships(request.user.pk)
        chosen = request.session.get(SESSION_KEY)
        current = next((m for m in memberships if m.pk == chosen), None)
        if current is None and memberships:
            current = memberships[0]
        request.memberships = memberships
        if current is not None:
            request.membership, request.government = current, current.government
            timezone.activate(ZoneInfo(current.government.time_zone))

    def process_view(
        self, request: PortalRequest, view: object, args: object, kwargs: dict
    ) -> HttpResponse | None:
        slug = kwargs.get("government_slug")
        if slug is None:
            return _in_the_office_of_the_form(request, view)
        government = queries.government_by_slug(slug)
        if government is None:
            raise Http404
        request.government = government
        timezone.activate(ZoneInfo(government.time_zone))
        return None


def _in_the_office_of_the_form(request: PortalRequest, view: object) -> HttpResponse | None:
    """After the check against forged forms, before the view: what is sent acts in its office."""
    if request.method in SAFE_METHODS or not request.path.startswith("/app/"):
        return None
    if getattr(view, "in_any_office", False) or not request.user.is_authenticated:
        return None
    try:
        office = acting.office_of_form(request)
    except acting.OfficeGone:
        return errors.office_gone(request)
    if office is not None and office != request.membership:
        acting.act_as(request, office)
        timezone.activate(ZoneInfo(office.government.time_zone))
    return None


def _nobody(request: PortalRequest) -> None:
    # Guarded views (`opd.http.screen`) never run without an office, so their type has no None.
    request.memberships = []
    request.membership = None  # type: ignore[assignment]
    request.government = None  # type: ignore[assignment]


def valid_memberships(user_id: int) -> list[Membership]:
    """Offices held today, each by the calendar of its own government's time zone."""
    now = timezone.now()
    rows = queries.memberships_around(
        user_id,
        since=(now - timedelta(days=1)).date(),
        until=(now + timedelta(days=1)).date(),
    )
    valid = []
    for row in rows:
        today = timezone.localdate(now, ZoneInfo(row.government.time_zone))
        if row.valid_from <= today and (row.valid_to is None or row.valid_to >= today):
            valid.append(row)
    return valid


class SecondFactorMiddleware:
    """Sends people to their password or second factor before anything else is shown to them."""

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        if request.user.is_authenticated and not request.path.startswith(OPEN_PATHS):
            if request.user.must_change_password:
                return redirect("account_change_password")
            if self._needs_second_factor(request):
                return redirect("mfa_index")
        return self.get_response(request)

    def _needs_second_factor(self, request: PortalRequest) -> bool:
        required = set(settings.SECOND_FACTOR_ROLES)
        roles = {m.role for m in request.memberships}
        if request.user.is_staff and "administrator" in required:
            roles.add("administrator")
        return bool(roles & required) and not is_mfa_enabled(request.user)
