"""The frame around every request: id, language, no writes on reading, privacy headers."""

import re
import uuid
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from integrity_portal.core import errors, logs
from integrity_portal.core.ratelimit import TooManyRequests

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class WriteOnRead(Exception):
    """A page that is only read tried to change the database."""


class RequestContextMiddleware:
    """Gives the request an id for log lines; answers what no view answers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        token = logs.request_id.set(request.request_id)  # type: ignore[attr-defined]
        try:
            if "\x00" in unquote(request.get_full_path()):
                return errors.bad_request(request, ValueError())
            return self.get_response(request)
        finally:
            logs.request_id.reset(token)
            timezone.deactivate()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, TooManyRequests):
            return errors.too_many_requests(request, error)
        return None


V = TypeVar("V", bound=Callable[..., Any])


def cookieless(view: V) -> V:
    """A page that caches may keep: its language is that of `?lang=`, and no cookie is set."""
    view.cookieless = True  # type: ignore[attr-defined]
    return view


class LanguageMiddleware:
    """Indonesian unless the person chose otherwise (`?lang=`, then a cookie); docs/adr/0007."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = {code for code, _ in settings.LANGUAGES}
        asked = request.GET.get("lang", "")
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = next((c for c in (asked, kept) if c in known), settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code == 405 and not response.content:
                response = errors.method_not_allowed(response)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)  # type: ignore[attr-defined]
        if asked in known and asked != kept and not getattr(request, "cookieless", False):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                max_age=365 * 24 * 3600,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not getattr(view, "cookieless", False):
            return
        request.cookieless = True  # type: ignore[attr-defined]
        asked = request.GET.get("lang", "")
        known = {code for code, _ in settings.LANGUAGES}
        request.LANGUAGE_CODE = asked if asked in known else settings.LANGUAGE_CODE  # type: ignore[attr-defined]
        translation.activate(request.LANGUAGE_CODE)  # type: ignore[attr-defined]


# Technical state of the visit itself, not of the portal.
_VISIT = re.compile(
    r"\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"
    r'"?(django_session|portal_cache|core_ratecount)"?\b',
    re.I,
)
_READING = re.compile(r"[\s(]*(SELECT|WITH|SAVEPOINT|RELEASE|ROLLBACK|SHOW|SET|EXPLAIN)\b", re.I)
_WRITING = re.compile(
    r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\S+\s+SET|TRUNCATE|pg_notify|nextval|setval)\b",
    re.I,
)


def reads_only(sql: str) -> bool:
    """True for statements that change nothing but the visit's own session, cache and counters."""
    if _VISIT.match(sql):
        return True
    return bool(_READING.match(sql)) and not _WRITING.search(sql)


class ReadOnlyMiddleware:
    """GET, HEAD and OPTIONS cannot write. A view marked `records_access` may record the reading."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)

        def refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            allowed = getattr(request, "records_access", False)
            if not (allowed or reads_only(sql)):
                raise WriteOnRead(sql.split(None, 3)[:3])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        request.records_access = getattr(view, "records_access", False)  # type: ignore[attr-defined]


class SignInMiddleware(LoginRequiredMiddleware):
    """Sign-in required by default; what was typed when the sign-in had ended is not lost."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        if request.method == "POST":
            return errors.signed_out(request)
        return super().handle_no_permission(request, view_func)


class PrivacyHeadersMiddleware:
    """Nothing that depends on the person stays in a cache; no sensors; nothing indexed inside."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault(
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=(self), payment=()",
        )
        if request.path.startswith(("/app/", "/accounts/", "/admin/")):
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response
