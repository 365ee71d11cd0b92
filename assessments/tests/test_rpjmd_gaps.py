"""What a plan lacks: each kind found, and found no more once it is mended."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from assessments.enums import NodeLevel
from assessments.models import Indicator, Plan, Target
from assessments.queries.plan_gaps import plan_gaps
from assessments.tests.factories_rpjmd import (
    TODAY,
    indicator_of,
    make_node,
    plan_in_force,
    planner,
)
from opd.models import Duty, Unit
from opd.tests.fixtures import Cast


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


def gaps(plan: Plan) -> dict[str, list[str]]:
    return {gap.code: [row.what for row in gap.rows] for gap in plan_gaps(plan, on=TODAY)}


def test_a_whole_plan_lacks_only_its_words(plan: Plan) -> None:
    found = gaps(plan)
    assert len(found.pop("no_words")) == 3
    assert not any(found.values())
    fields = {"definition": "a", "formula": "b", "source": "c"}
    Indicator.objects.filter(node__plan=plan).update(**fields)
    assert gaps(plan)["no_words"] == []


def test_indicators_without_a_unit_or_of_a_closed_one(cast: Cast, plan: Plan) -> None:
    Indicator.objects.filter(name="Indeks contoh").update(unit=None)
    Unit.objects.filter(pk=cast.other_unit.pk).update(active_to=date(2026, 6, 30))
    found = gaps(plan)
    assert found["no_unit"] == ["Indeks contoh"]
    assert found["closed_unit"] == ["Persentase dua"]


def test_a_year_without_a_target_is_named(plan: Plan) -> None:
    row = indicator_of(plan, "Warga dilayani")
    Target.objects.filter(indicator=row, year__in=[2027, 2029]).delete()
    (gap,) = [gap for gap in plan_gaps(plan, on=TODAY) if gap.code == "no_target"]
    assert [(each.what, each.detail) for each in gap.rows] == [("Warga dilayani", "2027, 2029")]


def test_nodes_without_indicator_and_objectives_that_nothing_serves(cast: Cast, plan: Plan) -> None:
    goal = plan.nodes.get(code="1.1")
    objective = make_node(
        plan, goal, NodeLevel.OBJECTIVE, "1.1.2", by=planner(cast), name="Sasaran sepi"
    )
    found = gaps(plan)
    assert found["no_indicator"] == ["Sasaran sepi"]
    assert found["not_served"] == ["Sasaran sepi"]
    make_node(
        plan, objective, NodeLevel.PROGRAMME, "1.02.09", by=planner(cast), name="Program baru"
    )
    found = gaps(plan)
    assert found["not_served"] == []
    assert found["no_indicator"] == ["Sasaran sepi", "Program baru"]


def test_a_duty_that_no_indicator_fulfils(cast: Cast, plan: Plan) -> None:
    first, second = (
        Duty.objects.create(government=cast.home, unit=cast.unit, position=n, text=f"Tugas {n}")
        for n in (91, 92)
    )
    row = indicator_of(plan, "Warga dilayani")
    Indicator.objects.filter(pk=row.pk).update(duty=first)
    assert gaps(plan)["no_duty"] == [second.text]


def test_the_page_counts_on_top_and_leads_to_where_it_is_mended(
    cast: Cast, plan: Plan, client_as
) -> None:
    Indicator.objects.filter(name="Indeks contoh").update(unit=None)
    goal = plan.nodes.get(code="1.1")
    make_node(plan, goal, NodeLevel.OBJECTIVE, "1.1.2", by=planner(cast), name="Sasaran sepi")
    client: Client = client_as(planner(cast))
    response = client.get(reverse("assessments:rpjmd_gaps", args=[plan.pk]))
    assert response.context["total"] == sum(len(gap.rows) for gap in response.context["gaps"]) == 6
    html = response.content.decode()
    assert f"?under={plan.nodes.get(code='1.1.2').pk}" in html
    for gap in response.context["gaps"]:
        assert f'href="#{gap.code}"' in html
        assert f'id="{gap.code}"' in html
        for row in gap.rows:
            assert escape(row.url) in html
            assert client.get(row.url).status_code == 200
