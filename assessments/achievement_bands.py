"""What a percentage of achievement is called (data/achievement-bands.yaml): data, by set."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from assessments.scoring import NEAR_ENOUGH
from integrity_portal.core.charts import Tone
from integrity_portal.core.data_files import DataFile, Wording, load, wording

FILE = Path(__file__).parent / "data" / "achievement-bands.yaml"
SCHEMA = FILE.with_suffix(".schema.json")


@dataclass(frozen=True)
class Band:
    """`above`: the bound above which it begins; None for the last, which takes what is left."""

    code: str
    name: Wording
    tone: Tone
    above: Decimal | None = None


@dataclass(frozen=True)
class Bands:
    """Highest first."""

    code: str
    name: Wording
    source: str
    note: Wording
    bands: tuple[Band, ...]

    def of(self, percent: Decimal | None) -> Band | None:
        """By the unrounded percentage: 90 is not above 90, 90.01 is. None of what has none."""
        if percent is None:
            return None
        return next(
            band for band in self.bands if band.above is None or percent - band.above > NEAR_ENOUGH
        )


def band_sets() -> dict[str, Bands]:
    """By code; the first holds where none was chosen. Raises UnableToReadData."""
    return load(FILE, read)


def bands(code: str = "") -> Bands:
    """A set, or the first one without a code. Raises UnableToReadData, and KeyError for no set."""
    sets = band_sets()
    return sets[code] if code else next(iter(sets.values()))


def band_of(percent: Decimal | None, code: str = "") -> Band | None:
    return bands(code).of(percent)


def read(file: DataFile) -> dict[str, Bands]:
    """Raises UnableToReadData."""
    file.refuse_twice("sets")
    for number, row in enumerate(file.data["sets"]):
        _refuse_disorder(file, number, row["bands"])
    return {row["code"]: _set(row) for row in file.data["sets"]}


def _set(row: dict[str, Any]) -> Bands:
    return Bands(
        row["code"],
        wording(row),
        row["source"],
        wording(row, "note"),
        tuple(
            Band(
                band["code"],
                wording(band),
                Tone(band["tone"]),
                Decimal(band["above"]) if "above" in band else None,
            )
            for band in row["bands"]
        ),
    )


def _refuse_disorder(file: DataFile, number: int, rows: list[dict[str, Any]]) -> None:
    """Every band but the last has a bound, each lower than the one before: no hole, no doubt."""
    codes = set()
    for place, row in enumerate(rows):
        way = ("sets", number, "bands", place)
        if row["code"] in codes:
            raise file.fault(f"“{row['code']}” stands there twice", *way, "code")
        codes.add(row["code"])
        if ("above" in row) == (place == len(rows) - 1):
            raise file.fault("every band but the last begins above a bound", *way)
    for place, (upper, lower) in enumerate(pairwise(rows[:-1]), start=1):
        if Decimal(lower["above"]) >= Decimal(upper["above"]):
            raise file.fault("the bounds fall", "sets", number, "bands", place, "above")
