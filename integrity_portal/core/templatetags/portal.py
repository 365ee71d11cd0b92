"""What templates may say: numbers and dates in words, status tags, charts, error summaries."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrity_portal.core import formatting
from integrity_portal.core.charts import Chart
from integrity_portal.core.summaries import error_entries

register = template.Library()
TONES = {"good", "warn", "bad", "info"}


@register.filter
def date_id(value: date | datetime | None) -> str:
    return formatting.date_id(value)


@register.filter
def datetime_id(value: datetime | None) -> str:
    return formatting.datetime_id(value)


@register.filter
def partial_date(value: Any) -> str:
    return formatting.partial_date(value)


@register.filter
def number_id(value: Any, places: int = 2) -> str:
    return formatting.number_id(value, int(places))


@register.filter
def percent_id(value: Any, places: int = 2) -> str:
    return formatting.percent_id(value, int(places))


@register.filter
def rupiah(value: Any) -> str:
    return formatting.rupiah(value)


@register.filter
def filesize_id(value: Any) -> str:
    return formatting.filesize_id(value)


@register.filter
def page_window(paginator: "Paginator[Any]", number: int) -> Iterator[int | None]:
    """1 … 6 7 8 … 20: None where pages are left out."""
    for page in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1):
        yield page if isinstance(page, int) else None


@register.simple_tag
def status_tag(word: str, tone: str = "info") -> SafeString:
    """A status as a word with its shape: ● good, ▲ warn, ■ bad. Colour never stands alone."""
    return format_html('<span class="tag {}">{}</span>', tone if tone in TONES else "info", word)


@register.simple_tag
def chart(drawing: Chart, table: str = "details") -> SafeString:
    """A chart with the equal table below: `details` (folded), `visible` or `none`.

    `none` only where the page itself holds the same table.
    """
    return render_to_string("components/chart.html", {"chart": drawing, "show": table})


@register.simple_tag(takes_context=True)
def error_summary(context: template.Context, form: Any) -> str:
    """The list of what to put right, once per form: first on the page, or first in the form."""
    if not form or not form.errors or getattr(form, "summary_is_shown", False):
        return ""
    form.summary_is_shown = True
    return render_to_string("components/error_summary.html", {"entries": error_entries(form)})


def _with_query(context: template.Context, name: str, value: Any) -> str:
    request = context.get("request")
    if request is None:
        return f"?{name}={value}"
    query = request.GET.copy()
    query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, number: int) -> str:
    """The address of another page of this list, with its filters."""
    return _with_query(context, "page", number)


@register.simple_tag(takes_context=True)
def language_url(context: template.Context, language: str) -> str:
    """This page in the other language."""
    return _with_query(context, "lang", language)


@register.simple_tag
def safe_static(path: str) -> str:
    """For error pages: a missing build must not turn an error page into another error."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@register.filter
def readable_name(name: str) -> str:
    """`fresh-unit_name` as `Unit name`: on the 503 page nothing else is known of a field."""
    return str(name).rpartition("-")[2].replace("_", " ").strip().capitalize() or str(name)


@register.filter
def rows_needed(value: str) -> int:
    """Lines a text fills, at least one and at most fourteen."""
    return min(14, sum(1 + len(line) // 60 for line in str(value).split("\n")))


@register.filter
def inline_svg(svg: str) -> SafeString:
    """An SVG that one of our libraries drew (a QR code), ready to stand inside a page.

    Only for drawings made by code from data we hold, never for a file that somebody sent.
    """
    start = svg.find("<svg")
    if start < 0 or "<script" in svg.lower():
        return SafeString("")
    return SafeString(svg[start:])
