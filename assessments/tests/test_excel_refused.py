"""Files that nobody should open, each refused with one sentence; and big ones that are no trouble."""

import io
import zipfile

import pytest

from assessments.excel import grid
from assessments.excel.grid import BookRefused, open_book
from assessments.tests.excel_books import HEADER, book, changed_zip, row
from assessments.tests.excel_readings import options, read
from assessments.tests.test_excel_export import exported


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
