"""Filled sheets as units really send them: which row is which question, which column is which."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from assessments.enums import Assessor
from assessments.excel import keeping
from assessments.excel.grid import BookRefused, open_book
from assessments.excel.layout import Filled
from assessments.excel.plan import differences
from assessments.tests.excel_books import HEADER, answers, book, instrument, row
from assessments.tests.excel_readings import options, read, read_rows
from assessments.tests.test_excel_export import everything, exported


class TestRoundTrip:
    @given(filled=answers())
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    def test_what_was_exported_is_read_back(self, filled: dict[str, Filled]) -> None:
        reading = read(exported(filled))
        assert reading.faults == ()
        assert differences(reading, instrument()) == []
        for code in instrument().questions:
            assert reading.entries[code].filled == filled.get(code, Filled())

    def test_notes_and_links_come_back_and_a_preview_keeps_everything(self) -> None:
        filled = {
            "A.I.1.i.a": Filled(
                option="Ya", text="SK 12/2026\nlihat hal. 3", links=("https://contoh.go.id/sk",)
            ),
            "A.I.1.i.b": Filled(links=("https://a.go.id/1", "https://a.go.id/2")),
        }
        reading = read(exported(filled))
        assert reading.entries["A.I.1.i.a"].filled == filled["A.I.1.i.a"]
        assert reading.entries["A.I.1.i.b"].filled == filled["A.I.1.i.b"]
        assert keeping.from_json(keeping.to_json(reading)) == reading

    def test_it_knows_when_the_portal_wrote_it(self) -> None:
        found = open_book(exported({})).exported_at
        assert found is not None
        assert found.isoformat() == "2026-04-10T03:00:00+00:00"
        assert open_book(book(("LKE", [HEADER]))).exported_at is None


class TestNumbers:
    def test_full_numbers(self) -> None:
        reading = read_rows(
            row("A.I.1.i.a Tim kerja", "Ya"),
            row("a.i.1.I.B. Anggota", "B"),
            row("A.I.1.ii.b", "C"),
        )
        assert options(reading) == {"A.I.1.i.a": "Ya", "A.I.1.i.b": "B", "A.I.1.ii.b": "C"}

    def test_letters_below_their_nodes(self) -> None:
        reading = read_rows(
            row("A. PENGUNGKIT"),
            row("I. PEMENUHAN"),
            row("1. MANAJEMEN PERUBAHAN (4,00)"),
            row("i. Penyusunan Tim Kerja (0,50)"),
            row("a. Unit kerja telah membentuk tim", "YA"),
            row("b) Penentuan anggota tim", "a"),
            row("ii. Rencana Pembangunan Zona Integritas"),
            row("a. Terdapat dokumen rencana kerja", "ya "),
            row("II. REFORM"),
            row("1. Manajemen Perubahan"),
            row("ii. Komitmen Pimpinan"),
            row("a. Target capaian", "D"),
        )
        assert options(reading) == {
            "A.I.1.i.a": "Ya",
            "A.I.1.i.b": "A",
            "A.I.1.ii.a": "Ya",
            "A.II.1.ii.a": "D",
        }

    def test_numbers_spread_over_columns_and_merged_labels(self) -> None:
        """As in the ministry's own file: a column for each level, the heading merged above them."""
        head = ["PENILAIAN", None, None, None, None, None, "Bobot", "Pilihan Jawaban", "Jawaban"]
        rows = [
            ["LEMBAR KERJA EVALUASI ZONA INTEGRITAS"],
            [],
            head,
            ["A", "PENGUNGKIT", None, None, None, None, 60],
            [None, "I", "PEMENUHAN", None, None, None, 30],
            [None, None, "1", "Manajemen Perubahan", None, None, 4],
            [None, None, None, "i", "Penyusunan Tim Kerja", None, 0.5],
            [None, None, None, None, "a", "Apakah tim dibentuk?", None, "Ya/Tidak", "Ya"],
            [None, None, None, None, "b", "Apakah anggota dipilih?", None, "A/B/C", "C"],
        ]
        reading = read(book(("LKE", rows), merge=("A3:F3",)))
        assert options(reading) == {"A.I.1.i.a": "Ya", "A.I.1.i.b": "C"}
        assert [node.code for node in reading.nodes] == ["A", "A.I", "A.I.1", "A.I.1.i"]

    def test_missing_node_rows_by_title_and_by_order(self) -> None:
        part = [row(f"{letter}. Pertanyaan", "Ya" if letter == "a" else "A") for letter in "ab"]
        reading = read_rows(
            row("i. Penyusunan Tim Kerja"),
            *part,
            row("iii. Pemantauan dan evaluasi pembangunan WBK/WBBM"),
            row("a. Kegiatan", "B"),
        )
        assert options(reading) == {"A.I.1.i.a": "Ya", "A.I.1.i.b": "A", "A.I.1.iii.a": "B"}

    def test_a_missing_sub_aspect_is_guessed_only_when_nothing_is_left_out(self) -> None:
        reading = read_rows(
            row("A.I.1.i Penyusunan tim kerja"),
            row("a. satu", "Ya"),
            row("b. dua", "A"),
            row("a. tiga", "Ya"),
            row("b. empat", "C"),
        )
        assert options(reading)["A.I.1.ii.a"] == "Ya"
        assert options(reading)["A.I.1.ii.b"] == "C"
        assert reading.entries["A.I.1.ii.a"].remarks

    def test_a_letter_that_the_sub_aspect_does_not_have_is_an_error(self) -> None:
        reading = read_rows(
            row("A.I.1.i Penyusunan tim kerja"), row("a. satu", "Ya"), row("d. empat", "A")
        )
        assert list(reading.entries) == ["A.I.1.i.a"]
        assert [(f.place, f.code) for f in reading.faults] == [("E4", "")]
        assert "A.I.1.ii.b" in reading.faults[0].remedy

    def test_a_sub_aspect_with_one_question_may_be_answered_in_its_own_row(self) -> None:
        reading = read_rows(
            row("B. HASIL"),
            row("I. Birokrasi yang Bersih dan Akuntabel"),
            row("a. Nilai Survei Persepsi Korupsi (Survei Eksternal)", "3,61"),
            row("b. Capaian kinerja lebih baik daripada capaian kinerja sebelumnya", "b"),
        )
        assert reading.entries["B.I.a.a"].filled.index == Decimal("3.61")
        assert reading.entries["B.I.b.a"].filled.option == "B"

    def test_the_same_question_twice(self) -> None:
        reading = read_rows(row("A.I.1.i.a", "Ya"), row("A.I.1.i.a", "Tidak"), row("A.I.1.i.b"))
        assert options(reading)["A.I.1.i.a"] == "Ya"
        assert [(f.place, f.found) for f in reading.faults] == [("E3", "Tidak")]


