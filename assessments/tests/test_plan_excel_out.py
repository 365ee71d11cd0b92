"""E.81, E.60 and E.58: their formulas reckon what the portal reckons, and nothing counts twice."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from assessments.achievement import roll_up
from assessments.achievement_bands import band_of
from assessments.models import Plan, PlanNode
from assessments.plan_excel_out import columns, forms
from assessments.plan_excel_out.columns import Column
from assessments.plan_excel_out.lkpj import lkpj
from assessments.queries.head_report import head_report
from assessments.queries.plan_board import plan_board
from assessments.queries.plan_exports import Form, footer_of, form_of
from assessments.tests.factories_exports import rich_plan, whole_plan
from assessments.tests.factories_rpjmd import (
    NOW,
    TODAY,
    YEAR,
    indicator_of,
    make_indicator,
    planner,
)
from assessments.tests.spreadsheet import Values, kept, ways
from opd.tests.fixtures import Cast

Sheet = dict[str, Any]
HOSTILE = '=HYPERLINK("http://jahat.example","klik")'
FIRST = 11


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return rich_plan(cast)


@pytest.fixture(params=ways(), ids=lambda way: way.__name__)
def recalculated(request: Any) -> Callable[[bytes, Path], Values]:
    return request.param


def e81(plan: Plan, cast: Cast, quarter: int = 2) -> tuple[Form, bytes]:
    form = form_of(plan, unit=cast.unit, year=YEAR, quarter=quarter, on=TODAY)
    return form, forms.e81(form, now=NOW)


def e60(plan: Plan, quarter: int = 2) -> tuple[Form, bytes]:
    form = form_of(plan, year=YEAR, quarter=quarter, on=TODAY)
    return form, forms.e60(form, now=NOW)


def e58(plan: Plan) -> tuple[Form, bytes]:
    form = form_of(plan, year=YEAR, on=TODAY, to_programmes=True)
    return form, forms.e58(form, now=NOW)


def at(heads: list[Column]) -> dict[str, tuple[str, str]]:
    """The letters of each column: K and Rp."""
    found, place = {}, 1
    for head in heads:
        found[head.key] = (get_column_letter(place), get_column_letter(place + 1))
        place += 2 if head.is_pair else 1
    return found


def rows_by_name(cells: Sheet, letter: str) -> dict[str, int]:
    """Excel's row of each text of a column."""
    return {
        str(value).split(" (")[0]: int(place.removeprefix(letter))
        for place, value in cells.items()
        if place.rstrip("0123456789") == letter and int(place.removeprefix(letter)) >= FIRST
    }


def only(values: Values) -> Sheet:
    (sheet,) = values.values()
    return sheet


def assert_same(found: Sheet, shown: Sheet) -> None:
    for place in found.keys() | shown.keys():
        left, right = found.get(place) or "", shown.get(place) or ""
        if isinstance(left, int | float) and isinstance(right, int | float):
            assert left == pytest.approx(right, abs=1e-7), place
        else:
            assert left == right, place


class TestFormulas:
    @pytest.mark.parametrize("name", ["e81", "e60", "e60-year", "e58", "lkpj"])
    def test_recalculated_they_say_what_the_portal_said(
        self, name: str, cast: Cast, plan: Plan, recalculated: Any, tmp_path: Path
    ) -> None:
        made: dict[str, Callable[[], bytes]] = {
            "e81": lambda: e81(plan, cast)[1],
            "e60": lambda: e60(plan)[1],
            "e60-year": lambda: e60(plan, 0)[1],
            "e58": lambda: e58(plan)[1],
            "lkpj": lambda: lkpj(head_report(plan, year=YEAR, on=TODAY), now=NOW),
        }
        data = made[name]()
        formulas = load_workbook(io.BytesIO(data)).active
        assert formulas is not None
        count = sum(cell.data_type == "f" for row in formulas.iter_rows() for cell in row)
        assert count > 5
        assert_same(only(recalculated(data, tmp_path)), only(kept(data)))

    def test_what_somebody_types_is_reckoned_up_to_the_predicate(
        self, cast: Cast, plan: Plan, recalculated: Any, tmp_path: Path
    ) -> None:
        form, data = e81(plan, cast)
        place = at(columns.e81(form))
        book = load_workbook(io.BytesIO(data))
        sheet = book.active
        assert sheet is not None
        row = rows_by_name(only(kept(data)), place["indicator"][0])["Warga dilayani"]
        sheet[f"{place['q2'][0]}{row}"] = 80
        target = io.BytesIO()
        book.save(target)
        cells = only(recalculated(target.getvalue(), tmp_path))
        assert cells[f"{place['year'][0]}{row}"] == 80
        assert cells[f"{place['level'][0]}{row}"] == pytest.approx(100)
        assert cells[f"{place['total'][0]}{row}"] == 45 + 80


