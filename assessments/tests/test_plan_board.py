"""The board of a plan: what counts, how it rolls up, and how many queries it takes."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.achievement_bands import bands
from assessments.actions.indicators import TargetRow, set_budget
from assessments.models import Plan
from assessments.queries.performance import ON_ITS_WAY
from assessments.queries.plan_board import natural, plan_board
from assessments.tests.factories_rpjmd import (
    BANDS,
    TODAY,
    YEAR,
    indicator_of,
    make_indicator,
    plan_in_force,
    planner,
    sent,
    verified,
)
from opd.enums import Role
from opd.tests.fixtures import Cast


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


def test_only_verified_figures_count(cast: Cast, plan: Plan) -> None:
    operator = cast.offices[Role.OPD_OPERATOR]
    index, people = indicator_of(plan, "Indeks contoh"), indicator_of(plan, "Warga dilayani")
    verified(index, 72, by=operator, planner=planner(cast))
    sent(people, 20, by=operator)
    official = plan_board(plan, year=YEAR, on=TODAY)
    by_name = {each.indicator.name: each for each in official.indicators}
    assert by_name["Indeks contoh"].achieved.percent == Decimal(90)
    assert by_name["Indeks contoh"].band == bands(BANDS).of(Decimal(90))
    assert by_name["Warga dilayani"].achieved.percent is None
    early = plan_board(plan, year=YEAR, on=TODAY, states=ON_ITS_WAY)
    by_name = {each.indicator.name: each for each in early.indicators}
    assert by_name["Warga dilayani"].achieved.percent == Decimal(25)


def test_nodes_roll_up_and_say_how_many_are_known(cast: Cast, plan: Plan) -> None:
    operator = cast.offices[Role.OPD_OPERATOR]
    verified(indicator_of(plan, "Warga dilayani"), 40, by=operator, planner=planner(cast))
    board = plan_board(plan, year=YEAR, on=TODAY)
    rows = {row.node.code: row for row in board.rows}
    assert [row.node.code for row in board.rows] == ["V", "1", "1.1", "1.1.1", "1.02.02"]
    assert rows["1.02.02"].rolled == (Decimal(50), 1, 2)
    # The objective's own indicator has no figure yet: until then what hangs below speaks for it.
    assert (rows["1.1.1"].rolled, rows["1.1.1"].from_below) == ((Decimal(50), 1, 1), True)
    verified(indicator_of(plan, "Indeks contoh"), 80, by=operator, planner=planner(cast))
    rows = {row.node.code: row for row in plan_board(plan, year=YEAR, on=TODAY).rows}
    assert (rows["1.1.1"].rolled, rows["1.1.1"].from_below) == ((Decimal(100), 1, 1), False)
    assert rows["V"].rolled.percent == Decimal(100)
    assert board.by_unit[cast.unit.pk].percent == Decimal(50)


def test_the_board_costs_the_same_for_more_indicators(cast: Cast, plan: Plan) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            plan_board(plan, year=YEAR, on=TODAY)
        return len(seen)

    first = queries()
    node = indicator_of(plan, "Warga dilayani").node
    for number in range(5):
        make_indicator(node, by=planner(cast), name=f"Lagi {number}", unit=cast.unit)
    assert queries() == first <= 5


def test_codes_stand_in_the_order_that_people_count() -> None:
    assert sorted(["1.10", "1.2", "1.02.A", "B", "1"], key=natural)[0] == "1"
    assert natural("1.2") < natural("1.10") < natural("B")


def test_what_a_line_says_of_its_money_holds_what_hangs_below(cast: Cast, plan: Plan) -> None:
    by = planner(cast)
    objective = indicator_of(plan, "Indeks contoh").node
    programme = indicator_of(plan, "Warga dilayani").node

    def ceilings() -> dict[str, Decimal | None]:
        board = plan_board(plan, year=YEAR, on=TODAY)
        return {row.node.code: row.money.ceiling for row in board.rows}

    set_budget(node=programme, unit=cast.unit, rows=[TargetRow(YEAR, low=Decimal(60))], by=by)
    set_budget(node=programme, unit=cast.other_unit, rows=[TargetRow(YEAR, low=Decimal(20))], by=by)
    assert (ceilings()["1.02.02"], ceilings()["V"]) == (80, 80)
    set_budget(node=objective, unit=None, rows=[TargetRow(YEAR, low=Decimal(100))], by=by)
    assert (ceilings()["1.02.02"], ceilings()["1.1.1"], ceilings()["V"]) == (80, 100, 100)
