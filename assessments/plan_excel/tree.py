"""To which line of the plan a row belongs: columns per level, or one column with codes.

In columns per level an empty cell goes on with what stands above it. In one column the order and
the codes say what hangs under what.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import NodeLevel
from assessments.excel.cells import NotReadable, is_empty, plain, text_of
from assessments.excel.marks import Place
from assessments.excel.row_cells import place_of
from assessments.plan_excel.headings import LEVELS, Columns, at
from assessments.plan_excel.values import refuse_unreadable

LONGEST_NAME, LONGEST_CODE = 500, 40
_CODED = re.compile(
    r"(?P<code>(?:\d{1,4}|X{1,2})(?:\.(?:\d{1,4}|X{1,2}))+)\.?\s*[:)\-–]?\s+(?P<name>\S.*)"
    r"|(?P<short>\d{1,3})\s*[.:)]\s*(?P<rest>\S.*)",
    re.DOTALL,
)
_PREFIX = re.compile(
    r"(?P<level>visi|misi|tujuan|sasaran)(?:\s+ke)?\s*-?\s*(?P<code>\d[\d.]*)?\s*[:.\-–]\s*(?P<name>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_FIRST_WORD = {
    "visi": NodeLevel.VISION,
    "misi": NodeLevel.MISSION,
    "tujuan": NodeLevel.GOAL,
    "sasaran": NodeLevel.OBJECTIVE,
}
# Codes of the national nomenclature: urusan.bidang.program, then kegiatan, then subkegiatan.
_NOMENCLATURE = (
    (NodeLevel.SUB_ACTIVITY, re.compile(r"(?:\d|X)\.(?:\d\d|XX)\.\d\d\.\d\.\d\d\.\d{2,4}")),
    (NodeLevel.ACTIVITY, re.compile(r"(?:\d|X)\.(?:\d\d|XX)\.\d\d\.\d\.\d\d")),
    (NodeLevel.PROGRAMME, re.compile(r"(?:\d|X)\.(?:\d\d|XX)\.\d\d")),
)


@dataclass(frozen=True)
class NodeRef:
    """A line of the plan as the file names it; without a code it is known by its name."""

    level: NodeLevel
    code: str
    name: str
    cell: str


@dataclass(frozen=True)
class Placed:
    """`begins`: this row names a line; `fault`: (cell, what stands there, sentence)."""

    path: tuple[NodeRef, ...] = ()
    begins: bool = False
    fault: tuple[str, str, str] | None = None


@dataclass
class TreeReader:
    columns: Columns
    # Lines of the plan that stand already: level by code and by name, where that is certain.
    known: Mapping[str, NodeLevel]
    merged: Mapping[Place, Place]
    rows: Mapping[int, tuple[Any, ...]]
    path: list[NodeRef] = field(default_factory=list)
    # The cell of a line that could not be read; what hangs below it cannot be placed.
    broken: str = ""

    def place(self, number: int, values: tuple[Any, ...]) -> Placed:
        try:
            found = self._level_cells(number, values) if self.columns.levels else None
            if self.columns.levels:
                begins = bool(found)
                if found:
                    self._take(found)
            else:
                begins = self._one_column(number, values)
        except Unplaced as problem:
            self.broken = problem.cell
            return Placed((), True, (problem.cell, problem.found, str(problem)))
        if self.broken:
            sentence = _("The line of the plan in %(cell)s cannot be read. Put that right first.")
            return Placed((), begins, (self.broken, "", sentence % {"cell": self.broken}))
        return Placed(tuple(self.path), begins)

    # --- a column per level ---

    def _level_cells(self, number: int, values: tuple[Any, ...]) -> dict[NodeLevel, NodeRef]:
        """What this row itself says, merged cells included, when any of them begins here."""
        found: dict[NodeLevel, NodeRef] = {}
        is_new = False
        for level, place in self.columns.levels.items():
            value, row = at(values, place), number
            origin = self.merged.get((number, place))
            if is_empty(value) and origin is not None and origin[1] == place:
                value, row = self._value(origin), origin[0]
            else:
                is_new = is_new or not is_empty(value)
            if is_empty(value):
                continue
            cell = place_of(row, place)
            code_place = self.columns.codes.get(level)
            code = _text(at(values, code_place), place_of(number, code_place or 0))
            found[level] = _named(level, code, _text(value, cell), cell)
        return found if is_new else {}

    def _value(self, origin: tuple[int, int]) -> Any:
        return at(self.rows.get(origin[0], ()), origin[1])

    def _take(self, found: dict[NodeLevel, NodeRef]) -> None:
        """Higher levels that are empty here go on; deeper ones than the last named end."""
        deepest = max(level.rank for level in found)
        standing = {node.level: node for node in self.path}
        path: list[NodeRef] = []
        changed = False
        for level in sorted(self.columns.levels, key=lambda each: each.rank):
            if level.rank > deepest:
                break
            node = found.get(level)
            before = standing.get(level)
            if node is None:
                if before is not None and not changed:
                    path.append(before)
                continue
            changed = changed or before is None or not _is_same(node, before)
            path.append(node if before is None or not _is_same(node, before) else before)
        self.path, self.broken = path, ""

    # --- one column with codes ---

    def _one_column(self, number: int, values: tuple[Any, ...]) -> bool:
        places = (self.columns.at.get("code"), self.columns.at.get("text"))
        raw = [at(values, place) for place in places]
        if all(is_empty(value) for value in raw):
            return False
        cells = [place_of(number, place or 0) for place in places]
        cell = cells[0] if places[0] is not None and not is_empty(raw[0]) else cells[1]
        code, name = (_text(value, at_) for value, at_ in zip(raw, cells, strict=True))
        level, code, name = self._level(values, code, name, cell)
        node = _named(level, code, name, cell)
        while self.path and not _hangs_under(node, self.path[-1]):
            last = self.path.pop()
            if node.level.rank <= last.level.rank:
                self.broken = ""
        if not self.path:
            self.broken = ""
        self.path.append(node)
        return True

    def _level(
        self, values: tuple[Any, ...], code: str, name: str, cell: str
    ) -> tuple[NodeLevel, str, str]:
        stated = plain(text_of(self.columns.of("level", values)))
        if stated:
            level = next((lv for lv, words in LEVELS.items() if re.fullmatch(words, stated)), None)
            if level is None:
                raise Unplaced(cell, stated, _unknown_level())
            return level, code, name
        if match := _PREFIX.match(name):
            level = _FIRST_WORD[match["level"].casefold()]
            return level, code or (match["code"] or "").strip("."), match["name"]
        for level, pattern in _NOMENCLATURE:
            if pattern.fullmatch(code):
                return level, code, name
        for key in (code, plain(name)):
            if key and key in self.known:
                return self.known[key], code, name
        raise Unplaced(cell, code or name, _unknown_level())


class Unplaced(NotReadable):
    def __init__(self, cell: str, found: str, sentence: str) -> None:
        super().__init__(sentence)
        self.cell, self.found = cell, found


def _unknown_level() -> str:
    return _(
        "Which level this line has is unknown. Write misi, tujuan, sasaran, program, kegiatan or "
        "subkegiatan in a column “Tingkat”."
    )


def _named(level: NodeLevel, code: str, text: str, cell: str) -> NodeRef:
    """The code may stand before the name: `1.1 Meningkatnya …`, `Misi 2: …`."""
    name = text
    if not code and (match := _PREFIX.match(text)):
        code, name = (match["code"] or "").strip("."), match["name"]
    elif not code and (match := _CODED.match(text)):
        code = match["code"] or match["short"]
        name = match["name"] or match["rest"]
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise Unplaced(
            cell, name[:60], _("This name is longer than %(limit)d letters.") % {"limit": 500}
        )
    if len(code) > LONGEST_CODE:
        raise Unplaced(
            cell, code[:60], _("This code is longer than %(limit)d letters.") % {"limit": 40}
        )
    return NodeRef(level, code, name, cell)


def _text(value: Any, cell: str) -> str:
    if is_empty(value):
        return ""
    try:
        refuse_unreadable(value)
    except NotReadable as error:
        raise Unplaced(cell, text_of(value)[:60], str(error)) from error
    if isinstance(value, date):
        raise Unplaced(
            cell,
            text_of(value),
            _("Excel made a date of this code. Format the cell as text and type it again."),
        )
    return text_of(value).rstrip(".") if _is_code(value) else text_of(value)


def _is_code(value: Any) -> bool:
    return bool(re.fullmatch(r"[\dX.]+", text_of(value)))


def _is_same(node: NodeRef, other: NodeRef) -> bool:
    if node.code and other.code:
        return node.code == other.code and plain(node.name) == plain(other.name)
    return plain(node.name) == plain(other.name)


def _hangs_under(node: NodeRef, above: NodeRef) -> bool:
    if node.level == above.level:
        return bool(above.code) and node.code.startswith(f"{above.code}.")
    return node.level.rank > above.level.rank
