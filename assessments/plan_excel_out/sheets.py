"""What the workbooks about a plan have in common: heads, cells, formulas, the print set-up."""

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import translation
from xlsxwriter.utility import xl_rowcol_to_cell

from assessments.achievement import Aim, Figure
from assessments.achievement_bands import Bands
from assessments.enums import Direction, Shape
from assessments.plan_excel_out.columns import Column
from integrity_portal.core.formatting import half_up, number_id

LONGEST_TEXT = 32_767
# Of a bold letter, in widths of a column; the height of a line in points, and Excel's limit of it.
LETTER, LINE, MOST_HEIGHT = 1.2, 12, 400
MOST_PLACES = 4
# Excel takes at most 255 arguments; so many cells are summed at a time.
MOST_ARGUMENTS = 200
A3, A4 = 8, 9
DARK, PALE, SHADES = "#1F3A5F", "#E9EFF7", ("#DCE5F1", "#E9EFF7", "#F4F7FB")
# What a spreadsheet takes for the beginning of a formula; such a text is marked as a text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BY_HAND = "." * 120


def workbook(title: str, fill: Callable[["Book"], None], *, now: datetime) -> bytes:
    """The file; texts stay texts, nothing becomes a formula or a link by itself."""
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
    with translation.override("id"):
        fill(Book(book))
    book.close()
    return target.getvalue()


