"""Figures of complaints for everybody to read: whole months, no unit, no person, one statement."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from complaints import deadlines, sla
from complaints.enums import ComplaintState
from complaints.models import Complaint, ComplaintStep
from complaints.queries.clock import days_off_from, local_day
from opd.models import Government


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
    """Counts change once a month only: two looks at the page tell nothing about one complaint.

    What happened to a complaint after the window is undone by its steps; one query, and three
    when there is such a complaint.
    """
    since, until = year_to_last_month(today)
    answered = Q(answered_on__lte=until) & ~Q(
        state__in=[ComplaintState.REFERRED, ComplaintState.REJECTED]
    )
    ended = Q(
        state__in=[ComplaintState.REFERRED, ComplaintState.REJECTED], closed_at__date__lte=until
    )
    outcome = Case(
        When(Exists(_steps_after(until)), then=Value("moved")),
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
    counts = Counter({row["outcome"]: row["count"] for row in rows})
    if counts["moved"]:
        counts.update(_moved_later(government_id, since, until))
    return AnsweredInTime(
        since=since,
        until=until,
        samples=sum(row["sample"] for row in rows),
        **{name: counts[name] for name in ("in_time", "late", "waiting", "elsewhere")},
    )


# Steps that write another deadline, or take an answer away.
REWRITING = ("verify", "reopen")


def _steps_after(until: date) -> QuerySet[ComplaintStep]:
    """Beside a complaint; a day wide, for the time zones: `_outcome` looks at the exact day."""
    return ComplaintStep.objects.filter(
        subject=OuterRef("pk"), name__in=REWRITING, happened_at__date__gte=until
    )


def _moved_later(government_id: int, since: date, until: date) -> list[str]:
    """The outcomes at the end of `until` of what was verified or reopened after it."""
    rows = list(
        Complaint.objects.of(government_id)
        .filter(Exists(_steps_after(until)), filed_on__range=(since, until))
        .select_related("government")
        .prefetch_related("steps")
        .order_by("pk")
    )
    off = days_off_from(rows[0].government, since) | days_off_from(rows[0].government, until)
    return [_outcome(row, row.government, until, off) for row in rows]


def _outcome(row: Complaint, government: Government, until: date, off: Set[date]) -> str:
    """From the steps up to `until` alone."""
    terms = sla.current()
    answer_by = deadlines.at_filing(terms, row.kind, row.filed_on, off).answer_by
    last, answered_on = "", None
    for step in sorted(row.steps.all(), key=lambda step: step.pk):
        day = local_day(government, step.happened_at)
        if day > until:
            break
        if step.name == "verify":
            answer_by = deadlines.answer_by(terms, row.sla_class, row.filed_on, off)
        elif step.name == "reopen":
            answer_by, answered_on = deadlines.after_reopening(terms, day, off), None
        elif step.name == "answer":
            answered_on = day
        last = step.name
    if last in ("refer", "reject"):
        return "elsewhere"
    if answered_on is not None:
        return "in_time" if answered_on <= answer_by else "late"
    return "late" if answer_by < until else "waiting"
