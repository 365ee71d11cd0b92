"""Figures that dashboards and documents read."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.enums import WhoseMove, ZoneStage
from assessments.queries import figures
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from opd.tests.factories import GovernmentFactory, UnitFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def test_stages_are_counted_with_zeros_and_without_closed_zones_or_neighbours() -> None:
    zone = IntegrityZoneFactory(stage=ZoneStage.BUILDING)
    IntegrityZoneFactory(unit=UnitFactory(government=zone.government), closed_on=date(2026, 2, 1))
    IntegrityZoneFactory()
    counts = figures.zone_stage_counts(zone.government_id)
    assert counts[ZoneStage.BUILDING] == 1
    assert sum(counts.values()) == 1
    assert set(counts) == set(ZoneStage)


def test_a_unit_without_a_plan_has_no_percent_which_is_not_zero() -> None:
    zone = IntegrityZoneFactory()
    (row,) = figures.unit_progress(zone.government_id, TODAY)
    assert (row.percent, row.plan_id, row.late_count) == (None, None, 0)


def test_progress_is_the_mean_of_the_newest_confirmed_reports() -> None:
    plan = WorkPlanFactory()
    first, second = ActivityFactory(plan=plan), ActivityFactory(plan=plan)
    ActivityFactory(plan=plan, dropped=True)
    ActivityReportFactory(activity=first, confirmed=True, percent=Decimal(90))
    ActivityReportFactory(activity=first, confirmed=True, percent=Decimal(40))
    ActivityReportFactory(activity=second, submitted=True, percent=Decimal(100))
    (row,) = figures.unit_progress(plan.government_id, TODAY)
    assert row.percent == Decimal(20)
    assert row.activity_count == 2
    assert row.whose_move == {
        WhoseMove.OPERATOR: 1,
        WhoseMove.HEAD: 1,
        WhoseMove.NOBODY: 0,
    }


def test_the_current_plan_is_the_newest_whose_year_has_begun() -> None:
    plan = WorkPlanFactory(year=2025)
    WorkPlanFactory(zone=plan.zone, year=2027)
    (row,) = figures.unit_progress(plan.government_id, TODAY)
    assert row.plan_id == plan.pk
    newer = WorkPlanFactory(zone=plan.zone, year=2026)
    (row,) = figures.unit_progress(plan.government_id, TODAY)
    assert row.plan_id == newer.pk


def test_the_worst_comes_first() -> None:
    government = GovernmentFactory()

    def plan(name: str) -> object:
        unit = UnitFactory(government=government, name=name)
        return WorkPlanFactory(zone=IntegrityZoneFactory(unit=unit))

    good = ActivityFactory(plan=plan("Baik"))
    ActivityReportFactory(activity=good, confirmed=True, percent=Decimal(80))
    late = ActivityFactory(plan=plan("Terlambat"), due_on=date(2026, 11, 20))
    ActivityReportFactory(activity=late, confirmed=True, percent=Decimal("99.99"))
    plan("Kosong")
    rows = figures.unit_progress(government.pk, TODAY)
    assert [row.unit.name for row in rows] == ["Terlambat", "Kosong", "Baik"]


def test_late_activities_name_unit_day_and_whose_move() -> None:
    plan = WorkPlanFactory()
    today = ActivityFactory(plan=plan, due_on=TODAY)
    done = ActivityFactory(plan=plan, due_on=date(2026, 3, 1))
    ActivityReportFactory(activity=done, confirmed=True, percent=Decimal(100))
    ActivityFactory(plan=plan, due_on=date(2026, 3, 1), dropped=True)
    waiting = ActivityFactory(plan=plan, due_on=date(2026, 11, 20))
    ActivityReportFactory(activity=waiting, submitted=True, percent=Decimal(100))
    idle = ActivityFactory(plan=plan, due_on=date(2026, 5, 1))
    ActivityFactory(due_on=date(2026, 5, 1))  # another government's
    rows = figures.late_activities(plan.government_id, TODAY)
    assert [(row.activity_id, row.whose_move) for row in rows] == [
        (idle.pk, WhoseMove.OPERATOR),
        (waiting.pk, WhoseMove.HEAD),
    ]
    assert rows[0].unit == plan.zone.unit
    assert today.pk not in {row.activity_id for row in rows}
    (unit,) = figures.unit_progress(plan.government_id, TODAY)
    assert unit.late_count == len(rows)


def test_a_unit_that_was_merged_away_is_no_longer_measured() -> None:
    unit = UnitFactory(active_to=date(2026, 11, 20))
    ActivityFactory(
        plan=WorkPlanFactory(zone=IntegrityZoneFactory(unit=unit)), due_on=date(2026, 1, 9)
    )
    assert figures.unit_progress(unit.government_id, TODAY) == []
    assert figures.late_activities(unit.government_id, TODAY) == []
    assert len(figures.unit_progress(unit.government_id, date(2026, 11, 20))) == 1


def test_figures_cost_the_same_for_two_units_and_for_seven() -> None:
    government = GovernmentFactory()
    costs = []
    for number in (2, 5):
        for _ in range(number):
            unit = UnitFactory(government=government)
            plan = WorkPlanFactory(zone=IntegrityZoneFactory(unit=unit))
            activity = ActivityFactory(plan=plan, due_on=date(2026, 1, 9))
            ActivityReportFactory(activity=activity, submitted=True)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            figures.unit_progress(government.pk, TODAY)
            figures.late_activities(government.pk, TODAY)
            figures.zone_stage_counts(government.pk)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 7
