"""Ugly files: whatever is done to a filled sheet without changing what it says, the same is read."""

import io
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl import Workbook

from assessments.excel.layout import Filled
from assessments.excel.reading import Reading
from assessments.tests.excel_books import HEADER, Formula, answers, book, row
from assessments.tests.excel_readings import options, read, read_rows
from assessments.tests.excel_uglifiers import (
    CHANGES,
    Ugly,
    by_libreoffice,
    colours_to_the_end,
    merged_columns,
    merged_rows,
    notes_before,
    percent_formats,
    printed_headings,
    titles_above,
    uglified,
    with_wrong_dimension,
)
from assessments.tests.spreadsheet import SOFFICE
from assessments.tests.test_excel_export import everything, exported

# Those that move rows or columns, of which one is enough in a file.
MOVES = {merged_rows, merged_columns, printed_headings, titles_above}
# Values stand in place of letters before spaces stand around them; a sheet is long at last.
ORDER = {percent_formats: 0, colours_to_the_end: 2}
LINK = "https://contoh.go.id/berkas/sk.pdf"


def full() -> dict[str, Filled]:
    """Every question, some with a note, some with a link."""
    found = dict(everything())
    for place, (code, filled) in enumerate(everything().items()):
        note = "lihat SK 12/2026" if place % 3 == 0 else ""
        links = (f"{LINK}?no={place}",) if place % 5 == 0 else ()
        found[code] = replace(filled, text=note, links=links)
    return found


def filled_of(reading: Reading) -> dict[str, Filled]:
    return {code: entry.filled for code, entry in reading.entries.items()}


class TestSameWords:
    @pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
    def test_one_ugliness(self, change: Ugly) -> None:
        reading = read(uglified(exported(full()), change))
        assert reading.sheet == "Unit"
        assert reading.faults == ()
        assert filled_of(reading) == full()

    @given(
        filled=answers(),
        changes=st.lists(st.sampled_from(CHANGES), min_size=2, max_size=4, unique=True).filter(
            lambda found: len(MOVES & set(found)) <= 1
        ),
    )
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    def test_several_at_once(self, filled: dict[str, Filled], changes: list[Ugly]) -> None:
        ordered = sorted(changes, key=lambda change: (ORDER.get(change, 1), change.__name__))
        reading = read(uglified(exported(filled), *ordered))
        assert reading.faults == ()
        for code, answer in filled.items():
            assert reading.entries[code].filled == answer, code

    def test_a_dimension_that_is_the_whole_sheet(self) -> None:
        assert filled_of(read(with_wrong_dimension(exported(full())))) == full()

    @pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not there")
    def test_saved_by_libreoffice(self, tmp_path: Path) -> None:
        data = uglified(exported(full()), notes_before, titles_above)
        reading = read(by_libreoffice(data, tmp_path))
        assert reading.faults == ()
        assert filled_of(reading) == full()


class TestCells:
    """What cannot be read is said, and only its own question stays out."""

    @pytest.mark.parametrize(
        ("code", "answer"),
        [
            ("A.I.1.i.b", "#REF!"),
            ("A.I.1.i.b", date(2026, 1, 2)),
            ("A.I.1.i.b", time(10, 30)),
            ("A.I.1.i.b", Formula('=UPPER("b")', "")),
            ("B.I.a.a", "#DIV/0!"),
            ("B.I.a.a", "90%"),
        ],
    )
    def test_an_answer_that_nobody_can_read(self, code: str, answer: Any) -> None:
        reading = read(typed({"A5": code, "E5": answer, "A6": "A.I.1.ii.a", "E6": "Ya"}))
        assert [(fault.place, fault.code) for fault in reading.faults] == [("E5", code)]
        assert list(reading.entries) == ["A.I.1.ii.a"]

    @pytest.mark.parametrize(("code", "below"), [("B.I.a.a", False), ("A.II.1.i.a", True)])
    def test_a_number_that_excel_shows_as_a_percentage(self, code: str, below: bool) -> None:
        """3,6 of 4 is 90 %; 100 typed into such a cell is kept as 1."""
        cell = "E6" if below else "E5"
        cells: dict[str, Any] = {"A5": code, cell: 0.9, "A9": "A.I.1.i.a", "E9": "Ya"}
        if below:
            cells |= {"A6": "Jumlah agen perubahan", cell: 1}
        reading = read(typed(cells, percent=cell))
        assert [(fault.place, fault.code) for fault in reading.faults] == [(cell, code)]
        assert "%" in reading.faults[0].found

    def test_a_date_among_notes_and_evidence_is_words(self) -> None:
        day = date(2026, 1, 5)
        reading = read(typed({"A5": "A.I.1.i.a", "E5": "Ya", "H5": day, "I5": day}))
        entry = reading.entries["A.I.1.i.a"]
        assert entry.filled == Filled(option="Ya", text="5 Januari 2026")
        assert entry.loose == ("5 Januari 2026",)

    @pytest.mark.parametrize("found", ["#REF!", Formula('="lihat "&K5', "")])
    def test_a_note_or_evidence_that_is_an_error_is_no_text(self, found: Any) -> None:
        cells: list[Any] = [*row("A.I.1.i.a", "Ya")[:7], found, found]
        entry = read_rows(cells).entries["A.I.1.i.a"]
        assert entry.filled == Filled(option="Ya")
        assert len(entry.remarks) == 2

    def test_the_choices_of_an_empty_form_are_no_answer(self) -> None:
        reading = read_rows(
            row("A.I.1.i.a", "Ya/Tidak"), row("A.I.1.i.b", "A/B/C"), row("A.I.1.ii.a", "Ya")
        )
        assert reading.faults == ()
        assert {code for code, option in options(reading).items() if option} == {"A.I.1.ii.a"}


