"""The factors of a choice of pilots: read once from data/pilot-factors*.yaml, checked before use.

A round keeps the code and the content hash of its set, so that a file that was used can be told
from one that was changed.
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
from jsonschema import Draft202012Validator

from assessments.pilots import Axis, Factor, Quadrant, Rules
from assessments.requirement_sets import Wording

DATA = Path(__file__).parent / "data"


class UnableToReadFactors(Exception):
    """A file breaks a rule; the message names the place."""


@dataclass(frozen=True)
class FactorText:
    """`scale` holds the sentence of each step, 1 to 5; `figure` what the portal shows beside."""

    rule: Factor
    text: Wording
    source: Wording
    scale: tuple[Wording, ...]
    figure: str = ""

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def steps(self) -> list[tuple[int, Wording]]:
        return list(enumerate(self.scale, start=1))


@dataclass(frozen=True)
class FactorSet:
    code: str
    name: Wording
    source: str
    valid_from: date
    rules: Rules
    axes: dict[Axis, Wording]
    quadrants: dict[Quadrant, Wording]
    meanings: dict[Quadrant, Wording]
    factors: tuple[FactorText, ...]
    sha256: str

    def factor(self, code: str) -> FactorText | None:
        return next((row for row in self.factors if row.code == code), None)

    def of_axis(self, axis: Axis) -> list[FactorText]:
        return [row for row in self.factors if row.rule.axis == axis]

    @property
    def pure(self) -> list[Factor]:
        return [row.rule for row in self.factors]


@cache
def factor_sets() -> dict[str, FactorSet]:
    """By code, newest first. Raises UnableToReadFactors."""
    schema = json.loads((DATA / "pilot-factors.schema.json").read_text())
    found = [read(path.read_bytes(), schema) for path in DATA.glob("pilot-factors*.yaml")]
    found.sort(key=lambda row: row.valid_from, reverse=True)
    if len({row.code for row in found}) != len(found):
        raise UnableToReadFactors("two files have the same code")
    return {row.code: row for row in found}


def factor_set_on(day: date) -> FactorSet:
    """The newest that is valid on this day, else the oldest there is."""
    every = list(factor_sets().values())
    return next((row for row in every if row.valid_from <= day), every[-1])


def read(content: bytes, schema: dict[str, Any]) -> FactorSet:
    """One file, checked by the schema and against itself."""
    data = yaml.safe_load(content)
    for error in Draft202012Validator(schema).iter_errors(data):
        raise UnableToReadFactors(f"{'/'.join(map(str, error.path))}: {error.message}")
    factors = tuple(_factor(row) for row in data["factors"])
    if len({row.code for row in factors}) != len(factors):
        raise UnableToReadFactors(f"{data['code']}: a factor stands there twice")
    if {row.rule.axis for row in factors} != set(Axis):
        raise UnableToReadFactors(f"{data['code']}: an axis has no factor")
    return FactorSet(
        code=data["code"],
        name=_wording(data),
        source=data["source"],
        valid_from=date.fromisoformat(data["valid_from"]),
        rules=Rules(Decimal(str(data["high_from"])), Decimal(str(data["needed_percent"]))),
        axes={axis: _wording(data["axes"][axis]) for axis in Axis},
        quadrants={part: _wording(data["quadrants"][part]) for part in Quadrant},
        meanings={part: _wording(data["quadrants"][part], "means") for part in Quadrant},
        factors=factors,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _wording(row: dict[str, Any], name: str = "text") -> Wording:
    return Wording(row[f"{name}_id"], row[f"{name}_en"])


def _factor(row: dict[str, Any]) -> FactorText:
    scale = zip(row["scale_id"], row["scale_en"], strict=True)
    return FactorText(
        rule=Factor(row["code"], Axis(row["axis"]), Decimal(str(row["weight"]))),
        text=_wording(row),
        source=_wording(row, "source"),
        scale=tuple(Wording(own, english) for own, english in scale),
        figure=row.get("figure", ""),
    )
