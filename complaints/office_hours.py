"""When offices work, and from how many complaints figures say something: data/statistics.yaml."""

from bisect import bisect_right
from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from integrity_portal.core.data_files import DataFile, load

DATA = Path(__file__).parent / "data"
Span = tuple[time, time]


@dataclass(frozen=True)
class Counting:
    """`hours` are the spans of Monday to Sunday."""

    version: int
    source: str
    hours: tuple[tuple[Span, ...], ...]
    smallest_group: int


def current() -> Counting:
    """Raises UnableToReadData."""
    return load(DATA / "statistics.yaml", read)


def read(file: DataFile) -> Counting:
    week: list[tuple[Span, ...]] = [()] * 7
    for number, row in enumerate(file.data["hours"]):
        spans = tuple(
            (time.fromisoformat(each["from"]), time.fromisoformat(each["to"]))
            for each in row["spans"]
        )
        flat = [moment for span in spans for moment in span]
        if flat != sorted(set(flat)):
            raise file.fault("spans must follow each other", "hours", number)
        for day in row["days"]:
            if week[day - 1]:
                raise file.fault("a day stands there twice", "hours", number)
            week[day - 1] = spans
    return Counting(
        file.data["version"], file.data["source"], tuple(week), file.data["smallest_group"]
    )


class OfficeClock:
    """Counts working minutes on one government's calendar. Moments are local and naive.

    A moment outside office hours is the next moment of work: what arrives at night waits from the
    morning on.
    """

    def __init__(self, counting: Counting, days_off: Set[date], since: date, until: date) -> None:
        self.counting, self.days_off, self.since = counting, days_off, since
        self.days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
        self.before = [0]
        for day in self.days:
            self.before.append(self.before[-1] + sum(map(_length, self._spans(day))))

    def minutes(self, start: datetime, end: datetime) -> int:
        """Never negative: an answer that was written before the filing was known took no time."""
        return max(self._position(end) - self._position(start), 0)

    def _position(self, moment: datetime) -> int:
        place = bisect_right(self.days, moment.date()) - 1
        if place < 0:
            return 0
        if self.days[place] != moment.date():
            return self.before[-1]
        within = sum(
            _length((start, min(end, moment.time())))
            for start, end in self._spans(moment.date())
            if moment.time() > start
        )
        return self.before[place] + within

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.days_off else self.counting.hours[day.weekday()]


def _length(span: Span) -> int:
    start, end = span
    return max((end.hour - start.hour) * 60 + end.minute - start.minute, 0)
