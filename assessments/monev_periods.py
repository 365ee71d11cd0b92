"""The periods at whose end a plan is frozen: read once from data/monev-periods.yaml, checked whole."""

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from assessments.monev import Calendar, Period
from assessments.requirement_sets import Wording

DATA = Path(__file__).parent / "data"


class UnableToReadPeriods(Exception):
    """The file breaks a rule; the message names the place."""


@cache
def calendar() -> Calendar:
    """Raises UnableToReadPeriods."""
    schema = json.loads((DATA / "monev-periods.schema.json").read_text())
    return read((DATA / "monev-periods.yaml").read_bytes(), schema)


def read(content: bytes, schema: dict[str, Any]) -> Calendar:
    """One file, checked by the schema and against itself."""
    data = yaml.safe_load(content)
    plain = json.loads(json.dumps(data, default=str))
    for error in Draft202012Validator(schema).iter_errors(plain):
        raise UnableToReadPeriods(f"{'/'.join(map(str, error.path))}: {error.message}")
    periods = tuple(_period(row) for row in plain["periods"])
    ends = [(row.month, row.day) for row in periods]
    if ends != sorted(set(ends)) or len({row.code for row in periods}) != len(periods):
        raise UnableToReadPeriods("the periods are not in the order of the year")
    return Calendar(
        code=plain["code"],
        periods=periods,
        opens_days_before=plain["opens_days_before"],
        on_time_days_after=plain["on_time_days_after"],
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _period(row: dict[str, str]) -> Period:
    month, day = map(int, row["ends"].split("-"))
    try:
        # A common year: a period never ends on a day that most years lack.
        date(2026, month, day)
    except ValueError as error:
        raise UnableToReadPeriods(f"{row['code']}: {error}") from error
    return Period(row["code"], month, day, Wording(row["text_id"], row["text_en"]))
