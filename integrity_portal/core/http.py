"""Small helpers between HTTP and the rest."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from integrity_portal.core.models import StoredFile

T = TypeVar("T")
V = TypeVar("V", bound=Callable[..., Any])


def records_access(view: V) -> V:
    """The one exception to "reading does not write": opening this page is itself recorded."""
    view.records_access = True  # type: ignore[attr-defined]
    return view


def refuse(sentence: str) -> PermissionDenied:
    """403 with a sentence for somebody who may see the thing but not do this: `raise refuse(…)`."""
    return PermissionDenied(sentence)


def or_404(found: T | None) -> T:
    """What a query found; 404 when this person sees nothing there."""
    if found is None:
        raise Http404
    return found


def serve_file(stored: StoredFile) -> FileResponse:
    """A stored file as an attachment that no browser runs; the caller has authorised it."""
    response = FileResponse(
        default_storage.open(stored.key),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def local_path(target: str, fallback: str) -> str:
    """`target` when it is a path of this site, else `fallback`: no open redirect."""
    if target.startswith("/") and not target.startswith(("//", "/\\")):
        return quote(target, safe="/?&=%#-_.~+,")
    return fallback


# What a browser shows by itself; anything else is downloaded.
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


def serve_inline(stored: StoredFile) -> FileResponse:
    """A stored file for a frame or a picture of our own pages; the caller has authorised it.

    The sandbox is the response's: the frame's own attribute would keep browsers from showing PDFs.
    """
    response = serve_file(stored)
    if stored.content_type in SHOWN:
        disposition = response.headers["Content-Disposition"]
        response.headers["Content-Disposition"] = disposition.replace("attachment", "inline", 1)
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; sandbox; frame-ancestors 'self'"
        )
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
