"""What stands in the cells: options in any hand, indices, counts, formulas."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from assessments.excel.plan import differences
from assessments.tests.excel_books import HEADER, Formula, book, changed_zip, instrument, row
from assessments.tests.excel_readings import options, read, read_rows


class TestAnswers:
    @pytest.mark.parametrize(
        ("code", "answer", "option"),
        [
            ("A.I.1.i.a", "Ya", "Ya"),
            ("A.I.1.i.a", "YA", "Ya"),
            ("A.I.1.i.a", " ya ", "Ya"),
            ("A.I.1.i.a", "tdk", "Tidak"),
            ("A.I.1.i.a", True, "Ya"),
            ("A.I.1.i.a", 0, "Tidak"),
            ("A.I.1.i.b", "A.", "A"),
            ("A.I.1.i.b", "a", "A"),
            ("A.I.1.i.b", "b. Sebagian anggota", "B"),
            ("A.I.1.i.b", "(C)", "C"),
            ("A.I.1.i.b", "Ｂ", "B"),
            ("A.I.1.iii.a", "0,67", "B"),
            ("A.I.1.iii.a", "0.67", "B"),
            ("A.I.1.iii.a", 0.67, "B"),
            ("A.I.1.iii.a", 0.6667, "B"),
            ("A.I.1.iii.a", "33%", "C"),
            ("A.I.1.iii.a", 1.0, "A"),
        ],
    )
    def test_an_option_in_any_hand(self, code: str, answer: Any, option: str) -> None:
        reading = read_rows(row(code, answer))
        assert reading.faults == ()
        assert options(reading) == {code: option}

    @pytest.mark.parametrize(
        "answer", ["E", "Mungkin", "0,5", 2, "AB", "#REF!", "=A1", "Ada", "1" * 4000]
    )
    def test_what_is_no_option_is_shown_with_what_to_write(self, answer: Any) -> None:
        reading = read_rows(row("A.I.1.iii.a Rencana aksi", answer), row("A.I.1.i.a", "Ya"))
        assert list(reading.entries) == ["A.I.1.i.a"]
        (fault,) = reading.faults
        assert (fault.place, fault.code) == ("E2", "A.I.1.iii.a")
        assert fault.found
        assert len(fault.found) < 200
        assert fault.remedy

    @pytest.mark.parametrize("answer", ["3,6", "3.6", 3.6, "3,60", 3.5999999999999996])
    def test_an_index_with_comma_or_dot(self, answer: Any) -> None:
        reading = read_rows(row("B.I.a.a IPAK", answer))
        assert reading.entries["B.I.a.a"].filled.index == Decimal("3.6")

    @pytest.mark.parametrize("answer", ["90", "-1", "baik", 4.01, "3,6,1"])
    def test_an_index_beyond_its_scale(self, answer: Any) -> None:
        (fault,) = read_rows(row("B.I.a.a", answer), row("A.I.1.i.a", "Ya")).faults
        assert "0" in fault.remedy
        assert "4" in fault.remedy

    def test_counts_by_their_words_in_any_order(self) -> None:
        reading = read_rows(
            row("A.II.1.i.a Agen perubahan"),
            row("- Jumlah Perubahan nyata yang dibuat", "1.200"),
            row("- Jumlah Agen Perubahan", 12.0),
        )
        assert dict(reading.entries["A.II.1.i.a"].filled.counts) == {
            "agents": "12",
            "changes": "1200",
        }
        assert reading.entries["A.II.1.i.a"].remarks == ()

    def test_a_sum_among_the_counts_and_what_must_be_is_never_what_was_done(self) -> None:
        """As units have them: a row that adds up, and the counts below it in other words."""
        reading = read_rows(
            row("A.II.5.iii Penyampaian laporan harta kekayaan"),
            row("a. LHKPN"),
            row("- Jumlah yang harus melaporkan", 10),
            row("  Kepala satuan kerja", 1),
            row("  Pejabat yang diwajibkan menyampaikan LHKPN", 5),
            row("  Lainnya", 4),
            row("- Jumlah yang telah melaporkan LHKPN", 9),
            row("b. Selain LHKPN"),
            row("- Jumlah yang harus melaporkan (tidak wajib LHKPN)", 30),
            row("  Pejabat Eselon III", 5),
            row("  Pejabat Eselon IV", 6),
            row("  Fungsional dan Pelaksana", 19),
            row("- Jumlah yang sudah melaporkan", 28),
            row("6. Peningkatan Kualitas Pelayanan Publik"),
        )
        assert reading.faults == ()
        assert dict(reading.entries["A.II.5.iii.a"].filled.counts) == {
            "heads": "1",
            "officials": "5",
            "others": "4",
            "reported": "9",
        }
        assert dict(reading.entries["A.II.5.iii.b"].filled.counts) == {
            "echelon3": "5",
            "echelon4": "6",
            "staff": "19",
            "reported": "28",
        }

    def test_who_must_report_is_not_who_has_reported(self) -> None:
        reading = read_rows(
            row("A.II.5.iii.a LHKPN"),
            row("Jumlah yang harus menyampaikan laporan LHKPN semua", 10),
            row("Jumlah yang sudah menyampaikan LHKPN"),
            row("A.I.1.i.a", "Ya"),
        )
        counts = reading.entries.get("A.II.5.iii.a")
        assert counts is None or "reported" not in dict(counts.filled.counts)

    def test_counts_by_their_order_are_said(self) -> None:
        reading = read_rows(
            row("A.II.1.i.a"), row("pembagi", 4), row("yang dibagi", 3), row("A.II.1.i.b")
        )
        assert dict(reading.entries["A.II.1.i.a"].filled.counts) == {"agents": "4", "changes": "3"}
        assert reading.entries["A.II.1.i.a"].remarks

    def test_a_row_that_is_no_count_costs_the_question_nothing(self) -> None:
        reading = read_rows(
            row("A.II.1.i.a"),
            row("Jumlah agen perubahan", 4),
            row("Jumlah perubahan nyata yang dihasilkan", 3),
            row("Pertanyaan tanpa nomor", "A"),
        )
        assert reading.entries["A.II.1.i.a"].filled.is_answered
        assert [(fault.place, fault.code) for fault in reading.faults] == [("E5", "")]

    @pytest.mark.parametrize("answer", ["lima", "1,5", -3, "12 orang", 2_000_000])
    def test_a_count_is_a_whole_number(self, answer: Any) -> None:
        reading = read_rows(row("A.II.1.i.a"), row("Jumlah agen perubahan", answer))
        assert [(f.place, f.code) for f in reading.faults] == [("E3", "A.II.1.i.a")]

    def test_a_percentage_without_its_counts(self) -> None:
        reading = read_rows(row("A.II.1.i.a", "80%"), row("A.I.1.i.a", "Ya"))
        assert [fault.place for fault in reading.faults] == ["E2"]

    def test_formulas_count_with_their_kept_value(self) -> None:
        kept = read_rows(row("A.I.1.i.b", Formula('=UPPER("b")', "B")))
        assert options(kept) == {"A.I.1.i.b": "B"}

    def test_a_formula_that_nobody_has_calculated_is_not_empty(self) -> None:
        data = book(("LKE", [HEADER, row("A.I.1.i.b", Formula('=UPPER("b")', "B"))]))
        data = changed_zip(
            data,
            {
                "xl/worksheets/sheet1.xml": zipfile.ZipFile(io.BytesIO(data))
                .read("xl/worksheets/sheet1.xml")
                .replace(b"<v>B</v>", b"")
            },
        )
        (fault,) = read(data).faults
        assert (fault.place, fault.found) == ("E2", '=UPPER("b")')

    def test_figures_of_the_file_that_are_not_ours(self) -> None:
        rows = [["A.I.1.i Tim", 0.75, None, None, None, 0.6], row("A.I.1.i.a", "Ya")]
        found = differences(read_rows(*rows), instrument())
        assert {(d.code, d.what, d.in_file) for d in found} == {
            ("A.I.1.i", "weight", Decimal("0.75")),
            ("A.I.1.i", "score", Decimal("0.6")),
        }
