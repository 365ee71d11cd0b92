"""Tables of indicators are read however planners keep them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessments.enums import Consolidation, Direction, NodeLevel, Shape
from assessments.plan_excel.headings import Kind, Span
from assessments.plan_excel.reading import Row
from assessments.tests.excel_books import book
from assessments.tests.plan_books import HEADER, TREE, line, read, read_rows, table

FIVE = (70, 75, 80, 85, 90)


def targets(row: Row, kind: Kind = Kind.TARGET) -> dict[int, Any]:
    return {each.year: each.low for each in row.stated if each.kind == kind}


class TestHeadings:
    def test_the_plain_table(self) -> None:
        (row,) = read_rows(line("Indeks RB", *FIVE, measure="Indeks", base="60,37", unit="Bappeda"))
        assert row.faults == ()
        assert [(node.level, node.code) for node in row.path] == [
            (NodeLevel.MISSION, "1"),
            (NodeLevel.GOAL, "1.1"),
            (NodeLevel.OBJECTIVE, "1.1.1"),
        ]
        assert targets(row) == dict(zip(range(2025, 2030), map(Decimal, FIVE), strict=True))
        assert (row.base_year, row.base_value) == (2024, Decimal("60.37"))
        assert row.texts == {"unit_of_measure": "Indeks", "unit": "Bappeda"}
        assert row.cell == "D5"

    def test_columns_in_any_order_under_titles(self) -> None:
        order = [11, 9, 3, 0, 6, 1, 4, 2, 5, 7, 8, 10]
        rows = [HEADER, *[each + [None] * 9 for each in TREE], line("Indeks", *FIVE)]
        mixed = [[row[place] for place in order] for row in rows]
        content = [["RPJMD KOTA CONTOH"], ["Tahun 2025 - 2029"], [], *mixed]
        (row,) = [row for row in read(book(("A", content))).rows if row.name]
        assert targets(row)[2029] == 90
        assert row.path[-1].code == "1.1.1"

    def test_target_merged_over_the_years_with_k_and_rp(self) -> None:
        content = [
            ["Kode", "Program", "Indikator", "Satuan", "Target", None, None, None, "Kondisi Akhir"],
            [None, None, None, None, 2025, None, 2026, None, None],
            [None, None, None, None, "K", "Rp (juta)", "K", "Rp (juta)", None],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
            ["1.02.02", "Program Kesehatan", "Usia harapan", "tahun", "71,5", "1.250,5", 72, 1300, 75],
        ]  # fmt: skip
        merge = ("E1:H1", "E2:F2", "G2:H2", "A1:A3", "B1:B3", "C1:C3", "D1:D3", "I1:I3")
        for merged in ((), merge):
            (row,) = read(book(("A", content), merge=merged)).rows
            assert targets(row) == {2025: Decimal("71.5"), 2026: 72, 2029: 75}
            assert targets(row, Kind.MONEY) == {2025: 1_250_500_000, 2026: 1_300_000_000}
            assert row.path[0].level == NodeLevel.PROGRAMME

    def test_realisations_before_the_plan_and_a_column_outside_it(self) -> None:
        header = ["Kode", "Sasaran", "Indikator", "Satuan", "Realisasi 2021", "Target 2019", "2026"]
        reading = read(book(("A", [header, ["1", "S", "Gini", "indeks", "0,374", 1, "0,32"]])))
        (row,) = reading.rows
        assert targets(row, Kind.FIGURE) == {2021: Decimal("0.374")}
        assert targets(row) == {2026: Decimal("0.32")}
        assert any("F1" in remark for remark in reading.remarks)

    def test_quarters_and_years_by_number(self) -> None:
        header = ["Sasaran", "Indikator", "Target TW II 2026", "Tahun ke-1"]
        (row,) = read(book(("A", [header, ["1.1 S", "I", 20, 40]]))).rows
        assert {(each.year, each.quarter): each.low for each in row.stated} == {
            (2026, 2): 20,
            (2025, 0): 40,
        }

    def test_iku_is_the_indicator_or_a_mark_beside_it(self) -> None:
        alone = ["No", "Sasaran", "Indikator Kinerja Utama", "Satuan", "2025"]
        (row,) = read(book(("A", [alone, [1, "1. S", "IPM", "indeks", 79]]))).rows
        assert row.name == "IPM"
        beside = ["Sasaran", "Indikator", "Indikator Kinerja Utama", "2025"]
        (row,) = read(book(("A", [beside, ["1. S", "IPM", "√", 79]]))).rows
        assert (row.name, row.is_iku) == ("IPM", True)

    def test_an_indicator_column_for_each_level(self) -> None:
        header = ["Sasaran", "Indikator Sasaran", "Program", "Indikator Program", "Satuan", "2025"]
        rows = [
            ["1.1 Sehat", "Usia harapan", "1.02.02 Kesehatan", None, "tahun", 71],
            [None, None, None, "Cakupan", "%", 80],
        ]
        first, second = read(book(("A", [header, *rows]))).rows
        assert [node.level for node in first.path] == [NodeLevel.OBJECTIVE]
        assert second.path[-1].level == NodeLevel.PROGRAMME


class TestTree:
    def test_columns_per_level_merged_downwards(self) -> None:
        header = ["Misi", "Sasaran", "Program", "Indikator", "Satuan", "2025"]
        rows = [
            ["Misi 1: Bersih", "1.1 Layanan", "1.02.02 Kesehatan", "A", "%", 1],
            [None, None, None, "B", "%", 2],
            [None, None, "1.02.03 Obat", "C", "%", 3],
            [None, "1.2 Lain", None, "D", "%", 4],
            ["Misi 2: Maju", "2.1 Baru", None, "E", "%", 5],
        ]
        data = book(("A", [header, *rows]), merge=("A2:A5", "B2:B4", "C2:C3"))
        found = {row.name: [node.code for node in row.path] for row in read(data).rows}
        assert found == {
            "A": ["1", "1.1", "1.02.02"],
            "B": ["1", "1.1", "1.02.02"],
            "C": ["1", "1.1", "1.02.03"],
            "D": ["1", "1.2"],
            "E": ["2", "2.1"],
        }

    def test_several_indicators_under_one_line_and_levels_by_code(self) -> None:
        header = ["Kode", "Program/Kegiatan/Subkegiatan", "Indikator", "Satuan", "2025"]
        rows = [
            ["1.02.02", "PROGRAM UPAYA KESEHATAN", "A", "%", 1],
            [None, None, "B", "%", 2],
            ["1.02.02.2.01", "Penyediaan fasilitas", "C", "unit", 3],
            ["1.02.02.2.01.0001", "Pembangunan puskesmas", "D", "unit", 4],
            ["1.02.03", "PROGRAM SDM", "E", "orang", 5],
        ]
        found = {
            row.name: [n.code for n in row.path] for row in read(book(("A", [header, *rows]))).rows
        }
        assert found["B"] == ["1.02.02"]
        assert found["D"] == ["1.02.02", "1.02.02.2.01", "1.02.02.2.01.0001"]
        assert found["E"] == ["1.02.03"]

    def test_a_line_of_unknown_level_names_itself_and_what_hangs_below(self) -> None:
        header = ["Kode", "Uraian", "Indikator", "2025"]
        rows = [["A", "Entah", "X", 1], [None, None, "Y", 2], ["1.02.02", "Program", "Z", 3]]
        x, y, z = read(book(("A", [header, *rows]))).rows
        assert x.faults[0].cell == "A2"
        assert "Tingkat" in x.faults[0].sentence
        assert "A2" in y.faults[0].sentence
        assert z.faults == ()


class TestRows:
    def test_what_is_no_row_is_not_read(self) -> None:
        found = read(
            table(
                [
                    "contoh",
                    "Program",
                    "Contoh",
                    "Contoh indikator",
                    "%",
                    None,
                    1,
                    2,
                    3,
                    4,
                    5,
                    "Bappeda",
                ],
                line("Benar", *FIVE),
                list(HEADER),
                [str(number) for number in range(1, 13)],
                line("Juga benar", *FIVE),
                ["Catatan: angka sementara"],
                ["Sumber: BPS"],
                [
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    "Kota Contoh, 1 Januari 2025",
                ],
                [None, None, None, "Kepala Bappeda"],
            )
        )
        assert [row.name for row in found.rows if row.name] == ["Benar", "Juga benar"]
        assert all(row.faults == () for row in found.rows)

    def test_nothing_is_not_zero(self) -> None:
        (row,) = read_rows(line("X", None, "-", "n/a", 0, "0,00"))
        assert targets(row) == {2028: 0, 2029: 0}

    def test_shapes(self) -> None:
        header = ["Sasaran", "Indikator", "Satuan", "Arah", "Konsolidasi", "IKU", "2025", "2026"]
        rows = [
            ["1. S", "Rentang", "%", "Rentang", "rata-rata", "√", "80-90", "80 s.d. 85,5"],
            [None, "Opini", "ya/tidak", "positif", "terakhir", "tidak", "Ya", "tidak"],
            [None, "Selesai", "tanggal", "Maximize", "tahunan", None, date(2025, 12, 31), "30 Juni 2026"],
            [None, "Miskin", "%", "Negatif", "jumlah", "v", "≤ 7,5", 0.07],
        ]  # fmt: skip
        a, b, c, d = read(book(("A", [header, *rows]))).rows
        assert [(e.shape, e.low, e.high) for e in a.stated] == [
            (Shape.RANGE, 80, 90),
            (Shape.RANGE, 80, Decimal("85.5")),
        ]
        assert (a.shape, a.direction, a.consolidation) == (Shape.RANGE, None, Consolidation.AVERAGE)
        assert [(e.shape, e.low) for e in b.stated] == [(Shape.YES_NO, 1), (Shape.YES_NO, 0)]
        assert [e.due_on for e in c.stated] == [date(2025, 12, 31), date(2026, 6, 30)]
        assert (d.direction, d.stated[0].low) == (Direction.LOWER, Decimal("7.5"))
        assert [row.is_iku for row in (a, b, c, d)] == [True, False, None, True]

    def test_several_sheets_hidden_ones_not_and_one_by_name(self) -> None:
        one = [HEADER, *TREE, line("A", *FIVE)]
        two = [HEADER, *TREE, line("B", *FIVE)]
        data = book(("Satu", one), ("Kosong", [["x"]]), ("Dua", two))
        assert [row.name for row in read(data).rows if row.name] == ["A", "B"]
        found = read(data, sheet="dua")
        assert [row.name for row in found.rows if row.name] == ["B"]
        assert found.others == ("Satu",)

    def test_another_term(self) -> None:
        header = [
            "Sasaran",
            "Indikator",
            "Satuan",
            "Realisasi 2019",
            "Realisasi 2020",
            "Target 2021",
        ]
        data = book(("IKU", [header, ["1. S", "Ekonomi", "%", "5,47", "-6,25", "3"]]))
        (row,) = read(data, span=Span(2020, 2024)).rows
        assert targets(row, Kind.FIGURE) == {2019: Decimal("5.47"), 2020: Decimal("-6.25")}


@pytest.mark.parametrize("name", ["Indikator", "INDIKATOR  KINERJA", "Indikator Kinerja (outcome)"])
def test_the_heading_of_indicators(name: str) -> None:
    header = [name if text == "Indikator" else text for text in HEADER]
    assert read_rows(line("X", 1), header=header)[0].name == "X"
