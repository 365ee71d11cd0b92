"""The berita acara of a work-sheet as PDF."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import ReviewMinutes
from assessments.queries.review_minutes import DOCUMENT_KIND
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, register
from integrity_portal.core.models import Document
from opd.documents import frame_of


def chapters(document: Document) -> list[ChapterSpec]:
    minutes = ReviewMinutes.objects.select_related(
        "unit_signatory__user",
        "unit_signatory__unit",
        "tpi_signatory__user",
        "tpi_signatory__unit",
    ).get(pk=document.params["minutes"], government_id=document.government_id)
    return [
        ChapterSpec(
            key="minutes",
            title="Berita Acara Penilaian LKE",
            template="assessments/documents/review_minutes.html",
            context={"minutes": minutes, "content": minutes.content},
        )
    ]


def may_read(membership: Any, document: Document) -> bool:
    rows = ReviewMinutes.objects.visible_to(membership)
    return rows.filter(pk=document.params["minutes"]).exists()


def readable(membership: Any, documents: list[Document]) -> list[Document]:
    asked = [row.params["minutes"] for row in documents]
    rows = ReviewMinutes.objects.visible_to(membership).filter(pk__in=asked)
    known = set(rows.values_list("pk", flat=True))
    return [row for row in documents if row.params["minutes"] in known]


def register_kinds() -> None:
    register(
        DocumentKind(
            name=DOCUMENT_KIND,
            label=_("Berita acara of a work-sheet"),
            chapters=chapters,
            may_read=may_read,
            readable=readable,
            frame=frame_of,
        )
    )
