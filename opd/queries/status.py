"""What the status page shows: background work and the ledger."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Min, Q

from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document, LedgerEntry, LedgerSeal
from opd.models import Letter


@dataclass(frozen=True)
class BackgroundWork:
    waiting: int
    running: int
    dead: list[Document]
    oldest_due: datetime | None


@dataclass(frozen=True)
class Outbox:
    """Mails by where they stand; `errors` are codes, never texts."""

    waiting: int
    dead: int
    oldest_due: datetime | None
    errors: list[str]


@dataclass(frozen=True)
class LedgerState:
    sealed: int
    unsealed: int
    sealed_at: datetime | None
    root: str


def background_work(now: datetime) -> BackgroundWork:
    counts = Document.objects.aggregate(
        waiting=Count("pk", filter=Q(job_state=JobState.WAITING)),
        running=Count("pk", filter=Q(job_state=JobState.RUNNING)),
        oldest_due=Min("next_try_at", filter=_due(now)),
        given_up=Count("pk", filter=Q(job_state=JobState.DEAD)),
    )
    dead = Document.objects.dead().order_by("-pk")[:20] if counts.pop("given_up") else []
    return BackgroundWork(**counts, dead=list(dead))


def _due(now: datetime) -> Q:
    """As `JobQuerySet.due`: waiting for its time, or left behind by a worker that is gone."""
    return Q(job_state=JobState.WAITING, next_try_at__lte=now) | Q(
        job_state=JobState.RUNNING, claimed_until__lt=now
    )


def letters(now: datetime) -> Outbox:
    counts = Letter.objects.aggregate(
        waiting=Count("pk", filter=Q(job_state__in=[JobState.WAITING, JobState.RUNNING])),
        dead=Count("pk", filter=Q(job_state=JobState.DEAD)),
        oldest_due=Min("next_try_at", filter=_due(now)),
        errors=ArrayAgg("last_error", filter=Q(job_state=JobState.DEAD), distinct=True, default=[]),
    )
    return Outbox(**counts)


def ledger_state() -> LedgerState:
    head = LedgerSeal.objects.order_by("-tree_size").first()
    return LedgerState(
        sealed=head.tree_size if head else 0,
        unsealed=LedgerEntry.objects.filter(leaf=None).count(),
        sealed_at=head.sealed_at if head else None,
        root=bytes(head.root_hash).hex()[:16] if head else "",
    )
