"""What stands in an Excel file that somebody sent: guarded first, then read row by row.

Only .xlsx without macros. Formulas count with the value that Excel kept beside them; nothing is
calculated and nothing of the file is run.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from assessments.excel.layout import EXPORTED_AT
from assessments.excel.marks import Marks, called_address, marks_of

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_UNPACKED = 40 * MEGABYTE
MAX_MEMBERS = 500
MAX_SHEETS = 12
# Formatted but empty rows may follow the last one that counts, up to this.
LAST_LOOK = 20_000
# What Excel itself lets into a cell; one more shows that there was more.
LONGEST_CELL = 32_767
# Marks that nobody sees and that programs leave in a text; spaces that are none to Python.
UNSEEN: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " "),
}
# Only pictures may hold definitions of their own; nobody reads them here.
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNREADABLE = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Limits:
    """How far a sheet is read; a work-sheet has some 220 rows and 10 columns."""

    rows: int = 2_000
    columns: int = 40


class BookRefused(Exception):
    """The whole file cannot be read; the sentence for the person is the message."""


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
    _refuse_other_kinds(data)
    _refuse_dangerous(data)
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


# --- guards ---


def _refuse_other_kinds(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise BookRefused(
            _("The file is larger than %(limit)d MB. Keep only the table in it.")
            % {"limit": MAX_BYTES // MEGABYTE}
        )
    if data.startswith(OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BookRefused(
                _("The file is protected by a password. Save it without one, then send it.")
            )
        raise BookRefused(
            _("This is an old Excel file (.xls). Open it and save it as .xlsx, then send that.")
        )
    if data.startswith(b"%PDF"):
        raise BookRefused(_("This is a PDF, whatever its name says. Send the Excel file (.xlsx)."))
    if not data.startswith(b"PK"):
        raise BookRefused(_("This is no Excel file. Save the table as .xlsx, then send it."))


def _refuse_dangerous(data: bytes) -> None:
    """Before anything is parsed: what it unpacks to, macros, definitions that blow up."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_members(members)
            for member in members:
                if not member.filename.lower().endswith(PICTURES):
                    _refuse_definitions(archive.read(member))
    except UNREADABLE as error:
        raise BookRefused(
            _("The file is damaged. Open it in Excel, save it again as .xlsx, then send it.")
        ) from error


def _refuse_members(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.lower() for member in members}
    if any(name.endswith(("vbaproject.bin", ".bas")) for name in names):
        raise BookRefused(
            _("The file carries macros. Save it as .xlsx (without macros), then send that.")
        )
    if "xl/workbook.xml" not in names and not any("workbook" in name for name in names):
        raise BookRefused(_("This is no Excel file. Save the table as .xlsx, then send it."))
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or len(members) > MAX_MEMBERS:
        raise BookRefused(
            _("The file is too big inside. Copy the table into a new file and send that.")
        )


def _refuse_definitions(xml: bytes) -> None:
    """Excel writes no DTD and only UTF-8; either is somebody's trick."""
    is_wide = xml.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"))
    if is_wide or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise BookRefused(
            _("The file was not made by a spreadsheet program. Save it again in Excel as .xlsx.")
        )


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
