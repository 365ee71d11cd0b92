"""The checklist for monitoring predicates: data, read once and checked whole."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from assessments.requirement_sets import UnableToReadRequirements, Wording

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


@cache
def checklist() -> Checklist:
    """Raises UnableToReadRequirements for a file that breaks its schema."""
    data = yaml.safe_load((DATA / "predicate-monitoring.yaml").read_text())
    schema = json.loads((DATA / "predicate-monitoring.schema.json").read_text())
    for error in Draft202012Validator(schema).iter_errors(data):
        raise UnableToReadRequirements(f"{'/'.join(map(str, error.path))}: {error.message}")
    points = tuple(
        Point(row["code"], Wording(row["text_id"], row["text_en"])) for row in data["points"]
    )
    if len({point.code for point in points}) != len(points):
        raise UnableToReadRequirements("a point stands there twice")
    return Checklist(data["code"], Wording(data["text_id"], data["text_en"]), points)
