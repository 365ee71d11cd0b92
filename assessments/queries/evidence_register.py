"""The register of evidence: a unit's documents with their state, and one of them whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.enums import (
    SOON_DAYS,
    DocumentFilter,
    UseVerdict,
    Validity,
    WorksheetState,
    validity,
)
from assessments.models import (
    Evidence,
    EvidenceHealth,
    EvidenceRevision,
    EvidenceUse,
    SmallerCopy,
    Worksheet,
)
from assessments.models.evidence import EvidenceQuerySet
from assessments.queries.evidence import BAD_HEALTH, reusable
from opd.models import Membership


@dataclass(frozen=True)
class DocumentRow:
    evidence: Evidence
    validity: Validity
    uses: int
    number: int
    is_link: bool
    health: str
    is_returned: bool

    @property
    def health_word(self) -> str:
        return str(EvidenceHealth.Result(self.health).label) if self.health in BAD_HEALTH else ""


def register(membership: Membership, show: str, text: str, today: date) -> EvidenceQuerySet:
    """Of the caller's branch, newest first; lazy, for a paginator."""
    newest = EvidenceRevision.objects.filter(evidence=OuterRef("pk")).order_by("-number")
    rows = Evidence.objects.visible_to(membership).annotate(
        use_count=Count("uses", filter=~Q(uses__item__worksheet__state=WorksheetState.REPLACED)),
        revision_number=Subquery(newest.values("number")[:1]),
        revision_url=Subquery(newest.values("url")[:1]),
        health=Subquery(newest.values("health__result")[:1]),
        is_returned=Exists(_returned()),
    )
    if text:
        words = Q(title__icontains=text) | Q(number__icontains=text)
        rows = rows.filter(words | Q(unit__name__icontains=text))
    if show in DocumentFilter.values:
        rows = rows.filter(_narrowed(show, today))
    return rows.select_related("unit").order_by("-pk")


def _returned() -> Any:
    """Beside a document: at which questions the TPI has returned it."""
    return EvidenceUse.objects.filter(evidence=OuterRef("pk"), verdict=UseVerdict.RETURNED)


def _narrowed(show: str, today: date) -> Q | Exists:
    soon = today + timedelta(days=SOON_DAYS)
    found: dict[str, Q | Exists] = {
        DocumentFilter.EXPIRED: Q(valid_until__lt=today),
        DocumentFilter.SOON: Q(valid_until__range=(today, soon)),
        DocumentFilter.UNUSED: Q(use_count=0),
        DocumentFilter.SEVERAL: Q(use_count__gt=1),
        DocumentFilter.RETURNED: Exists(_returned()),
        DocumentFilter.CHANGED: Q(health__in=BAD_HEALTH),
    }
    return found[show]


def rows_of(documents: Iterable[Any], today: date) -> list[DocumentRow]:
    return [
        DocumentRow(
            evidence=row,
            validity=validity(row.valid_from, row.valid_until, today),
            uses=row.use_count,
            number=row.revision_number or 0,
            is_link=bool(row.revision_url),
            health=row.health or "",
            is_returned=row.is_returned,
        )
        for row in documents
    ]


def document(membership: Membership, pk: int) -> Evidence | None:
    rows = Evidence.objects.visible_to(membership).select_related("unit", "added_by")
    return rows.filter(pk=pk).first()


def revisions_of(evidence: Evidence) -> list[EvidenceRevision]:
    rows = evidence.revisions.select_related("stored", "health", "by")
    return list(rows.order_by("-number"))


@dataclass(frozen=True)
class Smaller:
    """The copy of the newest state: being made, or to be chosen; None: nothing is offered."""

    copy: SmallerCopy
    is_ready: bool


def smaller_of(newest: EvidenceRevision | None) -> Smaller | None:
    if newest is None:
        return None
    rows = SmallerCopy.objects.filter(revision=newest, decided_at=None)
    copy = rows.select_related("stored", "revision__evidence__unit").first()
    if copy is None or (copy.stored is None and copy.job_state in ("done", "dead", "cancelled")):
        return None
    return Smaller(copy, copy.stored is not None)


def uses_of(membership: Membership, evidence: Evidence) -> list[EvidenceUse]:
    """On the sheets that this person reads, newest year first."""
    sheets = Worksheet.objects.visible_to(membership)
    rows = evidence.uses.filter(item__worksheet__in=sheets)
    joined = rows.select_related("item__worksheet__zone__unit", "verdict_by", "verdict_revision")
    return list(joined.order_by("-item__worksheet__year", "item__position"))


def to_choose(sheet: Worksheet, item_pk: int) -> list[Evidence]:
    """The unit's documents that do not stand at this question yet, by name."""
    rows = reusable(sheet).exclude(uses__item=item_pk)
    return list(rows.order_by("title", "pk")[:500])


# --- for the IT team and for reminders ---


@dataclass(frozen=True)
class HealthCounts:
    changed: int
    gone: int
    dead: int
    waiting: int
    broken_files: int
    # Smaller copies of which nothing came although they were tried.
    dead_copies: int


def health_counts(now: datetime) -> HealthCounts:
    """In the whole deployment; one query."""
    newer = EvidenceRevision.objects.filter(
        evidence=OuterRef("revision__evidence"), number__gt=OuterRef("revision__number")
    )
    late = now - timedelta(hours=1)
    # Of links the newest state counts; every stored file must be there.
    rows = EvidenceHealth.objects.exclude(Exists(newer), revision__stored=None)
    dead = SmallerCopy.objects.dead().order_by().values("job_state")
    found = rows.aggregate(
        dead_copies=Coalesce(Max(Subquery(dead.annotate(count=Count("pk")).values("count"))), 0),
        changed=Count("pk", filter=Q(result=EvidenceHealth.Result.CHANGED)),
        gone=Count("pk", filter=Q(result=EvidenceHealth.Result.GONE)),
        dead=Count("pk", filter=Q(job_state="dead")),
        waiting=Count("pk", filter=Q(job_state="waiting", next_try_at__lt=late)),
        broken_files=Count("pk", filter=Q(result__in=BAD_HEALTH, revision__stored__isnull=False)),
    )
    return HealthCounts(**found)


def failing_links() -> list[tuple[str, int]]:
    """Why links cannot be reached, with how many; the commonest first."""
    newer = EvidenceRevision.objects.filter(
        evidence=OuterRef("revision__evidence"), number__gt=OuterRef("revision__number")
    )
    rows = EvidenceHealth.objects.filter(
        ~Exists(newer), result=EvidenceHealth.Result.GONE, revision__stored=None
    )
    counted = rows.values_list("last_error").annotate(count=Count("pk"))
    return list(counted.order_by("-count", "last_error")[:10])


def copies_given_up() -> list[SmallerCopy]:
    """The newest of them."""
    return list(SmallerCopy.objects.dead().order_by("-pk")[:10])


def broken_files() -> list[EvidenceHealth]:
    """Stored files whose bytes are not what arrived: the IT team must act."""
    rows = EvidenceHealth.objects.filter(result__in=BAD_HEALTH, revision__stored__isnull=False)
    return list(rows.select_related("revision__stored").order_by("-checked_at")[:20])


def expiring(government_id: int, today: date) -> Any:
    """Documents in use on open roads that expire within 30 days, one row each."""
    uses = EvidenceUse.objects.filter(
        evidence=OuterRef("pk"), item__worksheet__zone__closed_on=None
    )
    last = today + timedelta(days=SOON_DAYS)
    rows = Evidence.objects.filter(
        Exists(uses), government=government_id, valid_until__range=(today, last)
    )
    return rows.order_by("pk")
