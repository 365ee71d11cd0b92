"""The piagam of a declaration as a PDF; registered with core's engine in AppConfig.ready."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Declaration, Signature
from assessments.queries.declarations import (
    PIAGAM,
    attendees_of,
    declaration_of,
    whole_act,
)
from integrity_portal.core.documents import engine
from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, Frame, register
from integrity_portal.core.models import Document
from opd.models import Government


def chapters(document: Document) -> list[ChapterSpec]:
    """One chapter: letterhead, purpose, units, pledges, signature blocks in their order."""
    act = (
        Declaration.objects.select_related("government")
        .prefetch_related(*whole_act())
        .get(pk=document.params["declaration"], government_id=document.government_id)
    )
    return [piagam_chapter(act)]


def piagam_chapter(act: Declaration) -> ChapterSpec:
    places: list[dict[str, Any] | None] = [
        {
            "number": number,
            "place": place,
            "signature": place.signature,
            "units": list(place.signs_for.all()),
        }
        for number, place in enumerate(act.signatories.all(), start=1)
    ]
    if len(places) % 2:
        places.append(None)
    return ChapterSpec(
        key="piagam",
        title="Piagam Pencanangan Pembangunan Zona Integritas",
        template="assessments/documents/piagam.html",
        context={
            "act": act,
            "all_signed": all(_stands(place.signature, act) for place in act.signatories.all()),
            "units": list(act.units.all()),
            "pledges": [line.text for line in act.pledges.all()],
            "pairs": list(zip(places[::2], places[1::2], strict=True)),
            "attendees": attendees_of(act),
        },
    )


def _stands(signature: Signature | None, act: Declaration) -> bool:
    """A signature in the portal stands for the very text that was signed."""
    return signature is not None and signature.text_sha256 in ("", act.text_sha256)


def piagam_shows(act: Declaration) -> str:
    """What a piagam made now would hold, as its hash; `act` was read with `whole_act`."""
    document = Document(
        government_id=act.government_id, kind=PIAGAM, params={"declaration": act.pk}
    )
    return engine.would_show(document, government_frame(act.government), [piagam_chapter(act)])


def may_read(membership: Any, document: Document) -> bool:
    """Whoever may read the declaration itself."""
    return declaration_of(membership, document.params["declaration"]) is not None


def readable(membership: Any, documents: list[Document]) -> list[Document]:
    """The same for a list of documents, in one query."""
    asked = {row.params["declaration"] for row in documents}
    known = set(
        Declaration.objects.visible_to(membership).filter(pk__in=asked).values_list("pk", flat=True)
    )
    return [row for row in documents if row.params["declaration"] in known]


def frame(document: Document) -> Frame:
    return government_frame(Government.objects.get(pk=document.government_id))


def government_frame(government: Government) -> Frame:
    return Frame(
        issuer=f"Pemerintah {government.official_name}",
        address=government.address,
        time_zone=government.time_zone,
        primary_colour=government.primary_colour,
        accent_colour=government.accent_colour,
        is_sample=government.is_sample,
    )


def register_kinds() -> None:
    register(
        DocumentKind(
            name=PIAGAM,
            label=_("Piagam of a declaration"),
            chapters=chapters,
            may_read=may_read,
            readable=readable,
            frame=frame,
            is_confidential=False,
        )
    )
