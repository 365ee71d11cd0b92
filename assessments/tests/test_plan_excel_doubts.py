"""Headings and cells that look like something else: the lowest heading decides, doubts are asked."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assessments.enums import Direction, NodeLevel
from assessments.excel.grid import BookRefused
from assessments.plan_excel.compared import Comparison
from assessments.plan_excel.headings import Kind
from assessments.plan_excel.reading import Reading
from assessments.plan_excel.standing import StandingIndicator, StandingNode
from assessments.target_rules import Edition, TargetRules, Wanted
from assessments.tests.plan_books import book, compared, draft, read

START: list[Any] = ["Sasaran", "Indikator", "Satuan"]
ROW: list[Any] = ["1.1 Layanan", "IPM", "indeks"]


def sheet(headings: list[list[Any]], *cells: Any, merge: tuple[str, ...] = ()) -> bytes:
    """One indicator under headings of years; the first three columns have theirs in the top row."""
    first = [START + headings[0], *[[None] * 3 + each for each in headings[1:]]]
    return book(("A", [*first, ROW + list(cells)]), merge=merge)


def said(reading: Reading) -> set[tuple[Kind, int, Any]]:
    (row,) = reading.rows
    assert row.faults == ()
    return {(each.kind, each.year, each.low) for each in row.stated}


def remarked(reading: Reading, cell: str) -> bool:
    return any(f" {cell} " in remark for remark in reading.remarks)


class TestTargetsAndRealisations:
    def test_target_below_a_group_that_is_called_capaian(self) -> None:
        group = "Capaian Kinerja Program dan Kerangka Pendanaan"
        headings = [
            [group, None, None, None],
            [2025, None, 2026, None],
            ["Target", "Rp", "Target", "Rp"],
        ]
        for merge in ((), ("D1:G1", "D2:E2", "F2:G2")):
            found = read(sheet(headings, 70, 1000, 75, 2000, merge=merge))
            assert said(found) == {
                (Kind.TARGET, 2025, 70),
                (Kind.MONEY, 2025, 1000),
                (Kind.TARGET, 2026, 75),
                (Kind.MONEY, 2026, 2000),
            }

    @pytest.mark.parametrize(
        "name",
        [
            "Target Capaian 2025",
            "Target Hasil 2025",
            "Target Capaian Kinerja 2025",
            "Target Capaian Tahun 2025",
        ],
    )
    def test_target_goes_before_capaian_and_hasil(self, name: str) -> None:
        assert said(read(sheet([[name]], 70))) == {(Kind.TARGET, 2025, 70)}

    def test_target_capaian_merged_over_the_years(self) -> None:
        for group in ("Target Capaian Tahun", "Target Capaian Kinerja", "Target Capaian 2025-2029"):
            found = read(sheet([[group, None], [2025, 2026]], 70, 75, merge=("D1:E1",)))
            assert said(found) == {(Kind.TARGET, 2025, 70), (Kind.TARGET, 2026, 75)}

    def test_capaian_of_years_that_have_begun_is_a_realisation(self) -> None:
        found = read(sheet([["Capaian 2023", "Hasil 2024", "Target 2025"]], 68, 69, 70))
        assert said(found) == {
            (Kind.FIGURE, 2023, 68),
            (Kind.FIGURE, 2024, 69),
            (Kind.TARGET, 2025, 70),
        }

    def test_capaian_over_years_to_come_is_asked_and_never_taken(self) -> None:
        headings = [
            ["Capaian Kinerja", None, None],
            [2024, 2025, 2027],
        ]
        found = read(sheet(headings, 60, 70, 80, merge=("D1:F1",)))
        assert said(found) == {(Kind.FIGURE, 2024, 60)}
        assert remarked(found, "E2")
        assert remarked(found, "F2")

    @pytest.mark.parametrize(
        "name",
        [
            "Target dan Realisasi 2025",
            "Tingkat Capaian 2025",
            "Capaian Target 2025",
            "Perkiraan Realisasi 2025",
            "Capaian Kinerja dan Kerangka Pendanaan 2025",
        ],
    )
    def test_a_heading_that_says_both_or_neither_is_asked(self, name: str) -> None:
        found = read(sheet([[name, "Target 2026"]], 70, 75))
        assert said(found) == {(Kind.TARGET, 2026, 75)}
        assert remarked(found, "D1")

    def test_target_and_realisation_below_one_group(self) -> None:
        headings = [["Target dan Realisasi 2025", None], ["Target", "Realisasi"]]
        for merge in ((), ("D1:E1",)):
            found = read(sheet(headings, 70, 68, merge=merge))
            assert said(found) == {(Kind.TARGET, 2025, 70), (Kind.FIGURE, 2025, 68)}

    @pytest.mark.parametrize("name", ["Capaian", "Capaian (%)", "% Capaian", "Tingkat Capaian"])
    def test_capaian_beside_the_realisation_is_how_much_was_reached(self, name: str) -> None:
        headings = [[2025, None, None, 2026], ["Target", "Realisasi", name, "Target"]]
        found = read(sheet(headings, 70, 68, 97, 75, merge=("D1:F1",)))
        assert said(found) == {
            (Kind.TARGET, 2025, 70),
            (Kind.FIGURE, 2025, 68),
            (Kind.TARGET, 2026, 75),
        }
        assert remarked(found, "F2")

    @pytest.mark.parametrize(
        ("group", "kind"),
        [("Realisasi", Kind.FIGURE), ("Target", Kind.TARGET), ("Pagu", Kind.MONEY)],
    )
    def test_one_group_alone_above_the_other_headings(self, group: str, kind: Kind) -> None:
        rows = [["Target Kinerja Daerah"], [None, None, None, group], [*START, 2025, 2026]]
        for merge in ((), ("D2:E2",), ("A1:E1", "D2:E2")):
            found = read(book(("A", [*rows, [*ROW, 70, 75]]), merge=merge))
            assert said(found) == {(kind, 2025, 70), (kind, 2026, 75)}

    def test_a_running_year_has_no_realisation_of_the_whole_year_yet(self) -> None:
        header = [*START, "Konsolidasi", "Realisasi 2025", "Realisasi 2026", "Target 2026"]
        rows = [["1.1 Layanan", "A", "indeks", "terakhir", 60, 61, 70],
                ["1.1 Layanan", "B", "indeks", "setahun", 60, 61, 70],
                ["1.1 Layanan", "C", "indeks", None, 60, None, 70]]  # fmt: skip
        found = compared(book(("A", [header, *rows])), in_force())
        assert [fault.cell for fault in found.faults()] == ["F2"]


class TestQuantitiesAndMoney:
    @pytest.mark.parametrize(
        "group", ["Target Kinerja dan Pagu", "Target & Pagu", "Kinerja/Anggaran"]
    )
    def test_the_lower_heading_goes_before_the_group(self, group: str) -> None:
        for low in (["Target", "Rp (juta)"], ["K", "Rp (juta)"], ["Target", "Pagu (juta)"]):
            headings = [[group, None, None, None], [2025, None, 2026, None], low * 2]
            for merge in ((), ("D1:G1", "D2:E2", "F2:G2")):
                found = read(sheet(headings, 70, 1, 75, 2, merge=merge))
                assert said(found) == {
                    (Kind.TARGET, 2025, 70),
                    (Kind.MONEY, 2025, 1_000_000),
                    (Kind.TARGET, 2026, 75),
                    (Kind.MONEY, 2026, 2_000_000),
                }

    def test_a_group_of_both_without_anything_below_is_asked(self) -> None:
        headings = [["Target Kinerja dan Pagu", None], [2025, 2026]]
        found = read(sheet([[*headings[0], "Target 2027"], [*headings[1], None]], 1, 2, 3))
        assert said(found) == {(Kind.TARGET, 2027, 3)}
        assert remarked(found, "D2")

    def test_money_of_a_group_stays_money(self) -> None:
        headings = [["Anggaran", None, None], [2024, 2025, 2026], ["Realisasi", "Target", "Target"]]
        found = read(sheet(headings, 5, 6, 7, merge=("D1:F1",)))
        assert said(found) == {
            (Kind.SPENT, 2024, 5),
            (Kind.MONEY, 2025, 6),
            (Kind.MONEY, 2026, 7),
        }


class TestTwoColumnsForOneYear:
    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    @pytest.mark.parametrize("new", ["Target Perubahan 2026", "Target 2026 (Revisi)"])
    def test_the_revised_one_is_read_and_said(self, order: tuple[int, int], new: str) -> None:
        names, values = ["Target 2026", new], [70, 75]
        found = read(sheet([[names[each] for each in order]], *[values[each] for each in order]))
        assert said(found) == {(Kind.TARGET, 2026, 75)}
        old, revised = ("D1", "E1") if order == (0, 1) else ("E1", "D1")
        assert any(old in remark and revised in remark for remark in found.remarks)

    def test_an_empty_revised_cell_takes_nothing_and_says_so(self) -> None:
        found = read(sheet([["Target 2026", "Target Perubahan 2026", "2027"]], 70, None, 80))
        assert said(found) == {(Kind.TARGET, 2027, 80)}
        (row,) = found.rows
        assert any("E2" in remark and "D2" in remark for remark in row.remarks)

    def test_other_values_below_the_same_heading_are_a_fault(self) -> None:
        (row,) = read(sheet([["2025", "2025"]], 70, 75)).rows
        (fault,) = row.faults
        assert fault.cell == "E2"
        assert "D2" in fault.sentence
        assert said(read(sheet([["2025", "Target 2025"]], 70, 70))) == {(Kind.TARGET, 2025, 70)}
        assert said(read(sheet([["2025", "Target 2025"]], None, 70))) == {(Kind.TARGET, 2025, 70)}


class TestRangesThatBecameDates:
    def faults(self, measure: str, *days: Any) -> dict[str, str]:
        header = [*START, "2025", "2026", "2027"]
        row = ["1.1 Layanan", "Lama", measure, *days]
        return {
            each.cell: each.sentence
            for each in compared(book(("A", [header, row])), base()).faults()
        }

    @pytest.mark.parametrize("measure", ["hari", "%", "orang", "dokumen"])
    def test_a_quantity_is_no_day(self, measure: str) -> None:
        days = (date(2025, 8, 7), date(2026, 7, 6), date(2027, 6, 5))
        found = self.faults(measure, *days)
        assert set(found) == {"D2", "E2", "F2"}
        assert "'7-8" in found["D2"]

    def test_a_day_of_another_year(self) -> None:
        found = self.faults("", date(2026, 8, 7), date(2026, 7, 6), date(2026, 6, 5))
        assert set(found) == {"D2", "F2"}

    def test_beside_ranges_that_stayed(self) -> None:
        assert set(self.faults("hari", date(2026, 8, 7), "13-15", "13-14")) == {"D2"}

    def test_days_stay_days(self) -> None:
        assert self.faults("tanggal", date(2025, 8, 7), date(2026, 7, 6), "5 Juni 2027") == {}
        assert self.faults("dokumen", "7 Agustus 2025", "31/12/2026", None) == {}


class TestDirection:
    def one(self, *cells: Any, direction: Any = None, measure: str = "indeks") -> Comparison:
        header = [*START, "Arah", "2025", "2026", "2027"]
        row = ["1.1 Layanan", "Angka", measure, direction, *cells]
        return compared(book(("A", [header, row])), base())

    @pytest.mark.parametrize(
        ("cells", "direction"),
        [
            ((7, "6,5", 6), Direction.LOWER),
            ((7, 7, 6), Direction.LOWER),
            ((6, None, 7), Direction.HIGHER),
            (("≤5", "≤5", "≤5"), Direction.LOWER),
            (("≥5", 5, 4), Direction.HIGHER),
        ],
    )
    def test_guessed_from_the_targets_marked_and_asked(
        self, cells: Any, direction: Direction
    ) -> None:
        found = self.one(*cells)
        (line,) = found.lines
        assert found.faults() == []
        assert line.columns["direction"] == direction
        assert any(str(direction.label) in remark for remark in line.remarks)
        shown = [each.after for each in line.changes if str(direction.label) in each.after]
        assert len(shown) == 1
        assert shown[0] != str(direction.label)

    def test_where_nothing_shows_it_the_planner_is_asked(self) -> None:
        for cells in ((5, 5, 5), (5,), (5, 7, 6)):
            (line,) = self.one(*cells).lines
            assert (line.columns["direction"], len(line.remarks)) == (Direction.HIGHER, 1)

    def test_what_is_said_is_not_guessed(self) -> None:
        (line,) = self.one(7, 6, 5, direction="naik").lines
        assert (line.columns["direction"], line.remarks) == (Direction.HIGHER, [])
        assert [fault.cell for fault in self.one("≤5", direction="naik").faults()] == ["E2"]

    def test_bounds_that_contradict_each_other_or_what_stands(self) -> None:
        assert [fault.cell for fault in self.one("≤5", "≥5").faults()] == ["F2"]
        header = [*START, "2025"]
        data = book(("A", [header, ["1.1 Layanan", "Angka", "indeks", "≤5"]]))
        for direction, cells in ((Direction.HIGHER, ["D2"]), (Direction.LOWER, [])):
            found = compared(data, base(direction=direction))
            assert [fault.cell for fault in found.faults()] == cells


class TestYearsOfThePlan:
    @pytest.mark.parametrize(
        "name", ["Tahun-{}", "Tahun ke-{}", "Tahun {}", "Thn-{}", "TAHUN KE {}"]
    )
    def test_counted_from_its_first_year(self, name: str) -> None:
        names = [name.format(number) for number in range(1, 6)]
        expected = {(Kind.TARGET, 2024 + number, 70 + number) for number in range(1, 6)}
        assert said(read(sheet([names], 71, 72, 73, 74, 75))) == expected
        group = ["Target", None, None, None, None]
        for merge in ((), ("D1:H1",)):
            found = read(sheet([group, names], 71, 72, 73, 74, 75, merge=merge))
            assert said(found) == expected

    def test_with_k_and_rp_below_and_the_ends_of_the_period(self) -> None:
        headings = [
            ["Kondisi Kinerja pada Awal Periode RPJMD (Tahun 0)", "Tahun-1", None,
             "Kondisi Kinerja pada Akhir Periode RPJMD"],
            [None, "K", "Rp", None],
        ]  # fmt: skip
        found = read(sheet(headings, 60, 71, 1000, 75))
        assert said(found) == {
            (Kind.TARGET, 2025, 71),
            (Kind.MONEY, 2025, 1000),
            (Kind.TARGET, 2029, 75),
        }
        assert found.rows[0].base_value == Decimal(60)

    @pytest.mark.parametrize(
        ("headings", "words"),
        [
            (["Target I", "Target II"], "Tahun-1"),
            (["Target 2031", "Target 2032"], "2029"),
            (["Tingkat Capaian 2026"], "D1"),
        ],
    )
    def test_the_sentence_names_what_is_missing(self, headings: list[Any], words: str) -> None:
        with pytest.raises(BookRefused) as refused:
            read(sheet([headings], 70))
        assert words in str(refused.value)
        assert "A" in str(refused.value)


def base(direction: Direction | None = None) -> Any:
    """A plan with one line; with a direction, one indicator stands there."""
    rows: tuple[StandingIndicator, ...] = ()
    if direction is not None:
        fiche: dict[str, Any] = {
            "name": "Angka", "code": "", "unit_of_measure": "indeks", "direction": direction,
            "shape": "value", "consolidation": "last",
        }  # fmt: skip
        stands = {(2025, 0): Wanted(Decimal(6))}
        rows = (StandingIndicator(5, 1, False, None, 1, fiche, stands, has_targets=True),)
    node = StandingNode(1, None, NodeLevel.OBJECTIVE, "1.1", "Layanan")
    return draft(nodes=(node,), indicators=rows)


def in_force() -> Any:
    node = StandingNode(1, None, NodeLevel.OBJECTIVE, "1.1", "Layanan")
    rules = TargetRules(range(2025, 2030), (Edition(0, 2025, False),))
    return draft(nodes=(node,), rules=rules, is_in_force=True)
