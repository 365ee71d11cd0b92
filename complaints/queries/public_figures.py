"""Figures of complaints for everybody to read: whole quarters, no unit, no person, one statement."""

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
    """Filed from `since` to `until`, as they stood at the end of `as_of`.

    in_time: answered by the day that the class of the complaint allows; late: answered after it,
    or still open after it; waiting: open, the day has not come; elsewhere: referred to another
    office or not taken up, which the citizen was told.
    """

    since: date
    until: date
    as_of: date
    in_time: int
    late: int
    waiting: int
    elsewhere: int
    samples: int

    @property
    def parts(self) -> dict[str, int]:
        names = ("in_time", "late", "waiting", "elsewhere")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Quarter:
    """A quarter of filing, looked at on the last day of the next one."""

    since: date
    until: date
    as_of: date


def ripe_quarter(today: date) -> Quarter:
    """The newest quarter that ended a whole quarter ago.

    Quarters share no complaint and each is looked at as of one day, so two looks at the page never
    make a third count (docs/adr/0054); and nothing is counted before it could be answered.
    """
    now = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    as_of = now - timedelta(days=1)
    after = as_of.replace(month=as_of.month - 2, day=1)
    until = after - timedelta(days=1)
    return Quarter(until.replace(month=until.month - 2, day=1), until, as_of)


def answered_in_time(government_id: int, *, today: date) -> AnsweredInTime:
    """Counts change once a quarter only, and then they are of other complaints.

    What happened to a complaint after the day of the look is undone by its steps; one query, and
    three when there is such a complaint, or one that went back to the coordinator.
    """
    quarter = ripe_quarter(today)
    as_of = quarter.as_of
    answered = Q(answered_on__lte=as_of) & ~Q(
        state__in=[ComplaintState.REFERRED, ComplaintState.REJECTED]
    )
    ended = Q(
        state__in=[ComplaintState.REFERRED, ComplaintState.REJECTED], closed_at__date__lte=as_of
    )
    outcome = Case(
        When(Exists(_steps_that_tell(as_of)), then=Value("told")),
        When(ended, then=Value("elsewhere")),
        When(answered & Q(answered_on__lte=F("answer_by")), then=Value("in_time")),
        When(answered, then=Value("late")),
        When(answer_by__lt=as_of, then=Value("late")),
        default=Value("waiting"),
        output_field=CharField(),
    )
    rows = (
        Complaint.objects.of(government_id)
        .filter(filed_on__range=(quarter.since, quarter.until))
        .order_by()
        .annotate(outcome=outcome)
        .values("outcome")
        .annotate(count=Count("pk"), sample=Count("pk", filter=Q(is_sample=True)))
    )
    counts = Counter({row["outcome"]: row["count"] for row in rows})
    if counts["told"]:
        counts.update(_told_by_steps(government_id, quarter))
    return AnsweredInTime(
        since=quarter.since,
        until=quarter.until,
        as_of=as_of,
        samples=sum(row["sample"] for row in rows),
        **{name: counts[name] for name in ("in_time", "late", "waiting", "elsewhere")},
    )


# Steps that write another deadline, or take an answer away.
REWRITING = ("verify", "reopen")
# After these a complaint is verified again, perhaps with another class.
RETURNING = ("give_back", "recall")


def _steps_that_tell(as_of: date) -> QuerySet[ComplaintStep]:
    """Beside a complaint; a day wide, for the time zones: `_outcome` looks at the exact day."""
    later = Q(name__in=REWRITING, happened_at__date__gte=as_of)
    return ComplaintStep.objects.filter(later | Q(name__in=RETURNING), subject=OuterRef("pk"))


def _told_by_steps(government_id: int, quarter: Quarter) -> list[str]:
    """The outcomes of what was changed after the day of the look, or verified more than once."""
    rows = list(
        Complaint.objects.of(government_id)
        .filter(
            Exists(_steps_that_tell(quarter.as_of)),
            filed_on__range=(quarter.since, quarter.until),
        )
        .select_related("government")
        .prefetch_related("steps")
        .order_by("pk")
    )
    government = rows[0].government
    off = days_off_from(government, quarter.since) | days_off_from(government, quarter.as_of)
    return [_outcome(row, government, quarter.as_of, off) for row in rows]


def _outcome(row: Complaint, government: Government, as_of: date, off: Set[date]) -> str:
    """From the steps up to `as_of` alone.

    The class is the one it had when it was answered. A class that was changed after the day of the
    one before had passed does not count: what was late stays late.
    """
    terms = sla.current()
    answer_by = deadlines.at_filing(terms, row.kind, row.filed_on, off).answer_by
    last, answered_on, has_class = "", None, False
    for step in sorted(row.steps.all(), key=lambda step: step.pk):
        day = local_day(government, step.happened_at)
        if day > as_of:
            break
        if step.name == "verify" and (not has_class or day <= answer_by):
            code = step.sla_class or row.sla_class
            answer_by = deadlines.answer_by(terms, code, row.filed_on, off)
            has_class = True
        elif step.name == "reopen":
            answer_by, answered_on = deadlines.after_reopening(terms, day, off), None
        elif step.name == "answer":
            answered_on = day
        last = step.name
    if last in ("refer", "reject"):
        return "elsewhere"
    if answered_on is not None:
        return "in_time" if answered_on <= answer_by else "late"
    return "late" if answer_by < as_of else "waiting"
