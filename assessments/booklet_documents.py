"""The pocket book (buku saku) of a unit and the summary of a plan as PDF.

Official texts: Indonesian in every language of the screen. The chapters of a book say nothing that
changes by itself, so a book that shows the same as the one before is put together from its pages.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments import booklet_drawings
from assessments.achievement_bands import bands
from assessments.booklets import GLOSSARY, Light, number_text, period_text, rolled_light
from assessments.documents import government_frame
from assessments.enums import NodeLevel
from assessments.models import Plan
from assessments.permissions import makes_all_booklets, reads_plan_figures
from assessments.queries.booklet_pages import Book, IndicatorPage, Summary, book_of, summary_of
from assessments.queries.booklets import KIND, SUMMARY_KIND, planning_unit, visible_plan
from assessments.queries.plan_board import Board, NodeRow
from assessments.series import Period
from integrity_portal.core.charts import Tone
from integrity_portal.core.documents.engine import square_code
from integrity_portal.core.documents.registry import (
    A4_LANDSCAPE,
    A6,
    ChapterSpec,
    DocumentKind,
    Frame,
    register,
)
from integrity_portal.core.models import Document
from opd.models import Government, Unit

TEMPLATES = "assessments/documents/booklet"
# What fits on two sheets; the rest stands on the plan's page, and the sheet says so.
MOST_MISSIONS, MOST_KEYS, MOST_LAGS = 7, 11, 6


def address_of(unit: Unit, government: Government) -> str:
    """What the QR code holds. Books are printed: this address stays for ever."""
    path = reverse("unit_performance", args=[government.slug, unit.public_id])
    return f"{settings.BASE_URL}{path}"


def _plan(document: Document) -> Plan:
    return Plan.objects.select_related("government").get(
        pk=document.params["plan"], government_id=document.government_id
    )


def _day(document: Document, plan: Plan) -> date:
    """The day of the figures, fixed with the first try."""
    moment = document.figures_at or document.requested_at
    return timezone.localdate(moment, ZoneInfo(plan.government.time_zone))


def _period(document: Document) -> Period:
    return document.params["year"], document.params["quarter"]


# --- the pocket book ---


def chapters(document: Document) -> list[ChapterSpec]:
    plan = _plan(document)
    unit = Unit.objects.get(pk=document.params["unit"], government_id=plan.government_id)
    on = _day(document, plan)
    book = book_of(plan, unit, _period(document), on=on)
    context: dict[str, Any] = {
        "book": book,
        "unit": unit,
        "plan": plan,
        "until": period_text(book.period),
        "is_sample": plan.is_sample or unit.is_sample or plan.government.is_sample,
    }
    found = [
        _chapter("cover", "Sampul", context),
        _chapter("unit", "Untuk apa unit kita ada", context),
        _chapter("place", "Tempat kita dalam rencana", context),
        _chapter("indicators", f"Indikator kita ({len(book.pages)})", context),
    ]
    if book.lags:
        found.append(_chapter("lags", f"Yang harus kita kejar ({len(book.lags)})", context))
    found.append(_chapter("words", "Arti kata", {"words": GLOSSARY, "bands": _bands(plan)}))
    return [*found, _chapter("back", "Halaman langsung", _back(book, on))]


def _chapter(key: str, title: str, context: dict[str, Any]) -> ChapterSpec:
    return ChapterSpec(key, title, f"{TEMPLATES}/{key}.html", context)


def _bands(plan: Plan) -> list[tuple[Tone, str, str]]:
    """The plan's bands in words, highest first: from where each begins."""
    found, last = [], None
    for band in bands(plan.bands).bands:
        if band.above is not None:
            said, last = f"di atas {_percent(band.above)}", band.above
        else:
            said = f"{_percent(last)} atau kurang" if last is not None else "semua"
        found.append((band.tone, band.name.text_id, said))
    return found


def _percent(value: Decimal) -> str:
    return f"{number_text(value)}\u00a0%"


def _back(book: Book, on: date) -> dict[str, Any]:
    address = address_of(book.unit, book.plan.government)
    return {
        "unit": book.unit,
        "plan": book.plan,
        "address": address,
        "code": square_code(address),
        "asked": planning_unit(book.plan.government_id, on=on),
        "on": on,
        "until": period_text(book.period),
    }


