"""Approved work-sheets of which something was opened or written after the approval.

What differs from what was approved, hash by hash, `worksheet_checks.changed_since` says; this is
the cheap look for lists and heads of pages.
"""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from assessments.enums import Assessor, MessageKind, WorksheetState
from assessments.models import (
    Answer,
    EvidenceUse,
    ItemMessage,
    Worksheet,
    WorksheetApproval,
    WorksheetItem,
)


def touched_since_approval(sheets: Iterable[Worksheet]) -> dict[int, int]:
    """Sheet → how many questions were unlocked, answered anew or got other evidence since its last
    approval; only sheets with any. At most one query."""
    approved = [sheet.pk for sheet in sheets if sheet.state == WorksheetState.APPROVED]
    if not approved:
        return {}
    last = WorksheetApproval.objects.filter(worksheet=OuterRef("worksheet")).order_by("-pk")
    since = OuterRef("approved_at")
    here = {"item": OuterRef("pk")}
    opened = ItemMessage.objects.filter(**here, kind=MessageKind.UNLOCKED, at__gt=since)
    written = Answer.objects.filter(**here, changed_at__gt=since).exclude(assessor=Assessor.TPN)
    newer = Q(verdict_revision=None, evidence__revisions__at__gt=since)
    proven = EvidenceUse.objects.filter(Q(added_at__gt=since) | newer, **here)
    rows = (
        WorksheetItem.objects.filter(worksheet__in=approved)
        .annotate(approved_at=Subquery(last.values("at")[:1]))
        .filter(Exists(opened) | Exists(written) | Exists(proven))
        .order_by()
        .values_list("worksheet")
        .annotate(count=Count("pk"))
    )
    return dict(rows)
