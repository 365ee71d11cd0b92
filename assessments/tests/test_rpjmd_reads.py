"""What pages of figures read: who sees what, what is counted, and that many rows cost no more."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.actions.indicators import TargetRow, drop_indicator, set_budget
from assessments.enums import Consolidation, MeasurementState
from assessments.models import Indicator, Plan
from assessments.queries import plan_links
from assessments.queries.performance import known
from assessments.queries.plan_board import natural, plan_board
from assessments.queries.unit_figures import (
    plan_of_year,
    queue,
    reporting,
    unit_figures,
    years_with_plans,
)
from assessments.tests.factories_rpjmd import (
    TODAY,
    YEAR,
    give_targets,
    indicator_of,
    make_indicator,
    make_plan,
    plan_in_force,
    planner,
    report,
    second_planner,
    sent,
    verified,
)
from assessments.tests.rpjmd_verbs import adopt, revise
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast, report_days=14)


@pytest.fixture
def index(plan: Plan) -> Indicator:
    return indicator_of(plan, "Indeks contoh")


@pytest.fixture
def operator(cast: Cast) -> Membership:
    return cast[Role.OPD_OPERATOR]


def cost(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        read()
    return len(seen)


def test_many_rows_cost_no_more(
    cast: Cast, plan: Plan, index: Indicator, operator: Membership
) -> None:
    by = planner(cast)
    reads: dict[str, Callable[[], Any]] = {
        "known": lambda: known(Indicator.objects.filter(node__plan=plan)),
        "unit_figures": lambda: unit_figures(operator, cast.unit, plan, YEAR, TODAY),
        "queue": lambda: queue(by, TODAY),
        "reporting": lambda: reporting(plan, YEAR, 1, TODAY),
        "board": lambda: plan_board(plan, year=YEAR, on=TODAY),
    }
    sent(index, 70, by=operator)
    sent(indicator_of(plan, "Persentase dua"), 70, by=by)
    few = {name: cost(read) for name, read in reads.items()}
    for number in range(5):
        unit = cast.unit if number % 2 else cast.other_unit
        row = make_indicator(index.node, by=by, name=f"Lagi {number}", unit=unit)
        give_targets(row, by=by, y2026="5", y2026q1="1")
        sent(row, number, by=by)
        verified(row, number, by=by, planner=second_planner(cast), quarter=2)
    assert {name: cost(read) for name, read in reads.items()} == few
    assert max(few.values()) <= 6
    assert few["known"] == 3


class TestReporting:
    def test_each_unit_with_what_it_still_owes(
        self, cast: Cast, plan: Plan, index: Indicator, operator: Membership
    ) -> None:
        sent(index, 70, by=operator)
        verified(
            indicator_of(plan, "Persentase dua"), 5, by=planner(cast), planner=second_planner(cast)
        )
        rows = {row.unit: row for row in reporting(plan, YEAR, 1, TODAY)}
        first, second = rows[cast.unit], rows[cast.other_unit]
        assert (first.total, first.reported, first.is_late) == (2, 1, True)
        assert (second.total, second.reported, second.is_late) == (1, 1, False)
        assert first.due_on == date(2026, 4, 14)
        assert reporting(plan, YEAR, 0, TODAY) == []

    def test_on_the_last_day_nobody_is_late(self, cast: Cast, plan: Plan) -> None:
        for day, is_late in ((date(2026, 4, 14), False), (date(2026, 4, 15), True)):
            rows = reporting(plan, YEAR, 1, day)
            assert {row.is_late for row in rows} == {is_late}

    def test_figures_of_dropped_indicators_are_not_counted(
        self, cast: Cast, plan: Plan, operator: Membership
    ) -> None:
        people = indicator_of(plan, "Warga dilayani")
        sent(people, 5, by=operator, quarter=2)
        revision = revise(plan, planner(cast), YEAR)
        drop_indicator(indicator=people, by=planner(cast))
        adopt(revision, planner(cast))
        rows = {row.unit: row for row in reporting(plan, YEAR, 2, TODAY)}
        assert (rows[cast.unit].total, rows[cast.unit].reported) == (1, 0)


class TestUnitFigures:
    def test_quarters_and_years_money_apart(
        self, cast: Cast, plan: Plan, index: Indicator, operator: Membership
    ) -> None:
        by = planner(cast)
        make_indicator(
            index.node, by=by, name="Tahunan", unit=cast.unit, consolidation=Consolidation.MANUAL
        )
        set_budget(node=index.node, unit=cast.unit, rows=[TargetRow(2026, low=Decimal(9))], by=by)
        report(index, 70, by=operator)
        page = unit_figures(operator, cast.unit, plan, YEAR, TODAY)
        cells = {line.indicator.name: [cell.quarter for cell in line.cells] for line in page.lines}
        assert cells == {
            "Indeks contoh": [1, 2, 3, 4],
            "Warga dilayani": [1, 2, 3, 4],
            "Tahunan": [0],
        }
        assert len(page.money) == 1
        assert page.writes
        opened = [cell.quarter for cell in page.lines[0].cells if cell.is_open]
        assert opened == [1, 2, 3]
        asked = {row.quarter: (len(row.filled), row.empty) for row in page.to_send}
        # The first quarter of one indicator is filled; the second is over and empty everywhere.
        assert asked == {1: (1, 2), 2: (0, 3)}

    def test_who_does_not_write_sees_no_open_cell(self, cast: Cast, plan: Plan) -> None:
        page = unit_figures(cast[Role.MAYOR], cast.unit, plan, YEAR, TODAY)
        assert not page.writes
        assert not [cell for line in page.lines for cell in line.cells if cell.is_open]

    def test_it_shows_the_plan_as_it_stood_in_the_year(
        self, cast: Cast, plan: Plan, index: Indicator, operator: Membership
    ) -> None:
        revision = revise(plan, planner(cast), 2026)
        drop_indicator(indicator=index, by=planner(cast))
        adopt(revision, planner(cast))
        names = {
            year: [line.indicator.name for line in page.lines]
            for year in (2025, 2026)
            if (page := unit_figures(operator, cast.unit, plan, year, TODAY))
        }
        assert names == {2025: ["Indeks contoh", "Warga dilayani"], 2026: ["Warga dilayani"]}


class TestQueue:
    def test_what_waits_with_what_it_is_compared_with(
        self, cast: Cast, index: Indicator, operator: Membership
    ) -> None:
        verified(index, 20, by=operator, planner=planner(cast))
        sent(index, 80, by=operator, quarter=2)
        (row,) = queue(planner(cast), TODAY)
        assert (row.is_jump, row.is_own, row.needs_manual) == (True, False, False)
        assert (row.before and row.before.value, row.figure.value) == (20, 80)
        assert queue(planner(cast), TODAY, quarter="1") == []
        assert len(queue(planner(cast), TODAY, unit=cast.unit.pk, quarter="2")) == 1
        assert queue(cast.away_offices[Role.PLANNER], TODAY) == []

    def test_ones_own_are_marked(self, cast: Cast, index: Indicator) -> None:
        sent(index, 80, by=planner(cast))
        assert [row.is_own for row in queue(planner(cast), TODAY)] == [True]
        assert [row.is_own for row in queue(second_planner(cast), TODAY)] == [False]


def test_the_plan_of_a_year_is_the_one_in_force(cast: Cast, plan: Plan) -> None:
    make_plan(cast, title="Naskah", first_year=2026, last_year=2030)
    assert plan_of_year(cast.home.pk, YEAR) == plan
    assert plan_of_year(cast.home.pk, 2030) is None
    assert plan_of_year(cast.away.pk, YEAR) is None
    assert years_with_plans(cast.home.pk, TODAY) == [2026, 2025]


def test_links_lead_only_to_ones_own_government(
    cast: Cast, index: Indicator, operator: Membership
) -> None:
    stranger = cast.away_offices[Role.PLANNER]
    unit, pk = str(cast.unit.pk), str(index.pk)
    assert list(plan_links.own_figures(operator, [unit, "x"])) == [unit]
    assert plan_links.own_figures(stranger, [unit]) == {}
    assert list(plan_links.queue(planner(cast), [unit])) == [unit]
    assert plan_links.queue(operator, [unit]) == {}
    assert plan_links.own_figures(cast[Role.TPN_REVIEWER], [unit]) == {}
    assert list(Indicator.objects.visible_to(stranger)) == []
    assert Indicator.objects.visible_to(operator).filter(pk=pk).exists()


def test_codes_of_any_script_are_sorted() -> None:
    assert natural("²") > natural("2")
    assert sorted(["1.10", "1.9", "1.²"], key=natural)[:2] == ["1.9", "1.10"]


def test_states_of_figures_that_wait_are_told_apart(
    cast: Cast, plan: Plan, index: Indicator, operator: Membership
) -> None:
    sent(index, 70, by=operator)
    (row,) = [each for each in reporting(plan, YEAR, 1, TODAY) if each.reported]
    assert row.states == {MeasurementState.SUBMITTED: 1}
