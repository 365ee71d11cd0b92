"""What people and programs do to a filled work-sheet, each keeping what it says."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assessments.tests.excel_books import changed_zip
from assessments.tests.spreadsheet import SOFFICE, convert

Ugly = Callable[[Workbook], None]
ANSWER, NOTE, LINK = 5, 8, 9
FIRST = 7


def uglified(data: bytes, *changes: Ugly) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for change in changes:
        change(book)
    for sheet in book.worksheets:
        _move_links(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _move_links(sheet: Worksheet) -> None:
    """openpyxl leaves them where they were."""
    cells = [cell for line in sheet.iter_rows(max_row=400) for cell in line if cell.hyperlink]
    sheet._hyperlinks = [cell.hyperlink for cell in cells]
    for cell in cells:
        cell.hyperlink.ref = cell.coordinate


def _texts(book: Workbook, wrap: Callable[[str], str]) -> None:
    for line in book.worksheets[0].iter_rows():
        for cell in line:
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                cell.value = wrap(cell.value)


def spaces(book: Workbook) -> None:
    _texts(book, lambda text: f"  {text} \t")


def hard_spaces(book: Workbook) -> None:
    """As they come out of Word and of web pages."""
    _texts(book, lambda text: "\xa0" + text.replace(" ", "\xa0") + "\xa0\xa0")


def unseen_marks(book: Workbook) -> None:
    _texts(book, lambda text: f"\ufeff{text}\u200b")


def titles_above(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.insert_rows(1, 4)
    sheet["A1"] = "PEMERINTAH KOTA CONTOH"
    sheet.merge_cells("A1:I1")
    sheet["A2"] = "Penilaian mandiri tahun ini"
    sheet.merge_cells("A2:I3")


def merged_rows(book: Workbook) -> None:
    """Every question merged over two rows, in every column."""
    sheet = book.worksheets[0]
    values = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=FIRST)]
    sheet.delete_rows(FIRST, sheet.max_row)
    for place, line in enumerate(values):
        top = FIRST + 2 * place
        for column, value in enumerate(line, start=1):
            is_formula = isinstance(value, str) and value.startswith("=")
            sheet.cell(top, column).value = None if is_formula else value
            letter = get_column_letter(column)
            sheet.merge_cells(f"{letter}{top}:{letter}{top + 1}")


def merged_columns(book: Workbook) -> None:
    """Label, note and link over two columns each, the answer together with Nilai."""
    sheet = book.worksheets[0]
    for column in (10, 9, 2):
        sheet.insert_cols(column)
    for number in range(FIRST - 1, sheet.max_row + 1):
        if number >= FIRST:
            sheet.cell(number, 7).value = None
            sheet.merge_cells(f"F{number}:G{number}")
        for pair in ("A{0}:B{0}", "I{0}:J{0}", "K{0}:L{0}"):
            sheet.merge_cells(pair.format(number))


def hidden(book: Workbook) -> None:
    sheet = book.worksheets[0]
    for letter in "BCFG":
        sheet.column_dimensions[letter].hidden = True
    for number in range(20, 60):
        sheet.row_dimensions[number].hidden = True


def filtered(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.auto_filter.ref = f"A6:I{sheet.max_row}"
    sheet.auto_filter.add_filter_column(4, ["Ya", "A"])
    for line in sheet.iter_rows(min_row=FIRST):
        if line[4].value not in ("Ya", "A"):
            sheet.row_dimensions[line[0].row].hidden = True


def notes_before(book: Workbook) -> None:
    sheet = book.create_sheet("Catatan rapat", 0)
    sheet.append(["Penilaian", "Jawaban", "Catatan"])
    sheet.append(["Bu Ani mengisi bagian A", None, "sampai Jumat"])
    sheet.append(["Contoh pengisian", "Ya", None])


def an_old_one_hidden_before(book: Workbook) -> None:
    old = book.create_sheet("LKE lama", 0)
    for line in book.worksheets[1].iter_rows(values_only=True):
        old.append(["Tidak" if value == "Ya" else value for value in line])
    old.sheet_state = "hidden"


def percent_formats(book: Workbook) -> None:
    """Answers of options as their value, shown as 100 %, 67 %, 33 %, 0 %."""
    worth = {"Ya": 1, "Tidak": 0, "A": 1}
    for line in book.worksheets[0].iter_rows(min_row=FIRST):
        if line[4].value in worth:
            line[4].value, line[4].number_format = worth[line[4].value], "0%"


def as_numbers_with_comma(book: Workbook) -> None:
    for line in book.worksheets[0].iter_rows(min_row=FIRST):
        if isinstance(line[4].value, float):
            line[4].value = str(line[4].value).replace(".", ",")


def errors_in_figures(book: Workbook) -> None:
    for line in book.worksheets[0].iter_rows(min_row=FIRST):
        for place in (1, 5, 6):
            line[place].value, line[place].data_type = "#REF!", "e"


def printed_headings(book: Workbook) -> None:
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[6]]
    for number in (150, 90, 40):
        sheet.insert_rows(number)
        _fill(sheet, number, head)
    sheet.insert_rows(7)
    _fill(sheet, 7, list(range(1, 10)))


def _fill(sheet: Worksheet, number: int, values: list[Any]) -> None:
    for column, value in enumerate(values, start=1):
        sheet.cell(number, column).value = value


def colours_to_the_end(book: Workbook) -> None:
    """Formatted to the last row that there is."""
    sheet = book.worksheets[0]
    sheet.cell(1_048_576, 1).number_format = "@"
    sheet.cell(30_000, 5).value = " "


CHANGES: list[Ugly] = [
    spaces,
    hard_spaces,
    unseen_marks,
    titles_above,
    merged_rows,
    merged_columns,
    hidden,
    filtered,
    notes_before,
    an_old_one_hidden_before,
    percent_formats,
    as_numbers_with_comma,
    errors_in_figures,
    printed_headings,
    colours_to_the_end,
]


def by_libreoffice(data: bytes, folder: Path) -> bytes:
    """Opened there and saved again."""
    return convert(data, folder)


def with_wrong_dimension(data: bytes) -> bytes:
    """As programs write it that never look back."""
    part = "xl/worksheets/sheet1.xml"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part)
    start, end = xml.index(b"<dimension"), xml.index(b"/>", xml.index(b"<dimension")) + 2
    return changed_zip(data, {part: xml[:start] + b'<dimension ref="A1:XFD1048576"/>' + xml[end:]})


HAS_LIBREOFFICE = bool(SOFFICE)
