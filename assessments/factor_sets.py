"""The factors of a choice of pilots: read once from data/pilot-factors*.yaml, checked before use.

A round keeps the code and the content hash of its set, so that a file that was used can be told
from one that was changed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from assessments.pilots import Axis, Factor, Quadrant, Rules
from integrity_portal.core.data_files import (
    DataFile,
    Wording,
    load_versions,
    newest_on,
    wording,
)

DATA = Path(__file__).parent / "data"


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


def factor_sets() -> dict[str, FactorSet]:
    """By code, newest first. Raises UnableToReadData."""
    return load_versions(DATA / "pilot-factors.schema.json", "pilot-factors*.yaml", read)


def factor_set_on(day: date) -> FactorSet:
    """The newest that is valid on this day, else the oldest there is."""
    return newest_on(factor_sets().values(), day)


def read(file: DataFile) -> FactorSet:
    """One file, checked against itself."""
    data = file.data
    file.refuse_twice("factors")
    factors = tuple(_factor(row) for row in data["factors"])
    if {row.rule.axis for row in factors} != set(Axis):
        raise file.fault("an axis has no factor", "factors")
    return FactorSet(
        code=data["code"],
        name=wording(data),
        source=data["source"],
        valid_from=date.fromisoformat(data["valid_from"]),
        rules=Rules(Decimal(str(data["high_from"])), Decimal(str(data["needed_percent"]))),
        axes={axis: wording(data["axes"][axis]) for axis in Axis},
        quadrants={part: wording(data["quadrants"][part]) for part in Quadrant},
        meanings={part: wording(data["quadrants"][part], "means") for part in Quadrant},
        factors=factors,
        sha256=file.sha256,
    )


def _factor(row: dict[str, Any]) -> FactorText:
    scale = zip(row["scale_id"], row["scale_en"], strict=True)
    return FactorText(
        rule=Factor(row["code"], Axis(row["axis"]), Decimal(str(row["weight"]))),
        text=wording(row),
        source=wording(row, "source"),
        scale=tuple(Wording(own, english) for own, english in scale),
        figure=row.get("figure", ""),
    )
