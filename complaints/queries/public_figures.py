"""Figures of complaints for everybody to read: whole quarters, no unit, no person, one statement."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from complaints import deadlines, sla
from complaints.enums import ComplaintKind, ComplaintState
from complaints.external_enums import CaseOrigin
from complaints.models import Complaint, ComplaintStep, ExternalCase
from complaints.models.complaints import ComplaintQuerySet
from complaints.queries.clock import days_off_from, local_day
from complaints.queries.statistics import Asked, Names, cases_of
from complaints.statistics import median
from opd.models import Government
from opd.service_share import months_between
from opd.working_days import add_working_days, working_days_between


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
        _known(government_id, quarter)
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


def _known(government_id: int, quarter: Quarter) -> ComplaintQuerySet:
    """Filed in the quarter and known here by the day of the look: what an export of another system
    brings later joins no figure that was already shown. Joined reports count once."""
    late = ExternalCase.objects.filter(
        complaint=OuterRef("pk"), origin=CaseOrigin.THERE, added_at__date__gt=quarter.as_of
    )
    rows = Complaint.objects.of(government_id)
    return rows.filter(~Exists(late), filed_on__range=(quarter.since, quarter.until)).exclude(
        state=ComplaintState.MERGED, closed_at__date__lte=quarter.as_of
    )


@dataclass(frozen=True)
class PublicFigures:
    """Of the same quarter as `answered_in_time`: what was filed by month and by kind, and the
    working hours to the first words, each with how many they were taken from."""

    months: dict[date, int]
    kinds: dict[str, int]
    with_words: int
    median_hours: Decimal | None


def filed_in_quarter(government: Government, *, today: date) -> PublicFigures:
    """Words that came after the day of the look are not counted: two looks show the same. Three
    queries."""
    quarter = ripe_quarter(today)
    asked = Asked(quarter.since, quarter.until)
    rows = _known(government.pk, quarter)
    end = datetime.combine(
        quarter.as_of + timedelta(days=1), time.min, ZoneInfo(government.time_zone)
    )
    cases = [case for case, _sample in cases_of(rows, government, asked, Names(), said_before=end)]
    minutes = [case.minutes for case in cases if case.minutes is not None]
    months = Counter(case.filed_on.replace(day=1) for case in cases)
    kinds = Counter(case.kind for case in cases)
    return PublicFigures(
        months={first: months[first] for first in months_between(quarter.since, quarter.until)},
        kinds={kind: kinds[kind] for kind in ComplaintKind.values},
        with_words=len(minutes),
        median_hours=median(minutes),
    )


# Steps that write another deadline, or take an answer away.
REWRITING = ("verify", "reopen")
# After these a complaint is verified again, perhaps with another class; or the clock stood still.
RETURNING = ("give_back", "recall", "pause")


def _steps_that_tell(as_of: date) -> QuerySet[ComplaintStep]:
    """Beside a complaint; a day wide, for the time zones: `_outcome` looks at the exact day."""
    later = Q(name__in=REWRITING, happened_at__date__gte=as_of)
    return ComplaintStep.objects.filter(later | Q(name__in=RETURNING), subject=OuterRef("pk"))


def _told_by_steps(government_id: int, quarter: Quarter) -> list[str]:
    """The outcomes of what was changed after the day of the look, or verified more than once."""
    rows = list(
        _known(government_id, quarter)
        .filter(Exists(_steps_that_tell(quarter.as_of)))
        .select_related("government")
        .prefetch_related("steps")
        .order_by("pk")
    )
    government = rows[0].government
    off = days_off_from(government, quarter.since) | days_off_from(government, quarter.as_of)
    return [_outcome(row, government, quarter.as_of, off) for row in rows]


# The outcome that a last step tells by itself.
ENDED_BY = {"refer": "elsewhere", "reject": "elsewhere", "pause": "waiting"}


def _moved(answer_by: date, paused_on: date | None, day: date, off: Set[date]) -> date:
    """The day of the answer after the working days for which the clock stood still."""
    if paused_on is None:
        return answer_by
    return add_working_days(answer_by, working_days_between(paused_on, day, off), off)


def _outcome(row: Complaint, government: Government, as_of: date, off: Set[date]) -> str:
    """From the steps up to `as_of` alone.

    The class is the one it had when it was answered. A class that was changed after the day of the
    one before had passed does not count: what was late stays late.
    """
    terms = sla.current()
    answer_by = deadlines.at_filing(terms, row.kind, row.filed_on, off).answer_by
    last, has_class = "", False
    answered_on: date | None = None
    paused_on: date | None = None
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
        elif step.name in ("answer", "settle_there"):
            answered_on = day
        elif step.name in ("pause", "resume"):
            answer_by = _moved(answer_by, paused_on, day, off)
            paused_on = day if step.name == "pause" else None
        last = step.name
    if last in ENDED_BY:
        return ENDED_BY[last]
    if answered_on is not None:
        return "in_time" if answered_on <= answer_by else "late"
    return "late" if answer_by < as_of else "waiting"
