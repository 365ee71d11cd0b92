"""Reads for the screens of documents, scoped to the caller."""

from typing import Any

from integrity_portal.core.documents import registry
from integrity_portal.core.models import Document, LedgerSeal


def readable(membership: Any) -> list[Document]:
    """Newest first, without those whose kind this person never reads."""
    names = [kind.name for kind in registry.kinds() if kind.audience(membership)]
    rows = (
        Document.objects.filter(government_id=membership.government_id, kind__in=names)
        .select_related("file")
        .order_by("-pk")
    )
    return registry.readable_among(membership, list(rows))


def readable_one(membership: Any, pk: int) -> Document | None:
    row = (
        Document.objects.filter(government_id=membership.government_id, pk=pk)
        .select_related("file")
        .first()
    )
    return row if row is not None and registry.readable_by(membership, row) else None


def finished(public_id: str) -> Document | None:
    """For the public page: a document that was really made."""
    return (
        Document.objects.filter(public_id=public_id, job_state="done")
        .select_related("file")
        .first()
    )


def made_for_periods(periods: set[str]) -> set[tuple[int, str, str, str]]:
    """(government, kind, variant, period) of the scheduled documents that were already asked for."""
    rows = Document.objects.filter(period__in=periods)
    return set(rows.values_list("government_id", "kind", "variant", "period"))


def ledger_head() -> LedgerSeal | None:
    return LedgerSeal.objects.order_by("-tree_size").first()
