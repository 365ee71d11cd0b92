"""From HTML to PDF/A-3b with WeasyPrint. Nothing is fetched except data: and our own static files."""

import hashlib
import logging
from functools import cache
from typing import Any

import weasyprint
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

logger = logging.getLogger(__name__)
VARIANT = "pdf/a-3b"
STATIC_SCHEME = "static:"
# Part of every content hash: another renderer or other print rules make other pages.
RENDERER = f"weasyprint-{weasyprint.__version__}/1"


class Refused(ValueError):
    """The address lies outside; WeasyPrint leaves the picture out."""


class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
    """`data:` and `static:<path>` (a file that the static finders know); all else is refused."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        path = _own_file(url[len(STATIC_SCHEME) :]) if url.startswith(STATIC_SCHEME) else None
        if path is None:
            logger.warning("core.documents.address_refused")
            raise Refused
        return URLFetcherResponse(url, open(path, "rb"))  # noqa: PTH123 - closed by WeasyPrint


def _own_file(name: str) -> str | None:
    try:
        path = finders.find(name)
    except SuspiciousFileOperation:
        return None
    return path if isinstance(path, str) else None


def content_hash(html: str) -> str:
    """What the pages depend on: the whole HTML with its styles, and the renderer."""
    return hashlib.sha256(f"{RENDERER}\n{html}".encode()).hexdigest()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


def pdf_of(html: str) -> bytes:
    """The same HTML gives the same bytes."""
    page = weasyprint.HTML(string=html, url_fetcher=OwnFilesOnly(allowed_protocols=["data"]))
    made: bytes = page.write_pdf(
        font_config=_fonts(),
        pdf_variant=VARIANT,
        pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
    )
    return made
