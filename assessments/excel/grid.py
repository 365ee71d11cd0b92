"""What stands in an Excel file that somebody sent: guarded first, then read row by row.

Only .xlsx without macros. Formulas count with the value that Excel kept beside them; nothing is
calculated and nothing of the file is run.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from assessments.excel.layout import EXPORTED_AT
from assessments.excel.marks import Marks, called_address, marks_of
from integrity_portal.core.spreadsheets import (
    LONGEST_CELL,
    MAX_BYTES,
    MAX_SHEETS,
    MAX_UNPACKED,
    OLD_OFFICE,
    UNREADABLE,
    UNSEEN,
    BookRefused,
    refuse_strange,
)

__all__ = [
    "LONGEST_CELL",
    "MAX_BYTES",
    "MAX_UNPACKED",
    "OLD_OFFICE",
    "Book",
    "BookRefused",
    "Grid",
    "Limits",
    "Percent",
    "Uncalculated",
    "open_book",
]

# Formatted but empty rows may follow the last one that counts, up to this.
LAST_LOOK = 20_000


@dataclass(frozen=True)
class Limits:
    """How far a sheet is read; a work-sheet has some 220 rows and 10 columns."""

    rows: int = 2_000
    columns: int = 40


LIMITS = Limits()


@dataclass(frozen=True)
class Uncalculated:
    """A formula without a kept value: a program wrote it, and nobody has opened it in Excel."""

    formula: str


class Percent(float):
    """A number that Excel shows with a %: 0.9 that is called 90 %."""


@dataclass(frozen=True)
class Grid:
    """A sheet: its rows that hold anything, each with its number in Excel."""

    title: str
    rows: list[tuple[int, tuple[Any, ...]]]
    marks: Marks = field(default_factory=Marks)
    is_hidden: bool = False


@dataclass(frozen=True)
class Book:
    grids: list[Grid]
    # When the portal wrote this file; None: it comes from elsewhere.
    exported_at: datetime | None


def open_book(data: bytes, limits: Limits = LIMITS) -> Book:
    """Raises BookRefused with a sentence that says what to do."""
    refuse_strange(data)
    try:
        kept = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        typed = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        if len(kept.worksheets) > MAX_SHEETS:
            raise BookRefused(
                _("The file has more than %(limit)d sheets. Keep only the table in it.")
                % {"limit": MAX_SHEETS}
            )
        pairs = zip(kept.worksheets, typed.worksheets, strict=True)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            grids = [_grid(archive, *pair, limits) for pair in pairs]
        return Book(grids, _exported_at(kept))
    except UNREADABLE as error:
        raise BookRefused(
            _("The file cannot be opened. Open it in Excel, save it again as .xlsx, then send it.")
        ) from error


# --- rows ---


def _grid(archive: zipfile.ZipFile, kept: Any, typed: Any, limits: Limits) -> Grid:
    # Rows first: a sheet with too many is refused before it is walked once more.
    called: dict[tuple[int, int], str] = {}
    rows = list(_rows(kept, typed, called, limits))
    path = kept._worksheet_path
    marks = marks_of(archive, path, last_row=limits.rows, last_column=limits.columns)
    marks.links |= called
    return Grid(str(kept.title), rows, marks, kept.sheet_state != "visible")


def _rows(
    kept: Any, typed: Any, called: dict[tuple[int, int], str], limits: Limits
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Of the values as Excel kept them, and of what was typed, to find formulas without a value;
    addresses in HYPERLINK formulas are put into `called`."""
    for sheet in (kept, typed):
        sheet.reset_dimensions()
    values = kept.iter_rows(max_col=limits.columns, values_only=True)
    formulas = typed.iter_rows(max_col=limits.columns)
    pairs = islice(zip(values, formulas, strict=True), LAST_LOOK)
    for number, (row, cells) in enumerate(pairs, start=1):
        merged = tuple(_value(*pair) for pair in zip(row, cells, strict=True))
        if all(value is None or (isinstance(value, str) and not value.strip()) for value in merged):
            continue
        if number > limits.rows:
            raise BookRefused(
                _("A sheet has more than %(limit)d rows. Keep only the table in the file.")
                % {"limit": limits.rows}
            )
        for place, cell in enumerate(cells):
            if getattr(cell, "data_type", "") == "f" and (address := called_address(cell.value)):
                called[number, place] = address
        yield number, merged


def _value(value: Any, cell: Any) -> Any:
    if value is None and getattr(cell, "data_type", "") == "f":
        return Uncalculated(str(cell.value)[:LONGEST_CELL])
    if isinstance(value, str):
        return value[: LONGEST_CELL + 1].translate(UNSEEN)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Percent(value) if "%" in str(cell.number_format) else value
    return value


def _exported_at(book: Any) -> datetime | None:
    for each in book.custom_doc_props.props:
        if each.name == EXPORTED_AT:
            try:
                found = parse_datetime(str(each.value))
            except ValueError:
                return None
            return found if found is not None and timezone.is_aware(found) else None
    return None
