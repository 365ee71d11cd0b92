"""How big a step of improvement is and what it costs by default (data/improvement.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from assessments.scoring import ScaleKind
from integrity_portal.core.data_files import DataFile, Wording, load, wording

Found = TypeVar("Found")
FILE = Path(__file__).parent / "data" / "improvement.yaml"
SCHEMA = FILE.with_suffix(".schema.json")


@dataclass(frozen=True)
class SurveyName:
    short: str
    name: Wording


@dataclass(frozen=True)
class Rules:
    note: Wording
    # Of the whole, from 0 to 1.
    ratio_step: Decimal
    # How finely the result of a survey is said, in points of the index.
    index_step: Decimal
    # A survey is no work of the unit: it has no days.
    days: Mapping[ScaleKind, int]
    areas: Mapping[str, str]
    surveys: Mapping[str, SurveyName]

    def area_of(self, code: str) -> str:
        """The area of change of a question, by the longest place that fits; else the first."""
        return _nearest(self.areas, code) or "1"

    def survey_of(self, code: str) -> SurveyName | None:
        """What people call the index that a question asks for."""
        return _nearest(self.surveys, code)


def _nearest(by_place: Mapping[str, Found], code: str) -> Found | None:
    fitting = [place for place in by_place if f"{code}.".startswith(f"{place}.")]
    return by_place[max(fitting, key=len)] if fitting else None


def improvement_rules() -> Rules:
    """Raises UnableToReadData."""
    return load(FILE, read)


def read(file: DataFile) -> Rules:
    """Raises UnableToReadData."""
    file.refuse_twice("areas", "place")
    file.refuse_twice("surveys", "place")
    data = file.data
    return Rules(
        note=wording(data, "note"),
        ratio_step=Decimal(data["ratio_step"]) / 100,
        index_step=Decimal(data["index_step"]),
        days={kind: data["days"][kind.value] for kind in ScaleKind if kind in data["days"]},
        areas={row["place"]: row["area"] for row in data["areas"]},
        surveys={
            row["place"]: SurveyName(row["short"], wording(row, "name")) for row in data["surveys"]
        },
    )
