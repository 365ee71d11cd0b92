"""Posters for places and the card for the tables of a public meeting, as PDF.

What citizens read: Indonesian in every language of the screen, and one line of the region's own
language where the government has set one.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.documents.engine import square_code
from integrity_portal.core.documents.registry import (
    ChapterSpec,
    DocumentKind,
    Paper,
    register,
)
from integrity_portal.core.models import Document
from opd import documents, posters
from opd.actions.meetings import CARD
from opd.actions.posters import KIND_OF_SIZE
from opd.models import Government, Place, Poster, PublicMeeting
from opd.permissions import (
    can_keep_meetings,
    can_read_meetings,
    can_read_places,
    writes_places,
)
from opd.queries import meetings as meeting_queries, posters as queries

POSTER_A4 = Paper("A4", "0")
POSTER_A5 = Paper("A5", "0")
CARD_A5 = Paper("A5", "0")
# So many sheets are one chapter: rendered, counted and kept together.
TOGETHER = 10


@dataclass(frozen=True)
class Sheet:
    """What stands on one poster, and on the images made from the same content."""

    place: str
    region: str
    number: str
    edition: int
    address: str
    short: str
    code: Any
    domain: str


def sheet_of(place: Place, edition: int) -> Sheet:
    address = posters.place_address(place.token)
    region = place.region.name if place.region and place.region.name != place.name else ""
    return Sheet(
        place=place.name,
        region=region,
        number=place.number,
        edition=edition,
        address=address,
        short=posters.short(address),
        code=square_code(address, error="q"),
        domain=posters.domain(),
    )


def chapters(document: Document) -> list[ChapterSpec]:
    government = Government.objects.get(pk=document.government_id)
    rows = queries.in_document(government.pk, document.params["posters"])
    size = "a5" if document.kind == KIND_OF_SIZE["a5"] else "a4"
    return [
        _chapter(rows[start : start + TOGETHER], government, size, start)
        for start in range(0, len(rows), TOGETHER)
    ]


def _chapter(rows: list[Poster], government: Government, size: str, start: int) -> ChapterSpec:
    names = rows[0].place.name
    if len(rows) > 1:
        names = f"{names} – {rows[-1].place.name}"
    return ChapterSpec(
        f"posters-{start}",
        names,
        "opd/documents/poster.html",
        {
            "sheets": [sheet_of(row.place, row.edition) for row in rows],
            "government": government,
            "size": size,
            "is_sample": government.is_sample or rows[0].is_sample,
        },
    )


def may_read(membership: Any, document: Document) -> bool:
    return bool(readable(membership, [document]))


def readable(membership: Any, rows: list[Document]) -> list[Document]:
    """Whoever sees every place of it."""
    keys = {key for row in rows for key in row.params["posters"]}
    seen = queries.seen_of(membership, keys)
    return [row for row in rows if seen.issuperset(row.params["posters"])]


def may_request(membership: Any, variant: str) -> bool:
    """For which places, the action checks."""
    return writes_places(membership)


# --- the card for the tables ---


def meeting_address(meeting: PublicMeeting, government: Government) -> str:
    path = reverse("meeting", args=[government.slug, meeting.public_id])
    return f"{settings.BASE_URL}{path}"


def card_chapters(document: Document) -> list[ChapterSpec]:
    government = Government.objects.get(pk=document.government_id)
    meeting = PublicMeeting.objects.get(pk=document.params["meeting"], government_id=government.pk)
    address = meeting_address(meeting, government)
    context = {
        "meeting": meeting,
        "government": government,
        "code": square_code(address),
        "domain": posters.domain(),
        "is_sample": meeting.is_sample or government.is_sample,
    }
    return [ChapterSpec("card", meeting.title, "opd/documents/meeting_card.html", context)]


def may_read_card(membership: Any, document: Document) -> bool:
    if not can_read_meetings(membership):
        return False
    return meeting_queries.meeting_of(membership, document.params["meeting"]) is not None


def may_request_card(membership: Any, variant: str) -> bool:
    return can_keep_meetings(membership)


def register_kinds() -> None:
    for size, name, paper in (
        ("A4", KIND_OF_SIZE["a4"], POSTER_A4),
        ("A5", KIND_OF_SIZE["a5"], POSTER_A5),
    ):
        register(
            DocumentKind(
                name=name,
                label=_("Posters, A4") if size == "A4" else _("Posters, A5"),
                chapters=chapters,
                may_read=may_read,
                readable=readable,
                may_request=may_request,
                audience=can_read_places,
                frame=documents.frame_of,
                is_confidential=False,
                paper=paper,
                is_bare=True,
            )
        )
    register(
        DocumentKind(
            name=CARD,
            label=_("Card for the tables of a meeting"),
            chapters=card_chapters,
            may_read=may_read_card,
            may_request=may_request_card,
            audience=can_read_meetings,
            frame=documents.frame_of,
            is_confidential=False,
            paper=CARD_A5,
            is_bare=True,
        )
    )
