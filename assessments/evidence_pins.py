"""What stands at a question when its sheet is approved: pinned, so that later states of the document
do not take its place; and when a verdict has to wait again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.enums import UseVerdict, WorksheetState
from assessments.models import (
    Evidence,
    EvidenceFacts,
    EvidenceRevision,
    EvidenceUse,
    Worksheet,
)
from opd.models import Membership

FACTS = ("title", "number", "dated_on", "valid_from", "valid_until", "note")


def write_facts(evidence: Evidence, by: Membership, now: datetime) -> EvidenceFacts:
    """The document as it stands now, beside what it said before."""
    return EvidenceFacts.objects.create(
        government_id=evidence.government_id,
        evidence=evidence,
        version=evidence.version,
        by=by,
        at=now,
        **{name: getattr(evidence, name) for name in FACTS},
    )


def newest_revisions() -> QuerySet[Any, Any]:
    """For a subquery beside a use: the key of the document's newest state."""
    rows = EvidenceRevision.objects.filter(evidence=OuterRef("evidence"))
    return rows.order_by("-number").values("pk")[:1]


def newest_facts() -> QuerySet[Any, Any]:
    rows = EvidenceFacts.objects.filter(evidence=OuterRef("evidence"))
    return rows.order_by("-version").values("pk")[:1]


@transaction.atomic
def keep_proofs(sheet: Worksheet) -> int:
    """On approval: what was judged, or else the newest, stands from now on; how many proofs."""
    return EvidenceUse.objects.filter(item__worksheet=sheet).update(
        approved_revision=Coalesce(F("verdict_revision"), Subquery(newest_revisions())),
        approved_facts=Subquery(newest_facts()),
    )


@transaction.atomic
def look_again(sheet: Worksheet) -> int:
    """When an approved sheet is taken up again: of documents that went on meanwhile the newest
    state stands there, which nobody has judged; how many."""
    uses = EvidenceUse.objects.filter(item__worksheet=sheet).exclude(verdict=UseVerdict.WAITING)
    rows = uses.annotate(newest=Subquery(newest_revisions()))
    moved = [
        use
        for use in rows.select_related("item__worksheet", "evidence", "approved_facts")
        if use.newest != use.verdict_revision_id or _says_other(use)
    ]
    for use in moved:
        wait_again(use)
    return len(moved)


def _says_other(use: EvidenceUse) -> bool:
    kept = use.approved_facts
    return kept is not None and any(
        getattr(kept, name) != getattr(use.evidence, name) for name in FACTS if name != "note"
    )


def wait_again(use: EvidenceUse) -> None:
    """What the TPI said stays in the history; the new state has not been looked at."""
    use.verdict = UseVerdict.WAITING
    use.verdict_by, use.verdict_revision, use.verdict_at = None, None, None
    use.save(update_fields=["verdict", "verdict_by", "verdict_revision", "verdict_at"])
    stand_anew(use)


def stand_anew(use: EvidenceUse) -> None:
    """At a question of an approved sheet that is open to the unit: the newest state stands there,
    and the sheet says that it changed since it was approved."""
    if use.item.worksheet.state == WorksheetState.APPROVED:
        row = EvidenceUse.objects.filter(pk=use.pk)
        row.update(
            approved_revision=Subquery(newest_revisions()), approved_facts=Subquery(newest_facts())
        )
