"""All figures of complaints in one read: for dashboards with a query budget."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Min, Q

from complaints.enums import OPEN
from complaints.models import Complaint
from complaints.queries.figures import ComplaintCounts


@dataclass(frozen=True)
class UnitComplaints:
    unit_id: int
    name: str
    open: int
    late: int
    oldest_due: date | None
    is_sample: bool = False


@dataclass(frozen=True)
class ComplaintOverview:
    """`open_at_coordinator`: not yet passed on to any unit; `late_…`: of these, late."""

    counts: ComplaintCounts
    late_at_coordinator: int
    open_at_coordinator: int = 0
    real: int = 0
    units: list[UnitComplaints] = field(default_factory=list)


def complaint_overview(government_id: int, today: date) -> ComplaintOverview:
    """Per unit with open complaints, most late first; the same sums as `complaint_counts`."""
    late = Q(due_on__lt=today)
    rows = list(
        Complaint.objects.of(government_id)
        .order_by()
        .values("unit_id", "unit__name", "unit__short_name")
        .annotate(
            open_count=Count("pk", filter=Q(state__in=OPEN)),
            late_count=Count("pk", filter=late),
            oldest_due=Min("due_on", filter=late),
            answered=Count("pk", filter=Q(answered_on__range=(today.replace(day=1), today))),
            total=Count("pk"),
            sample=Count("pk", filter=Q(is_sample=True)),
        )
    )
    units = [
        UnitComplaints(
            row["unit_id"],
            row["unit__short_name"] or row["unit__name"],
            row["open_count"],
            row["late_count"],
            row["oldest_due"],
            row["sample"] > 0,
        )
        for row in rows
        if row["unit_id"] is not None and row["open_count"]
    ]
    return ComplaintOverview(
        counts=ComplaintCounts(
            open=sum(row["open_count"] for row in rows),
            late=sum(row["late_count"] for row in rows),
            answered_this_month=sum(row["answered"] for row in rows),
            total=sum(row["total"] for row in rows),
        ),
        late_at_coordinator=sum(row["late_count"] for row in rows if row["unit_id"] is None),
        open_at_coordinator=sum(row["open_count"] for row in rows if row["unit_id"] is None),
        real=sum(row["total"] - row["sample"] for row in rows),
        units=sorted(units, key=lambda unit: (-unit.late, -unit.open, unit.name)),
    )
