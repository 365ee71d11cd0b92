"""Tables of indicators: sent, compared with the plan, written once, by the rules of single rows."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from assessments.actions.indicator_filling import fill_plan
from assessments.actions.indicator_imports import (
    apply_indicator_import,
    discard_indicator_import,
    empty_expired_indicator_imports,
    receive_indicators,
)
from assessments.actions.indicators import IndicatorTexts, edit_indicator, set_budget
from assessments.actions.plans import open_revision
from assessments.enums import IndicatorKind, MeasurementState, NodeLevel, Shape, SheetImportState
from assessments.models import Indicator, IndicatorImport, Measurement, Plan, PlanNode, Target
from assessments.plan_excel.compared import Comparison, Outcome
from assessments.queries.indicator_imports import comparison_of, table_of, template_of
from assessments.tests.factories_rpjmd import (
    NOW,
    TODAY,
    indicator_of,
    make_plan,
    plan_in_force,
    planner,
    second_planner,
    verified,
)
from assessments.tests.plan_books import HEADER, TREE, book, line, table
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
FIVE = (70, 75, 80, 85, 90)


def receive(cast: Cast, plan: Plan, data: bytes) -> IndicatorImport:
    return receive_indicators(plan=plan, data=data, sheet_name="", by=planner(cast), now=NOW)


def preview(cast: Cast, plan: Plan, data: bytes) -> Comparison:
    return comparison_of(receive(cast, plan, data), plan, TODAY)


def confirm(cast: Cast, upload: IndicatorImport) -> IndicatorImport:
    seen = comparison_of(upload, upload.plan, TODAY).fingerprint
    return apply_indicator_import(upload=upload, seen=seen, by=planner(cast), now=NOW)


def write(cast: Cast, plan: Plan, data: bytes) -> IndicatorImport:
    return confirm(cast, receive(cast, plan, data))


def faults(comparison: Comparison) -> dict[str, str]:
    return {fault.cell: fault.sentence for fault in comparison.faults()}


def verbs(subject: str) -> list[str]:
    rows = LedgerEntry.objects.filter(subject_type=subject).order_by("pk")
    return list(rows.values_list("verb", flat=True))


class TestIntoADraft:
    def test_nodes_indicators_and_targets_are_written_only_when_confirmed(self, cast: Cast) -> None:
        plan = make_plan(cast)
        unit = cast.unit
        data = table(
            line("Indeks RB", *FIVE, measure="Indeks", base="60,37", unit=unit.name),
            line("Kemiskinan", "7,5", "7,25", "7", "6,5", "6"),
        )
        upload = receive(cast, plan, data)
        assert comparison_of(upload, plan, TODAY).count() == {
            "new": 5,
            "changed": 0,
            "same": 0,
            "refused": 0,
        }
        assert not PlanNode.objects.filter(plan=plan).exists()
        done = confirm(cast, upload)
        assert (done.state, done.added) == (SheetImportState.APPLIED, 5)
        nodes = PlanNode.objects.filter(plan=plan).order_by("pk")
        assert [(row.level, row.code) for row in nodes] == [
            (NodeLevel.MISSION, "1"),
            (NodeLevel.GOAL, "1.1"),
            (NodeLevel.OBJECTIVE, "1.1.1"),
        ]
        row = indicator_of(plan, "Indeks RB")
        assert (row.unit, row.base_year, row.base_value) == (unit, 2024, Decimal("60.37"))
        assert [target.low for target in row.targets.order_by("year")] == list(FIVE)
        assert verbs("assessments.indicatorimport") == [
            "indicator_import.received",
            "indicator_import.applied",
        ]
        assert verbs("assessments.indicator") == ["indicator.added"] * 2 + ["targets.set"] * 2
        entry = LedgerEntry.objects.get(verb="plan.filled")
        assert entry.codes == {"nodes": 3, "indicators": 2}

    def test_a_second_confirmation_is_the_first(self, cast: Cast) -> None:
        plan = make_plan(cast)
        upload = receive(cast, plan, table(line("A", *FIVE)))
        confirm(cast, upload)
        again = apply_indicator_import(upload=upload, seen="", by=planner(cast), now=NOW)
        assert again.state == SheetImportState.APPLIED
        assert Indicator.objects.filter(node__plan=plan).count() == 1

    def test_the_same_file_again_changes_nothing(self, cast: Cast) -> None:
        plan = make_plan(cast)
        data = table(line("A", *FIVE, unit=cast.unit.name), line("B", "80-90", "81-91"))
        write(cast, plan, data)
        assert preview(cast, plan, data).count()["same"] == 5

    def test_faulty_rows_are_left_out_with_their_cells(self, cast: Cast) -> None:
        plan = make_plan(cast)
        data = table(
            line("A", *FIVE), line("B", "1,234.56", "banyak"), line("C", unit="Dinas Khayal")
        )
        upload = receive(cast, plan, data)
        found = faults(comparison_of(upload, plan, TODAY))
        assert set(found) == {"G6", "H6", "L7"}
        done = confirm(cast, upload)
        assert done.refused == 2
        names = Indicator.objects.filter(node__plan=plan).values_list("name", flat=True)
        assert list(names) == ["A"]
        assert [fault["cell"] for fault in done.content["faults"]] == ["G6", "H6", "L7"]

    def test_lines_that_only_faulty_rows_need_are_not_made(self, cast: Cast) -> None:
        plan = make_plan(cast)
        header = ["Misi", "Sasaran", "Indikator", "Satuan", "2025"]
        rows = [["1. A", "1.1 B", "X", "%", 5], ["2. C", "2.1 D", "Y", "%", "lima"]]
        write(cast, plan, book(("A", [header, *rows])))
        assert list(PlanNode.objects.values_list("code", flat=True)) == ["1", "1.1"]

    def test_changes_and_renames_by_code(self, cast: Cast) -> None:
        plan = make_plan(cast)
        header = ["Kode", "Tingkat", "Uraian", "Kode Indikator", "Indikator", "Satuan", "2025"]
        one = [*TREE, [None, None, None, "I-1", "Lama", "%", 5]]
        two = [*TREE, [None, None, None, "i-1", "Baru", "%", 6]]
        write(cast, plan, book(("A", [header, *one])))
        found = preview(cast, plan, book(("A", [header, *two])))
        (changed,) = [each for each in found.lines if each.outcome == Outcome.CHANGED]
        assert [(each.before, each.after, each.cell) for each in changed.changes] == [
            ("I-1", "i-1", "D5"),
            ("Lama", "Baru", "E5"),
            ("5", "6", "G5"),
        ]
        write(cast, plan, book(("A", [header, *two])))
        row = Indicator.objects.get(node__plan=plan)
        assert (row.name, row.targets.get().low) == ("Baru", 6)

    def test_empty_cells_change_nothing(self, cast: Cast) -> None:
        plan = make_plan(cast)
        write(cast, plan, table(line("A", *FIVE, measure="Indeks", base=3, unit=cast.unit.name)))
        found = preview(cast, plan, table(line("a ", None, "-", measure="Indeks")))
        assert found.count()["same"] == 4

    def test_money_of_a_unit_at_a_line(self, cast: Cast) -> None:
        plan = make_plan(cast)
        header = ["Kode", "Program", "Indikator", "Satuan", "Target 2025", "Pagu 2025 (Rp)", "PD"]
        rows = [
            ["1", "Misi", None],
            ["1.02.02", "Program Kesehatan", "A", "%", 80, "Rp 1.250.000.000,-", cast.unit.name],
            [None, None, "B", "%", 70, 1250000000, cast.unit.name],
            [None, None, None, None, None, 500000, cast.other_unit.name],
            [None, None, "C", "%", 70, 7, cast.unit.name],
        ]
        header[1], rows[0] = "Uraian", ["1", "Misi 1: Sehat", None]
        found = preview(cast, plan, book(("A", [header, *rows])))
        assert set(faults(found)) == {"F6"}
        write(cast, plan, book(("A", [header, *rows[:-1]])))
        money = Indicator.objects.filter(node__plan=plan, kind=IndicatorKind.BUDGET)
        assert {(row.unit, row.targets.get().low) for row in money} == {
            (cast.unit, 1_250_000_000),
            (cast.other_unit, 500_000),
        }
        node = PlanNode.objects.get(code="1.02.02")
        assert set(node.owners.all()) == {cast.unit, cast.other_unit}
        rows[1][5] = 99
        write(cast, plan, book(("A", [header, *rows[:2]])))
        assert money.get(unit=cast.unit).targets.get().low == 99

    def test_units_by_former_name_code_and_short_name(self, cast: Cast) -> None:
        from opd.models import UnitName

        plan = make_plan(cast)
        unit = UnitFactory(government=cast.home, name="Badan Baru", short_name="BB", code="5.01")
        UnitName.objects.create(
            government=cast.home, unit=unit, name="Barenlitbang", valid_to=date(2020, 1, 1),
            valid_to_precision="day",
        )  # fmt: skip
        names = ["Barenlitbang", "BB", "5.01", " badan  BARU "]
        data = table(*[line(f"I{i}", 1, unit=name) for i, name in enumerate(names)])
        assert {each.unit for each in preview(cast, plan, data).lines if each.row.name} == {unit.pk}

    def test_a_closed_unit_gets_nothing_new(self, cast: Cast) -> None:
        plan = make_plan(cast)
        UnitFactory(government=cast.home, name="Dinas Lama", active_to=date(2024, 1, 1))
        assert set(faults(preview(cast, plan, table(line("A", 1, unit="Dinas Lama"))))) == {"L5"}


class TestIntoAPlanInForce:
    def test_another_target_needs_a_revision_an_empty_one_does_not(self, cast: Cast) -> None:
        plan = plan_in_force(cast)
        row = indicator_of(plan, "Warga dilayani")
        row.targets.filter(year=2029).delete()
        header = ["Program", "Indikator", "2025", "2026", "2029"]
        changed = book(("A", [header, ["1.02.02 Program 1.02.02", "Warga dilayani", 70, 81, 99]]))
        found = preview(cast, plan, changed)
        assert set(faults(found)) == {"D2"}
        assert "perubahan rencana" in faults(found)["D2"]
        filled = book(("A", [header, ["1.02.02 Program 1.02.02", "Warga dilayani", 70, 80, 99]]))
        write(cast, plan, filled)
        assert row.targets.get(year=2029).low == 99

    def test_an_open_revision_takes_them_from_its_year_on(self, cast: Cast) -> None:
        plan = plan_in_force(cast)
        revision = open_revision(plan=plan, from_year=2026, reason="Perubahan", by=planner(cast))
        header = ["Indikator", "Satuan", "2025", "2026"]
        found = preview(cast, plan, book(("A", [header, ["Warga dilayani", "orang", 71, 81]])))
        assert set(faults(found)) == {"C2"}
        write(cast, plan, book(("A", [header, ["Warga dilayani", "orang", 70, 81]])))
        assert Target.objects.get(revision=revision).low == 81

    def test_realisations_wait_for_another_planner(self, cast: Cast) -> None:
        plan = plan_in_force(cast)
        header = ["Indikator", "Satuan", "Realisasi 2024", "Realisasi 2025", "Realisasi 2027"]
        data = book(("A", [header, ["Indeks contoh", "%", "59,65", 0]]))
        write(cast, plan, data)
        rows = Measurement.objects.order_by("year")
        assert [(row.year, row.quarter, row.value, row.state) for row in rows] == [
            (2024, 0, Decimal("59.65"), MeasurementState.SUBMITTED),
            (2025, 0, 0, MeasurementState.SUBMITTED),
        ]
        assert rows[0].submitted_by == planner(cast)
        assert preview(cast, plan, data).count()["same"] == 1
        other = book(("A", [header, ["Indeks contoh", "%", "60", None, 5]]))
        assert set(faults(preview(cast, plan, other))) == {"C2", "E2"}

    def test_what_was_sent_is_not_read_otherwise(self, cast: Cast) -> None:
        plan = plan_in_force(cast)
        row = indicator_of(plan, "Warga dilayani")
        verified(row, 5, by=planner(cast), planner=second_planner(cast))
        header = ["Indikator", "Satuan", "Arah"]
        found = preview(cast, plan, book(("A", [header, ["Warga dilayani", "orang", "turun"]])))
        assert set(faults(found)) == {"C2"}

    def test_a_draft_takes_no_realisation_and_says_so(self, cast: Cast) -> None:
        plan = make_plan(cast)
        header = ["Sasaran", "Indikator", "Satuan", "Realisasi 2024", "2025"]
        rows = [["1. Misi"], ["1.1 S", "A", "%", 5, 6]]
        header[0] = "Tujuan"
        found = preview(cast, plan, book(("A", [header, *rows])))
        assert found.faults() == []
        assert any("Realisa" in remark for remark in found.remarks)
        write(cast, plan, book(("A", [header, *rows])))
        assert not Measurement.objects.exists()


class TestTheDoor:
    def test_a_preview_that_grew_old_is_shown_again(self, cast: Cast) -> None:
        plan = make_plan(cast)
        write(cast, plan, table(line("A", *FIVE)))
        upload = receive(cast, plan, table(line("A", 71)))
        seen = comparison_of(upload, plan, TODAY).fingerprint
        row = indicator_of(plan, "A")
        edit_indicator(
            indicator=row,
            texts=IndicatorTexts(name="A", unit_of_measure="%", definition="Lain"),
            version=row.version,
            by=planner(cast),
            now=NOW,
        )
        with pytest.raises(StepRefused, match="berubah"):
            apply_indicator_import(upload=upload, seen=seen, by=planner(cast), now=NOW)
        assert row.targets.get(year=2025).low == 70

    def test_only_who_sent_it_and_only_planners(self, cast: Cast) -> None:
        plan = make_plan(cast)
        upload = receive(cast, plan, table(line("A", *FIVE)))
        for by in (cast.offices[Role.OPD_HEAD], second_planner(cast)):
            with pytest.raises(PermissionDenied):
                apply_indicator_import(upload=upload, seen="", by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            receive_indicators(
                plan=plan, data=b"", sheet_name="", by=cast.offices[Role.OPD_HEAD], now=NOW
            )
        found = comparison_of(upload, plan, TODAY)
        with pytest.raises(PermissionDenied):
            fill_plan(
                plan=plan, comparison=found, key=plan.form_key, by=cast.offices[Role.MAYOR], now=NOW
            )

    def test_thrown_away_or_expired_it_is_empty(self, cast: Cast) -> None:
        plan = make_plan(cast)
        one, two = (receive(cast, plan, table(line("A", *FIVE))) for _each in range(2))
        gone = discard_indicator_import(upload=one, by=planner(cast), now=NOW)
        assert (gone.state, gone.content) == (SheetImportState.DISCARDED, {})
        late = NOW + timedelta(days=3)
        with pytest.raises(StepRefused, match="kedaluwarsa"):
            apply_indicator_import(upload=two, seen="", by=planner(cast), now=late)
        assert empty_expired_indicator_imports(now=late) == 1
        assert empty_expired_indicator_imports(now=late) == 0
        two.refresh_from_db()
        assert two.content == {}
        assert "indicator_import.expired" in verbs("assessments.indicatorimport")

    def test_what_is_no_table_is_refused(self, cast: Cast) -> None:
        plan = make_plan(cast)
        for data in (b"%PDF", book(("A", [["Nama", "Alamat"], ["x", "y"]]))):
            with pytest.raises(StepRefused):
                receive(cast, plan, data)
        assert not IndicatorImport.objects.exists()


class TestThereAndBack:
    def plan(self, cast: Cast) -> Plan:
        plan = plan_in_force(cast)
        row = indicator_of(plan, "Indeks contoh")
        texts: dict[str, Any] = {
            "name": "=SUM(A1)",
            "code": "IKU-1",
            "unit_of_measure": "Indeks",
            "definition": "=cmd|' /C calc'!A0",
            "formula": "+a",
            "base_year": 2023,
            "base_value": Decimal("3.51"),
            "is_iku": True,
            "unit": cast.unit,
        }
        edit_indicator(
            indicator=row,
            texts=IndicatorTexts(**texts),
            version=row.version,
            by=planner(cast),
            now=NOW,
        )
        node = PlanNode.objects.get(plan=plan, code="1.02.02")
        from assessments.actions.indicators import TargetRow

        for unit, amount in ((cast.unit, "1250000000"), (None, "0"), (cast.other_unit, "12.5")):
            set_budget(
                node=node, unit=unit, rows=[TargetRow(2026, low=Decimal(amount))], by=planner(cast)
            )
        return plan

    def test_export_and_import_changes_nothing(self, cast: Cast) -> None:
        plan = self.plan(cast)
        found = preview(cast, plan, table_of(plan, TODAY))
        assert found.faults() == []
        assert set(found.count().items()) >= {("new", 0), ("changed", 0)}
        assert found.count()["same"] == 7

    def test_an_edited_cell_comes_back_as_one_change(self, cast: Cast) -> None:
        import io

        from openpyxl import load_workbook

        plan = self.plan(cast)
        open_revision(plan=plan, from_year=2026, reason="Perubahan", by=planner(cast))
        made = load_workbook(io.BytesIO(table_of(plan, TODAY)))
        sheet = made["Indikator"]
        places = {cell.value: cell.column for cell in sheet[1]}
        names = {sheet.cell(r, places["Indikator"]).value: r for r in range(2, sheet.max_row + 1)}
        assert sheet.cell(names["=SUM(A1)"], places["Indikator"]).data_type == "s"
        sheet.cell(names["Persentase dua"], places["Target 2027"]).value = "86,5"
        target = io.BytesIO()
        made.save(target)
        # openpyxl writes a text that begins with = as a formula: that row names its cells.
        found = preview(cast, plan, target.getvalue())
        changes = [change for each in found.good() for change in each.changes]
        assert [(each.label, each.before, each.after) for each in changes] == [
            ("Target 2027", "85", "86,5")
        ]

    def test_a_plan_copied_into_another_government_free_draft(self, cast: Cast) -> None:
        plan = self.plan(cast)
        copy = make_plan(cast, title="Salinan")
        write(cast, copy, table_of(plan, TODAY))
        rows = Indicator.objects.filter(node__plan=copy)
        assert rows.filter(kind=IndicatorKind.PERFORMANCE).count() == 3
        assert rows.filter(kind=IndicatorKind.BUDGET).count() == 3
        assert rows.get(code="IKU-1").shape == Shape.VALUE
        assert [row.code for row in PlanNode.objects.filter(plan=copy).order_by("pk")] == [
            "V", "1", "1.1", "1.1.1", "1.02.02",
        ]  # fmt: skip

    def test_the_template_reads_as_nothing(self, cast: Cast) -> None:
        plan = make_plan(cast)
        assert preview(cast, plan, template_of(plan, TODAY)).lines == ()


def test_a_thousand_rows_cost_as_many_queries_as_ten(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    plan = make_plan(cast)
    few, many = ([line(f"I{i}", *FIVE) for i in range(count)] for count in (2, 60))
    uploads = [receive(cast, plan, book(("A", [HEADER, *TREE, *rows]))) for rows in (few, many)]
    for upload in uploads:
        with django_assert_max_num_queries(12):
            comparison_of(upload, plan, TODAY)
    confirm(cast, uploads[0])
    with django_assert_max_num_queries(45):
        confirm(cast, uploads[1])