class TestFigures:
    def test_every_number_of_e81_is_the_portals(self, cast: Cast, plan: Plan) -> None:
        form, data = e81(plan, cast)
        cells, place = only(kept(data)), at(columns.e81(form))
        rows = rows_by_name(cells, place["indicator"][0])
        for one in form.indicators:
            row = next(row for name, row in rows.items() if name.startswith(one.indicator.name))
            for key, done in (("level", form.of_year(one)), ("final", form.of_span(one))):
                shown = cells.get(f"{place[key][0]}{row}")
                if done.counted is None:
                    assert not shown, (one.indicator.name, key)
                else:
                    assert shown == pytest.approx(float(done.counted)), (one.indicator.name, key)
        mean = roll_up(form.of_year(one).counted for one in form.indicators).percent
        foot = rows["Rata-rata capaian kinerja"]
        assert mean is not None
        assert cells[f"{place['level'][0]}{foot}"] == pytest.approx(float(mean))
        band = band_of(mean)
        assert band is not None
        assert cells[f"{place['level'][0]}{foot + 1}"] == band.name.text_id

    def test_a_unit_sees_its_own_rows_and_its_own_money(self, cast: Cast, plan: Plan) -> None:
        form, data = e81(plan, cast)
        cells, place = only(kept(data)), at(columns.e81(form))
        assert "Milik unit lain" not in {one.indicator.name for one in form.indicators}
        total = rows_by_name(cells, place["indicator"][0])["Jumlah anggaran"]
        assert cells[f"{place['target'][1]}{total}"] == 157_000_000 + YEAR
        whole, data = e60(plan)
        cells, place = only(kept(data)), at(columns.e60(whole))
        total = rows_by_name(cells, place["indicator"][0])["Jumlah anggaran"]
        assert cells[f"{place['target'][1]}{total}"] == 187_000_000 + 2 * YEAR

    def test_money_is_that_of_the_plans_page_on_every_line(self, cast: Cast, plan: Plan) -> None:
        form, data = e60(plan)
        board = plan_board(plan, year=YEAR, quarter=2, on=TODAY)
        cells, place = only(kept(data)), at(columns.e60(form))
        codes = {
            value: int(name.removeprefix(place["code"][0]))
            for name, value in cells.items()
            if name.rstrip("0123456789") == place["code"][0]
        }
        seen = 0
        for row in board.rows:
            if row.node.code not in codes:
                continue
            number = codes[row.node.code]
            for key, value in (
                ("target", row.money.ceiling),
                ("year", row.money.spent),
                ("level", row.money.percent),
            ):
                shown = cells.get(f"{place[key][1]}{number}")
                assert shown == pytest.approx(float(value)) if value is not None else not shown
                seen += 1
        assert seen == 18

    def test_e58_ends_with_programmes_and_holds_the_money_below_them(
        self, cast: Cast, plan: Plan
    ) -> None:
        form, data = e58(plan)
        cells, place = only(kept(data)), at(columns.e58(form))
        names = {str(value) for value in cells.values()}
        assert not any("1.02.02.2.01" in name for name in names)
        total = rows_by_name(cells, place["indicator"][0])["Jumlah anggaran"]
        assert cells[f"{place['target2026'][1]}{total}"] == 187_000_000 + 2 * YEAR
        assert cells[f"{place['year2025'][1]}{total}"] == 41_750_000
        assert f"{place['year2027'][1]}{total}" not in cells
        row = rows_by_name(cells, place["indicator"][0])["Warga dilayani"]
        assert cells[f"{place['end'][0]}{row}"] == 70 + 80 + 85 + 90 + 95
        assert cells[f"{place['total'][0]}{row}"] == 20 + 25 + 33

    def test_zero_is_a_number_and_nothing_is_an_empty_cell(self, cast: Cast, plan: Plan) -> None:
        form, data = e81(plan, cast)
        cells, place = only(kept(data)), at(columns.e81(form))
        rows = rows_by_name(cells, place["indicator"][0])
        assert cells[f"{place['q1'][0]}{rows['Warga dilayani']}"] == 0
        assert f"{place['q1'][0]}{rows['Belum ada']}" not in cells
        assert not cells.get(f"{place['year'][0]}{rows['Belum ada']}")

    def test_what_is_not_verified_is_left_out_and_counted(self, cast: Cast, plan: Plan) -> None:
        form, data = e81(plan, cast)
        assert form.left_out == {"submitted": 2}
        texts = [value for value in only(kept(data)).values() if isinstance(value, str)]
        assert any(
            "Tidak dihitung karena belum diverifikasi: 2 realisasi (2 menunggu" in text
            for text in texts
        )
        place = at(columns.e81(form))
        cells = only(kept(data))
        rows = rows_by_name(cells, place["indicator"][0])
        index = next(row for name, row in rows.items() if name.startswith("Indeks"))
        assert cells[f"{place['year'][0]}{index}"] == 72.5

    def test_preliminary_figures_wear_a_star_and_stay_numbers(self, cast: Cast, plan: Plan) -> None:
        form, data = e81(plan, cast)
        place = at(columns.e81(form))
        sheet = load_workbook(io.BytesIO(data)).active
        assert sheet is not None
        rows = rows_by_name(only(kept(data)), place["indicator"][0])
        row = next(row for name, row in rows.items() if name.startswith("Kemiskinan"))
        cell = sheet[f"{place['q2'][0]}{row}"]
        assert cell.data_type == "n"
        assert cell.value == 7.85
        assert cell.number_format == '#,##0.00"*"'
        assert '"*"' not in sheet[f"{place['before'][0]}{row}"].number_format

    def test_a_text_that_looks_like_a_formula_stays_a_text(self, cast: Cast, plan: Plan) -> None:
        PlanNode.objects.filter(plan=plan, code="1.02.02.2.01.02").update(name=HOSTILE)
        for data in (e60(plan)[1], e81(plan, cast)[1]):
            sheet = load_workbook(io.BytesIO(data)).active
            assert sheet is not None
            found = [
                cell
                for row in sheet.iter_rows()
                for cell in row
                if isinstance(cell.value, str) and HOSTILE in cell.value
            ]
            assert found
            assert all(cell.data_type == "s" and cell.hyperlink is None for cell in found)
        cell = next(
            cell
            for row in load_workbook(io.BytesIO(e60(plan)[1])).active.iter_rows()
            for cell in row
            if cell.value == HOSTILE
        )
        assert cell.quotePrefix

    def test_words_of_the_foot_come_from_the_newest_verified_figure(
        self, cast: Cast, plan: Plan
    ) -> None:
        form, _data = e81(plan, cast, 1)
        early = footer_of(form)
        assert [said.text for said in early.obstacles] == ["Listrik padam"]
        assert [said.text for said in early.later] == ["Genset"]
        assert early.soon == []
        late = footer_of(e81(plan, cast)[0])
        assert [said.text for said in late.obstacles] == ["Jalan rusak"]
        assert [said.text for said in late.soon] == ["Layanan keliling"]

    def test_a_quarter_shows_nothing_of_the_quarters_after_it(self, cast: Cast, plan: Plan) -> None:
        form, data = e81(plan, cast, 1)
        cells, place = only(kept(data)), at(columns.e81(form))
        later = {place[key][side] for key in ("q2", "q3", "q4") for side in (0, 1)}
        body = range(FIRST, FIRST + len(form.indicators))
        assert not [
            name
            for name in cells
            if name.rstrip("0123456789") in later
            and int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) in body
            and cells[name] != ""
        ]


