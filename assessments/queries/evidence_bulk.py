"""What would become of many files: the preview before they are written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from assessments.evidence_names import match
from assessments.models import EvidenceRevision, Worksheet
from assessments.queries.evidence import KIND
from integrity_portal.core.models import StoredFile
from opd.models import Membership

# With one sending: what one still looks through in a preview.
MOST = 200


@dataclass(frozen=True)
class Arrived:
    """A file with the path under which it came."""

    stored: StoredFile
    path: str


@dataclass(frozen=True)
class PreviewRow:
    stored: StoredFile
    path: str
    title: str
    codes: tuple[str, ...]
    possible: tuple[str, ...]
    # The name of the same content: in the unit's register, or earlier in this list.
    known_as: str
    twice: str


def arrived_files(
    membership: Membership, public_ids: Sequence[str], kinds: Sequence[str] = (KIND,)
) -> dict[str, StoredFile]:
    """What this person sent and nothing keeps yet, or what an earlier pressing has kept."""
    rows = StoredFile.objects.filter(
        government_id=membership.government_id,
        kind__in=kinds,
        created_by_id=membership.user_id,
        public_id__in=list(public_ids)[:MOST],
    )
    return {row.public_id: row for row in rows}


def preview(sheet: Worksheet, files: Iterable[Arrived]) -> list[PreviewRow]:
    """In one query, whatever has come."""
    files = list(files)
    codes = tuple(sheet.instrument.instrument.questions)
    newer = EvidenceRevision.objects.filter(
        evidence=OuterRef("evidence"), number__gt=OuterRef("number")
    )
    known = dict(
        EvidenceRevision.objects.filter(
            ~Exists(newer),
            evidence__unit=sheet.zone.unit_id,
            stored__sha256__in=[row.stored.sha256 for row in files],
        )
        .order_by("-pk")
        .values_list("stored__sha256", "evidence__title")
    )
    seen: dict[str, str] = {}
    found = []
    for row in files:
        spoken = match(row.path, codes)
        found.append(
            PreviewRow(
                stored=row.stored,
                path=row.path,
                title=spoken.title[:200],
                codes=spoken.codes,
                possible=spoken.possible,
                known_as=known.get(row.stored.sha256, ""),
                twice=seen.get(row.stored.sha256, ""),
            )
        )
        seen.setdefault(row.stored.sha256, row.path)
    return found
