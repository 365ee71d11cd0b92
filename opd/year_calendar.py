"""The steps of a ZI year: read once from data/zi-calendar*.yaml, checked whole before use.

A year follows the newest file that is valid in it. Also here: the checks by which other apps say
that a step is done, and which units its tasks concern.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from integrity_portal.core.data_files import (
    DataFile,
    Wording,
    load_versions,
    newest_on,
    wording,
)
from opd.enums import Confidence

DATA = Path(__file__).parent / "data"
FIRST_YEAR, LAST_YEAR = 2014, 2199


@dataclass(frozen=True)
class CalendarStep:
    """`starts` and `due` are (month, day) of every year; without `starts` it is a single day."""

    key: str
    name: Wording
    starts: tuple[int, int] | None
    due: tuple[int, int]
    source: str
    confidence: Confidence
    roles: tuple[str, ...]
    remind_before: tuple[int, ...]
    escalate_after: int | None
    check: str = ""
    # So many days after `due` it still counts as on time.
    grace: int = 0

    def due_in(self, year: int) -> date:
        return date(year, *self.due)

    def starts_in(self, year: int) -> date | None:
        return date(year, *self.starts) if self.starts else None


@dataclass(frozen=True)
class YearCalendar:
    code: str
    valid_from: int
    source: str
    steps: tuple[CalendarStep, ...]
    sha256: str


def calendar_of(year: int) -> YearCalendar:
    """The newest that is valid in this year, else the oldest there is. Raises UnableToReadData."""
    every = load_versions(DATA / "zi-calendar.schema.json", "zi-calendar*.yaml", read)
    return newest_on(every.values(), year)


def read(file: DataFile) -> YearCalendar:
    """One file, checked against itself."""
    data = file.data
    file.refuse_twice("steps", "key")
    steps = tuple(_step(file, number) for number in range(len(data["steps"])))
    return YearCalendar(data["code"], data["valid_from"], data["source"], steps, file.sha256)


def _step(file: DataFile, number: int) -> CalendarStep:
    row: dict[str, Any] = file.data["steps"][number]
    due = _month_and_day(file, number, "due")
    first = _month_and_day(file, number, "starts") if row.get("starts") else None
    if first and first > due:
        raise file.fault("the window ends before it begins", "steps", number, "starts")
    if row["escalate_after"] is not None and not row["roles"]:
        raise file.fault("nobody's task cannot become late", "steps", number, "escalate_after")
    return CalendarStep(
        key=row["key"],
        name=wording(row),
        starts=first,
        due=due,
        source=row["source"],
        confidence=Confidence(row["confidence"]),
        roles=tuple(row["roles"]),
        remind_before=tuple(sorted(row["remind_before"], reverse=True)),
        escalate_after=row["escalate_after"],
        check=row.get("check", ""),
        grace=row.get("grace", 0),
    )


def _month_and_day(file: DataFile, number: int, key: str) -> tuple[int, int]:
    text = file.data["steps"][number][key]
    month, day = map(int, text.split("-"))
    try:
        # A year without 29 February: a date that exists in every year.
        date(2023, month, day)
    except ValueError as error:
        raise file.fault(f"{text} is no day of every year", "steps", number, key) from error
    return month, day


# What a government's own date, and a window that was given a date by letter, are reminded of.
OWN_REMIND_BEFORE = (14, 7, 1)
OWN_ESCALATE_AFTER = 7

Check = Callable[[int, int], date | None]
_checks: dict[str, Check] = {}


def register_calendar_check(key: str, done_on: Check) -> None:
    """`done_on(government_id, year)`: the day on which the step was done, or None.

    `key` is the name that the step's `check` has in the data.
    """
    _checks[key] = done_on


def checked(step: CalendarStep, government_id: int, year: int) -> date | None:
    done_on = _checks.get(step.check)
    return done_on(government_id, year) if done_on else None


def has_check(step: CalendarStep) -> bool:
    return step.check in _checks


@dataclass(frozen=True)
class Count:
    """Of how many units a step is asked, and ids of those that have not done it yet."""

    total: int
    missing: tuple[int, ...]

    @property
    def done(self) -> int:
        return self.total - len(self.missing)

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and not self.missing


# What counts of one year and government have read already.
Memo = dict[str, Any]
Counter = Callable[[int, int, date, Memo], Count]
_counters: dict[str, Counter] = {}


def register_calendar_count(key: str, count: Counter) -> None:
    """`count(government_id, year, due_on, memo)`: the units that owe the step on that day.

    `key` is the name that the step's `check` has in the data.
    """
    _counters[key] = count


def counted(
    step: CalendarStep, government_id: int, year: int, due_on: date, memo: Memo
) -> Count | None:
    """`memo` is shared by the steps of one year and government, so that they read once."""
    count = _counters.get(step.check)
    return count(government_id, year, due_on, memo) if count else None


Units = Callable[[int], list[int]]
_concerned: list[Units] = []


def register_concerned_units(units: Units) -> None:
    """`units(government_id)`: ids of the units whose task the steps of heads and operators are."""
    if units not in _concerned:
        _concerned.append(units)


def concerned_units(government_id: int) -> list[int]:
    return sorted({pk for units in _concerned for pk in units(government_id)})
