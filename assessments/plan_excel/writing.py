"""A plan's indicators as a table that comes back the same, and an empty one with an example.

Every text is written as a text: none becomes a formula or a link.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter

from assessments.enums import Consolidation, Direction, NodeLevel, Shape
from assessments.plan_excel.headings import Span
from assessments.plan_excel.reading import EXAMPLE
from assessments.plan_excel.words import number
from assessments.target_rules import Wanted

TEXT_ONLY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
SHEET, LISTS = "Indikator", "Daftar"
LONGEST_TEXT = 32_767
# A number that Excel keeps to the last digit.
EXACT = Decimal(10) ** 15
BEFORE = (
    "Kode", "Tingkat", "Uraian", "Kode Indikator", "Indikator", "Satuan", "Arah", "Bentuk Target",
    "Konsolidasi", "IKU", "Tahun Kondisi Awal", "Kondisi Awal",
)  # fmt: skip
AFTER = ("Perangkat Daerah", "Penanggung Jawab", "Definisi", "Formula", "Sumber Data")
WIDTHS = (16, 13, 44, 14, 44, 12, 9, 12, 13, 6, 10, 12)
DIRECTIONS = {Direction.HIGHER: "naik", Direction.LOWER: "turun"}
SHAPES = {
    Shape.VALUE: "nilai",
    Shape.RANGE: "rentang",
    Shape.YES_NO: "ya/tidak",
    Shape.DATE: "tanggal",
}
CONSOLIDATIONS = {
    Consolidation.SUM: "jumlah",
    Consolidation.AVERAGE: "rata-rata",
    Consolidation.LAST: "terakhir",
    Consolidation.MANUAL: "setahun",
}
# Rows below the table in which Excel offers the lists.
ROOM = 1_500


@dataclass(frozen=True)
class TableRow:
    """One line of the plan, with one of its indicators or with money alone."""

    level: NodeLevel
    node_code: str
    node_name: str
    unit: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[int, Wanted] = field(default_factory=dict)
    money: Mapping[int, Decimal] = field(default_factory=dict)


def headings(span: Span) -> list[str]:
    years = range(span.first, span.last + 1)
    targets = [f"Target {year}" for year in years]
    money = [f"Pagu {year} (Rp)" for year in years]
    return [*BEFORE, *targets, *money, *AFTER]


def workbook(span: Span, rows: Iterable[TableRow], units: Sequence[str]) -> bytes:
    """Without rows: the template, whose example is marked so that it is never read."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, dict(TEXT_ONLY))
    sheet, lists = book.add_worksheet(SHEET), book.add_worksheet(LISTS)
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EEF4"}
    )
    names = headings(span)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, head)
        width = WIDTHS[column] if column < len(WIDTHS) else 18
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, BEFORE.index("Indikator") + 1)
    writer = _Writer(book, sheet, span)
    content = list(rows)
    if not content:
        writer.example(units)
    for line, row in enumerate(content, start=1):
        writer.row(line, row)
    _offer(sheet, lists, names, units, len(content) + ROOM)
    book.close()
    return target.getvalue()