class TestLayout:
    def test_official_numbers_merged_heads_and_print_set_up(self, cast: Cast, plan: Plan) -> None:
        for form, data, last in (
            (*e81(plan, cast), "(16)"),
            (*e60(plan), "(16)"),
            (*e58(plan), "(24)"),
        ):
            sheet = load_workbook(io.BytesIO(data)).active
            assert sheet is not None
            numbers = [cell.value for cell in sheet[9] if cell.value]
            assert numbers[0] == "(1)"
            assert numbers[-1] == last
            assert {cell.value for cell in sheet[10]} >= {"K", "Rp"}
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.page_setup.fitToWidth in (None, 1)
            assert sheet.page_setup.fitToHeight == 0
            assert sheet.print_title_rows == "$7:$10"
            assert len(sheet.merged_cells.ranges) > 10
            assert form.plan == plan

    def test_e81_without_a_unit_is_none(self, plan: Plan) -> None:
        with pytest.raises(ValueError, match="unit"):
            forms.e81(form_of(plan, year=YEAR, on=TODAY), now=NOW)

    def test_a_plan_without_indicators_is_an_empty_form(self, cast: Cast) -> None:
        plan = whole_plan(cast)
        form = form_of(plan, unit=cast.other_unit, year=2029, quarter=4, on=date(2029, 12, 31))
        data = forms.e81(form, now=NOW)
        assert only(kept(data))["A1"] == "Formulir E.81"


def test_an_export_costs_the_same_for_more_indicators(cast: Cast, plan: Plan) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            e60(plan)
            e58(plan)
            e81(plan, cast)
        return len(seen)

    queries()
    first = queries()
    node = indicator_of(plan, "Warga dilayani").node
    for number in range(6):
        make_indicator(node, by=planner(cast), name=f"Lagi {number}", unit=cast.unit)
    assert queries() == first <= 20
