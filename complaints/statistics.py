"""Figures of complaints. Pure: cases, groups, today and the smallest group are passed in.

First words: the first message of a person of ours to the citizen (question, answer, decision).
In time: answered by the day that the class allows. Share in time: answered in time out of all that
were answered or are open and overdue; what is open within its time counts for nobody, and a pause
stops the clock. Referred, not taken up and joined reports were no answers of ours. Below the smallest
group there is no share, no median and no rank.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from complaints.enums import AT_COORDINATOR, AT_UNIT, OPEN, ComplaintState

ELSEWHERE = frozenset({ComplaintState.REFERRED, ComplaintState.REJECTED})
MINUTES = Decimal(60)


class By(StrEnum):
    """What figures are grouped by."""

    UNIT = "unit"
    CATEGORY = "category"
    REGION = "region"
    CHANNEL = "channel"
    KIND = "kind"


@dataclass(frozen=True)
class Case:
    """`minutes`: working minutes to the first words, None where nobody has written yet."""

    state: str
    filed_on: date
    answer_by: date
    answered_on: date | None
    minutes: int | None
    unit: int | None
    category: str
    region: int | None
    channel: str
    kind: str
    was_reopened: bool = False
    is_elsewhere_too: bool = False

    @property
    def is_answered(self) -> bool:
        return self.answered_on is not None and self.state not in ELSEWHERE

    @property
    def is_in_time(self) -> bool:
        return (
            self.is_answered
            and self.answered_on is not None
            and (self.answered_on <= self.answer_by)
        )

    def is_overdue(self, today: date) -> bool:
        return self.state in AT_COORDINATOR | AT_UNIT and self.answer_by < today


@dataclass(frozen=True)
class Figures:
    received: int = 0
    answered: int = 0
    in_time: int = 0
    open: int = 0
    overdue: int = 0
    elsewhere: int = 0
    reopened: int = 0
    # How many have first words, and the middle of their working hours.
    with_words: int = 0
    median_hours: Decimal | None = None
    smallest: int = 1

    @property
    def due(self) -> int:
        return self.answered + self.overdue

    @property
    def share(self) -> Decimal | None:
        """Percent in time; None below the smallest group."""
        if self.due < self.smallest or not self.due:
            return None
        return Decimal(100) * self.in_time / self.due

    @property
    def median(self) -> Decimal | None:
        return self.median_hours if self.with_words >= self.smallest else None

    @property
    def is_enough(self) -> bool:
        return self.share is not None


@dataclass(frozen=True)
class Group:
    key: Any
    label: str
    figures: Figures


def figures(cases: Iterable[Case], *, today: date, smallest: int) -> Figures:
    rows = [case for case in cases if case.state != ComplaintState.MERGED]
    minutes = [case.minutes for case in rows if case.minutes is not None]
    return Figures(
        received=len(rows),
        answered=sum(case.is_answered for case in rows),
        in_time=sum(case.is_in_time for case in rows),
        open=sum(case.state in OPEN for case in rows),
        overdue=sum(case.is_overdue(today) for case in rows),
        elsewhere=sum(case.state in ELSEWHERE for case in rows),
        reopened=sum(case.was_reopened for case in rows),
        with_words=len(minutes),
        median_hours=median(minutes),
        smallest=smallest,
    )


def median(minutes: Sequence[int]) -> Decimal | None:
    """In hours; of an even number the middle of the two in the middle."""
    if not minutes:
        return None
    rows = sorted(minutes)
    low, high = rows[(len(rows) - 1) // 2], rows[len(rows) // 2]
    return Decimal(low + high) / 2 / MINUTES


def grouped(
    cases: Iterable[Case],
    by: By,
    label: Callable[[Any], str],
    *,
    today: date,
    smallest: int,
) -> list[Group]:
    """Worst first; those with too little to judge behind them, the most complaints first."""
    groups: dict[Any, list[Case]] = defaultdict(list)
    for case in cases:
        groups[getattr(case, by.value)].append(case)
    found = [
        Group(key, label(key), figures(rows, today=today, smallest=smallest))
        for key, rows in groups.items()
    ]
    return sorted((group for group in found if group.figures.received), key=_rank)


def _rank(group: Group) -> tuple[Any, ...]:
    share = group.figures.share
    if share is None:
        return (1, -group.figures.received, group.label.casefold())
    return (0, share, -group.figures.overdue, group.label.casefold())


@dataclass(frozen=True)
class Month:
    first: date
    figures: Figures


def by_month(
    cases: Iterable[Case], months: Sequence[date], *, today: date, smallest: int
) -> list[Month]:
    """Of each month what was filed in it, also where that is nothing."""
    groups: dict[date, list[Case]] = {first: [] for first in months}
    for case in cases:
        first = case.filed_on.replace(day=1)
        if first in groups:
            groups[first].append(case)
    return [
        Month(first, figures(rows, today=today, smallest=smallest))
        for first, rows in groups.items()
    ]


# Working days since filing: up to and including.
AGES = (5, 14, 60)


def ages(days: Iterable[int]) -> list[int]:
    """How many lie in each band: up to 5, 14, 60 working days, and longer."""
    counts = [0] * (len(AGES) + 1)
    for count in days:
        counts[next((n for n, limit in enumerate(AGES) if count <= limit), len(AGES))] += 1
    return counts
