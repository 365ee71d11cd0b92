"""Addresses in the column of evidence: typed, behind a text, in a formula; the same rules for all."""

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter

from assessments.excel.layout import Filled
from assessments.excel.reading import Entry
from assessments.tests.excel_books import HEADER, Formula, changed_zip, row
from assessments.tests.excel_readings import read, read_rows
from assessments.tests.test_excel_export import exported

CODE = "A.I.1.i.a"


def linked(*cells: tuple[str, str], merge: str = "") -> bytes:
    """Rows of one question each, with (address, text) in the column of evidence."""
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    made.add_worksheet("Catatan").write_url(0, 0, "https://lain.go.id", None, "lain")
    sheet = made.add_worksheet("LKE")
    sheet.write_row(0, 0, HEADER)
    for number, (address, text) in enumerate(cells, start=1):
        sheet.write_string(number, 0, f"A.I.1.i.{'ab'[number - 1]}")
        sheet.write_string(number, 4, "Ya" if number == 1 else "A")
        sheet.write_url(number, 8, address, None, text)
    if merge:
        sheet.merge_range(merge, None)
    made.close()
    return target.getvalue()


def first(data: bytes) -> Entry:
    return read(data).entries[CODE]


class TestBehindAText:
    def test_a_document_behind_its_name(self) -> None:
        entry = first(linked(("https://drive.go.id/sk?id=7", "Dokumen SK")))
        assert entry.filled.links == ("https://drive.go.id/sk?id=7",)
        assert (entry.loose, entry.remarks) == ((), ())

    def test_each_row_its_own_and_none_of_another_sheet(self) -> None:
        data = linked(("https://a.go.id/1#hal=3", "SK"), ("https://a.go.id/2", "Notulen"))
        links = [entry.filled.links for entry in read(data).entries.values()]
        assert links == [("https://a.go.id/1#hal=3",), ("https://a.go.id/2",)]

    def test_merged_over_two_questions(self) -> None:
        target = io.BytesIO()
        made = xlsxwriter.Workbook(target, {"in_memory": True})
        sheet = made.add_worksheet("LKE")
        for number, values in enumerate([HEADER, row(CODE, "Ya"), row("A.I.1.i.b", "A")]):
            sheet.write_row(number, 0, values)
        sheet.merge_range("I2:I3", "SK bersama")
        sheet.write_url("I2", "https://a.go.id/sk", None, "SK bersama")
        made.close()
        entries = read(target.getvalue()).entries
        assert [each.filled.links for each in entries.values()] == [("https://a.go.id/sk",)] * 2

    @pytest.mark.parametrize(
        ("address", "text"),
        [
            ("https://a.go.id/", "https://a.go.id"),
            ("https://a.go.id/berkas[1]", "https://a.go.id/berkas[1]"),
            ("https://a.go.id/x%20y", "lihat https://a.go.id/x%20y."),
        ],
    )
    def test_the_same_address_twice_is_one(self, address: str, text: str) -> None:
        assert len(first(linked((address, text))).filled.links) == 1

    def test_a_text_that_is_cut_off_and_one_that_says_something_else(self) -> None:
        whole = "https://drive.go.id/file/d/1a2b3c"
        assert first(linked((whole, "https://drive.go.id/fi..."))).filled.links == (whole,)
        assert first(linked((whole, "https://b.go.id/lain"))).filled.links == (
            "https://b.go.id/lain",
            whole,
        )

    @pytest.mark.parametrize(
        "address",
        ["external:C:\\Users\\Budi\\SK.pdf", "mailto:budi@contoh.go.id", "ftp://a.go.id/x"],
    )
    def test_what_does_not_lead_to_the_internet_is_said(self, address: str) -> None:
        entry = first(linked((address, "SK tim")))
        assert entry.filled.links == ()
        assert "SK tim" in entry.remarks[0]
        assert "internet" in entry.remarks[0]

    def test_a_place_in_the_file_itself_is_no_proof(self) -> None:
        entry = first(linked(("internal:LKE!A1", "lihat atas")))
        assert (entry.filled.links, entry.loose) == ((), ("lihat atas",))

    def test_what_the_portal_wrote_is_read_as_it_was(self) -> None:
        links = ("https://a.go.id/berkas?x=[1]&y=%7B2%7D#hal=3",)
        assert first(exported({CODE: Filled(option="Ya", links=links)})).filled.links == links


class TestFormulas:
    def test_a_link_that_is_a_formula_with_or_without_a_kept_value(self) -> None:
        text = '=HYPERLINK("https://a.go.id/sk?a=1&b=""2""","Dokumen SK")'
        for kept in ("Dokumen SK", ""):
            cells: list[Any] = [*row(CODE, "Ya")[:8], Formula(text, kept)]
            entry = read_rows(cells).entries[CODE]
            assert entry.filled.links == ('https://a.go.id/sk?a=1&b="2"',)

    def test_one_that_reckons_its_address_is_said(self) -> None:
        cells: list[Any] = [*row(CODE, "Ya")[:8], Formula('=HYPERLINK(K2,"SK")', "SK")]
        assert read_rows(cells).entries[CODE].loose == ("SK",)


class TestTyped:
    def test_words_that_are_no_address_are_not_lost_in_silence(self) -> None:
        cell = "SK Wali Kota 12/2026\n- https://a.go.id/1, https://a.go.id/2."
        entry = read_rows(row(CODE, "Ya", "", cell)).entries[CODE]
        assert entry.filled.links == ("https://a.go.id/1", "https://a.go.id/2")
        assert entry.loose == ("SK Wali Kota 12/2026",)

    def test_a_link_over_a_whole_column_counts_at_its_first_cell_only(self) -> None:
        data = linked(("https://a.go.id/1", "SK"), ("https://a.go.id/2", "SK"))
        part = "xl/worksheets/sheet2.xml"
        xml = zipfile.ZipFile(io.BytesIO(data)).read(part)
        xml = xml.replace(b'<hyperlink ref="I3"', b'<hyperlink ref="I4:I1048576"')
        links = [
            entry.filled.links for entry in read(changed_zip(data, {part: xml})).entries.values()
        ]
        assert links == [("https://a.go.id/1",), ()]
