"""How big a step of improvement is and what it costs by default (data/improvement.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from assessments.scoring import ScaleKind
from integrity_portal.core.data_files import DataFile, Wording, load, wording

FILE = Path(__file__).parent / "data" / "improvement.yaml"
SCHEMA = FILE.with_suffix(".schema.json")


@dataclass(frozen=True)
class Rules:
    note: Wording
    # Of the whole, from 0 to 1.
    ratio_step: Decimal
    # In points of the index.
    index_step: Decimal
    days: Mapping[ScaleKind, int]
    areas: Mapping[str, str]

    def area_of(self, code: str) -> str:
        """The area of change of a question, by the longest place that fits; else the first."""
        fitting = [place for place in self.areas if f"{code}.".startswith(f"{place}.")]
        return self.areas[max(fitting, key=len)] if fitting else "1"


def improvement_rules() -> Rules:
    """Raises UnableToReadData."""
    return load(FILE, read)


def read(file: DataFile) -> Rules:
    """Raises UnableToReadData."""
    file.refuse_twice("areas", "place")
    data = file.data
    return Rules(
        note=wording(data, "note"),
        ratio_step=Decimal(data["ratio_step"]) / 100,
        index_step=Decimal(data["index_step"]),
        days={kind: data["days"][kind.value] for kind in ScaleKind},
        areas={row["place"]: row["area"] for row in data["areas"]},
    )
