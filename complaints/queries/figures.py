"""Figures of complaints for dashboards. The same one or two statements however many rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, Subquery
from django.db.models.functions import Coalesce

from complaints.enums import AT_COORDINATOR, OPEN
from complaints.models import Complaint
from complaints.models.complaints import ComplaintQuerySet
from opd.models import Government, Membership, Unit


@dataclass(frozen=True)
class ComplaintCounts:
    """`open`: somebody of ours has to move; `late`: of these, past the deadline of their step."""

    open: int
    late: int
    answered_this_month: int
    total: int


def complaint_counts(government_id: int, today: date) -> ComplaintCounts:
    return _counts(Complaint.objects.of(government_id), today)


def _counts(rows: ComplaintQuerySet, today: date) -> ComplaintCounts:
    first = today.replace(day=1)
    return ComplaintCounts(
        **rows.aggregate(
            open=Count("pk", filter=Q(state__in=OPEN)),
            late=Count("pk", filter=Q(due_on__lt=today)),
            answered_this_month=Count("pk", filter=Q(answered_on__range=(first, today))),
            total=Count("pk"),
        )
    )


def late_by_unit(government_id: int, today: date) -> list[tuple[Unit, int, date]]:
    """(unit, late complaints, oldest deadline), worst first. Without those at the coordinator."""
    rows = _by_unit(government_id).filter(due_on__lt=today)
    return _with_units(rows)


def open_by_unit(government_id: int, today: date) -> list[tuple[Unit, int, date]]:
    """(unit, open complaints, next deadline), most first."""
    return _with_units(_by_unit(government_id))


def late_at_coordinator(government_id: int, today: date) -> int:
    """Complaints that nobody has passed on in time."""
    rows = Complaint.objects.of(government_id).filter(state__in=AT_COORDINATOR)
    return rows.late_on(today).count()


def _by_unit(government_id: int) -> ComplaintQuerySet:
    return Complaint.objects.of(government_id).open().filter(unit__isnull=False)


def _with_units(rows: ComplaintQuerySet) -> list[tuple[Unit, int, date]]:
    counted = list(
        rows.values("unit_id")
        .annotate(count=Count("pk"), oldest=Min("due_on"))
        .order_by("-count", "oldest", "unit_id")
    )
    units = Unit.objects.in_bulk([row["unit_id"] for row in counted])
    return [(units[row["unit_id"]], row["count"], row["oldest"]) for row in counted]


@dataclass(frozen=True)
class DeskCounts(ComplaintCounts):
    """The same of what one person sees, and what waits for a look."""

    far_late: int = 0
    escalated: int = 0
    quarantined: int = 0


def counts_for(membership: Membership, today: date) -> DeskCounts:
    """One statement; each number comes from its own index, however many complaints there are."""
    rows = Complaint.objects.visible_to(membership)
    first = today.replace(day=1)
    parts = {
        "open": rows.open(),
        "late": rows.late_on(today),
        "answered_this_month": rows.filter(answered_on__range=(first, today)),
        "total": rows,
        "far_late": rows.far_late_on(today),
        "escalated": rows.open().filter(escalation__gt=0),
        "quarantined": rows.open().filter(is_quarantined=True),
    }
    one = Government.objects.filter(pk=membership.government_id)
    counts: Any = one.values(**{k: _number(part) for k, part in parts.items()}).get()
    return DeskCounts(**counts)


def _number(rows: ComplaintQuerySet) -> Coalesce:
    counted = rows.order_by().values("government_id").annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(counted), 0)
