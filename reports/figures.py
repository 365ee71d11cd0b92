"""What leaders read, as plain data: frozen for a report, read fresh for a dashboard. Pure."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

SCHEMA = 1


@dataclass(frozen=True)
class Item:
    """One activity of a work plan and who has to act on it."""

    unit: str
    title: str
    due_on: date
    move: str
    is_sample: bool = False
    activity_id: int | None = None


@dataclass(frozen=True)
class Unsigned:
    """A declaration whose last day for signing is past, and the offices that have not signed."""

    title: str
    due_on: date
    who: list[str]


@dataclass(frozen=True)
class UnitFigures:
    """`percent` is None while there is no plan to measure; empty is not zero.

    `is_sample`: a sample inside a real government. What is invented about a real unit is not
    judged, and nothing is where the government has no work plan of its own in the portal yet.
    """

    unit_id: int
    name: str
    stage: str = ""
    percent: Decimal | None = None
    has_plan: bool = False
    activities: int = 0
    late: int = 0
    late_operator: int = 0
    late_head: int = 0
    complaints_open: int = 0
    complaints_late: int = 0
    zone_id: int | None = None
    plan_id: int | None = None
    is_sample: bool = False
    is_judged: bool = True

    @property
    def is_behind(self) -> bool:
        return self.is_judged and bool(self.late or self.complaints_late)

    @property
    def needs_attention(self) -> bool:
        """Nothing is late, because nothing was planned."""
        if self.is_behind or not self.is_judged:
            return False
        return bool(self.stage) and self.percent is None


@dataclass(frozen=True)
class Preparation:
    """Units that have not declared; the four add up to `undeclared`. `further` build already."""

    undeclared: int
    ready: int
    under_way: int
    not_begun: int
    further: int
    steps: int

    @property
    def is_empty(self) -> bool:
        """No unit has recorded a step: nothing can be said about any of them."""
        return self.ready + self.under_way == 0


@dataclass(frozen=True)
class Before:
    """The last weekly report's sums, to say whether it became better or worse."""

    period: str
    declared: int
    late: int
    complaints_late: int


@dataclass(frozen=True)
class Figures:
    """`units` worst first: late activities, late complaints, least progress.

    `stages` holds counted units by where they stand, and zones of units that do not count:
    its sum and `without_zone` are `counted` and `uncounted`.
    """

    today: date
    counted: int = 0
    declared: int = 0
    pace_per_year: int = 0
    finish: date | None = None
    target_year: int | None = None
    stages: dict[str, int] = field(default_factory=dict)
    road: int | None = None
    without_zone: int = 0
    uncounted: int = 0
    last_recorded: date | None = None
    units: list[UnitFigures] = field(default_factory=list)
    late: list[Item] = field(default_factory=list)
    coming: list[Item] = field(default_factory=list)
    unsigned: list[Unsigned] = field(default_factory=list)
    complaints_open: int = 0
    complaints_late: int = 0
    complaints_answered: int = 0
    complaints_total: int = 0
    complaints_at_coordinator: int = 0
    complaints_open_at_coordinator: int = 0
    has_real_plans: bool = True
    has_real_complaints: bool = True
    has_samples: bool = False
    before: Before | None = None
    # None in sets that were frozen before preparation was recorded.
    preparation: Preparation | None = None

    @property
    def behind(self) -> list[UnitFigures]:
        return [unit for unit in self.units if unit.is_behind]

    @property
    def behind_on_the_road(self) -> list[UnitFigures]:
        return [unit for unit in self.behind if unit.stage not in ("", "committed", "decided")]

    @property
    def on_the_road(self) -> int:
        """Counted units whose zone is past being committed and not yet decided."""
        if self.road is not None:
            return self.road
        return sum(n for stage, n in self.stages.items() if stage not in ("committed", "decided"))

    @property
    def finishes_late(self) -> bool:
        """By the pace of the last 24 months; without a pace nothing can be said."""
        if self.target_year is None or self.finish is None:
            return False
        return self.declared < self.counted and self.finish.year > self.target_year

    @property
    def is_history(self) -> bool:
        """Units have declared, but none in the last 24 months."""
        return 0 < self.declared < self.counted and self.finish is None


def badness(unit: UnitFigures) -> tuple[int, int, Decimal, str, int]:
    """Sorts the worst first; the name decides among equals, so that the order stands still."""
    percent = Decimal(-1) if unit.percent is None else unit.percent
    return -unit.late, -unit.complaints_late, percent, unit.name.casefold(), unit.unit_id


def to_json(figures: Figures) -> dict[str, Any]:
    """Numbers and dates as text, so that nothing is rounded on the way."""

    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return str(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return value

    return {"schema": SCHEMA, **{key: plain(value) for key, value in asdict(figures).items()}}


def from_json(data: dict[str, Any]) -> Figures:
    values = {key: value for key, value in data.items() if key != "schema"}
    values["today"] = date.fromisoformat(values["today"])
    values["finish"] = _day(values["finish"])
    values["last_recorded"] = _day(values.get("last_recorded"))
    values["units"] = [
        UnitFigures(**{**row, "percent": _decimal(row["percent"])}) for row in values["units"]
    ]
    for name in ("late", "coming"):
        values[name] = [
            Item(**{**row, "due_on": date.fromisoformat(row["due_on"])}) for row in values[name]
        ]
    values["unsigned"] = [
        Unsigned(**{**row, "due_on": date.fromisoformat(row["due_on"])})
        for row in values.get("unsigned", [])
    ]
    values["before"] = Before(**values["before"]) if values["before"] else None
    prepared = values.get("preparation")
    values["preparation"] = Preparation(**prepared) if prepared else None
    return Figures(**values)


def digest(data: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
