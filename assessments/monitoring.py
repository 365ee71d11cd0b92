"""The checklist for monitoring predicates: data, read once and checked whole."""

from dataclasses import dataclass
from pathlib import Path

from integrity_portal.core.data_files import DataFile, Wording, load, wording

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Point:
    code: str
    text: Wording


@dataclass(frozen=True)
class Checklist:
    code: str
    name: Wording
    points: tuple[Point, ...]


def checklist() -> Checklist:
    """Raises UnableToReadData."""
    return load(DATA / "predicate-monitoring.yaml", read)


def read(file: DataFile) -> Checklist:
    file.refuse_twice("points")
    points = tuple(Point(row["code"], wording(row)) for row in file.data["points"])
    return Checklist(file.data["code"], wording(file.data), points)
