"""Workbooks for tests: answers by chance, sheets as units really fill them, hostile files."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import xlsxwriter
from hypothesis import strategies as st

from assessments.excel.layout import COLUMNS, Filled
from assessments.instrument import Instrument, instrument_files
from assessments.scoring import ScaleKind


def instrument() -> Instrument:
    return instrument_files()["permenpanrb-90-2021"]


@st.composite
def answers(draw: Any) -> dict[str, Filled]:
    """Of a whole work-sheet, some questions left out, counts in any relation."""
    found: dict[str, Filled] = {}
    for code, question in instrument().questions.items():
        if draw(st.integers(0, 7)) == 0:
            continue
        if question.scale.kind is ScaleKind.OPTIONS:
            found[code] = Filled(option=draw(st.sampled_from(list(question.scale.options))))
        elif question.scale.kind is ScaleKind.INDEX:
            found[code] = Filled(index=Decimal(draw(st.integers(0, 400))) / 100)
        else:
            counts = {
                count.key: str(draw(st.sampled_from([0, 0, 1, 2, 7, 13, 1200])))
                for count in question.counts
                if draw(st.integers(0, 9))
            }
            found[code] = Filled(counts=tuple(sorted(counts.items())))
    return found


def book(*sheets: tuple[str, list[list[Any]]], merge: tuple[str, ...] = ()) -> bytes:
    """Plain rows; a text that begins with = stays a text, a Formula becomes one."""
    target = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "dd/mm/yyyy"}
    made = xlsxwriter.Workbook(target, options)
    for title, rows in sheets:
        sheet = made.add_worksheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, Formula):
                    sheet.write_formula(number, column, value.text, None, value.kept)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write(number, column, value)
        for place in merge:
            first = place.split(":")[0]
            column, number = ord(first[0]) - 65, int(first[1:]) - 1
            text = rows[number][column] if column < len(rows[number]) else ""
            sheet.merge_range(place, text)
    made.close()
    return target.getvalue()


class Formula:
    def __init__(self, text: str, kept: Any = 0) -> None:
        self.text, self.kept = text, kept


HEADER: list[Any] = list(COLUMNS)


def row(label: str, answer: Any = None, note: str = "", link: str = "") -> list[Any]:
    return [label, None, None, None, answer, None, None, note or None, link or None]


def changed_zip(data: bytes, changes: dict[str, bytes]) -> bytes:
    """The same archive with members replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", 8) as result:
        for member in source.infolist():
            if member.filename not in changes:
                result.writestr(member, source.read(member))
        for name, content in changes.items():
            result.writestr(name, content)
    return target.getvalue()
