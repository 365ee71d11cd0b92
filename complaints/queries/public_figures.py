"""Figures of complaints for everybody to read: whole months, no unit, no person, one statement."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, F, Q, Value, When

from complaints.enums import ComplaintState
from complaints.models import Complaint


@dataclass(frozen=True)
class AnsweredInTime:
    """Filed from `since` to `until`, as they stood at the end of `until`.

    in_time: answered by the day that the class of the complaint allows; late: answered after it,
    or still open after it; waiting: open, the day has not come; elsewhere: referred to another
    office or not taken up, which the citizen was told.
    """

    since: date
    until: date
    in_time: int
    late: int
    waiting: int
    elsewhere: int
    samples: int

    @property
    def parts(self) -> dict[str, int]:
        names = ("in_time", "late", "waiting", "elsewhere")
        return {name: getattr(self, name) for name in names}


def year_to_last_month(today: date) -> tuple[date, date]:
    """The twelve whole months before this one."""
    until = today.replace(day=1) - timedelta(days=1)
    return today.replace(year=today.year - 1, day=1), until


def answered_in_time(government_id: int, *, today: date) -> AnsweredInTime:
    """Counts change once a month only: two looks at the page tell nothing about one complaint."""
    since, until = year_to_last_month(today)
    answered = Q(answered_on__lte=until) & ~Q(
        state__in=[ComplaintState.REFERRED, ComplaintState.REJECTED]
    )
    ended = Q(
        state__in=[ComplaintState.REFERRED, ComplaintState.REJECTED], closed_at__date__lte=until
    )
    outcome = Case(
        When(ended, then=Value("elsewhere")),
        When(answered & Q(answered_on__lte=F("answer_by")), then=Value("in_time")),
        When(answered, then=Value("late")),
        When(answer_by__lt=until, then=Value("late")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    rows = (
        Complaint.objects.of(government_id)
        .filter(filed_on__range=(since, until))
        .order_by()
        .annotate(outcome=outcome)
        .values("outcome")
        .annotate(count=Count("pk"), sample=Count("pk", filter=Q(is_sample=True)))
    )
    counts = {row["outcome"]: row["count"] for row in rows}
    return AnsweredInTime(
        since=since,
        until=until,
        samples=sum(row["sample"] for row in rows),
        **{name: counts.get(name, 0) for name in ("in_time", "late", "waiting", "elsewhere")},
    )
