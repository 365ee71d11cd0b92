"""The checklist of preparation: read once from data/preparation*.yaml, checked whole before use.

A new checklist is a new file with a later `valid_from`; what was answered keeps its step's code.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from assessments.requirement_sets import Wording

DATA = Path(__file__).parent / "data"


class UnableToReadChecklist(Exception):
    """A file breaks a rule; the message names the place."""


@dataclass(frozen=True)
class Step:
    """`done` says what counts as done; `finding` names what the portal knows by itself."""

    code: str
    text: Wording
    done: Wording
    proof: Wording
    basis: str
    finding: str = ""


@dataclass(frozen=True)
class Checklist:
    code: str
    name: Wording
    source: str
    valid_from: date
    steps: tuple[Step, ...]
    sha256: str

    @property
    def codes(self) -> list[str]:
        return [step.code for step in self.steps]

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)


@cache
def checklists() -> dict[str, Checklist]:
    """By code, newest first. Raises UnableToReadChecklist."""
    schema = json.loads((DATA / "preparation.schema.json").read_text())
    found = [read(path.read_bytes(), schema) for path in DATA.glob("preparation*.yaml")]
    found.sort(key=lambda row: row.valid_from, reverse=True)
    if len({row.code for row in found}) != len(found):
        raise UnableToReadChecklist("two files have the same code")
    return {row.code: row for row in found}


def checklist_on(day: date) -> Checklist:
    """The newest that is valid on this day, else the oldest there is."""
    every = list(checklists().values())
    return next((row for row in every if row.valid_from <= day), every[-1])


def read(content: bytes, schema: dict[str, Any]) -> Checklist:
    """One file, checked by the schema and against itself."""
    data = yaml.safe_load(content)
    for error in Draft202012Validator(schema).iter_errors(data):
        raise UnableToReadChecklist(f"{'/'.join(map(str, error.path))}: {error.message}")
    steps = tuple(
        Step(
            code=row["code"],
            text=Wording(row["text_id"], row["text_en"]),
            done=Wording(row["done_id"], row["done_en"]),
            proof=Wording(row["proof_id"], row["proof_en"]),
            basis=row["basis"],
            finding=row.get("finding", ""),
        )
        for row in data["steps"]
    )
    if len({step.code for step in steps}) != len(steps):
        raise UnableToReadChecklist(f"{data['code']}: a step stands there twice")
    return Checklist(
        code=data["code"],
        name=Wording(data["text_id"], data["text_en"]),
        source=data["source"],
        valid_from=date.fromisoformat(data["valid_from"]),
        steps=steps,
        sha256=hashlib.sha256(content).hexdigest(),
    )
