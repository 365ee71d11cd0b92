"""Invented rows never say that a unit of a real government is late, however long a demo runs."""

from datetime import date

import pytest
from django.utils import translation

from assessments.enums import Light
from assessments.models import Activity, WorkPlan
from assessments.queries import figures
from assessments.queries.overview import work_overview
from assessments.queries.workplans import own_tasks, plan_page, progress_list
from assessments.tests.factories import ActivityFactory, WorkPlanFactory
from opd.enums import Role
from opd.models import Government, Membership
from opd.tests.fixtures import Cast
from reports.presented import item_rows, unit_rows
from reports.queries.figures import read_figures
from reports.wording import kpis, lead


@pytest.fixture
def in_two_years(demonstration: date) -> date:
    return date(demonstration.year + 2, 12, 28)


@pytest.mark.parametrize("slug", ["kota-kediri", "kab-bekasi"])
def test_two_years_on_nothing_invented_is_late(in_two_years: date, slug: str) -> None:
    government, today = Government.objects.get(slug=slug), in_two_years
    assert Activity.objects.filter(government=government, due_on__lt=today).exists()
    assert figures.late_activities(government.pk, today) == []
    assert not any(row.late_count for row in figures.unit_progress(government.pk, today))
    overview = work_overview(government.pk, today)
    assert (overview.late, overview.coming) == ([], [])
    for plan in WorkPlan.objects.filter(government=government).select_related("zone__unit"):
        page = plan_page(plan, today)
        assert page.late_count == 0
        assert {row.light for group in page.groups for row in group.rows} <= {Light.ON_TIME}
    for operator in Membership.objects.filter(government=government, role=Role.OPD_OPERATOR):
        rows = progress_list(operator, today)
        assert own_tasks(operator, rows, today) == []


@pytest.mark.parametrize("slug", ["kota-kediri", "kab-bekasi"])
def test_nor_do_dashboards_and_the_printed_report(in_two_years: date, slug: str) -> None:
    read = read_figures(Government.objects.get(slug=slug), in_two_years)
    assert (item_rows(read.late, read.today), item_rows(read.coming, read.today)) == ([], [])
    assert not any(row.unit.is_behind for row in unit_rows(read))
    with translation.override("id"):
        assert "terlambat" not in lead(read).lower().replace("tidak ada yang terlambat", "")
        assert not any(kpi.tone == "bad" for kpi in kpis(read))


def test_kota_contoh_shows_what_lateness_looks_like(in_two_years: date) -> None:
    contoh = Government.objects.get(slug="kota-contoh")
    assert figures.late_activities(contoh.pk, in_two_years)
    assert work_overview(contoh.pk, in_two_years).late


def test_real_work_of_a_real_government_is_late(cast: Cast) -> None:
    plan = WorkPlanFactory(zone__unit=cast.unit, zone__government=cast.home, year=2026)
    real = ActivityFactory(plan=plan, due_on=date(2026, 3, 1))
    ActivityFactory(plan=plan, due_on=date(2026, 3, 1), is_sample=True)
    late = figures.late_activities(cast.home.pk, date(2026, 4, 1))
    assert [row.activity_id for row in late] == [real.pk]
