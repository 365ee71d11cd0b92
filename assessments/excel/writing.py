"""A work-sheet as a workbook whose totals are formulas; each carries the value it has now.

One sheet per assessor, and the scales in a sheet of their own, where the formulas look them up.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from assessments.excel.layout import (
    COLUMNS,
    COUNT_CHOICE,
    EXPORTED_AT,
    ZERO_KEY,
    ZERO_WORDS,
    Filled,
    Row,
    RowKind,
    choices_of,
    explanation_of,
    rows_of,
)
from assessments.instrument import Instrument
from assessments.scoring import Ratio, Scale, ScaleKind, Scored, Sheet, ZeroRule

SCALES = "Skala"
# First row of the table, counted from 0; above it stand title, unit, year and whose answers.
HEADER_ROW = 5
WIDTHS = (62, 9, 62, 14, 12, 10, 10, 44, 44)
LABEL, WEIGHT, EXPLAIN, CHOICES, ANSWER, VALUE, PERCENT, NOTE, LINK = range(9)
MOST_COUNT = 1_000_000
LONGEST_TEXT = 32_767
LONGEST_LINK = 2_000


@dataclass(frozen=True)
class Head:
    """The lines above the table."""

    unit: str
    government: str
    year: int


@dataclass(frozen=True)
class Part:
    """One assessor's sheet: its name, what he answered and what it comes to."""

    title: str
    answers: Mapping[str, Filled]
    scored: Sheet


def workbook(instrument: Instrument, head: Head, parts: Sequence[Part], *, now: datetime) -> bytes:
    target = io.BytesIO()
    # Texts stay texts: no note becomes a formula or a link.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": f"LKE {head.year}", "created": now.replace(tzinfo=None)})
    book.set_custom_property(EXPORTED_AT, now.isoformat(), "text")
    formats = _Formats(book)
    sheets = [book.add_worksheet(part.title) for part in parts]
    scales = _write_scales(book.add_worksheet(SCALES), instrument, formats)
    for sheet, part in zip(sheets, parts, strict=True):
        _SheetWriter(sheet, instrument, part, scales, formats).write(head)
    book.close()
    return target.getvalue()


class _Formats:
    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        base = {"valign": "top", "text_wrap": True, "font_name": "Arial", "font_size": 10}
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**base, **properties})
        return self._made[key]


def _write_scales(sheet: Any, instrument: Instrument, formats: _Formats) -> dict[str, str]:
    """Scale → the range in which its answers are looked up."""
    for column, text in enumerate(("Skala", "Jawaban", "Nilai")):
        sheet.write_string(0, column, text, formats.get(bold=True))
    found: dict[str, str] = {}
    row = 1
    scales = {each.asked.scale.code: each.asked.scale for each in instrument.questions.values()}
    for scale in scales.values():
        first = row
        for option, value in scale.options.items():
            sheet.write_string(row, 0, scale.code)
            sheet.write_string(row, 1, option)
            sheet.write_number(row, 2, float(value), formats.get(num_format="0.00"))
            row += 1
        if scale.options:
            found[scale.code] = f"{SCALES}!$B${first + 1}:$C${row}"
    return found