class TestMerged:
    def test_one_answer_over_two_questions_is_asked_about(self) -> None:
        rows = [HEADER, row("A.I.1.i.a", "Ya"), row("A.I.1.i.b")]
        reading = read(book(("LKE", rows), merge=("E2:E3",)))
        assert options(reading) == {"A.I.1.i.a": "Ya"}
        (fault,) = reading.faults
        assert (fault.place, fault.code, fault.found) == ("E3", "A.I.1.i.b", "Ya")
        assert "E2" in fault.remedy

    def test_one_note_over_two_questions_stands_at_both(self) -> None:
        rows = [HEADER, row("A.I.1.i.a", "Ya", "SK 12", LINK), row("A.I.1.i.b", "A")]
        reading = read(book(("LKE", rows), merge=("H2:H3", "I2:I3")))
        assert [each.filled.text for each in reading.entries.values()] == ["SK 12"] * 2
        assert [each.filled.links for each in reading.entries.values()] == [(LINK,)] * 2

    def test_an_answer_in_the_merged_cell_of_its_choices(self) -> None:
        first: list[Any] = ["A.I.1.i.a", None, None, "Ya"]
        empty: list[Any] = ["A.I.1.i.b", None, None, "A/B/C"]
        reading = read(book(("LKE", [HEADER, first, empty]), merge=("D2:E2", "D3:E3")))
        assert reading.faults == ()
        assert options(reading) == {"A.I.1.i.a": "Ya", "A.I.1.i.b": ""}

    def test_a_label_over_two_rows_and_the_answer_in_the_second(self) -> None:
        rows = [HEADER, row("A.I.1.i.a", None, "SK 12"), row("", "Ya")]
        reading = read(book(("LKE", rows), merge=("A2:A3",)))
        assert reading.entries["A.I.1.i.a"].filled == Filled(option="Ya", text="SK 12")

    def test_note_and_link_in_one_cell(self) -> None:
        rows = [HEADER, row("A.I.1.i.a", "Ya", f"SK 12 {LINK}")]
        entry = read(book(("LKE", rows), merge=("H2:I2",))).entries["A.I.1.i.a"]
        assert entry.filled.links == (LINK,)
        assert entry.filled.text == f"SK 12 {LINK}"


class TestWhichIsRead:
    """Where two could be meant, the one that people see and fill."""

    def test_a_hidden_sheet_only_when_there_is_no_other(self) -> None:
        def hide_first(made: Workbook) -> None:
            made.worksheets[0].sheet_state = "hidden"

        old, new = [HEADER, row("A.I.1.i.a", "Tidak")], [HEADER, row("A.I.1.i.a", "Ya")]
        two = uglified(book(("LKE lama", old), ("LKE", new)), hide_first)
        assert options(read(two)) == {"A.I.1.i.a": "Ya"}
        assert options(read(two, "LKE lama")) == {"A.I.1.i.a": "Tidak"}

    def test_not_the_notes_before_it(self) -> None:
        notes = [["Penilaian", "Jawaban"], ["Contoh pengisian", "Ya"], ["A.I.1.i.a", None]]
        sheets = (("Petunjuk", notes), ("LKE", [HEADER, row("A.I.1.i.a", "Tidak")]))
        reading = read(book(*sheets))
        assert (reading.sheet, reading.others) == ("LKE", ("Petunjuk",))

    def test_not_the_hidden_column_of_last_year(self) -> None:
        def hide(made: Workbook) -> None:
            made.worksheets[0].column_dimensions["B"].hidden = True

        rows: list[list[Any]] = [["Penilaian", "Jawaban", "Jawaban"], ["A.I.1.i.a", "Tidak", "Ya"]]
        assert options(read(uglified(book(("LKE", rows)), hide))) == {"A.I.1.i.a": "Ya"}
        assert options(read(book(("LKE", rows)))) == {"A.I.1.i.a": "Tidak"}


def typed(cells: dict[str, Any], *, percent: str = "") -> bytes:
    """Cells as openpyxl writes them: dates as dates, formulas without a value."""
    made = Workbook()
    sheet = made.worksheets[0]
    for column, text in enumerate(HEADER, start=1):
        sheet.cell(4, column).value = text
    for place, value in cells.items():
        sheet[place] = value.text if isinstance(value, Formula) else value
    if percent:
        sheet[percent].number_format = "0%"
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_an_index_is_the_number_itself() -> None:
    reading = read(typed({"A5": "B.I.a.a", "E5": 3.6}))
    assert reading.entries["B.I.a.a"].filled.index == Decimal("3.6")
