"""The checklist of preparation: read once from data/preparation*.yaml, checked whole before use.

A new checklist is a new file with a later `valid_from`; what was answered keeps its step's code.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from integrity_portal.core.data_files import (
    DataFile,
    Wording,
    load_versions,
    newest_on,
    wording,
)

DATA = Path(__file__).parent / "data"


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


def checklists() -> dict[str, Checklist]:
    """By code, newest first. Raises UnableToReadData."""
    return load_versions(DATA / "preparation.schema.json", "preparation*.yaml", read)


def checklist_on(day: date) -> Checklist:
    """The newest that is valid on this day, else the oldest there is."""
    return newest_on(checklists().values(), day)


def read(file: DataFile) -> Checklist:
    """One file, checked against itself."""
    data = file.data
    file.refuse_twice("steps")
    steps = tuple(
        Step(
            code=row["code"],
            text=wording(row),
            done=wording(row, "done"),
            proof=wording(row, "proof"),
            basis=row["basis"],
            finding=row.get("finding", ""),
        )
        for row in data["steps"]
    )
    return Checklist(
        code=data["code"],
        name=wording(data),
        source=data["source"],
        valid_from=date.fromisoformat(data["valid_from"]),
        steps=steps,
        sha256=file.sha256,
    )
