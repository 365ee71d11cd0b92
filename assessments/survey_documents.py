"""Papers of a survey round: the report, the card with its QR code, and the slips with the codes.

Official Indonesian in every language of the screen. Slips are made while somebody waits and are
kept nowhere: the codes on them exist on paper only (docs/adr/0067).
"""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.documents import government_frame
from assessments.models import SurveyRound
from assessments.permissions import reads_surveys
from assessments.queries.surveys import (
    CARD_A4,
    CARD_A5,
    NAMES,
    REPORT,
    follow_ups_of,
    history_of,
    index_kept,
    page_of,
    period_text,
    short_period,
)
from assessments.survey_drawings import elements_chart, trend_chart
from assessments.survey_proofs import shown
from integrity_portal.core.documents.engine import square_code
from integrity_portal.core.documents.registry import (
    A4,
    ChapterSpec,
    DocumentKind,
    Frame,
    Paper,
    register,
)
from integrity_portal.core.documents.render import pdf_of
from integrity_portal.core.models import Document

TEMPLATES = "assessments/documents/survey"
KINDS = tuple(NAMES)
# Two columns of eight on a sheet.
SLIPS = 16
A5 = Paper("A5", "14mm 13mm 15mm 13mm")


def address_of(round: SurveyRound) -> str:
    """What the QR code holds. Cards are printed: this address stays for ever."""
    path = reverse("survey", args=[round.government.slug, round.public_id])
    return f"{settings.BASE_URL}{path}"


def _round(document: Document) -> SurveyRound:
    return SurveyRound.objects.select_related("unit", "government").get(
        pk=document.params["round"], government_id=document.government_id
    )


def _about(round: SurveyRound) -> dict[str, Any]:
    return {
        "round": round,
        "unit": round.unit,
        "asked": round.asked,
        "period": period_text(round.year, round.quarter),
        "is_sample": round.is_sample or round.government.is_sample,
    }


def report_chapters(document: Document) -> list[ChapterSpec]:
    round = _round(document)
    page, history = page_of(round), history_of(round)
    follow_ups = follow_ups_of(round)
    titles = {item.code: item.title for item in round.asked.items}
    names = [period_text(each.year, each.quarter) for each in history]
    points = [(short_period(each.year, each.quarter), index_kept(each)) for each in history]
    result = page.result
    context = {
        **_about(round),
        "page": page,
        "result": result,
        "chart": elements_chart(result) if result and result.is_shown else None,
        "follow_ups": [(titles.get(row.item, ""), row) for row in follow_ups],
        "history": [
            (name, point[1], each) for name, point, each in zip(names, points, history, strict=True)
        ],
        "trend": trend_chart(round.asked.index, points) if len(points) > 1 else None,
    }
    return [
        ChapterSpec("result", f"Hasil {round.asked.index}", f"{TEMPLATES}/result.html", context),
        ChapterSpec("people", "Responden dan cara survei", f"{TEMPLATES}/people.html", context),
        ChapterSpec("plan", "Tindak lanjut", f"{TEMPLATES}/plan.html", context),
    ]


def card_chapters(document: Document) -> list[ChapterSpec]:
    round = _round(document)
    address = address_of(round)
    context = {**_about(round), "address": address, "code": square_code(address)}
    return [ChapterSpec("card", round.asked.name.text_id, f"{TEMPLATES}/card.html", context)]


def slips_pdf(round: SurveyRound, codes: list[str]) -> bytes:
    """Two columns to cut apart, each with the address and one code."""
    address, named = address_of(round), [shown(code) for code in codes]
    with translation.override("id"):
        html = render_to_string(
            f"{TEMPLATES}/slips.html",
            {
                **_about(round),
                "sheets": [named[start : start + SLIPS] for start in range(0, len(named), SLIPS)],
                "address": address.removeprefix("https://").removeprefix("http://"),
                "code": square_code(address),
                "frame": government_frame(round.government),
                "paper": replace(A4, margin="10mm"),
                "language": "id",
            },
        )
    return pdf_of(html)


def may_read(membership: Any, document: Document) -> bool:
    return bool(readable(membership, [document]))


def readable(membership: Any, documents: list[Document]) -> list[Document]:
    if not reads_surveys(membership):
        return []
    asked = {row.params["round"] for row in documents}
    seen = SurveyRound.objects.visible_to(membership).filter(pk__in=asked)
    known = set(seen.values_list("pk", flat=True))
    return [row for row in documents if row.params["round"] in known]


def may_request(membership: Any, variant: str) -> bool:
    """For which round, the action checks."""
    return reads_surveys(membership)


def frame(document: Document) -> Frame:
    return government_frame(_round(document).government)


def register_kinds() -> None:
    rows: list[tuple[str, Any, Any, bool, Paper]] = [
        (REPORT, _("Report of a survey"), report_chapters, True, A4),
        (CARD_A4, _("Card of a survey, A4"), card_chapters, False, A4),
        (CARD_A5, _("Card of a survey, A5"), card_chapters, False, A5),
    ]
    for name, label, chapters, is_confidential, paper in rows:
        register(
            DocumentKind(
                name=NAMES[name],
                label=label,
                chapters=chapters,
                may_read=may_read,
                readable=readable,
                may_request=may_request,
                audience=reads_surveys,
                frame=frame,
                is_confidential=is_confidential,
                paper=paper,
            )
        )
