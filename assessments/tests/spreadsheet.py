"""Two ways to recalculate an exported work-sheet: a small evaluator of the functions it uses, and
LibreOffice where the machine has it. Both start from formulas without any kept value."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

SOFFICE = shutil.which("soffice")
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
Values = dict[str, dict[str, Any]]


def without_values(data: bytes) -> bytes:
    """The same workbook, as if nobody had ever calculated it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as result:
        for member in source.infolist():
            content = source.read(member)
            if member.filename.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            result.writestr(member, content)
    return target.getvalue()


def kept(data: bytes) -> Values:
    """What a viewer shows that does not calculate."""
    book = load_workbook(io.BytesIO(data), data_only=True)
    return {sheet.title: _cells(sheet) for sheet in book.worksheets}


def by_libreoffice(data: bytes, folder: Path) -> Values:
    return kept(convert(without_values(data), folder))


def convert(data: bytes, folder: Path) -> bytes:
    """Opened in LibreOffice, recalculated and saved again."""
    settings = folder / "user" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    source = folder / "sheet.xlsx"
    source.write_bytes(data)
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation=file://{folder / 'user'}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / "out" / "sheet.xlsx").read_bytes()


def by_evaluator(data: bytes, _folder: Path) -> Values:
    book = load_workbook(io.BytesIO(without_values(data)))
    typed = {sheet.title: _cells(sheet) for sheet in book.worksheets}
    return {
        title: {place: evaluator.value(place) for place in cells}
        for title, cells in typed.items()
        for evaluator in [Evaluator(typed, title)]
    }


def ways() -> list[Callable[[bytes, Path], Values]]:
    """LibreOffice only where there is one: then it is one more test, otherwise there is none."""
    return [by_evaluator, *([by_libreoffice] if SOFFICE else [])]


def _cells(sheet: Any) -> dict[str, Any]:
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


class Evaluator:
    """Formulas over cells: + - * / comparisons, texts, ranges and the functions below. Anything
    else is a KeyError or SyntaxError, so that a test notices a formula that it cannot judge."""

    PARTS = re.compile(
        r"""\s*(?:(?P<text>"[^"]*")|(?P<range>(?:\w+!)?\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)"""
        r"""|(?P<name>[A-Z]+)\(|(?P<number>\d+(?:\.\d+)?)|(?P<word>TRUE|FALSE)"""
        r"""|(?P<sign><=|>=|<>|[-+*/=<>(),]))"""
    )

    def __init__(self, cells: Values, sheet: str) -> None:
        self.cells, self.sheet = cells, sheet
        self.known: dict[str, Any] = {}
        self.tokens: list[Any] = []

    def value(self, place: str) -> Any:
        content = self.cells[self.sheet].get(place)
        if not isinstance(content, str) or not content.startswith("="):
            return content
        if place not in self.known:
            self.known[place] = self.worked_out(content)
        return self.known[place]

    def worked_out(self, content: str) -> Any:
        outer = self.tokens
        self.tokens = [
            (match.lastgroup, match[match.lastgroup or 0])
            for match in self.PARTS.finditer(content[1:])
        ]
        result = self.comparison()
        if self.tokens:
            raise SyntaxError(content)
        self.tokens = outer
        return result

    def take(self, *signs: str) -> str:
        if self.tokens and self.tokens[0][0] == "sign" and self.tokens[0][1] in signs:
            return self.tokens.pop(0)[1]
        return ""

    def comparison(self) -> Any:
        left = self.sum()
        sign = self.take("=", "<", ">", "<=", ">=", "<>")
        if not sign:
            return left
        right = self.sum()
        if isinstance(right, float):
            left = number(left)
        return {
            "=": lambda: (left or "") == right if right == "" else left == right,
            "<": lambda: left < right,
            ">": lambda: left > right,
        }[sign]()

    def sum(self) -> Any:
        result = -number(self.product()) if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            other = number(self.product())
            result = number(result) + (other if sign == "+" else -other)
        return result

    def product(self) -> Any:
        result = self.single()
        while sign := self.take("*", "/"):
            other = number(self.single())
            if sign == "*":
                result = number(result) * other
            else:
                # Both branches of an IF are worked out here, as a real sheet does not.
                result = number(result) / other if other else None
        return result

    def single(self) -> Any:
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return float(text)
        if kind == "word":
            return text == "TRUE"
        if kind == "range":
            return self.range(text)
        if kind == "name":
            return FUNCTIONS[text](*self.arguments())
        if text == "(":
            inner = self.comparison()
            if not self.take(")"):
                raise SyntaxError(text)
            return inner
        raise SyntaxError(text)

    def arguments(self) -> list[Any]:
        found = [self.comparison()]
        while self.take(","):
            found.append(self.comparison())
        if not self.take(")"):
            raise SyntaxError(str(found))
        return found

    def range(self, text: str) -> Any:
        sheet, _mark, place = text.replace("$", "").rpartition("!")
        there = Evaluator(self.cells, sheet) if sheet else self
        if ":" not in place:
            return there.value(place)
        left, top, right, bottom = range_boundaries(place)
        return [
            [there.value(f"{get_column_letter(column)}{row}") for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]


def number(value: Any) -> Any:
    return 0 if value in (None, "") else value


def vlookup(wanted: Any, rows: list[list[Any]], column: float, _near: bool) -> Any:
    for row in rows:
        if str(row[0]).casefold() == str(wanted).casefold():
            return row[int(column) - 1]
    return "#N/A"


def numbers(values: tuple[Any, ...]) -> list[float]:
    """Of single cells and of ranges, which are lists of rows."""
    rows = [row for v in values for row in (v if isinstance(v, list) else [[v]])]
    flat = [cell for row in rows for cell in row]
    return [v for v in flat if isinstance(v, int | float) and not isinstance(v, bool)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "IF": lambda condition, yes, no: yes if condition else no,
    "AND": lambda *values: all(values),
    "SUM": lambda *values: sum(numbers(values)),
    "COUNT": lambda *values: len(numbers(values)),
    "AVERAGE": lambda *values: sum(numbers(values)) / (len(numbers(values)) or 1),
    "ROUND": lambda value, places: round(number(value), int(places)),
    "MIN": lambda *values: min((v for v in values if v is not None), default=0),
    "MAX": lambda *values: max((v for v in values if v is not None), default=0),
    "TRIM": lambda value: "" if value is None else " ".join(str(value).split()),
    "ISNUMBER": lambda value: bool(numbers((value,))),
    "VLOOKUP": vlookup,
}
