"""Error pages: what happened, whether anything was saved, what to do. No database, no context."""

import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.translation import gettext as _

from integrity_portal.core.ratelimit import TooManyRequests


def _page(status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    # Without the request: context processors would ask the database.
    return HttpResponse(loader.render_to_string(f"{status}.html", context or {}), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return _page(413)
    return _page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _page(403, {"sentence": sentence or _("Your role does not include this page.")})


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this inside its `except`, for views and middleware alike."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return database_away(request)
    return _page(500, {"request_id": getattr(request, "request_id", "")})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(loader.render_to_string("403_csrf.html", {}), status=403)


def too_many_requests(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    seconds = int(error.retry_after.total_seconds())
    response = _page(429, {"minutes": max(1, -(-seconds // 60))})
    response.headers["Retry-After"] = str(seconds)
    return response


# Secrets are never printed back into a page.
_WITHHELD = ("password", "code", "csrfmiddlewaretoken", "passphrase", "otp", "secret")


def database_away(request: HttpRequest) -> HttpResponse:
    """503: nothing was saved; the text that was being sent stands in the page for resending."""
    connection.close_if_unusable_or_obsolete()
    sending = request.method == "POST"
    fields = [
        (name, value)
        for name, values in (request.POST.lists() if sending else ())
        if not any(word in name.lower() for word in _WITHHELD)
        for value in values
    ]
    response = _page(
        503,
        {
            "fields": fields,
            "action": request.path,
            "was_sending": sending,
            "csrf_token": get_token(request),
        },
    )
    response.headers["Retry-After"] = "60"
    return response
