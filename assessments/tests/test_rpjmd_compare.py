"""Comparisons: the same figures as the plan page, like with like, the worst first."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from assessments.models import Indicator, Plan, Target
from assessments.tests.factories_rpjmd import (
    NOW,
    YEAR,
    indicator_of,
    plan_in_force,
    planner,
    verified,
)
from opd.enums import Role
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.usefixtures("_july")


@pytest.fixture
def _july():
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Two years: the index falls, the people served rise; the other unit has reported once."""
    row = plan_in_force(cast)
    operator = cast[Role.OPD_OPERATOR]
    for name, year, quarter, value in (
        ("Indeks contoh", 2025, 4, 70),
        ("Indeks contoh", 2026, 2, 40),
        ("Warga dilayani", 2025, 4, 35),
        ("Warga dilayani", 2026, 1, 60),
    ):
        verified(
            indicator_of(row, name),
            value,
            by=operator,
            planner=planner(cast),
            year=year,
            quarter=quarter,
        )
    return row


@pytest.fixture
def reader(cast: Cast, client_as) -> Client:
    return client_as(cast[Role.SEKDA])


def page(reader: Client, plan: Plan, **query: object):
    response = reader.get(reverse("assessments:rpjmd_compare", args=[plan.pk]), query)
    assert response.status_code == 200
    return response


def test_the_key_indicators_come_first(plan: Plan, reader: Client) -> None:
    response = page(reader, plan)
    assert response.context["level"] == "iku"
    (row,) = response.context["compared"]
    cells = {cell.year: cell for cell in row.cells}
    assert (cells[2025].target, cells[2025].figure, cells[2025].percent) == ("70", "70", 100)
    assert cells[2026].percent == Decimal(50)
    assert cells[2027].percent is None
    assert f"#{cells[2025].anchor}" in response.content.decode()


def test_a_level_is_chosen(plan: Plan, reader: Client) -> None:
    names = [
        row.indicator.name for row in page(reader, plan, level="programme").context["compared"]
    ]
    assert names == ["Warga dilayani", "Persentase dua"]
    assert len(page(reader, plan, level="").context["compared"]) == 3
    assert page(reader, plan, level="<x>").context["level"] == "iku"


def test_two_years_stand_by_change_and_the_unknown_last(plan: Plan, reader: Client) -> None:
    response = page(reader, plan, show="change", level="", before="2025", after="2026")
    moved = [(row.indicator.name, row.change) for row in response.context["moved"]]
    assert moved == [
        ("Indeks contoh", Decimal(-50)),
        ("Warga dilayani", Decimal(25)),
        ("Persentase dua", None),
    ]
    html = response.content.decode()
    assert "−50,00" in html


def test_units_stand_with_the_worst_first(cast: Cast, plan: Plan, reader: Client) -> None:
    other = indicator_of(plan, "Persentase dua")
    verified(other, 8, by=planner(cast), planner=_second(cast), year=2026, quarter=1)
    response = page(reader, plan, show="units", level="", after="2026")
    rows = response.context["units"]
    assert [row.unit for row in rows] == [cast.other_unit, cast.unit]
    assert rows[0].rolled == (Decimal(10), 1, 1)
    assert rows[1].rolled == (Decimal("62.5"), 2, 2)
    assert sum(number for _band, number in rows[1].counts) == 2
    html = response.content.decode()
    assert f"unit={cast.unit.pk}" in html
    assert reverse("assessments:figures_of_unit", args=[cast.unit.pk]) in html


def share_of_the_first_quarter(indicator: Indicator, low: int) -> None:
    """As if it had been written before its figure was sent."""
    Target.objects.create(
        government_id=indicator.government_id,
        indicator=indicator,
        revision=indicator.node.plan.revisions.get(number=0),
        year=YEAR,
        quarter=1,
        low=low,
    )


def test_the_mean_of_a_unit_in_a_running_year_leads_to_its_own_period(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    people = indicator_of(plan, "Warga dilayani")
    share_of_the_first_quarter(people, 60)
    response = page(reader, plan, show="units", level="programme", after="2026")
    row = next(each for each in response.context["units"] if each.unit == cast.unit)
    html = response.content.decode()
    (link,) = re.findall(rf'href="([^"]*unit={cast.unit.pk})"', html)
    there = reader.get(link.replace("&amp;", "&"))
    (line,) = [line for each in there.context["branches"] for line in each.lines]
    assert line.reached.achieved.counted == row.rolled.percent == 100
    figures = reverse("assessments:figures_of_unit", args=[cast.unit.pk])
    assert f"{figures}?year=2026" in html


def _second(cast: Cast):
    from assessments.tests.factories_rpjmd import second_planner

    return second_planner(cast)


def test_the_mean_of_a_unit_is_the_mean_of_the_lines_it_links_to(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    row = page(reader, plan, show="units", level="", after="2025").context["units"][0]
    url = reverse("assessments:rpjmd_plan", args=[plan.pk])
    there = reader.get(url, {"year": 2025, "quarter": 0, "unit": row.unit.pk})
    counted = [
        line.reached.achieved.counted
        for branch in there.context["branches"]
        for line in branch.lines
        if line.reached.achieved.counted is not None
    ]
    assert sum(counted) / len(counted) == row.rolled.percent


@pytest.mark.parametrize("query", [{"show": "x"}, {"after": "²"}, {"before": "1", "after": "0"}])
def test_nonsense_is_what_nobody_asked_for(query: dict, plan: Plan, reader: Client) -> None:
    assert page(reader, plan, **query).context["after"] == 2026


def test_a_running_year_is_measured_against_its_quarters_so_far(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    """60 of 60 people in the first quarter are no shortfall against the year's 80."""
    people = indicator_of(plan, "Warga dilayani")
    share_of_the_first_quarter(people, 60)
    rows = page(reader, plan, level="programme").context["compared"]
    cells = {cell.year: cell for row in rows if row.indicator == people for cell in row.cells}
    assert cells[2026].percent == 100
    assert (cells[2026].target, cells[2026].until) == ("60", 1)
    assert (cells[2025].target, cells[2025].until) == ("70", 0)
    html = page(reader, plan, level="programme").content.decode()
    assert "sampai triwulan 1" in html
    changed = page(reader, plan, level="programme", show="change", before="2025", after="2026")
    assert "/ 60 sampai triwulan 1" in changed.content.decode()
    assert cells[2025].percent == Decimal(50)
