"""Monev of work plans: when a period is due, what a freeze holds, what moved. Pure: no ORM, no
clock; Decimal, unrounded inside.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assessments.enums import ActivityState, AreaOfChange, FollowUpState, Light, Move, PeriodState
from assessments.progress import COMPLETE


@dataclass(frozen=True)
class Period:
    code: str
    month: int
    day: int
    words: Any  # Wording: says itself in the language of the screen

    def ends_on(self, year: int) -> date:
        return date(year, self.month, self.day)


@dataclass(frozen=True)
class Calendar:
    """The periods of a year in their order, and the days around their ends."""

    code: str
    periods: tuple[Period, ...]
    opens_days_before: int
    on_time_days_after: int
    sha256: str = ""

    def period(self, code: str) -> Period:
        """Raises KeyError for a code that the calendar does not have."""
        for period in self.periods:
            if period.code == code:
                return period
        raise KeyError(code)

    def opens_on(self, period: Period, year: int) -> date:
        return period.ends_on(year) - timedelta(days=self.opens_days_before)

    def on_time_until(self, period: Period, year: int) -> date:
        return period.ends_on(year) + timedelta(days=self.on_time_days_after)

    def may_freeze(self, period: Period, year: int, *, today: date) -> bool:
        """From a little before the period's last day on, without an end: late is better than never."""
        return today >= self.opens_on(period, year)

    def is_late(self, period: Period, year: int, *, taken_on: date) -> bool:
        return taken_on > self.on_time_until(period, year)

    def state(
        self,
        period: Period,
        year: int,
        *,
        today: date,
        taken_on: date | None = None,
        began_on: date | None = None,
        is_neutral: bool = False,
    ) -> PeriodState:
        """`began_on`: the zone's first day; a period that ended before it is nobody's omission.

        A neutral sample of a real government is never said to be late.
        """
        if taken_on is not None:
            late = self.is_late(period, year, taken_on=taken_on) and not is_neutral
            return PeriodState.FROZEN_LATE if late else PeriodState.FROZEN
        if not self.may_freeze(period, year, today=today):
            return PeriodState.NOT_YET
        if began_on is not None and period.ends_on(year) < began_on:
            return PeriodState.BEFORE
        if self.is_late(period, year, taken_on=today) and not is_neutral:
            return PeriodState.MISSING
        return PeriodState.OPEN


@dataclass(frozen=True)
class FrozenActivity:
    """An activity as it stood; `percent` is what the head had confirmed, None while nothing was."""

    id: int
    area: str
    title: str
    milestone: str
    due_on: date
    responsible: str
    state: str
    percent: Decimal | None
    light: str
    # The newest report: its text, what it said, what became of it, and the head's answer.
    note: str = ""
    note_percent: Decimal | None = None
    note_state: str = ""
    message: str = ""
    drop_reason: str = ""
    is_sample: bool = False

    @property
    def counts(self) -> bool:
        return self.state != ActivityState.DROPPED

    @property
    def is_complete(self) -> bool:
        return self.percent is not None and self.percent >= COMPLETE

    @property
    def is_late(self) -> bool:
        return self.light == Light.LATE


@dataclass(frozen=True)
class FrozenPlan:
    """All activities in the order of the plan; written once, never computed anew."""

    activities: tuple[FrozenActivity, ...]

    @property
    def counted(self) -> list[FrozenActivity]:
        return [row for row in self.activities if row.counts]

    @property
    def late(self) -> list[FrozenActivity]:
        return [row for row in self.counted if row.is_late]

    @property
    def percent(self) -> Decimal | None:
        return mean(self.counted)

    def of_area(self, area: str) -> list[FrozenActivity]:
        return [row for row in self.activities if row.area == area]

    def percent_of(self, area: str) -> Decimal | None:
        return mean(row for row in self.of_area(area) if row.counts)

    def to_json(self) -> dict[str, Any]:
        rows = [_plain(asdict(row)) for row in self.activities]
        areas = [
            {
                "area": area.value,
                "percent": _text(self.percent_of(area.value)),
                "activities": [row for row in rows if row["area"] == area.value],
            }
            for area in AreaOfChange
        ]
        return {"version": 1, "percent": _text(self.percent), "areas": areas}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "FrozenPlan":
        rows = [row for area in data["areas"] for row in area["activities"]]
        return cls(tuple(_activity(row) for row in rows))


def mean(activities: Iterable[FrozenActivity]) -> Decimal | None:
    """Every counted activity with the same weight; None without any, which is not zero."""
    counted = [row.percent or Decimal(0) for row in activities]
    return sum(counted, Decimal(0)) / len(counted) if counted else None


def fingerprint(data: dict[str, Any]) -> str:
    """SHA-256 over the content in one order, whatever order the database gives it back in."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Compared:
    """One activity in two frozen plans; one of them may lack it."""

    before: FrozenActivity | None
    after: FrozenActivity | None
    move: Move

    @property
    def activity(self) -> FrozenActivity:
        found = self.after or self.before
        if found is None:
            raise ValueError("an activity that stands in neither plan")
        return found

    @property
    def points(self) -> Decimal | None:
        """Percent points between the two; None where one of them lacks the activity."""
        if self.before is None or self.after is None:
            return None
        return (self.after.percent or Decimal(0)) - (self.before.percent or Decimal(0))

    @property
    def due_moved(self) -> tuple[date, date] | None:
        if self.before is None or self.after is None or self.before.due_on == self.after.due_on:
            return None
        return self.before.due_on, self.after.due_on

    @property
    def promise_changed(self) -> bool:
        """Title, milestone or area are no longer those of the earlier period."""
        if self.before is None or self.after is None:
            return False
        return any(
            getattr(self.before, name) != getattr(self.after, name)
            for name in ("title", "milestone", "area")
        )


def compare(before: FrozenPlan, after: FrozenPlan) -> list[Compared]:
    """What moved between two frozen periods: every activity of either plan exactly once."""
    earlier = {row.id: row for row in before.activities}
    rows = [
        Compared(earlier.get(row.id), row, _move(earlier.get(row.id), row))
        for row in after.activities
    ]
    known = {row.id for row in after.activities}
    rows += [Compared(row, None, Move.GONE) for row in before.activities if row.id not in known]
    return sorted(rows, key=lambda row: row.activity.area)


def _move(before: FrozenActivity | None, after: FrozenActivity) -> Move:
    if not after.counts:
        return Move.DROPPED if before is not None and before.counts else Move.GONE
    if before is None or not before.counts:
        return Move.ADDED
    old, new = before.percent or Decimal(0), after.percent or Decimal(0)
    if new < old:
        return Move.BACK
    if after.is_complete:
        return Move.COMPLETE if before.is_complete else Move.FINISHED
    return Move.FORWARD if new > old else Move.STILL


def count_moves(rows: Sequence[Compared]) -> dict[Move, int]:
    return {move: sum(row.move == move for row in rows) for move in Move}


def is_overdue(state: str, due_on: date, *, today: date, is_neutral: bool = False) -> bool:
    """Of a follow-up: its day has passed and the head has not verified it."""
    return not is_neutral and state != FollowUpState.VERIFIED and due_on < today


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    numbers = {"percent": _text(row["percent"]), "note_percent": _text(row["note_percent"])}
    return {**row, **numbers, "due_on": row["due_on"].isoformat()}


def _activity(row: dict[str, Any]) -> FrozenActivity:
    values = dict(row)
    for name in ("percent", "note_percent"):
        values[name] = None if values[name] is None else Decimal(values[name])
    values["due_on"] = date.fromisoformat(values["due_on"])
    return FrozenActivity(**values)
