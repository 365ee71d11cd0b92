"""Indicators of a plan, their targets and the money: added, changed, dropped, read as they were."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from assessments.actions.indicators import (
    IndicatorTexts,
    TargetRow,
    TargetsRefused,
    add_indicator,
    drop_indicator,
    edit_indicator,
    set_budget,
    set_targets,
)
from assessments.actions.measurements import unlock_measurement
from assessments.actions.plans import discard_revision
from assessments.editing import Conflict
from assessments.enums import Consolidation, NodeLevel, Shape
from assessments.models import Indicator, Plan, PlanNode
from assessments.queries.performance import known
from assessments.queries.plan_board import plan_board
from assessments.tests.factories_rpjmd import (
    NOW,
    TODAY,
    give_targets,
    indicator_of,
    make_indicator,
    make_node,
    make_plan,
    plan_in_force,
    planner,
    sent,
    verified,
)
from assessments.tests.rpjmd_verbs import (
    adopt,
    edit,
    entries_of,
    ledger_of,
    rename,
    revise,
    texts_of,
)
from opd.enums import Role
from opd.models import Duty, Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def by(cast: Cast) -> Membership:
    return planner(cast)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def programme(plan: Plan) -> PlanNode:
    return PlanNode.objects.get(plan=plan, level=NodeLevel.PROGRAMME)


class TestFiches:
    def test_a_second_press_adds_nothing(self, plan: Plan, by: Membership) -> None:
        node, key = indicator_of(plan, "Indeks contoh").node, uuid4()
        rows = [
            add_indicator(node=node, texts=IndicatorTexts("Dua kali"), form_key=key, by=by)
            for _press in (1, 2)
        ]
        assert rows[0] == rows[1]
        assert ledger_of(rows[0]) == ["indicator.added"]

    def test_unit_duty_and_support_are_of_the_plan(
        self, cast: Cast, plan: Plan, by: Membership
    ) -> None:
        node = indicator_of(plan, "Indeks contoh").node
        duty = Duty.objects.create(government=cast.home, unit=cast.other_unit, text="x", position=1)
        other = make_plan(cast, title="Lain")
        foreign = make_indicator(make_node(other, None, NodeLevel.GOAL, "1", by=by), by=by)
        for texts, sentence in (
            ({"unit": cast.away_unit}, "unit of this government"),
            ({"unit": cast.unit, "duty": duty}, "duty of the responsible unit"),
            ({"supports": foreign}, "indicator of the same plan"),
        ):
            with pytest.raises(StepRefused, match=sentence):
                make_indicator(node, by=by, **texts)
        assert make_indicator(node, by=by, unit=cast.other_unit, duty=duty).duty == duty

    def test_cascades_run_in_no_circle(self, plan: Plan, by: Membership) -> None:
        top = indicator_of(plan, "Indeks contoh")
        middle = make_indicator(top.node, by=by, name="Tengah", supports=top)
        low = make_indicator(top.node, by=by, name="Bawah", supports=middle)
        for below in (top, middle, low):
            with pytest.raises(StepRefused, match="cannot support"):
                edit(top, by, supports=below)
        with pytest.raises(IntegrityError), transaction.atomic():
            Indicator.objects.filter(pk=top.pk).update(supports=top)
        assert edit(low, by, supports=top).supports == top

    def test_what_is_an_iku_changes_by_revision(self, plan: Plan, by: Membership) -> None:
        index = indicator_of(plan, "Indeks contoh")
        with pytest.raises(StepRefused, match="What is an IKU"):
            edit(index, by, is_iku=False)

    def test_what_stood_there_stays_readable(self, plan: Plan, by: Membership) -> None:
        index = indicator_of(plan, "Indeks contoh")
        edit(index, by, definition="Baru", name="Indeks baru")
        former = index.former_texts.get()
        assert former.texts == {"definition": "", "name": "Indeks contoh"}
        assert entries_of(index)[-1].codes == {"definition": True, "name": True}
        edit(index, by)
        assert index.former_texts.count() == 1
        with pytest.raises(Conflict):
            edit_indicator(
                indicator=index, texts=texts_of(index, name="x"), version=1, by=by, now=NOW
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            index.former_texts.update(texts={})

    def test_a_revision_in_which_fiches_changed_can_be_thrown_away(
        self, plan: Plan, by: Membership
    ) -> None:
        revision = revise(plan, by)
        index = indicator_of(plan, "Indeks contoh")
        edit(index, by, definition="Baru")
        rename(index.node, by, name="Baru")
        discard_revision(revision=revision, by=by)
        assert index.former_texts.get().revision.number == 0  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        "change",
        [
            {"direction": "lower"},
            {"shape": Shape.RANGE},
            {"consolidation": Consolidation.SUM},
            {"unit_of_measure": "orang"},
            {"factor": Decimal(100), "numerator_label": "a", "denominator_label": "b"},
        ],
        ids=str,
    )
    def test_figures_are_not_read_otherwise_than_they_were(
        self, cast: Cast, plan: Plan, by: Membership, change: dict[str, Any]
    ) -> None:
        index = indicator_of(plan, "Indeks contoh")
        row = verified(index, 70, by=cast[Role.OPD_OPERATOR], planner=by)
        with pytest.raises(StepRefused, match="were sent already"):
            edit(index, by, **change)
        unlock_measurement(measurement=row, reason="Salah ketik", by=by, now=NOW)
        with pytest.raises(StepRefused, match="were sent already"):
            edit(index, by, **change)
        edit(index, by, name="Nama lain")

    def test_targets_fit_the_shape(self, plan: Plan, by: Membership) -> None:
        with pytest.raises(StepRefused, match="Empty the targets"):
            edit(indicator_of(plan, "Indeks contoh"), by, shape=Shape.RANGE)

    def test_one_on_which_others_hang_is_not_removed(self, cast: Cast, by: Membership) -> None:
        plan = make_plan(cast)
        node = make_node(plan, None, NodeLevel.GOAL, "1", by=by)
        top = make_indicator(node, by=by)
        below = make_indicator(node, by=by, name="Dua", supports=top)
        give_targets(below, by=by, y2026="3")
        with pytest.raises(StepRefused, match="cascaded from it"):
            drop_indicator(indicator=top, by=by)
        edit(below, by, name="Tiga")
        drop_indicator(indicator=below, by=by)
        drop_indicator(indicator=top, by=by)
        assert ledger_of(top)[-1] == "indicator.removed"
        assert not Indicator.objects.filter(node=node).exists()

    def test_in_force_only_a_revision_drops_it(self, plan: Plan, by: Membership) -> None:
        index = indicator_of(plan, "Indeks contoh")
        with pytest.raises(StepRefused, match="open a revision"):
            drop_indicator(indicator=index, by=by)
        adopted = revise(plan, by)
        for _press in (1, 2):
            drop_indicator(indicator=index, by=by)
        assert ledger_of(index).count("indicator.dropped") == 1
        adopt(adopted, by)
        seen = {
            year: len(plan_board(plan, year=year, on=TODAY).indicators) for year in (2026, 2027)
        }
        assert seen == {2026: 3, 2027: 2}

    @pytest.mark.parametrize("role", [Role.OPD_OPERATOR, Role.ADMINISTRATOR])
    def test_planners_only(self, cast: Cast, plan: Plan, role: Role) -> None:
        index = indicator_of(plan, "Indeks contoh")
        with pytest.raises(PermissionDenied):
            make_indicator(index.node, by=cast[role])
        with pytest.raises(PermissionDenied):
            edit(index, cast[role], name="x")
        with pytest.raises(PermissionDenied):
            drop_indicator(indicator=index, by=cast[role])
        with pytest.raises(PermissionDenied):
            give_targets(index, by=cast[role], y2026="1")
        with pytest.raises(PermissionDenied):
            set_budget(node=index.node, unit=None, rows=[], by=cast[role])
        with pytest.raises(Plan.DoesNotExist):
            give_targets(index, by=cast.away_offices[Role.PLANNER], y2026="1")


class TestTargets:
    @pytest.mark.parametrize(
        ("texts", "row", "sentence"),
        [
            ({}, {"low": "1", "high": "2"}, "no range"),
            ({}, {"due_on": date(2026, 1, 1)}, "Enter a number"),
            ({}, {"low": "1e18"}, "too large"),
            ({"shape": "range"}, {"low": "1", "high": "Infinity"}, "too large"),
            ({"shape": "range"}, {"low": "1"}, "both bounds"),
            ({"shape": "range"}, {"low": "3", "high": "2"}, "lower bound comes first"),
            ({"shape": "yes_no"}, {"low": "2"}, "yes or no"),
            ({"shape": "date"}, {"low": "1"}, "Enter a day"),
            ({}, {"year": 2030, "low": "1"}, "does not cover"),
        ],
        ids=str,
    )
    def test_each_cell_has_its_sentence(
        self,
        cast: Cast,
        by: Membership,
        texts: dict[str, Any],
        row: dict[str, Any],
        sentence: str,
    ) -> None:
        node = make_node(make_plan(cast), None, NodeLevel.GOAL, "1", by=by)
        indicator = make_indicator(node, by=by, **texts)
        numbers = {k: Decimal(v) if k in ("low", "high") else v for k, v in row.items()}
        bad = TargetRow(**{"year": 2026, **numbers})
        rows = [TargetRow(2025, low=None), bad]
        with pytest.raises(TargetsRefused) as refusal:
            set_targets(indicator=indicator, rows=rows, by=by)
        assert list(refusal.value.faults.cells) == [(bad.year, 0)]
        assert sentence in refusal.value.faults.cells[bad.year, 0]
        assert not indicator.targets.exists()

    def test_in_force_only_what_is_empty_may_be_filled(self, plan: Plan, by: Membership) -> None:
        index = indicator_of(plan, "Indeks contoh")
        assert set_targets(indicator=index, rows=[TargetRow(2026, low=Decimal(80))], by=by) == 0
        with pytest.raises(TargetsRefused):
            give_targets(index, by=by, y2026="81", y2026q1="20")
        give_targets(index, by=by, y2026q1="20")
        assert index.targets.filter(year=2026).count() == 2
        assert entries_of(index)[-1].codes == {"revision": 0, "count": 1}

    def test_a_revision_leaves_the_years_before_it(self, plan: Plan, by: Membership) -> None:
        revise(plan, by)
        index = indicator_of(plan, "Indeks contoh")
        with pytest.raises(TargetsRefused) as refusal:
            give_targets(index, by=by, y2026="81", y2027="90")
        assert refusal.value.faults.cells == {
            (2026, 0): "This revision changes targets from 2027 on."
        }
        with pytest.raises(TargetsRefused) as refusal:
            set_targets(indicator=index, rows=[TargetRow(2027)], by=by)
        assert "cannot be emptied" in refusal.value.faults.cells[2027, 0]

    def test_what_is_filled_after_a_revision_counts(self, plan: Plan, by: Membership) -> None:
        adopt(revise(plan, by), by)
        index = indicator_of(plan, "Indeks contoh")
        give_targets(index, by=by, y2026q2="40", y2027q1="10")
        (one,) = known([index])
        assert one.targets[2026, 2].revision.number == 0
        assert one.targets[2027, 1].revision.number == 1
        assert [entry.codes for entry in entries_of(index)[-2:]] == [
            {"revision": 0, "count": 1},
            {"revision": 1, "count": 1},
        ]

    def test_two_planners_meet(self, cast: Cast, by: Membership) -> None:
        node = make_node(make_plan(cast), None, NodeLevel.GOAL, "1", by=by)
        indicator = make_indicator(node, by=by)
        give_targets(indicator, by=by, y2026="5")
        for version in (0, 7):
            row = TargetRow(2026, low=Decimal(6), version=version)
            with pytest.raises(Conflict):
                set_targets(indicator=indicator, rows=[row], by=by)
        row = TargetRow(2026, low=Decimal(6), version=1)
        assert [set_targets(indicator=indicator, rows=[row], by=by) for _press in (1, 2)] == [1, 0]
        empty = TargetRow(2026, version=2)
        assert set_targets(indicator=indicator, rows=[empty], by=by) == 1
        assert not indicator.targets.exists()

    @pytest.mark.parametrize(
        "values", [{"low": None}, {"low": "5", "high": "4"}, {"quarter": 5}], ids=str
    )
    def test_impossible_targets_are_refused(self, plan: Plan, values: dict[str, Any]) -> None:
        target = indicator_of(plan, "Indeks contoh").targets.get(year=2026)
        with pytest.raises(IntegrityError), transaction.atomic():
            type(target).objects.filter(pk=target.pk).update(**values)


class TestMoney:
    def ceiling(self, budget: Indicator, year: int) -> Decimal | None:
        (one,) = known([budget])
        aim = one.series.aim(year)
        return aim.low if aim else None

    def give(
        self, node: PlanNode, by: Membership, value: Any, year: int = 2026, **more: Any
    ) -> Any:
        low = None if value is None else Decimal(value)
        rows = [TargetRow(year, low=low)]
        return set_budget(node=node, unit=more.get("unit"), rows=rows, by=by)

    def test_ceilings_change_without_a_revision(
        self, cast: Cast, plan: Plan, by: Membership, programme: PlanNode
    ) -> None:
        budget = self.give(programme, by, 0, unit=cast.unit)
        assert self.ceiling(budget, 2026) == 0
        assert self.give(programme, by, 200, unit=cast.unit) == budget
        assert self.ceiling(budget, 2026) == 200
        adopt(revise(plan, by), by)
        self.give(programme, by, 300, unit=cast.unit)
        self.give(programme, by, 400, year=2028, unit=cast.unit)
        revise(plan, by, 2028)
        self.give(programme, by, 350, unit=cast.unit)
        self.give(programme, by, 450, year=2028, unit=cast.unit)
        assert (self.ceiling(budget, 2026), self.ceiling(budget, 2028)) == (350, 450)
        assert ledger_of(budget)[:2] == ["indicator.added", "targets.set"]

    def test_each_unit_has_its_own_at_a_line(
        self, cast: Cast, by: Membership, programme: PlanNode
    ) -> None:
        rows = {
            self.give(programme, by, 5, unit=unit).pk
            for unit in (cast.unit, cast.other_unit, None, None)
        }
        assert len(rows) == 3
        with pytest.raises(StepRefused, match="unit of this government"):
            self.give(programme, by, 5, unit=cast.away_unit)
        with pytest.raises(TargetsRefused) as refusal:
            self.give(programme, by, -1)
        assert "below zero" in refusal.value.faults.cells[2026, 0]

    def test_money_stays_money(self, cast: Cast, by: Membership, programme: PlanNode) -> None:
        budget = self.give(programme, by, 5)
        with pytest.raises(StepRefused, match="Money stays money"):
            edit(budget, by, unit_of_measure="orang")
        with pytest.raises(IntegrityError), transaction.atomic():
            Indicator.objects.filter(pk=budget.pk).update(is_iku=True)

    def test_an_emptied_ceiling_is_never_lost_in_silence(
        self, plan: Plan, by: Membership, programme: PlanNode
    ) -> None:
        budget = self.give(programme, by, 5, year=2028)
        adopt(revise(plan, by), by)
        with pytest.raises(TargetsRefused):
            self.give(programme, by, None, year=2028)
        assert self.ceiling(budget, 2028) == 5


def test_no_target_is_set_after_its_figure(cast: Cast) -> None:
    plan, by = plan_in_force(cast), planner(cast)
    row = make_indicator(indicator_of(plan, "Indeks contoh").node, by=by, unit=cast.unit)
    sent(row, 20, by=cast.offices[Role.OPD_OPERATOR])
    for period in ({"y2026": "10"}, {"y2026q1": "10"}):
        with pytest.raises(TargetsRefused):
            give_targets(row, by=by, **period)
    give_targets(row, by=by, y2026q4="10", y2027="12")
    assert row.targets.count() == 2


def test_a_slip_in_a_plan_in_force_is_removed_again(cast: Cast) -> None:
    plan, by = plan_in_force(cast), planner(cast)
    row = make_indicator(indicator_of(plan, "Indeks contoh").node, by=by, name="x")
    drop_indicator(indicator=row, by=by)
    assert not Indicator.objects.filter(pk=row.pk).exists()
    with pytest.raises(StepRefused, match="open a revision"):
        drop_indicator(indicator=indicator_of(plan, "Indeks contoh"), by=by)