class TestColumns:
    def test_shifted_and_in_another_order_with_more_heading_rows(self) -> None:
        rows = [
            [None, "Pemerintah Kota Contoh"],
            [None, "Penilaian mandiri 2026"],
            [None, None, "Jawaban", "Catatan/Keterangan/Penjelasan", "No", "PENILAIAN", "Bobot"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
            [None, None, "Ya", "lihat SK", "A.I.1.i.a", "Tim dibentuk"],
            [None, None, "Jawaban", "Catatan", "No", "Penilaian", "Bobot"],
            [None, None, "B", None, "A.I.1.i.b", "Anggota dipilih"],
        ]
        reading = read(book(("Lembar1", rows)))
        assert options(reading) == {"A.I.1.i.a": "Ya", "A.I.1.i.b": "B"}
        assert reading.entries["A.I.1.i.a"].filled.text == "lihat SK"

    def test_a_heading_over_two_rows(self) -> None:
        rows = [
            ["Penilaian", "Bobot", "Hasil penilaian", None, None, "Catatan"],
            [None, None, "Jawaban", "Nilai", "%"],
            ["A.I.1.i.a", None, "Tidak", 0, 0, "belum ada"],
        ]
        reading = read(book(("LKE", rows), merge=("C1:E1", "A1:A2")))
        assert options(reading) == {"A.I.1.i.a": "Tidak"}

    def test_a_doubled_column_is_said(self) -> None:
        reading = read(book(("LKE", [[*HEADER, "Jawaban TPI"], row("A.I.1.i.a", "Ya")])))
        assert "Jawaban TPI" in reading.remarks[0]

    def test_two_sheets_the_first_or_the_one_that_is_named(self) -> None:
        sheets = [
            ("Petunjuk", [["Isi dahulu"]]),
            ("Unit", [HEADER, row("A.I.1.i.a", "Ya")]),
            ("TPI", [HEADER, row("A.I.1.i.a", "Tidak")]),
        ]
        reading = read(book(*sheets))
        assert (reading.sheet, reading.others) == ("Unit", ("TPI",))
        assert options(read(book(*sheets), "tpi")) == {"A.I.1.i.a": "Tidak"}
        with pytest.raises(BookRefused, match="Unit"):
            read(book(*sheets), "TPN")

    def test_a_sheet_without_the_columns(self) -> None:
        with pytest.raises(BookRefused, match="Penilaian"):
            read(book(("Gaji", [["Nama", "Gaji"], ["Budi", 1]])))


class TestWhoseAnswers:
    """Files of the ministry hold the answers of unit, TPI and TPN side by side."""

    SIDES = (
        ("unit", "Ya", "SK 12"),
        ("tpi", "Ya", ""),
        ("tpn", "Tidak", "SK tidak berlaku"),
    )

    def layouts(self) -> dict[str, bytes]:
        words = ["A.I.1.i.a Tim", 0.5]
        names = ["Penilaian", "Bobot", "Jawaban", "Catatan"]
        own = [*names, "Jawaban TPI", "Catatan TPI", "Jawaban TPN", "Catatan TPN"]
        line = [*words, "Ya", "SK 12", "Ya", None, "Tidak", "SK tidak berlaku"]
        pair = ["Jawaban", "Catatan"]
        groups = [None, None, "Penilaian Mandiri", None, "TPI", None, "TPN", None]
        return {
            "named": book(("LKE", [own, line])),
            "above": book(("LKE", [groups, [*names, *pair, *pair], line])),
            "below": book(
                ("LKE", [["Penilaian", "Bobot", *groups[2:]], [None, None, *pair * 3], line])
            ),
            "sides": book(
                (
                    "LKE",
                    [
                        ["Penilaian", "Bobot", "Jawaban", None, None, "Catatan", None, None],
                        [None, None, *["Unit", "TPI", "TPN"] * 2],
                        [*words, "Ya", "Ya", "Tidak", "SK 12", None, "SK tidak berlaku"],
                    ],
                )
            ),
            "sheets": book(
                ("Unit", [HEADER, row("A.I.1.i.a", "Ya", "SK 12")]),
                ("TPI", [HEADER, row("A.I.1.i.a", "Ya")]),
                ("TPN", [HEADER, row("A.I.1.i.a", "Tidak", "SK tidak berlaku")]),
            ),
        }

    @pytest.mark.parametrize("layout", ["named", "above", "below", "sides", "sheets"])
    def test_each_side_reads_its_own(self, layout: str) -> None:
        data = self.layouts()[layout]
        for side, option, note in self.SIDES:
            filled = read(data, side=side).entries["A.I.1.i.a"].filled
            assert (filled.option, filled.text) == (option, note), side

    def test_what_was_read_is_said(self) -> None:
        reading = read(self.layouts()["named"], side=Assessor.TPN)
        assert any("Jawaban TPN" in remark for remark in reading.remarks)
        assert any("Jawaban TPI" in remark for remark in reading.remarks)
        assert not any("lebih dari satu" in remark for remark in reading.remarks)

    def test_the_units_answers_are_never_taken_for_an_assessors(self) -> None:
        with pytest.raises(BookRefused, match="TPN"):
            read(exported(everything()), side=Assessor.TPN)
        two = [[*HEADER, "Jawaban TPI"], [*row("A.I.1.i.a", "Ya"), "Tidak"]]
        with pytest.raises(BookRefused, match="Jawaban TPN"):
            read(book(("LKE", two)), side=Assessor.TPN)

    def test_unless_that_sheet_is_asked_for_by_its_name(self) -> None:
        reading = read(exported(everything()), "unit", side=Assessor.TPN)
        assert len(reading.entries) == 113

    def test_a_file_without_any_name_is_whose_hands_it_comes_from(self) -> None:
        reading = read_rows(row("A.I.1.i.a", "Tidak"), side=Assessor.TPN)
        assert options(reading) == {"A.I.1.i.a": "Tidak"}


def test_every_corner_of_a_full_sheet_is_read_back() -> None:
    reading = read(exported(everything()))
    assert {code: entry.filled for code, entry in reading.entries.items()} == everything()
