"""Rows of a roster as people paste them from a spreadsheet or a CSV file. Pure.

Columns in this order, unless the first row names them: name, NIP, title, first day. Tab, semicolon
or comma; the NIP in any spacing. Every row gets one sentence or none.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from integrity_portal.core.parsing import NotUnderstood, clean_text, parse_date
from opd.nip import may_be_nip

MOST_ROWS = 2000
NAME_LIMIT = TITLE_LIMIT = 150
COLUMNS = ("name", "nip", "title", "first_day")
HEADINGS = {
    "nama": "name",
    "nama pegawai": "name",
    "nama lengkap": "name",
    "name": "name",
    "nip": "nip",
    "jabatan": "title",
    "title": "title",
    "mulai": "first_day",
    "sejak": "first_day",
    "tmt": "first_day",
    "first day": "first_day",
}
_SEPARATORS = re.compile(r"[\s.\-'’`\u00a0\u2010-\u2015]+")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+\Z", re.IGNORECASE)


class SheetTooLong(ValueError):
    """The sentence for the person is the message."""


@dataclass(frozen=True)
class EmployeeRow:
    """`problem` is empty for a good row; `line` is the row as it came, to be put right."""

    number: int
    line: str
    name: str = ""
    nip: str = ""
    title: str = ""
    first_day: date | None = None
    problem: str = ""


def clean_nip(text: str) -> str:
    """Digits only; what is no NIP comes back as it is for the sentence."""
    return _SEPARATORS.sub("", text)


def nip_problem(text: str) -> str:
    """Why this is no NIP; empty when it may be one or there is none."""
    digits = clean_nip(text)
    if not digits or may_be_nip(digits):
        return ""
    if _ROUNDED.match(text.strip()):
        return _(
            "The spreadsheet has rounded the NIP. Format that column as text, then copy it again."
        )
    return _("This is no NIP: it has 18 digits and begins with the day of birth.")


def read_rows(text: str) -> list[EmployeeRow]:
    """Every row that holds something, numbered as pasted. Raises SheetTooLong."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip(" \t;,")]
    if len(filled) > MOST_ROWS + 1:
        raise SheetTooLong(
            _("The list has more than 2.000 rows. Paste it in parts, or one unit at a time.")
        )
    if not filled:
        return []
    delimiter = _delimiter([line for _number, line in filled])
    records = [(number, line, _cells(line, delimiter)) for number, line in filled]
    columns = _columns(records[0][2])
    if columns is not None:
        records = records[1:]
    rows = [_row(number, line, cells, columns or COLUMNS) for number, line, cells in records]
    return _without_twins(rows)


def _delimiter(lines: Sequence[str]) -> str:
    """A tab is a spreadsheet; otherwise what separates most rows."""
    return max("\t;,", key=lambda mark: sum(mark in line for line in lines))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        cells = line.split(delimiter)
    return [clean_text(cell, lines=False) for cell in cells]


def _columns(cells: Sequence[str]) -> tuple[str, ...] | None:
    named = tuple(HEADINGS.get(cell.replace("_", " ").casefold(), "") for cell in cells)
    return named if "name" in named else None


def _row(number: int, line: str, cells: Sequence[str], columns: Sequence[str]) -> EmployeeRow:
    values = dict.fromkeys(COLUMNS, "")
    for column, cell in zip(columns, cells, strict=False):
        if column:
            values[column] = cell
    nip = clean_nip(values["nip"])
    day, wrong_day = None, ""
    if values["first_day"]:
        try:
            day = parse_date(values["first_day"])
        except NotUnderstood:
            wrong_day = _("Write the first day as 1/3/2024.")
    problem = (
        _name_problem(values["name"])
        or nip_problem(values["nip"])
        or (_("Shorten the title to 150 characters.") if len(values["title"]) > TITLE_LIMIT else "")
        or wrong_day
    )
    return EmployeeRow(number, line, values["name"], nip, values["title"], day, problem)


def _name_problem(name: str) -> str:
    if not any(letter.isalpha() for letter in name):
        return _("The name is missing.")
    if len(name) > NAME_LIMIT:
        return _("Shorten the name to 150 characters.")
    return ""


def _without_twins(rows: list[EmployeeRow]) -> list[EmployeeRow]:
    """A NIP that stands twice is refused the second time, with the row of the first."""
    first: dict[str, int] = {}
    found = []
    for row in rows:
        if row.nip and not row.problem:
            if row.nip in first:
                sentence = _("This NIP already stands in row %(number)s.") % {
                    "number": first[row.nip]
                }
                found.append(EmployeeRow(row.number, row.line, row.name, problem=sentence))
                continue
            first[row.nip] = row.number
        found.append(row)
    return found