class _SheetWriter:
    """Writes one assessor's sheet; `at` knows the row of every node, question and count."""

    def __init__(
        self,
        sheet: Any,
        instrument: Instrument,
        part: Part,
        scales: dict[str, str],
        formats: _Formats,
    ) -> None:
        self.sheet, self.instrument, self.part = sheet, instrument, part
        self.scales, self.formats = scales, formats
        self.rows = list(enumerate(rows_of(instrument), start=HEADER_ROW + 1))
        self.at = {(row.code, row.key): number for number, row in self.rows}

    def write(self, head: Head) -> None:
        self._write_head(head)
        for number, row in self.rows:
            self._write_label(number, row)
            if row.kind is RowKind.QUESTION:
                self._write_question(number, row.code)
            elif row.kind is RowKind.COUNT:
                self._write_count(number, row)
            else:
                self._write_node(number, row)

    def _write_head(self, head: Head) -> None:
        sheet, formats = self.sheet, self.formats
        lines = (
            self.instrument.title.text_id,
            head.unit,
            head.government,
            f"Tahun {head.year} · jawaban {self.part.title}",
        )
        for row, text in enumerate(lines):
            sheet.write_string(row, 0, text, formats.get(bold=row == 0, text_wrap=False))
        style = formats.get(bold=True, bg_color="#1F3A5F", font_color="#FFFFFF", border=1)
        for column, (text, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
            sheet.write_string(HEADER_ROW, column, text, style)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.repeat_rows(HEADER_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _style(self, row: Row, **more: Any) -> Any:
        style: dict[str, Any] = {"border": 1, **more}
        if row.kind in (RowKind.NODE, RowKind.TOTAL):
            shades = ("#C9D6E8", "#DCE5F1", "#E9EFF7", "#F4F7FB")
            style |= {"bold": True, "bg_color": shades[min(row.depth, 3)]}
        return self.formats.get(**style)

    def _write_label(self, number: int, row: Row) -> None:
        for column in range(len(COLUMNS)):
            self.sheet.write_blank(number, column, None, self._style(row))
        self.sheet.write_string(number, LABEL, row.text, self._style(row, indent=row.depth))

    def _formula(self, number: int, column: int, text: str, value: Any, row: Row) -> None:
        number_format = "0.00%" if column in (PERCENT, ANSWER) else "0.00"
        style = self._style(row, num_format=number_format)
        self.sheet.write_formula(number, column, f"={text}", style, value)

    # --- nodes ---

    def _write_node(self, number: int, row: Row) -> None:
        node = self.instrument.tree.nodes.get(row.code)
        scored: Scored = self.part.scored.nodes[row.code] if node else self.part.scored.total
        if node is not None and node.questions:
            self.sheet.write_number(
                number, WEIGHT, float(node.weight), self._style(row, num_format="0.00")
            )
            values = ",".join(_cell(VALUE, self.at[q.code, ""]) for q in node.questions)
            formula = f"AVERAGE({values})*{_cell(WEIGHT, number)}"
        else:
            below = self._below(row.code)
            weights = ",".join(_cell(WEIGHT, line) for line in below)
            self._formula(number, WEIGHT, f"SUM({weights})", float(scored.weight), row)
            formula = f"SUM({','.join(_cell(VALUE, line) for line in below)})"
        self._formula(number, VALUE, formula, float(scored.value), row)
        value, weight = _cell(VALUE, number), _cell(WEIGHT, number)
        share = float(scored.percent / 100)
        self._formula(number, PERCENT, f"IF({weight}=0,0,{value}/{weight})", share, row)

    def _below(self, code: str) -> list[int]:
        """Rows of the nodes right below; of the total: the components."""
        parent = code or None
        nodes = self.instrument.tree.nodes
        return [self.at[each, ""] for each, node in nodes.items() if node.parent == parent]

    # --- questions ---

    def _write_question(self, number: int, code: str) -> None:
        question = self.instrument.questions[code]
        row = Row(RowKind.QUESTION, code, "", 0)
        filled = self.part.answers.get(code, Filled())
        style = self._style(row)
        self.sheet.write_string(number, EXPLAIN, explanation_of(question)[:LONGEST_TEXT], style)
        self.sheet.write_string(number, CHOICES, choices_of(question), style)
        scale = question.scale
        if scale.kind is ScaleKind.OPTIONS:
            formula = self._write_option(number, row, scale, filled)
        elif scale.kind is ScaleKind.INDEX:
            formula = self._write_index(number, row, scale, filled)
        elif question.asked.ratio is not None:
            formula = self._write_ratio(number, row, question.asked.ratio)
        share = self.part.scored.values[code].share or Decimal(0)
        self._formula(number, VALUE, formula, float(share), row)
        self._formula(number, PERCENT, _cell(VALUE, number), float(share), row)
        if filled.text:
            self.sheet.write_string(number, NOTE, filled.text[:LONGEST_TEXT], style)
        self._write_links(number, row, filled.links)

    def _write_option(self, number: int, row: Row, scale: Scale, filled: Filled) -> str:
        answer = _cell(ANSWER, number)
        if filled.option:
            self.sheet.write_string(number, ANSWER, filled.option, self._style(row))
        self.sheet.data_validation(
            number, ANSWER, number, ANSWER, {"validate": "list", "source": list(scale.options)}
        )
        found = f"VLOOKUP(TRIM({answer}),{self.scales[scale.code]},2,FALSE)"
        return f'IF(TRIM({answer})="",0,{found})'

    def _write_index(self, number: int, row: Row, scale: Scale, filled: Filled) -> str:
        answer = _cell(ANSWER, number)
        if filled.index is not None:
            style = self._style(row, num_format="0.00##")
            self.sheet.write_number(number, ANSWER, float(filled.index), style)
        limits = {"validate": "decimal", "criteria": "between", "minimum": 0}
        limits["maximum"] = float(scale.highest)
        self.sheet.data_validation(number, ANSWER, number, ANSWER, limits)
        return f"IF(ISNUMBER({answer}),MAX(0,MIN(1,{answer}/{scale.highest.normalize():f})),0)"

    def _write_ratio(self, number: int, row: Row, ratio: Ratio) -> str:
        """Into Jawaban the ratio as it is, into Nilai what of it counts."""
        keys = sorted(ratio.keys)
        cells = ",".join(_cell(ANSWER, self.at[row.code, key]) for key in keys)
        part, whole = self._terms(row.code, ratio.part), self._terms(row.code, ratio.whole)
        complete = f"COUNT({cells})<{len(keys)}"
        counts = dict(self.part.answers.get(row.code, Filled()).counts)
        self._formula(
            number,
            ANSWER,
            f'IF({complete},"",IF({whole}>0,{part}/{whole},""))',
            _ratio_now(ratio, counts),
            row,
        )
        none = f"IF(AND({part}=0,{whole}=0),{self._zero(row.code, ratio)},0)"
        return f"IF({complete},0,IF({whole}>0,MAX(0,MIN(1,{part}/{whole})),{none}))"

    def _terms(self, code: str, terms: tuple[tuple[str, int], ...]) -> str:
        text = ""
        for key, sign in terms:
            mark = "-" if sign < 0 else "+" if text else ""
            text += f"{mark}{_cell(ANSWER, self.at[code, key])}"
        return f"({text})"

    def _zero(self, code: str, ratio: Ratio) -> str:
        if ratio.zero is ZeroRule.ASK:
            settled = _cell(ANSWER, self.at[code, ZERO_KEY])
            return f'IF(TRIM({settled})="Penuh",1,0)'
        return "1" if ratio.zero is ZeroRule.FULL else "0"

    def _write_count(self, number: int, row: Row) -> None:
        filled = self.part.answers.get(row.code, Filled())
        style = self._style(row, italic=True)
        if row.key == ZERO_KEY:
            words = {rule.value: word for word, rule in ZERO_WORDS.items()}
            self.sheet.write_string(number, CHOICES, "/".join(ZERO_WORDS), style)
            if filled.zero_as in words:
                self.sheet.write_string(number, ANSWER, words[filled.zero_as], style)
            limits: dict[str, Any] = {"validate": "list", "source": list(ZERO_WORDS)}
        else:
            self.sheet.write_string(number, CHOICES, COUNT_CHOICE, style)
            count = dict(filled.counts).get(row.key)
            if count is not None:
                self.sheet.write_number(number, ANSWER, int(count), style)
            limits = {"validate": "integer", "criteria": "between", "minimum": 0}
            limits["maximum"] = MOST_COUNT
        self.sheet.data_validation(number, ANSWER, number, ANSWER, limits)

    def _write_links(self, number: int, row: Row, links: tuple[str, ...]) -> None:
        """One address can be clicked; several stand below each other as text."""
        text = "\n".join(links)[:LONGEST_TEXT]
        style = self._style(row)
        alone = len(links) == 1 and text.startswith(("https://", "http://"))
        if alone and " " not in text and len(text) <= LONGEST_LINK:
            self.sheet.write_url(number, LINK, text, style, text)
        elif text:
            self.sheet.write_string(number, LINK, text, style)


def _cell(column: int, row: int) -> str:
    return f"{xl_col_to_name(column)}{row + 1}"


def _ratio_now(ratio: Ratio, counts: Mapping[str, str]) -> float | str:
    if not ratio.keys <= counts.keys():
        return ""
    part, whole = (
        sum(int(counts[key]) * sign for key, sign in terms) for terms in (ratio.part, ratio.whole)
    )
    return part / whole if whole > 0 else ""
