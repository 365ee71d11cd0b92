"""What the status page shows: background work and the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document, LedgerEntry, LedgerSeal


@dataclass(frozen=True)
class BackgroundWork:
    waiting: int
    running: int
    dead: list[Document]
    oldest_due: datetime | None


@dataclass(frozen=True)
class LedgerState:
    sealed: int
    unsealed: int
    sealed_at: datetime | None
    root: str


def background_work(now: datetime) -> BackgroundWork:
    rows = Document.objects.all()
    due = rows.due(now).order_by("next_try_at").values_list("next_try_at", flat=True).first()
    counts = rows.aggregate(
        waiting=Count("pk", filter=Q(job_state=JobState.WAITING)),
        running=Count("pk", filter=Q(job_state=JobState.RUNNING)),
    )
    return BackgroundWork(
        **counts,
        dead=list(rows.dead().order_by("-pk")[:20]),
        oldest_due=due,
    )


def ledger_state() -> LedgerState:
    head = LedgerSeal.objects.order_by("-tree_size").first()
    return LedgerState(
        sealed=head.tree_size if head else 0,
        unsealed=LedgerEntry.objects.filter(leaf=None).count(),
        sealed_at=head.sealed_at if head else None,
        root=bytes(head.root_hash).hex()[:16] if head else "",
    )
