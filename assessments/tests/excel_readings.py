"""Reading files in tests."""

from typing import Any

from assessments.enums import Assessor
from assessments.excel.grid import open_book
from assessments.excel.reading import Reading, read_book
from assessments.tests.excel_books import HEADER, book, instrument


def read(data: bytes, sheet: str = "", side: str = Assessor.UNIT) -> Reading:
    return read_book(open_book(data), instrument(), sheet=sheet, side=side)


def read_rows(*rows: list[Any], header: list[Any] | None = None, side: str = "unit") -> Reading:
    return read(book(("LKE", [header or HEADER, *rows])), side=side)


def options(reading: Reading) -> dict[str, str]:
    return {code: entry.filled.option for code, entry in reading.entries.items()}
