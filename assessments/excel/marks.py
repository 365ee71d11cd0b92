"""What a sheet holds beside its cells: addresses behind a text, merged cells, hidden columns.

openpyxl does not give them in its read-only mode, and without that mode a big file fills the memory;
so the part of the archive is walked once more, row by row forgotten.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, iterparse

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils import range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ROWS = frozenset({f"{MAIN}row", f"{MAIN}sheetData"})
MARKS = frozenset(MAIN + name for name in ("col", "mergeCell", "hyperlink"))
WORTH_A_WALK = re.compile(rb"<(?:\w+:)?(?:hyperlink|mergeCell|col)\s")
# A work-sheet has some 220 rows; beyond these a file is somebody's trick.
MOST_MARKS = 5_000
# A link or merged cell over more cells than this counts at its first.
MOST_CELLS = 60
LONGEST_ADDRESS = 2_000
_CALLED = re.compile(r'\s*=?\s*(?:_xlfn\.)?HYPERLINK\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)

Place = tuple[int, int]


@dataclass
class Marks:
    """Places are (row as Excel counts it, column from 0)."""

    links: dict[Place, str] = field(default_factory=dict)
    # Covered cell → the cell whose value is shown there.
    merged: dict[Place, Place] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)


def marks_of(archive: zipfile.ZipFile, path: str, *, last_row: int, last_column: int) -> Marks:
    """Of the sheet at this place in the archive, as far as `last_row` and `last_column`."""
    marks = Marks()
    if not WORTH_A_WALK.search(archive.read(path)):
        return marks
    targets = _targets(archive, path)
    for seen, element in enumerate(_elements(archive, path)):
        if seen >= MOST_MARKS:
            break
        name = element.tag.removeprefix(MAIN)
        if name == "col":
            marks.hidden_columns |= _hidden(element, last_column)
        elif (cells := _cells(element.get("ref", ""), last_row, last_column)) is None:
            continue
        elif name == "mergeCell":
            marks.merged |= dict.fromkeys(cells[1:], cells[0])
        elif address := _address(element, targets):
            marks.links |= dict.fromkeys(cells, address)
    return marks


def called_address(formula: Any) -> str:
    """`https://…` in `=HYPERLINK("https://…", "Dokumen SK")`; empty when it is reckoned."""
    match = _CALLED.match(formula) if isinstance(formula, str) else None
    return match[1].replace('""', '"').strip()[:LONGEST_ADDRESS] if match else ""


def _elements(archive: zipfile.ZipFile, path: str) -> Iterator[Element]:
    with archive.open(path) as source:
        # Definitions that blow up were refused before (grid.py).
        for _event, element in iterparse(source):  # noqa: S314
            if element.tag in ROWS:
                element.clear()
            elif element.tag in MARKS:
                yield element


def _targets(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    rels = get_rels_path(path)
    if rels not in archive.namelist():
        return {}
    found = get_dependents(archive, rels)
    return {each.Id: each.Target for each in found if each.TargetMode == "External"}


def _address(element: Element, targets: dict[str, str]) -> str:
    """Empty for a link to a place in the file itself."""
    target = targets.get(element.get(LINK_ID, ""), "").strip()
    if not target:
        return ""
    fragment = element.get("location", "").strip()
    return f"{target}#{fragment}"[:LONGEST_ADDRESS] if fragment else target[:LONGEST_ADDRESS]


def _cells(ref: str, last_row: int, last_column: int) -> list[Place] | None:
    """From the first cell on, row by row; None: beyond what is read."""
    try:
        left, top, right, bottom = range_boundaries(ref.replace("$", ""))
    except (TypeError, ValueError):
        return None
    if not (left and top and right and bottom) or top > last_row or left > last_column:
        return None
    if (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
        return [(top, left - 1)]
    return [
        (row, column - 1) for row in range(top, bottom + 1) for column in range(left, right + 1)
    ]


def _hidden(element: Element, last_column: int) -> set[int]:
    if element.get("hidden") not in ("1", "true"):
        return set()
    first, last = int(element.get("min", "0")), int(element.get("max", "0"))
    return set(range(max(first - 1, 0), min(last, last_column)))
