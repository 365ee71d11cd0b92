"""Units are reminded of the quarter that ended, as long as they owe a figure of it."""

from datetime import date

import pytest

from assessments.models import Plan
from assessments.queries.plan_links import due_figures
from assessments.tests.factories_rpjmd import (
    TODAY,
    indicator_of,
    plan_in_force,
    planner,
    sent,
    verified,
)
from opd.enums import Role
from opd.tests.fixtures import Cast


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = plan_in_force(cast)
    Plan.objects.filter(pk=plan.pk).update(report_days=14)
    return plan


def units(cast: Cast, today: date = TODAY) -> dict[str, date]:
    return {due.link_id: due.due_on for due in due_figures(cast.home, today)}


def test_units_are_reminded_of_a_quarter_until_it_is_reported(cast: Cast, plan: Plan) -> None:
    own, other = str(cast.unit.pk), str(cast.other_unit.pk)
    assert units(cast) == {own: date(2026, 7, 14), other: date(2026, 7, 14)}
    operator = cast.offices[Role.OPD_OPERATOR]
    sent(indicator_of(plan, "Warga dilayani"), 5, by=operator, quarter=2)
    assert own in units(cast)
    index = indicator_of(plan, "Indeks contoh")
    verified(index, 70, by=operator, planner=planner(cast), quarter=2)
    assert own not in units(cast)
    assert other in units(cast)


def test_in_january_it_is_last_years_fourth(cast: Cast, plan: Plan) -> None:
    assert set(units(cast, date(2026, 1, 5)).values()) == {date(2026, 1, 14)}


def test_without_a_day_nobody_is_reminded(cast: Cast, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(report_days=None)
    assert units(cast) == {}


def test_a_closed_plan_asks_for_nothing(cast: Cast, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(state="closed")
    assert units(cast) == {}
