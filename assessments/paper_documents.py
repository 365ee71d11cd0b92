"""Official papers as PDF; registered with core's engine in AppConfig.ready.

Two chapters: the paper with its signature block, and its attachment, whose tables run over pages.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.documents import government_frame
from assessments.models import Paper
from assessments.paper_kinds import kind_of
from assessments.papers import Content, words_for
from assessments.permissions import reads_papers
from assessments.queries.paper_contents import content_of, words_of
from assessments.queries.papers import DOCUMENT, paper_of, void_day
from integrity_portal.core.documents import engine
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, Frame, register
from integrity_portal.core.models import Document


def chapters(document: Document) -> list[ChapterSpec]:
    return paper_chapters(_paper(document))


def _paper(document: Document) -> Paper:
    return Paper.objects.select_related("government", "unit", "zone", "team", "proposal").get(
        pk=document.params["paper"], government_id=document.government_id
    )


def paper_chapters(paper: Paper, content: Content | None = None) -> list[ChapterSpec]:
    """`content`: what the paper says, where it was gathered already."""
    content = content or content_of(paper)
    context = {"paper": paper, "content": content}
    found = [
        ChapterSpec(
            key="paper",
            title=content.title,
            template="assessments/documents/paper.html",
            context=context,
        )
    ]
    if content.tables:
        found.append(
            ChapterSpec(
                key="attachment",
                title=f"Lampiran: {content.attachment}",
                template="assessments/documents/paper_attachment.html",
                context=context,
            )
        )
    return found


def paper_frame(paper: Paper) -> Frame:
    """The government's letterhead, with the unit or the inspectorate that issues it."""
    kind = kind_of(paper.kind)
    base = government_frame(paper.government)
    if not kind.issuer:
        return base
    words = words_of(paper.government, year=paper.year, unit=paper.unit)
    return replace(base, programme=words_for(kind.issuer, words))


def paper_shows(paper: Paper, content: Content | None = None) -> str:
    """What a PDF made now would hold, as its hash."""
    document = Document(
        government_id=paper.government_id, kind=DOCUMENT, params={"paper": paper.pk}
    )
    return engine.would_show(document, paper_frame(paper), paper_chapters(paper, content))


def frame(document: Document) -> Frame:
    return paper_frame(_paper(document))


def may_read(membership: Any, document: Document) -> bool:
    """Whoever may read the paper itself."""
    return reads_papers(membership) and paper_of(membership, document.params["paper"]) is not None


def readable(membership: Any, documents: list[Document]) -> list[Document]:
    """The same for a list of documents, in one query."""
    asked = {row.params["paper"] for row in documents}
    known = set(
        Paper.objects.visible_to(membership).filter(pk__in=asked).values_list("pk", flat=True)
    )
    return [row for row in documents if row.params["paper"] in known]


def void_since(document: Document) -> datetime | None:
    """When the paper was declared void; a copy in somebody's hand does not know it."""
    return void_day(document.params["paper"])


def register_kinds() -> None:
    register(
        DocumentKind(
            name=DOCUMENT,
            label=_("Official paper"),
            chapters=chapters,
            may_read=may_read,
            readable=readable,
            audience=reads_papers,
            frame=frame,
            void_since=void_since,
        )
    )
