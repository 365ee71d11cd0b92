"""What a table says beside what stands in the plan: lines, changes, faults, before anything is written."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assessments.plan_excel.placing import NewNode, Place
from assessments.plan_excel.reading import Fault, Row
from assessments.target_rules import Wanted


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Change:
    """`before` is empty where nothing stood."""

    label: str
    before: str
    after: str
    cell: str


@dataclass(frozen=True)
class Written:
    """A target, ceiling or figure to write."""

    year: int
    quarter: int
    wanted: Wanted
    cell: str
    # Of a figure: the version that the preview saw, 0 when nothing stood there.
    version: int = 0


@dataclass
class Line:
    row: Row
    place: Place | None = None
    where: str = ""
    # The indicator that stands already, and its version.
    indicator: int | None = None
    version: int = 0
    # Of a new indicator all columns, else those that change.
    columns: dict[str, Any] = field(default_factory=dict)
    unit: int | None = None
    targets: list[Written] = field(default_factory=list)
    money: list[Written] = field(default_factory=list)
    figures: list[Written] = field(default_factory=list)
    spent: list[Written] = field(default_factory=list)
    # The money of its unit at this line, where it stands already.
    budget: int | None = None
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    adds_node: bool = False
    # The direction of a new indicator was seen from its targets, not said.
    is_guessed: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.faults:
            return Outcome.REFUSED
        if (self.row.name and self.indicator is None) or (not self.row.name and self.adds_node):
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME

    @property
    def title(self) -> str:
        return self.row.name or self.where


@dataclass(frozen=True)
class Comparison:
    lines: tuple[Line, ...]
    # Lines of the plan that good rows need, those above first.
    nodes: tuple[NewNode, ...]
    # Units of the new lines by their key: these carry them.
    owners: Mapping[str, tuple[int, ...]]
    remarks: tuple[str, ...] = ()

    def good(self) -> list[Line]:
        return [line for line in self.lines if line.outcome in (Outcome.NEW, Outcome.CHANGED)]

    def faults(self) -> list[Fault]:
        return [fault for line in self.lines for fault in line.faults]

    def count(self) -> dict[str, int]:
        found = Counter(line.outcome.value for line in self.lines)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    @property
    def fingerprint(self) -> str:
        """The same again: nobody has changed what it would write over."""
        content = [
            [line.row.sheet, line.row.cell, line.outcome.value, line.indicator, line.version]
            + [[each.label, each.before, each.after] for each in line.changes]
            for line in self.lines
        ]
        nodes = [[node.key, str(node.parent), node.code, node.name] for node in self.nodes]
        text = json.dumps([content, nodes], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()
