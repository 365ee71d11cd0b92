"""The steps of a ZI year: read once from data/zi-calendar*.yaml, checked whole before use.

A year follows the newest file that is valid in it. Also here: the checks by which other apps say
that a step is done, and which units its tasks concern.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from jsonschema import Draft202012Validator

from opd.enums import Confidence

DATA = Path(__file__).parent / "data"
FIRST_YEAR, LAST_YEAR = 2014, 2199


class UnableToReadCalendar(Exception):
    """A file breaks a rule; the message names the place."""


@dataclass(frozen=True)
class Wording:
    text_id: str
    text_en: str

    def __str__(self) -> str:
        return self.text_en if get_language() == "en" else self.text_id


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


@cache
def calendars() -> list[YearCalendar]:
    """Newest first. Raises UnableToReadCalendar."""
    schema = json.loads((DATA / "zi-calendar.schema.json").read_text())
    found = [read(path.read_bytes(), schema) for path in DATA.glob("zi-calendar*.yaml")]
    found.sort(key=lambda row: row.valid_from, reverse=True)
    if len({row.valid_from for row in found}) != len(found):
        raise UnableToReadCalendar("two files begin in the same year")
    return found


def calendar_of(year: int) -> YearCalendar:
    """The newest that is valid in this year, else the oldest there is."""
    return next((row for row in calendars() if row.valid_from <= year), calendars()[-1])


def read(content: bytes, schema: dict[str, Any]) -> YearCalendar:
    """One file, checked by the schema and against itself."""
    data = yaml.safe_load(content)
    for error in Draft202012Validator(schema).iter_errors(data):
        raise UnableToReadCalendar(f"{'/'.join(map(str, error.path))}: {error.message}")
    steps = tuple(_step(row) for row in data["steps"])
    if len({step.key for step in steps}) != len(steps):
        raise UnableToReadCalendar(f"{data['code']}: a step stands there twice")
    return YearCalendar(
        data["code"], data["valid_from"], data["source"], steps, hashlib.sha256(content).hexdigest()
    )


def _step(row: dict[str, Any]) -> CalendarStep:
    key, starts = row["key"], row.get("starts")
    due = _month_and_day(key, row["due"])
    first = _month_and_day(key, starts) if starts else None
    if first and first > due:
        raise UnableToReadCalendar(f"{key}: the window ends before it begins")
    if row["escalate_after"] is not None and not row["roles"]:
        raise UnableToReadCalendar(f"{key}: nobody's task cannot become late")
    return CalendarStep(
        key=key,
        name=Wording(row["text_id"], row["text_en"]),
        starts=first,
        due=due,
        source=row["source"],
        confidence=Confidence(row["confidence"]),
        roles=tuple(row["roles"]),
        remind_before=tuple(sorted(row["remind_before"], reverse=True)),
        escalate_after=row["escalate_after"],
        check=row.get("check", ""),
    )


def _month_and_day(key: str, text: str) -> tuple[int, int]:
    month, day = map(int, text.split("-"))
    try:
        # A year without 29 February: a date that exists in every year.
        date(2023, month, day)
    except ValueError as error:
        raise UnableToReadCalendar(f"{key}: {text} is no day of every year") from error
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


Units = Callable[[int], list[int]]
_concerned: list[Units] = []


def register_concerned_units(units: Units) -> None:
    """`units(government_id)`: ids of the units whose task the steps of heads and operators are."""
    if units not in _concerned:
        _concerned.append(units)


def concerned_units(government_id: int) -> list[int]:
    return sorted({pk for units in _concerned for pk in units(government_id)})
