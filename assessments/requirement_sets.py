"""The requirement sets: read once from data/requirements-*.yaml, checked whole before use.

A new regulation is a new file. What is decided by a set keeps its code and content hash, so a
file that was used can be told from one that was changed.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from jsonschema import Draft202012Validator

from assessments.eligibility import Level, Requirement, Rule, Scale

DATA = Path(__file__).parent / "data"


class UnableToReadRequirements(Exception):
    """A file breaks a rule; the message names the place."""


@dataclass(frozen=True)
class Wording:
    text_id: str
    text_en: str

    def __str__(self) -> str:
        return self.text_en if get_language() == "en" else self.text_id


@dataclass(frozen=True)
class RequirementSet:
    """`propose_until` is (month, day) of every year unless the government's calendar moves it;
    `grace_years`: how many years a result may be older than the year that is asked."""

    code: str
    name: Wording
    note: Wording
    source: str
    valid_from: date
    valid_to: date | None
    propose_until: tuple[int, int] | None
    grace_years: int
    scales: dict[str, Scale]
    requirements: tuple[Requirement, ...]
    words: dict[str, Wording]
    proceeding_services: dict[str, Wording]
    # The kinds of unit (opd.UnitKind) that run such a service.
    proceeding_kinds: dict[str, frozenset[str]]
    proceeding_source: str
    sha256: str

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def requirement_sets() -> dict[str, RequirementSet]:
    """By code, newest first. Raises UnableToReadRequirements."""
    schema = json.loads((DATA / "requirements.schema.json").read_text())
    found = [read(path.read_bytes(), schema) for path in DATA.glob("requirements-*.yaml")]
    found.sort(key=lambda row: row.valid_from, reverse=True)
    if len({row.code for row in found}) != len(found):
        raise UnableToReadRequirements("two files have the same code")
    return {row.code: row for row in found}


def set_in_force(day: date) -> RequirementSet:
    """The newest that is valid on this day, else the oldest there is."""
    every = list(requirement_sets().values())
    return next((row for row in every if row.is_valid_on(day)), every[-1])


def read(content: bytes, schema: dict[str, Any]) -> RequirementSet:
    """One file, checked by the schema and against itself."""
    data = yaml.safe_load(content)
    for error in Draft202012Validator(schema).iter_errors(data):
        raise UnableToReadRequirements(f"{'/'.join(map(str, error.path))}: {error.message}")
    rows = tuple(_requirement(row) for row in data["requirements"])
    if len({row.code for row in rows}) != len(rows):
        raise UnableToReadRequirements(f"{data['code']}: a requirement stands there twice")
    scales = _scales(data)
    for row in rows:
        _check_least(data["code"], row, scales)
    proceed = data.get("may_proceed", {"source": "", "services": []})
    return RequirementSet(
        code=data["code"],
        name=Wording(data["text_id"], data["text_en"]),
        note=Wording(data.get("note_id", ""), data.get("note_en", "")),
        source=data["source"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(data["valid_to"]) if data.get("valid_to") else None,
        propose_until=_month_and_day(data["propose_until"]),
        grace_years=data["grace_years"],
        scales=scales,
        requirements=rows,
        words={
            row["code"]: Wording(row["text_id"], row["text_en"]) for row in data["requirements"]
        },
        proceeding_services={
            row["code"]: Wording(row["text_id"], row["text_en"]) for row in proceed["services"]
        },
        proceeding_kinds={row["code"]: frozenset(row["unit_kinds"]) for row in proceed["services"]},
        proceeding_source=proceed["source"],
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _requirement(row: dict[str, Any]) -> Requirement:
    least = {
        target: value if isinstance(value, bool | str) else Decimal(str(value))
        for target, value in row["least"].items()
    }
    return Requirement(
        code=row["code"],
        level=Level(row["level"]),
        fact=row["fact"],
        rule=Rule(row["rule"]),
        least=least,
        years=row.get("years", 1),
        grace_years=row.get("grace_years"),
    )


def _scales(data: dict[str, Any]) -> dict[str, Scale]:
    bands = data.get("bands", {})
    scales = {}
    for fact, grades in data["scales"].items():
        above = {grade: Decimal(str(bound)) for grade, bound in bands.get(fact, {}).items()}
        if above and list(above) != grades:
            raise UnableToReadRequirements(f"{data['code']}: bands of {fact} are not its grades")
        if sorted(above.values(), reverse=True) != list(above.values()):
            raise UnableToReadRequirements(f"{data['code']}: bands of {fact} do not descend")
        scales[fact] = Scale(tuple(grades), tuple(above.items()))
    return scales


def _check_least(code: str, row: Requirement, scales: dict[str, Scale]) -> None:
    for least in row.least.values():
        if row.rule == Rule.GRADE and (
            row.fact not in scales or least not in scales[row.fact].grades
        ):
            raise UnableToReadRequirements(f"{code}: {row.code} asks for an unknown grade")
        if row.rule in (Rule.NUMBER, Rule.MONTHS) and not isinstance(least, Decimal):
            raise UnableToReadRequirements(f"{code}: {row.code} needs a number")
        if row.rule == Rule.YES and least is not True:
            raise UnableToReadRequirements(f"{code}: {row.code} can only ask for yes")


def _month_and_day(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    month, day = map(int, text.split("-"))
    date(2024, month, day)
    return month, day