def may_read(membership: Any, document: Document) -> bool:
    """Members who see the unit; of drafts there are no books."""
    return bool(readable(membership, [document]))


def readable(membership: Any, documents: list[Document]) -> list[Document]:
    if not reads_plan_figures(membership):
        return []
    asked = {row.params["unit"] for row in documents}
    known = set(
        Unit.objects.visible_to(membership).filter(pk__in=asked).values_list("pk", flat=True)
    )
    return [row for row in documents if row.params["unit"] in known]


def may_request(membership: Any, variant: str) -> bool:
    """For which unit, the action checks."""
    return reads_plan_figures(membership)


def frame(document: Document) -> Frame:
    return government_frame(Government.objects.get(pk=document.government_id))


# --- the summary of a plan ---


def summary_chapters(document: Document) -> list[ChapterSpec]:
    plan = _plan(document)
    on = _day(document, plan)
    summary = summary_of(plan, _period(document), on=on)
    colour = plan.government.primary_colour
    context: dict[str, Any] = {
        "plan": plan,
        "until": period_text(_period(document)),
        "on": on,
        "is_sample": plan.is_sample or plan.government.is_sample,
    }
    first = {
        **context,
        "summary": summary,
        "missions": [_mission(row) for row in summary.missions[:MOST_MISSIONS]],
        "level": _level(summary),
        "more_missions": max(len(summary.missions) - MOST_MISSIONS, 0),
        "lags": summary.lags[:MOST_LAGS],
        "more_lags": max(len(summary.lags) - MOST_LAGS, 0),
        "counts": _counts(summary),
    }
    second = {
        **context,
        "keys": [_key(page, summary, colour) for page in summary.keys[:MOST_KEYS]],
        "more_keys": max(len(summary.keys) - MOST_KEYS, 0),
    }
    return [
        ChapterSpec("plan", "Rencana sekilas", f"{TEMPLATES}/summary_plan.html", first),
        ChapterSpec("iku", "Indikator Kinerja Utama", f"{TEMPLATES}/summary_keys.html", second),
    ]


def _level(summary: Summary) -> str:
    rows = summary.missions
    return str(NodeLevel(rows[0].node.level).label) if rows else "Misi"


def _mission(row: NodeRow) -> dict[str, Any]:
    light = rolled_light(row.rolled.percent, row.band)
    return {
        "row": row,
        "light": light,
        "bullet": booklet_drawings.bullet(row.rolled.percent, light.tone),
    }


def _key(page: IndicatorPage, summary: Summary, colour: str) -> dict[str, Any]:
    board = summary.board
    years = range(page.row.base_year or board.plan.first_year, board.year + 1)
    return {
        "page": page,
        "bullet": booklet_drawings.bullet(page.reached.achieved.percent, page.light.tone),
        "line": booklet_drawings.sparkline([_value(page, board, year) for year in years], colour),
    }


def _value(page: IndicatorPage, board: Board, year: int) -> Decimal | None:
    """Of the running year what was known by the end of the period."""
    if year < board.year:
        return page.reached.series.value(year)
    figure = page.reached.series.until(year, board.quarter or 4)
    return figure.value if figure else None


def _counts(summary: Summary) -> list[tuple[Light, int]]:
    words = {"good": "baik", "warn": "perlu perhatian", "bad": "tertinggal", "": "belum ada angka"}
    return [(Light(Tone(tone), words[tone]), number) for tone, number in summary.counts]


def may_read_summary(membership: Any, document: Document) -> bool:
    """Every member who may read the plan."""
    if not reads_plan_figures(membership):
        return False
    return visible_plan(membership, document.params["plan"]) is not None


def may_request_summary(membership: Any, variant: str) -> bool:
    return makes_all_booklets(membership)


def register_kinds() -> None:
    register(
        DocumentKind(
            name=KIND,
            label=_("Pocket book of a unit"),
            chapters=chapters,
            may_read=may_read,
            readable=readable,
            may_request=may_request,
            audience=reads_plan_figures,
            frame=frame,
            is_confidential=False,
            paper=A6,
        )
    )
    register(
        DocumentKind(
            name=SUMMARY_KIND,
            label=_("Summary of a plan"),
            chapters=summary_chapters,
            may_read=may_read_summary,
            may_request=may_request_summary,
            audience=reads_plan_figures,
            frame=frame,
            is_confidential=False,
            paper=A4_LANDSCAPE,
        )
    )
