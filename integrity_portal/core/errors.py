"""Error pages: what happened, whether anything was saved, what to do. No database, no context."""

import logging
import sys
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _

from integrity_portal.core.ratelimit import TooManyRequests

logger = logging.getLogger(__name__)


def _page(
    status: int, context: dict[str, Any] | None = None, *, template: str = ""
) -> HttpResponse:
    # Without the request: context processors would ask the database.
    page = loader.render_to_string(template or f"{status}.html", context or {})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TooManyFilesSent):
        limit = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return _page(413, {"limit": limit}, template="413_files.html")
    if isinstance(exception, RequestDataTooBig):
        return _page(413, {"is_text": True})
    return _page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _page(403, {"sentence": sentence or _("Your role does not include this page.")})


def page_not_found(
    request: HttpRequest, exception: Exception, context: dict[str, Any] | None = None
) -> HttpResponse:
    return _page(404, context)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this inside its `except`, for views and middleware alike."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return database_away(request)
    # The view's name, not the address, which may hold a token.
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else "-"
    logger.error("core.request.failed view=%s", name, exc_info=True)  # noqa: LOG014
    return _page(500, {"request_id": getattr(request, "request_id", "")})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of ours that grew old is offered again; one from another site is not."""
    fields = kept_fields(request) if _comes_from_here(request) else []
    return _page(403, _again(request, fields), template="403_csrf.html")


def signed_out(request: HttpRequest) -> HttpResponse:
    """The sign-in ended while somebody typed: his text stands in the page for resending."""
    back = urlsplit(request.headers.get("referer", "")).path or "/"
    sign_in = f"{reverse('account_login')}?{urlencode({'next': back})}"
    fields = kept_fields(request)
    if not fields:
        return HttpResponseRedirect(sign_in)
    context = {**_again(request, fields), "sign_in": sign_in}
    return _page(403, context, template="signed_out.html")


def office_gone(request: HttpRequest) -> HttpResponse:
    """409: the office in which the form was opened is no longer the sender's. For copying only."""
    return _page(409, {"fields": kept_fields(request)})


def method_not_allowed(response: HttpResponse) -> HttpResponse:
    page = _page(405)
    page.headers["Allow"] = response.headers.get("Allow", "")
    return page


def too_many_requests(request: HttpRequest, error: TooManyRequests) -> HttpResponse:
    seconds = int(error.retry_after.total_seconds())
    response = _page(429, {"minutes": max(1, -(-seconds // 60))})
    response.headers["Retry-After"] = str(seconds)
    return response


# Secrets are never printed back into a page.
_OFFICE = "acting_as"
_SECRET = ("password", "csrfmiddlewaretoken", "passphrase", "otp", "secret", "token")


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, without secrets; codes of units are kept, codes that open things are not."""
    if request.method != "POST":
        return []
    secret = _SECRET if request.path.startswith("/app/") else (*_SECRET, "code", "identifier")
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name != _OFFICE and not any(word in name.lower() for word in secret)
        for value in values
    ]


def database_away(request: HttpRequest) -> HttpResponse:
    """503: nothing was saved; the text that was being sent stands in the page for resending."""
    connection.close_if_unusable_or_obsolete()
    context = {**_again(request, kept_fields(request)), "was_sending": request.method == "POST"}
    response = _page(503, context)
    response.headers["Retry-After"] = "60"
    return response


def _again(request: HttpRequest, fields: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "fields": fields,
        "action": request.path,
        "csrf_token": get_token(request),
        # What is sent again is still sent from the office in which it was written.
        "acting_as": request.POST.get(_OFFICE, "") if fields else "",
    }


def _comes_from_here(request: HttpRequest) -> bool:
    source = request.headers.get("origin") or request.headers.get("referer") or ""
    return urlsplit(source).netloc == request.get_host()
