"""One row of an uploaded list of units, read by itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from integrity_portal.core.parsing import NotUnderstood, parse_date
from opd.enums import UnitKind

LIMITS = {"code": 30, "name": 150, "short_name": 60}
SHOWN = 200
_KINDS = {
    text.casefold().replace("_", " "): kind.value
    for kind in UnitKind
    for text in (kind.value, str(kind.label))
}


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Known:
    """A unit of the registry. `is_closed`: its last day has passed; `oldest_act`: the first
    day of which something it did is on record."""

    pk: int
    code: str
    kind: str
    name: str
    short_name: str
    parent_id: int | None
    active_from: date | None
    active_to: date | None = None
    is_closed: bool = False
    oldest_act: date | None = None


@dataclass(frozen=True)
class Above:
    """The unit above: one of the registry, one of this file, or (both empty) none."""

    unit_id: int | None = None
    row: int | None = None


@dataclass(frozen=True)
class Change:
    field: str
    before: object
    after: object


@dataclass
class Line:
    """One row of the file and what it would do. `values` hold the columns that the file has."""

    number: int
    cells: dict[str, str]
    values: dict[str, object] = field(default_factory=dict)
    above: Above | None = None
    unit: Known | None = None
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.REFUSED
        if self.unit is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    @property
    def name(self) -> str:
        return str(self.values.get("name", self.cells.get("name", "")))

    def refuse(self, sentence: str) -> None:
        self.problems.append(sentence)


def key_of(name: str) -> str:
    """Names are the same whatever their capitals, as the database holds it."""
    return name.upper()


def brief(text: str) -> str:
    """A cell as the preview shows it: a whole chapter in one cell does not bury the rest."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def read_line(columns: Sequence[str], number: int, cells: Sequence[str]) -> Line:
    """Texts within their limits, kind and date understood; what is wrong stands in `problems`."""
    named = {
        column: (cells[place] if place < len(cells) else "")
        for place, column in enumerate(columns)
        if column
    }
    line = Line(number, named)
    if any(cells[len(columns) :]):
        line.refuse(
            _(
                "This row has more cells than the heading: "
                "put texts that hold the separator into quotation marks."
            )
        )
    for column, limit in LIMITS.items():
        if column in named:
            line.values[column] = named[column]
            if len(named[column]) > limit:
                line.refuse(
                    _("“%(column)s” has more than %(limit)s characters. Shorten it.")
                    % {"column": column_label(column), "limit": limit}
                )
    if not any(letter.isalpha() for letter in named["name"]):
        line.refuse(_("Write the name of the unit."))
    _read_kind(line)
    _read_date(line)
    return line


def _read_kind(line: Line) -> None:
    if "kind" not in line.cells:
        return
    text = line.cells["kind"].casefold().replace("_", " ")
    if text in _KINDS:
        line.values["kind"] = _KINDS[text]
        return
    kinds = ", ".join(str(kind.label) for kind in UnitKind)
    line.refuse(_("Write one of these kinds: %(kinds)s.") % {"kinds": kinds})


def _read_date(line: Line) -> None:
    if "active_from" not in line.cells:
        return
    text = line.cells["active_from"]
    try:
        line.values["active_from"] = parse_date(text) if text else None
    except NotUnderstood:
        line.refuse(_("Write the date as day, month, year, for example 21/11/2026."))


def column_label(column: str) -> str:
    return {
        "code": _("Code"),
        "kind": _("Kind"),
        "name": _("Name"),
        "short_name": _("Short name"),
        "parent": _("Unit above"),
        "active_from": _("Active from"),
    }[column]
