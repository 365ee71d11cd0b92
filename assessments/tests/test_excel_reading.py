"""Filled sheets as units really send them, and files that nobody should open."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from assessments.excel import grid, keeping
from assessments.excel.grid import BookRefused, open_book
from assessments.excel.layout import Filled
from assessments.excel.plan import differences
from assessments.excel.reading import Reading, read_book
from assessments.tests.excel_books import (
    HEADER,
    Formula,
    answers,
    book,
    changed_zip,
    instrument,
    row,
)
from assessments.tests.test_excel_export import everything, exported


def read(data: bytes, sheet: str = "") -> Reading:
    return read_book(open_book(data), instrument(), sheet=sheet)


def read_rows(*rows: list[Any], header: list[Any] | None = None) -> Reading:
    return read(book(("LKE", [header or HEADER, *rows])))


def options(reading: Reading) -> dict[str, str]:
    return {code: entry.filled.option for code, entry in reading.entries.items()}


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


class TestFilesThatAreRefused:
    def test_an_old_xls_and_one_with_a_password(self) -> None:
        with pytest.raises(BookRefused, match=r"\.xls"):
            open_book(grid.OLD_OFFICE + b"\0" * 512)
        with pytest.raises(BookRefused, match="sandi"):
            open_book(grid.OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"))

    @pytest.mark.parametrize(
        "data", [b"%PDF-1.7\n%", b"", b"Penilaian;Jawaban\n", b"PK\x03\x04kaput", b"\x00" * 100]
    )
    def test_what_is_no_workbook(self, data: bytes) -> None:
        with pytest.raises(BookRefused):
            open_book(data)

    def test_too_many_bytes(self) -> None:
        with pytest.raises(BookRefused, match="5 MB"):
            open_book(b"PK" + b"0" * grid.MAX_BYTES)

    def test_a_bomb_is_not_unpacked(self) -> None:
        data = changed_zip(exported({}), {"xl/bomb.xml": b" " * (grid.MAX_UNPACKED + 1)})
        assert len(data) < 200_000
        with pytest.raises(BookRefused, match="terlalu besar"):
            open_book(data)

    def test_macros(self) -> None:
        with pytest.raises(BookRefused, match="makro"):
            open_book(changed_zip(exported({}), {"xl/vbaProject.bin": b"x"}))

    @pytest.mark.parametrize(
        "xml",
        [
            b'<!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>',
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><sst/>'.encode("utf-16"),
        ],
    )
    def test_definitions_that_blow_up(self, xml: bytes) -> None:
        with pytest.raises(BookRefused, match="lembar kerja"):
            open_book(changed_zip(exported({}), {"xl/sharedStrings.xml": xml}))

    @pytest.mark.parametrize(
        "name",
        ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "docProps/custom.xml"],
    )
    def test_broken_insides(self, name: str) -> None:
        with pytest.raises(BookRefused):
            open_book(changed_zip(exported({}), {name: b"<kaput"}))

    def test_another_kind_of_archive(self) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("content.xml", "<a/>")
        with pytest.raises(BookRefused):
            open_book(target.getvalue())

    def test_a_hundred_thousand_rows(self) -> None:
        rows = [HEADER, *([row("A.I.1.i.a", "Ya")] * 100_000)]
        with pytest.raises(BookRefused):
            read(book(("LKE", rows)))

    def test_formatted_but_empty_rows_are_no_trouble(self) -> None:
        rows = [HEADER, row("A.I.1.i.a", "Ya"), *([[" "]] * 25_000), [None] * 3]
        assert options(read(book(("LKE", rows)))) == {"A.I.1.i.a": "Ya"}

    def test_a_row_at_the_end_of_the_world(self) -> None:
        data = exported({})
        xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
        far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        data = changed_zip(
            data,
            {"xl/worksheets/sheet1.xml": xml.replace(b"</sheetData>", far + b"</sheetData>")},
        )
        assert read(data).faults == ()

    def test_an_empty_work_sheet(self) -> None:
        with pytest.raises(BookRefused, match="Jawaban"):
            read(book(("LKE", [HEADER])))


def test_every_corner_of_a_full_sheet_is_read_back() -> None:
    reading = read(exported(everything()))
    assert {code: entry.filled for code, entry in reading.entries.items()} == everything()
