"""Tables of indicators for tests, as planners keep them."""

from datetime import date
from typing import Any

from assessments.excel.grid import open_book
from assessments.plan_excel import keeping
from assessments.plan_excel.compared import Comparison
from assessments.plan_excel.comparing import compare
from assessments.plan_excel.headings import Span
from assessments.plan_excel.reading import LIMITS, Reading, Row, read_book
from assessments.plan_excel.standing import Standing
from assessments.target_rules import Edition, TargetRules
from assessments.tests.excel_books import Formula, book

__all__ = ["Formula", "book", "compared", "draft", "read", "read_rows", "table"]

SPAN = Span(2025, 2029)
TODAY = date(2026, 7, 10)
YEARS = ["Target 2025", "Target 2026", "Target 2027", "Target 2028", "Target 2029"]
HEADER: list[Any] = [
    "Kode", "Tingkat", "Uraian", "Indikator", "Satuan", "Kondisi Awal 2024", *YEARS,
    "Perangkat Daerah",
]  # fmt: skip
TREE: list[list[Any]] = [
    ["1", "Misi", "Pemerintahan yang bersih"],
    ["1.1", "Tujuan", "Tata kelola yang baik"],
    ["1.1.1", "Sasaran", "Layanan yang dipercaya"],
]


def table(*rows: list[Any], header: list[Any] | None = None, tree: bool = True) -> bytes:
    """The columns of HEADER; rows hang under the objective 1.1.1."""
    return book(("RPJMD", [header or HEADER, *(TREE if tree else []), *rows]))


def line(
    name: Any, *values: Any, measure: Any = "%", base: Any = None, unit: Any = None
) -> list[Any]:
    targets = [*values, *[None] * (5 - len(values))]
    return [None, None, None, name, measure, base, *targets, unit]


def read(data: bytes, sheet: str = "", span: Span = SPAN) -> Reading:
    return read_book(open_book(data, LIMITS), span, today=TODAY, sheet=sheet)


def read_rows(*rows: list[Any], **options: Any) -> list[Row]:
    """Of the indicators only."""
    return [row for row in read(table(*rows, **options)).rows if row.name]


def draft(**values: Any) -> Standing:
    """An empty plan of 2025–2029 that is being written."""
    content: dict[str, Any] = {
        "nodes": (),
        "indicators": (),
        "units": (),
        "rules": TargetRules(range(2025, 2030), (Edition(0, 2025, True),)),
        "is_in_force": False,
        "today": TODAY,
        **values,
    }
    return Standing(**content)


def compared(data: bytes, standing: Standing | None = None, sheet: str = "") -> Comparison:
    standing = standing or draft()
    book_read = open_book(data, LIMITS)
    reading = read_book(book_read, SPAN, today=TODAY, sheet=sheet, known=standing.levels())
    # As it waits for its confirmation.
    return compare(keeping.from_json(keeping.to_json(reading)), standing)
