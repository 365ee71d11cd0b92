"""An exported work-sheet: its formulas reckon what the portal reckons, and it shows numbers at once."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from assessments.excel import writing
from assessments.excel.layout import COLUMNS, Filled, RowKind, rows_of
from assessments.excel.plan import scored
from assessments.scoring import Ratio, ZeroRule
from assessments.tests.excel_books import answers, instrument
from assessments.tests.spreadsheet import Values, kept, ways

NOW = datetime(2026, 4, 10, 3, tzinfo=UTC)
HEAD = writing.Head("Dinas Kesehatan", "Pemerintah Kota Contoh", 2026)
FIRST = writing.HEADER_ROW + 2
CENT = 0.005


def exported(filled: dict[str, Filled], title: str = "Unit") -> bytes:
    part = writing.Part(title, filled, scored(instrument(), filled))
    return writing.workbook(instrument(), HEAD, [part], now=NOW)


def places() -> dict[tuple[str, str], int]:
    """Excel's row of each node, question and count."""
    rows = enumerate(rows_of(instrument()), start=FIRST)
    return {(row.code, row.key): number for number, row in rows}


def assert_equal_to_the_scorer(values: Values, filled: dict[str, Filled]) -> None:
    sheet, cells = scored(instrument(), filled), values["Unit"]
    for (code, key), number in places().items():
        if key:
            continue
        shown = cells.get(f"F{number}")
        if code in sheet.values:
            assert shown == pytest.approx(float(sheet.values[code].share or 0), abs=1e-9), code
            continue
        node = sheet.nodes[code] if code else sheet.total
        assert shown == pytest.approx(float(node.value), abs=CENT / 1e6), code
        assert cells[f"B{number}"] == pytest.approx(float(node.weight)), code
        assert cells[f"G{number}"] == pytest.approx(float(node.percent) / 100, abs=1e-9), code


@pytest.fixture(scope="module", params=ways(), ids=lambda way: way.__name__)
def recalculated(request: Any) -> Callable[[bytes, Path], Values]:
    return request.param


def everything() -> dict[str, Filled]:
    """Every question answered, ratios in all their corners."""
    corners = ((8, 6), (0, 0), (5, 9), (0, 3), (7, 7), (3, 0), (10, 1), (4, 2))
    found: dict[str, Filled] = {}
    for place, (code, question) in enumerate(instrument().questions.items()):
        options = list(question.scale.options)
        if options:
            found[code] = Filled(option=options[place % len(options)])
        elif question.asked.ratio is None:
            found[code] = Filled(index=Decimal("3.61"))
        else:
            pair = corners[len(found) % len(corners)]
            counts = {c.key: str(pair[i % 2]) for i, c in enumerate(question.counts)}
            found[code] = Filled(counts=tuple(sorted(counts.items())))
    return found


class TestFormulas:
    @pytest.mark.parametrize("filled", [{}, everything()], ids=["empty", "full"])
    def test_recalculated_they_equal_the_scorer(
        self, filled: dict[str, Filled], recalculated: Any, tmp_path: Path
    ) -> None:
        assert_equal_to_the_scorer(recalculated(exported(filled), tmp_path), filled)

    @given(filled=answers())
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    def test_whatever_was_answered(self, filled: dict[str, Filled]) -> None:
        assert_equal_to_the_scorer(ways()[0](exported(filled), Path()), filled)

    def test_what_somebody_types_is_reckoned(self, recalculated: Any, tmp_path: Path) -> None:
        """Not the kept values: the answers are changed in the file, as in Excel."""
        book = load_workbook(io.BytesIO(exported({})))
        at = places()
        book["Unit"][f"E{at['A.I.1.i.a', '']}"] = "ya "
        book["Unit"][f"E{at['A.I.1.i.b', '']}"] = "b"
        book["Unit"][f"E{at['B.I.a.a', '']}"] = 3.6
        target = io.BytesIO()
        book.save(target)
        filled = {
            "A.I.1.i.a": Filled(option="Ya"),
            "A.I.1.i.b": Filled(option="B"),
            "B.I.a.a": Filled(index=Decimal("3.6")),
        }
        assert_equal_to_the_scorer(recalculated(target.getvalue(), tmp_path), filled)

    def test_every_total_is_a_formula(self) -> None:
        sheet = load_workbook(io.BytesIO(exported(everything())))["Unit"]
        for number, row in enumerate(rows_of(instrument()), start=FIRST):
            if row.kind is not RowKind.COUNT:
                assert sheet[f"F{number}"].data_type == "f"
            if row.kind in (RowKind.NODE, RowKind.TOTAL):
                assert sheet[f"G{number}"].data_type == "f"
                is_leaf = row.code in instrument().sub_aspects
                assert (sheet[f"B{number}"].data_type == "f") is not is_leaf

    def test_a_viewer_that_does_not_reckon_shows_the_numbers(self) -> None:
        filled = everything()
        assert_equal_to_the_scorer(kept(exported(filled)), filled)

    @pytest.mark.parametrize(("settled", "share"), [("", 0), ("Penuh", 1), ("Nol", 0)])
    def test_zero_over_zero_that_somebody_settles(self, settled: str, share: int) -> None:
        """No question of 90/2021 asks; an instrument may."""
        ratio = Ratio((("done", 1),), (("due", 1),), ZeroRule.ASK)
        writer = object.__new__(writing._SheetWriter)
        writer.at = {("Q", "done"): 1, ("Q", "due"): 2, ("Q", "_zero"): 3}
        cells = {"A1": f"={writer._zero('Q', ratio)}", "E4": settled}
        from assessments.tests.spreadsheet import Evaluator

        assert Evaluator({"S": cells}, "S").value("A1") == share


class TestLayout:
    def test_the_official_columns_and_a_row_for_every_node_question_and_count(self) -> None:
        sheet = load_workbook(io.BytesIO(exported({})))["Unit"]
        assert [cell.value for cell in sheet[FIRST - 1]] == list(COLUMNS)
        labels = [str(sheet[f"A{number}"].value) for number in places().values()]
        codes = [*instrument().tree.nodes, *instrument().questions]
        assert {label.split()[0] for label in labels} >= set(codes)
        assert sheet[f"D{places()['A.I.1.i.b', '']}"].value == "A/B/C"
        assert "A: " in str(sheet[f"C{places()['A.I.1.i.b', '']}"].value)
        assert sheet[f"D{places()['A.II.1.i.a', 'agents']}"].value == "Jumlah"

    def test_one_sheet_for_each_who_scored(self) -> None:
        parts = [
            writing.Part(title, {}, scored(instrument(), {})) for title in ("Unit", "TPI", "TPN")
        ]
        data = writing.workbook(instrument(), HEAD, parts, now=NOW)
        assert load_workbook(io.BytesIO(data)).sheetnames == ["Unit", "TPI", "TPN", "Skala"]

    def test_no_text_becomes_a_formula_or_a_link_to_a_program(self) -> None:
        text = '=HYPERLINK("http://jahat.example","klik")'
        filled = {"A.I.1.i.a": Filled(text=text, links=("javascript:alert(1)", "=1+1"))}
        sheet = load_workbook(io.BytesIO(exported(filled)))["Unit"]
        number = places()["A.I.1.i.a", ""]
        for column in "HI":
            assert sheet[f"{column}{number}"].data_type == "s"
            assert sheet[f"{column}{number}"].hyperlink is None
        assert sheet[f"H{number}"].value == text
