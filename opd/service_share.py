"""The share of a service that needs nobody to meet an officer, by volume. Pure.

Online counts, the counter does not; a service with both ways counts as it was recorded for each.
A month counts only when every way that was open in it has its number: empty is not zero, and a
month half recorded would tilt the share. A month in which the service moved is open both ways.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from integrity_portal.core.partial_dates import PartialDate, Precision, last_day
from opd.enums import ServiceChannel, VolumeChannel

# How far back "before" reaches, and how many months each side needs before it says anything.
WINDOW = 12
LEAST_MONTHS = 3

WAYS: dict[str, frozenset[str]] = {
    ServiceChannel.COUNTER: frozenset({VolumeChannel.COUNTER}),
    ServiceChannel.ONLINE: frozenset({VolumeChannel.ONLINE}),
    ServiceChannel.HYBRID: frozenset({VolumeChannel.COUNTER, VolumeChannel.ONLINE}),
}


@dataclass(frozen=True)
class Volume:
    """`month` is its first day."""

    month: date
    channel: str
    count: int


@dataclass(frozen=True)
class Move:
    """`at_latest`: the day is not known, only that it had happened by then."""

    from_channel: str
    to_channel: str
    moved: PartialDate
    at_latest: bool = False


@dataclass(frozen=True)
class Share:
    """Sums over whole months; `partial` months had a number missing and are left out."""

    online: int = 0
    total: int = 0
    months: int = 0
    partial: int = 0

    @property
    def percent(self) -> Decimal | None:
        """Unrounded; None where nobody came or nothing is recorded."""
        return Decimal(100) * self.online / self.total if self.total else None

    def __add__(self, other: "Share") -> "Share":
        return Share(
            self.online + other.online,
            self.total + other.total,
            self.months + other.months,
            self.partial + other.partial,
        )


class Verdict(StrEnum):
    COMPARED = "compared"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True)
class Comparison:
    move: Move
    before: Share = field(default_factory=Share)
    after: Share = field(default_factory=Share)

    @property
    def verdict(self) -> Verdict:
        enough = all(
            side.months >= LEAST_MONTHS and side.total > 0 for side in (self.before, self.after)
        )
        return Verdict.COMPARED if enough else Verdict.TOO_LITTLE

    @property
    def points(self) -> Decimal | None:
        """By how many percentage points the share changed; None with too little data."""
        before, after = self.before.percent, self.after.percent
        if self.verdict != Verdict.COMPARED or before is None or after is None:
            return None
        return after - before


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def add_months(month: date, number: int) -> date:
    """The first day of the month so many months on (or back)."""
    index = month.year * 12 + month.month - 1 + number
    return date(index // 12, index % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """Every month from the one to the other, both included; none when they are turned round."""
    start = first_of_month(first)
    count = (last.year - start.year) * 12 + last.month - start.month + 1
    return [add_months(start, number) for number in range(max(0, count))]


def span(move: Move) -> tuple[date, date]:
    """The first and the last month in which the move may lie, as far as its date says."""
    first = first_of_month(move.moved.date)
    if move.moved.precision == Precision.YEAR:
        first = first.replace(month=1)
    return first, first_of_month(last_day(move.moved.date, move.moved.precision))


def ways_open(month: date, moves: Sequence[Move], present: str) -> frozenset[str]:
    """What must be recorded in a month; `moves` in their order, `present` the channel today."""
    if not moves:
        return WAYS[present]
    channel, found = moves[0].from_channel, frozenset[str]()
    for move in moves:
        first, last = span(move)
        if first <= month <= last:
            found |= WAYS[move.from_channel] | WAYS[move.to_channel]
        if last < month:
            channel = move.to_channel
    return found or WAYS[channel]


def share_of(
    volumes: Iterable[Volume], months: Iterable[date], moves: Sequence[Move], present: str
) -> Share:
    """Of one service over these months."""
    known: dict[date, dict[str, int]] = {}
    for row in volumes:
        known.setdefault(row.month, {})[row.channel] = row.count
    found = Share()
    for month in dict.fromkeys(months):
        counts = known.get(month)
        if not counts:
            continue
        if not ways_open(month, moves, present) <= counts.keys():
            found += Share(partial=1)
            continue
        found += Share(
            online=counts.get(VolumeChannel.ONLINE, 0), total=sum(counts.values()), months=1
        )
    return found


def latest_months(today: date, number: int = WINDOW) -> list[date]:
    """The last whole months before this one."""
    return months_between(add_months(today, -number), add_months(today, -1))


def compare(
    volumes: Sequence[Volume], moves: Sequence[Move], index: int, *, present: str, today: date
) -> Comparison:
    """Before and after one of the moves: twelve months before against the whole months since.

    Months in which the move itself may lie belong to neither side; "since" ends where the next
    move begins.
    """
    move = moves[index]
    first, last = span(move)
    begins_next = span(moves[index + 1])[0] if index + 1 < len(moves) else first_of_month(today)
    ended_before = span(moves[index - 1])[1] if index else date.min
    before = [
        month
        for month in months_between(add_months(first, -WINDOW), add_months(first, -1))
        if month > ended_before
    ]
    after = months_between(add_months(last, 1), add_months(begins_next, -1))
    return Comparison(
        move,
        before=share_of(volumes, before, moves, present),
        after=share_of(volumes, after, moves, present),
    )


def chain_fault(moves: Sequence[Move]) -> int | None:
    """The first move that does not begin where the one before it ended; None when all fit."""
    for number in range(1, len(moves)):
        if moves[number].from_channel != moves[number - 1].to_channel:
            return number
    return None
