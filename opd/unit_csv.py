"""Lists of units and places as CSV, as Excel in Indonesia writes and reads them. Pure.

Reading accepts UTF-8 with or without its mark, UTF-16 with its mark, otherwise Windows-1252;
semicolon, comma or tab. Writing uses UTF-8 with its mark and semicolons, cells guarded.
"""

import csv
import io
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrity_portal.core.parsing import clean_text

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 5000
DELIMITERS = ";,\t"
# Column → the heading in our files, then what people write instead.
Headings = dict[str, tuple[str, ...]]
HEADINGS: Headings = {
    "code": ("kode", "kode unit", "kode opd", "code"),
    "kind": ("jenis", "jenis unit", "kind"),
    "name": ("nama", "nama unit", "nama opd", "name"),
    "short_name": ("nama singkat", "singkatan", "short name"),
    "parent": ("induk", "unit induk", "parent"),
    "active_from": ("berlaku sejak", "aktif sejak", "active from"),
}
COLUMNS = tuple(HEADINGS)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class SheetRefused(ValueError):
    """The whole file cannot be used; the sentence for the person is the message."""


@dataclass(frozen=True)
class Sheet:
    """`columns` are ours or "" for a column that is ignored; rows carry Excel's row number."""

    columns: list[str]
    rows: list[tuple[int, list[str]]]


def heading(column: str, headings: Headings = HEADINGS) -> str:
    return headings[column][0].replace(" ", "_")


def read_sheet(data: bytes, headings: Headings = HEADINGS) -> Sheet:
    """Raises SheetRefused with a sentence that says what to do."""
    if len(data) > MAX_BYTES:
        raise SheetRefused(_("The file is larger than 2 MB. Split it into smaller files."))
    known = {text: column for column, texts in headings.items() for text in texts}
    records = records_of(decode(data), known)
    if not records:
        raise SheetRefused(_("The file has no rows. Fill in the template and send it again."))
    (_number, head), body = records[0], records[1:]
    columns = _columns(head, known, headings)
    if not body:
        raise SheetRefused(_("The file has a heading but no rows below it."))
    if len(body) > MAX_ROWS:
        raise SheetRefused(_("The file has more than 5.000 rows. Split it into smaller files."))
    return Sheet(columns, body)


def decode(data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetRefused(
            _("This is an Excel workbook. Save it in Excel as “CSV UTF-8”, then send that file.")
        )
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    for candidate in (encoding, "cp1252"):
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise SheetRefused(
        _("This is not a text file. Save the list in Excel as “CSV UTF-8”, then send that file.")
    )


def records_of(
    text: str, headings: Container[str], *, most: int = MAX_ROWS, lines: bool = False
) -> list[tuple[int, list[str]]]:
    """Rows that hold something, with the number that Excel shows beside them.

    `headings` are those that are known, as `plain` writes them. Raises SheetRefused.
    """
    first, _newline, rest = text.partition("\n")
    skipped = 0
    delimiter = ""
    if first.strip().lower().startswith("sep=") and len(first.strip()) <= 5:
        delimiter, text, skipped = first.strip()[4:] or "\t", rest, 1
    if delimiter not in DELIMITERS or not delimiter:
        delimiter = _delimiter(text, headings)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    number = skipped
    try:
        for number, cells in enumerate(reader, start=1 + skipped):
            cleaned = [_unguard(clean_text(cell, lines=lines)) for cell in cells]
            if any(cleaned):
                records.append((number, cleaned))
            if len(records) > most + 1:
                break
    except csv.Error as error:
        raise SheetRefused(
            _("Row %(number)s cannot be read: check its quotation marks, then send the file again.")
            % {"number": number + 1}
        ) from error
    return records


def _delimiter(text: str, headings: Container[str]) -> str:
    """The one that makes most of the heading known; a heading of one column needs none."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def fits(delimiter: str) -> int:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return sum(plain(cell) in headings for cell in cells)

    return max(DELIMITERS, key=fits)


def plain(cell: str) -> str:
    return " ".join(clean_text(cell, lines=False).replace("_", " ").casefold().split())


def _columns(head: Sequence[str], known: dict[str, str], headings: Headings) -> list[str]:
    columns = [known.get(plain(cell), "") for cell in head]
    if "name" not in columns:
        raise SheetRefused(
            _("The first row must hold the headings, among them “nama”. Use the template.")
        )
    for column in headings:
        if columns.count(column) > 1:
            raise SheetRefused(
                _("The heading “%(heading)s” stands twice. Keep one of the two columns.")
                % {"heading": heading(column, headings)}
            )
    return columns


def guard(cell: str) -> str:
    """No spreadsheet takes the cell for a formula."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def write_sheet(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark and semicolons: what Excel with Indonesian settings opens by itself."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([guard(cell) for cell in head])
    for row in rows:
        writer.writerow([guard(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
