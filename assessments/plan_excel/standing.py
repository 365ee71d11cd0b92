"""What stands in a plan, as a table is compared with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from assessments.enums import NodeLevel
from assessments.excel.cells import plain
from assessments.target_rules import TargetRules, Wanted

Period = tuple[int, int]


@dataclass(frozen=True)
class StandingNode:
    pk: int
    parent: int | None
    level: NodeLevel
    code: str
    name: str


@dataclass(frozen=True)
class StandingFigure:
    """A realisation; one that is sent or verified cannot be written over."""

    version: int
    is_locked: bool
    value: Decimal | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class StandingIndicator:
    pk: int
    node: int
    is_money: bool
    unit: int | None
    version: int
    # Columns of its fiche by name.
    columns: Mapping[str, Any] = field(default_factory=dict)
    # As they would stand: in the revision that would be written, else what counts.
    targets: Mapping[Period, Wanted] = field(default_factory=dict)
    # What was adopted.
    counts: Mapping[Period, Wanted] = field(default_factory=dict)
    figures: Mapping[Period, StandingFigure] = field(default_factory=dict)
    has_sent: bool = False
    has_targets: bool = False
    has_ratio: bool = False
    has_duty: bool = False


@dataclass(frozen=True)
class KnownUnit:
    """With every name it has or had, and its code."""

    pk: int
    label: str
    names: tuple[str, ...]
    is_closed: bool


@dataclass(frozen=True)
class Standing:
    nodes: tuple[StandingNode, ...]
    indicators: tuple[StandingIndicator, ...]
    units: tuple[KnownUnit, ...]
    rules: TargetRules
    # Realisations are taken into a plan in force only.
    is_in_force: bool
    today: date

    def levels(self) -> dict[str, NodeLevel]:
        """By code and by name, where all lines of that code or name have the same level."""
        found: dict[str, set[NodeLevel]] = {}
        for node in self.nodes:
            for key in (node.code, plain(node.name)):
                found.setdefault(key, set()).add(node.level)
        return {key: next(iter(levels)) for key, levels in found.items() if len(levels) == 1}
