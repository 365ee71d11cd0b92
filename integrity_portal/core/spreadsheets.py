"""Excel files from elsewhere: guarded before anything is parsed, then read row by row.

Only .xlsx without macros. Whoever reads more than plain rows (assessments.excel.grid) asks the same
guards first.
"""

import io
import struct
import zipfile
import zlib
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_UNPACKED = 40 * MEGABYTE
MAX_MEMBERS = 500
MAX_SHEETS = 12
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


class BookRefused(Exception):
    """The whole file cannot be read; the sentence for the person is the message."""


def refuse_strange(data: bytes) -> None:
    """Before anything is parsed. Raises BookRefused with a sentence that says what to do."""
    _refuse_other_kinds(data)
    _refuse_dangerous(data)


def plain_rows(
    data: bytes, *, rows: int, columns: int
) -> list[tuple[str, list[tuple[int, tuple[Any, ...]]]]]:
    """(title, rows with anything in them and their number in Excel) of each visible sheet.

    Raises BookRefused with a sentence.
    """
    refuse_strange(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        shown = [each for each in book.worksheets if each.sheet_state == "visible"]
        return [(str(each.title), _plain(each, rows, columns)) for each in shown[:MAX_SHEETS]]
    except UNREADABLE as error:
        raise BookRefused(
            _("The file cannot be opened. Open it in Excel, save it again as .xlsx, then send it.")
        ) from error


def _plain(sheet: Any, most: int, columns: int) -> list[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()
    found: list[tuple[int, tuple[Any, ...]]] = []
    empty = 0
    for number, row in enumerate(sheet.iter_rows(max_col=columns, values_only=True), start=1):
        cells = tuple(
            cell[:LONGEST_CELL].translate(UNSEEN) if isinstance(cell, str) else cell for cell in row
        )
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            empty += 1
            if empty > most:
                break
            continue
        if len(found) == most:
            raise BookRefused(
                _("A sheet has more than %(limit)d rows. Keep only the table in the file.")
                % {"limit": most}
            )
        found.append((number, cells))
    return found


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
