"""The progress report: one set of figures, one variant for the mayor and one for the Sekda."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from integrity_portal.core.documents.registry import ChapterSpec
from integrity_portal.core.models import Document
from opd.queries.governments import government_by_id
from reports import drawings, presented, queries, wording
from reports.calendar import week_of
from reports.enums import Variant
from reports.figures import Figures, from_json

NAME = "reports.progress"
FROZEN = "_figure_set"
TEMPLATES = "reports/documents"


def chapters(document: Document) -> list[ChapterSpec]:
    row = queries.figure_set(document.government_id, document.params[FROZEN])
    if row is None:
        raise LookupError(FROZEN)
    government = government_by_id(document.government_id)
    if government is None:
        raise LookupError("government")
    figures = from_json(row.data)
    zone = ZoneInfo(government.time_zone)
    base = {
        "figures": figures,
        "government": government,
        "for_mayor": document.variant == Variant.MAYOR,
        "week": wording.week_words(document.period),
        "taken_at": row.taken_at,
        "made_late": document.period and document.period != week_of(row.taken_at.astimezone(zone)),
    }
    if document.variant == Variant.MAYOR:
        return _for_mayor(figures, base)
    return _for_sekda(figures, base)


def _for_mayor(figures: Figures, base: dict[str, Any]) -> list[ChapterSpec]:
    return [
        _summary(figures, base),
        _units(figures, base),
        _late(figures, base),
        _complaints(figures, base),
        _coverage(figures, base),
    ]


def _for_sekda(figures: Figures, base: dict[str, Any]) -> list[ChapterSpec]:
    return [
        _summary(figures, base),
        _late(figures, base),
        _coming(figures, base),
        _units(figures, base),
        _complaints(figures, base),
        _coverage(figures, base),
    ]


def _summary(figures: Figures, base: dict[str, Any]) -> ChapterSpec:
    context = {
        **base,
        "lead": wording.lead(figures),
        "kpis": wording.kpis(figures),
        "no_data": wording.says_no_data(figures),
        "worst": presented.unit_rows(figures)[:6],
        "moves": wording.moves_sentence(figures),
    }
    return ChapterSpec("summary", _("Summary"), f"{TEMPLATES}/summary.html", context)


def _units(figures: Figures, base: dict[str, Any]) -> ChapterSpec:
    context = {
        **base,
        "rows": presented.unit_rows(figures),
        "chart": drawings.progress_chart(figures),
    }
    return ChapterSpec("units", wording.units_title(figures), f"{TEMPLATES}/units.html", context)


def _late(figures: Figures, base: dict[str, Any]) -> ChapterSpec:
    context = {
        **base,
        "moves": wording.moves_sentence(figures),
        "rows": presented.item_rows(figures.late, figures.today),
    }
    return ChapterSpec(
        "late", _("What is late and whose move it is"), f"{TEMPLATES}/late.html", context
    )


def _coming(figures: Figures, base: dict[str, Any]) -> ChapterSpec:
    context = {**base, "rows": presented.item_rows(figures.coming, figures.today)}
    return ChapterSpec(
        "coming", _("What falls due in the next two weeks"), f"{TEMPLATES}/coming.html", context
    )


def _complaints(figures: Figures, base: dict[str, Any]) -> ChapterSpec:
    rows = presented.complaint_rows(figures)
    context = {
        **base,
        "sentence": wording.complaints_sentence(figures),
        "chart": drawings.complaints_chart(figures),
        "rows": rows,
        "waiting": wording.waits_at_coordinator(figures),
    }
    return ChapterSpec("complaints", _("Complaints"), f"{TEMPLATES}/complaints.html", context)


def _coverage(figures: Figures, base: dict[str, Any]) -> ChapterSpec:
    context = {
        **base,
        "coverage": drawings.coverage_chart(figures),
        "stages": drawings.stages_chart(figures),
        "preparation": "" if base["for_mayor"] else wording.preparation_sentence(figures),
    }
    return ChapterSpec(
        "coverage", _("Declarations and stages"), f"{TEMPLATES}/coverage.html", context
    )