class _Writer:
    def __init__(self, book: Any, sheet: Any, span: Span) -> None:
        self.sheet, self.span = sheet, span
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        self.rupiah = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.grey = book.add_format({"italic": True, "font_color": "#6B7280", "valign": "top"})

    def row(self, line: int, row: TableRow) -> None:
        texts = [row.node_code, row.level.label, row.node_name, *self._fiche(row.columns)]
        for column, value in enumerate(texts):
            self._cell(line, column, value)
        column = len(BEFORE)
        shape = row.columns.get("shape", Shape.VALUE)
        for year in self._years():
            self._target(line, column, row.targets.get(year), shape)
            column += 1
        for year in self._years():
            self._number(line, column, row.money.get(year), self.rupiah)
            column += 1
        for value in (
            row.unit, *(row.columns.get(k) for k in ("responsible", "definition", "formula", "source"))
        ):  # fmt: skip
            self._cell(line, column, value)
            column += 1

    def example(self, units: Sequence[str]) -> None:
        content: list[Any] = [
            EXAMPLE, "Sasaran", "Meningkatnya kualitas layanan (baris contoh ini tidak dibaca)",
            "IKU-1", "Indeks Kepuasan Masyarakat", "Indeks", "naik", "nilai", "terakhir", "ya",
            self.span.first - 1, "3,51",
            *[f"3,{55 + 5 * place}" for place, _year in enumerate(self._years())],
            *["1.250.000.000" for _year in self._years()],
            units[0] if units else "", "Kepala Perangkat Daerah", "Nilai rata-rata survei", "", "",
        ]  # fmt: skip
        for column, value in enumerate(content):
            self.sheet.write_string(1, column, str(value), self.grey)

    def _years(self) -> range:
        return range(self.span.first, self.span.last + 1)

    def _fiche(self, columns: Mapping[str, Any]) -> list[Any]:
        if not columns:
            return [None] * (len(BEFORE) - 3)
        is_baseline = columns["base_value"] is not None
        return [
            columns["code"],
            columns["name"],
            columns["unit_of_measure"],
            DIRECTIONS[columns["direction"]],
            SHAPES[columns["shape"]],
            CONSOLIDATIONS[columns["consolidation"]],
            "ya" if columns["is_iku"] else None,
            columns["base_year"] if is_baseline else None,
            columns["base_value"],
        ]

    def _target(self, line: int, column: int, value: Wanted | None, shape: str) -> None:
        if value is None or value.is_empty:
            return
        if value.due_on is not None:
            self.sheet.write_datetime(line, column, value.due_on, self.day)
        elif value.high is not None and value.low is not None:
            self._cell(line, column, f"{_typed(value.low)} - {_typed(value.high)}")
        elif shape == Shape.YES_NO:
            self._cell(line, column, "ya" if value.low else "tidak")
        else:
            self._number(line, column, value.low, self.plain)

    def _number(self, line: int, column: int, value: Decimal | None, style: Any) -> None:
        if value is None:
            return
        if Decimal(repr(float(value))) == value and abs(value) < EXACT:
            self.sheet.write_number(line, column, float(value), style)
        else:
            self._cell(line, column, _typed(value))

    def _cell(self, line: int, column: int, value: Any) -> None:
        if value in (None, ""):
            return
        if isinstance(value, Decimal):
            self._number(line, column, value, self.plain)
        elif isinstance(value, int):
            self.sheet.write_number(line, column, value, self.plain)
        else:
            self.sheet.write_string(line, column, str(value)[:LONGEST_TEXT], self.wrapped)


def _offer(sheet: Any, lists: Any, names: Sequence[str], units: Sequence[str], last: int) -> None:
    """Lists to choose from; what is typed instead is read as well."""
    choices: dict[str, Sequence[str]] = {
        "Tingkat": [level.label for level in NodeLevel],
        "Arah": list(DIRECTIONS.values()),
        "Bentuk Target": list(SHAPES.values()),
        "Konsolidasi": list(CONSOLIDATIONS.values()),
        "IKU": ["ya", "tidak"],
        "Perangkat Daerah": units,
    }
    for column, (name, values) in enumerate(choices.items()):
        lists.write_string(0, column, name)
        for row, value in enumerate(values, start=1):
            lists.write_string(row, column, value)
        if not values:
            continue
        letter = chr(ord("A") + column)
        place = names.index(name)
        source = f"={LISTS}!${letter}$2:${letter}${len(values) + 1}"
        offer = {"validate": "list", "source": source, "error_type": "information"}
        sheet.data_validation(1, place, last, place, {**offer, "show_error": False})
    lists.set_column(0, len(choices), 24)


def _typed(value: Decimal) -> str:
    return number(value).replace("−", "-")
