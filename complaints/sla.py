"""The deadline classes: read once from data/sla.yaml, checked whole before anybody uses them.

See docs/adr/0040: a complaint's row keeps class and dates, the file says what comes next.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from jsonschema import Draft202012Validator

from complaints.enums import ComplaintKind

DATA = Path(__file__).parent / "data"


class UnableToReadDeadlines(Exception):
    """The file breaks a rule; the message names the place."""


@dataclass(frozen=True)
class SlaClass:
    code: str
    text_id: str
    text_en: str
    days: int
    first_for: tuple[str, ...]
    offered: bool = True

    @property
    def label(self) -> str:
        return self.text_en if get_language() == "en" else self.text_id


@dataclass(frozen=True)
class Sla:
    version: int
    source: str
    verify_days: int
    follow_up_days: int
    close_days: int
    classes: tuple[SlaClass, ...]

    def get(self, code: str) -> SlaClass:
        """Raises KeyError for a class that was never there."""
        return {row.code: row for row in self.classes}[code]

    def first_class(self, kind: str) -> SlaClass:
        """The class a complaint of this kind has until the coordinator decides."""
        return next(row for row in self.classes if kind in row.first_for)

    def offered(self) -> list[SlaClass]:
        return [row for row in self.classes if row.offered]


@cache
def current() -> Sla:
    return read((DATA / "sla.yaml").read_text(encoding="utf-8"))


def read(text: str) -> Sla:
    """Raises UnableToReadDeadlines with the first fault."""
    schema = json.loads((DATA / "sla.schema.json").read_text(encoding="utf-8"))
    try:
        facts: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UnableToReadDeadlines("the file is not YAML") from error
    for fault in Draft202012Validator(schema).iter_errors(facts):
        raise UnableToReadDeadlines(f"{fault.json_path}: {fault.message}")
    classes = tuple(
        SlaClass(**{**row, "first_for": tuple(row["first_for"])}) for row in facts["classes"]
    )
    _refuse_gaps(classes)
    return Sla(**{**facts, "classes": classes})


def _refuse_gaps(classes: tuple[SlaClass, ...]) -> None:
    codes = [row.code for row in classes]
    if len(codes) != len(set(codes)):
        raise UnableToReadDeadlines("$.classes: a code stands twice")
    for kind in ComplaintKind.values:
        firsts = [row for row in classes if kind in row.first_for and row.offered]
        if len(firsts) != 1:
            raise UnableToReadDeadlines(f"$.classes: {kind} needs exactly one first class")