class Book:
    """A workbook with its formats, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def style(self, **properties: Any) -> Any:
        base = {"valign": "top", "text_wrap": True, "font_name": "Arial", "font_size": 8}
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format({**base, **properties})
        return self._made[key]


@dataclass(frozen=True)
class Shown:
    """What a cell holds: a number, a day or a word."""

    value: Decimal | None = None
    day: date | None = None
    word: str = ""
    is_provisional: bool = False

    @property
    def places(self) -> int:
        return places_of(self.value)


def places_of(value: Decimal | None) -> int:
    """Decimals that a number needs, at most four; a whole number none."""
    if value is None:
        return 0
    exponent = half_up(value, MOST_PLACES).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def aim_shown(aim: Aim | None) -> Shown:
    if aim is None or aim.is_empty:
        return Shown()
    if aim.shape is Shape.DATE:
        return Shown(day=aim.due)
    if aim.shape is Shape.YES_NO:
        return Shown(word="Ya" if aim.low else "Tidak")
    if aim.shape is Shape.RANGE:
        bounds = (number_id(each, places_of(each)) for each in (aim.low, aim.high))
        return Shown(word=" s/d ".join(bounds))
    return Shown(aim.low)


def figure_shown(shape: Shape, figure: Figure | None, *, is_provisional: bool = False) -> Shown:
    if figure is None or not figure.says_something:
        return Shown()
    if shape is Shape.DATE:
        word = "" if figure.done_on else "Belum"
        return Shown(day=figure.done_on, word=word, is_provisional=is_provisional)
    if shape is Shape.YES_NO:
        return Shown(word="Ya" if figure.value else "Tidak", is_provisional=is_provisional)
    return Shown(figure.value, is_provisional=is_provisional)


class Table:
    """One sheet: `at` knows the first position of each numbered column."""

    def __init__(self, book: Book, name: str, columns: Sequence[Column], first_row: int) -> None:
        self.book, self.columns, self.first_row = book, columns, first_row
        self.sheet = book.book.add_worksheet(name)
        self.at: dict[str, int] = {}
        # Widths of columns that hold texts, and how many lines each row needs.
        self.widths: dict[int, int] = {}
        self.lines: dict[int, int] = {}
        position = 0
        for column in columns:
            self.at[column.key] = position
            if not column.is_pair:
                self.widths[position] = column.width
            position += 2 if column.is_pair else 1
        self.last = position - 1

    # --- heads ---

    def write_titles(self, lines: Sequence[str], *, paper: int = A3) -> None:
        for row, text in enumerate(lines):
            style = self.book.style(bold=row < 2, font_size=12, align="center", text_wrap=False)
            self.span(row, 0, row, self.last, text, style)
        self.sheet.set_landscape()
        self.sheet.set_paper(paper)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&L&8&F&R&8Halaman &P dari &N")
        self.sheet.hide_gridlines(2)

    def write_heads(self, height: int = 48) -> int:
        """Four rows: heads, their parts, the official numbers, K and Rp. Answers the next row."""
        top = self.first_row
        style = self.book.style(
            bold=True, bg_color=DARK, font_color="#FFFFFF", border=1, align="center"
        )
        small = self.book.style(bg_color=PALE, border=1, align="center", font_size=8)
        for head, columns in _runs(self.columns):
            first = self.at[columns[0].key]
            end = self.at[columns[-1].key] + (1 if columns[-1].is_pair else 0)
            self.span(top, first, top if columns[0].sub else top + 1, end, head, style)
            for column in columns:
                self._write_parts(column, style, small)
        self.sheet.set_row(top, height)
        self.sheet.repeat_rows(top, top + 3)
        self.sheet.freeze_panes(top + 4, self.at["indicator"] + 1)
        return top + 4

    def _write_parts(self, column: Column, style: Any, small: Any) -> None:
        top, first = self.first_row, self.at[column.key]
        end = first + (1 if column.is_pair else 0)
        if column.sub:
            self.span(top + 1, first, top + 1, end, column.sub, style)
        number = f"({column.number})"
        self.span(top + 2, first, top + (2 if column.is_pair else 3), end, number, small)
        self.sheet.set_column(first, first, column.width)
        if column.is_pair:
            self.sheet.write_string(top + 3, first, "K", small)
            self.sheet.write_string(top + 3, end, "Rp", small)
            is_percent = column.key.startswith(("level", "final"))
            self.sheet.set_column(end, end, 9 if is_percent else 15)

    def span(self, top: int, left: int, bottom: int, right: int, text: str, style: Any) -> None:
        """A merged range, or one cell where there is nothing to merge."""
        if (top, left) == (bottom, right):
            self.sheet.write_string(top, left, text[:LONGEST_TEXT], style)
        else:
            self.sheet.merge_range(top, left, bottom, right, "", style)
            self.sheet.write_string(top, left, text[:LONGEST_TEXT], style)

    # --- cells ---

    def text(self, row: int, column: int, text: str, **style: Any) -> None:
        """A text that a spreadsheet would take for a formula is marked as text."""
        if text.startswith(FORMULA_SIGNS):
            style["quote_prefix"] = True
        self.sheet.write_string(row, column, text[:LONGEST_TEXT], self.book.style(**style))
        if column in self.widths:
            needed = math.ceil(len(text) * LETTER / self.widths[column])
            self.lines[row] = max(self.lines.get(row, 1), needed)

    def fit_rows(self) -> None:
        """Not every program makes rows as high as their texts need."""
        for row, lines in self.lines.items():
            self.sheet.set_row(row, min(LINE * lines + 3, MOST_HEIGHT))

    def shown(self, row: int, column: int, shown: Shown, places: int, **style: Any) -> None:
        """A number is a number, a day is a day; preliminary ones carry a star that is not text."""
        star = '"*"' if shown.is_provisional else ""
        if shown.value is not None:
            style["num_format"] = number_format(places) + star
            self.sheet.write_number(row, column, float(shown.value), self.book.style(**style))
        elif shown.day is not None:
            style |= {"num_format": "dd/mm/yyyy" + star, "align": "right"}
            self.sheet.write_datetime(row, column, shown.day, self.book.style(**style))
        elif shown.word:
            word = shown.word + ("*" if shown.is_provisional else "")
            self.text(row, column, word, align="right", **style)

    def formula(
        self,
        row: int,
        column: int,
        text: str,
        value: Decimal | str | None,
        places: int = 2,
        *,
        is_provisional: bool = False,
        **style: Any,
    ) -> None:
        """With the value that it has now, for viewers that do not reckon."""
        style["num_format"] = number_format(places) + ('"*"' if is_provisional else "")
        now = float(value) if isinstance(value, Decimal) else value or ""
        self.sheet.write_formula(row, column, f"={text}", self.book.style(**style), now)

    def cell(self, row: int, key: str, *, money: bool = False) -> str:
        return str(xl_rowcol_to_cell(row, self.at[key] + money))

    # --- below the table ---

    def paragraph(self, row: int, text: str, *, bold: bool = False) -> int:
        """A line over the whole width; merged cells do not grow by themselves."""
        style: dict[str, Any] = {"bold": bold, "border": 1}
        if text.startswith(FORMULA_SIGNS):
            style["quote_prefix"] = True
        self.span(row, 0, row, self.last, text, self.book.style(**style))
        lines = sum(max(1, math.ceil(len(part) / 230)) for part in text.split("\n"))
        self.sheet.set_row(row, 13 * lines + 3)
        return row + 1


def _runs(columns: Sequence[Column]) -> list[tuple[str, list[Column]]]:
    """Neighbours under one head; a column without a part below has its head for itself."""
    found: list[tuple[str, list[Column]]] = []
    for column in columns:
        if column.sub and found and found[-1][0] == column.head and found[-1][1][-1].sub:
            found[-1][1].append(column)
        else:
            found.append((column.head, [column]))
    return found


def number_format(places: int) -> str:
    return "#,##0" + (f".{'0' * places}" if places else "")


# --- formulas; text and empty cells count as nothing ---


def total(cells: Iterable[str], rest: Decimal = Decimal(0)) -> str:
    """The sum, empty without any number; `rest` is what stands in no cell of the sheet."""
    every = list(cells)
    chunks = [
        ",".join(every[start : start + MOST_ARGUMENTS])
        for start in range(0, len(every), MOST_ARGUMENTS)
    ]
    count = "+".join(f"COUNT({chunk})" for chunk in chunks)
    summed = "+".join(f"SUM({chunk})" for chunk in chunks)
    if rest:
        return f"{summed}{rest:+f}"
    return f'IF({count}=0,"",{summed})'


def complete_total(cells: Sequence[str]) -> str:
    """The sum of all, empty when one is missing."""
    joined = ",".join(cells)
    return f'IF(COUNT({joined})<{len(cells)},"",SUM({joined}))'


def mean(cells: str) -> str:
    return f'IF(COUNT({cells})=0,"",AVERAGE({cells}))'


def latest(cells: Sequence[str]) -> str:
    """The last one that holds a number."""
    text = '""'
    for cell in cells:
        text = f"IF(ISNUMBER({cell}),{cell},{text})"
    return text


def share(part: str, whole: str) -> str:
    """Spending of a ceiling in percent; no ceiling, no percentage."""
    return f'IF(COUNT({part},{whole})<2,"",IF({whole}>0,{part}*100/{whole},""))'


def reached(direction: Direction, target: str, figure: str, cap: Decimal | None) -> str:
    """`achievement.achieve` for one value with a target that is not negative."""
    if direction is Direction.HIGHER:
        percent, at_zero = f"{figure}*100/{target}", f"IF({figure}<0,0,100)"
    else:
        percent, at_zero = f"(2*{target}-{figure})*100/{target}", f"IF({figure}>0,0,100)"
    limited = f"MAX(0,{percent})"
    if cap is not None:
        limited = f"MIN({cap.normalize():f},{limited})"
    found = f'IF({target}>0,{limited},IF({target}<0,"",{at_zero}))'
    return f'IF(COUNT({target},{figure})<2,"",{found})'


def predicate(cell: str, bands: Bands) -> str:
    """The band's name; rounded far behind the comma, because a spreadsheet reckons in binary."""
    text = f'"{bands.bands[-1].name.text_id}"'
    for band in reversed(bands.bands[:-1]):
        text = f'IF(ROUND({cell},9)>{band.above},"{band.name.text_id}",{text})'
    return f'IF(ISNUMBER({cell}),{text},"")'
