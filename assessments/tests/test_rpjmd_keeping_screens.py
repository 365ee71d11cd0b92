"""Planners keep a plan on screens: from nothing to in force, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessments import workflow
from assessments.models import Indicator, Plan, PlanDocument, PlanNode, Target
from assessments.tests.factories_rpjmd import (
    YEAR,
    indicator_of,
    plan_in_force,
    planner,
)
from opd.models import Membership
from opd.tests.fixtures import Cast

README = Path(__file__).parents[1] / "README.md"
Clients = Callable[[Membership], Client]


@pytest.fixture
def client(cast: Cast, client_as: Clients) -> Client:
    return client_as(planner(cast))


def send(client: Client, address: str, **fields: Any) -> HttpResponse:
    """The form of the page as it was shown, with these fields changed."""
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {key: value for key, value in shown.items() if value not in (None, "")}
    data |= fields
    answer: Any = client.post(
        address, {key: value for key, value in data.items() if value is not None}
    )
    return answer


def url(name: str, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=args)


def test_a_plan_is_written_from_nothing_to_in_force(cast: Cast, client: Client) -> None:
    send(client, url("rpjmd_new"), title="RPJMD Baru", first_year="2025", last_year="2029")
    plan = Plan.objects.get(title="RPJMD Baru")
    goal = {"level": "goal", "code": "1", "name": "Tujuan satu"}
    assert send(client, url("node_new", plan.pk), **goal).status_code == 302
    node = PlanNode.objects.get(plan=plan)
    below = f"{url('node_new', plan.pk)}?under={node.pk}"
    send(client, below, code="1.1", name="Sasaran", lead=str(cast.unit.pk))
    objective = PlanNode.objects.get(plan=plan, parent=node)
    assert [row.unit for row in objective.owner_rows.filter(is_lead=True)] == [cast.unit]
    new = send(client, url("indicator_new", objective.pk), name="Indeks", is_iku="1")
    indicator = Indicator.objects.get(node=objective)
    assert new.url == url("indicator_targets", indicator.pk)
    assert indicator.unit == cast.unit
    assert send(client, url("indicator_targets", indicator.pk), y2026q0="80,5").status_code == 302
    assert Target.objects.get(indicator=indicator).low == 80.5
    lacking = send(client, url("rpjmd_adopt", plan.pk), on="1 Februari 2025")
    assert lacking.status_code == 422
    send(client, url("rpjmd_edit", plan.pk), legal_basis="Perda 2/2025", cap="120")
    assert send(client, url("rpjmd_adopt", plan.pk), on="1 Februari 2025").status_code == 302
    plan.refresh_from_db()
    assert (plan.state, plan.cap) == ("in_force", 120)
    assert client.get(url("rpjmd_keep", plan.pk)).status_code == 200


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("rpjmd_new", {"title": "Terlalu panjang", "first_year": "2020", "last_year": "2045"}),
        ("rpjmd_new", {"title": "Tahun salah", "first_year": "dua ribu", "last_year": "2029"}),
        (
            "rpjmd_new",
            {"title": "Batas salah", "first_year": "2025", "last_year": "2029", "cap": "7"},
        ),
    ],
)
def test_refused_forms_keep_what_was_typed(
    client: Client, name: str, fields: dict[str, str]
) -> None:
    answer = send(client, url(name), **fields)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert all(f'value="{value}"' in page for value in fields.values())
    assert "data-portal-error-summary" in page
    assert not Plan.objects.exists()


def test_an_impossible_fiche_is_refused_at_its_fields(cast: Cast, client: Client) -> None:
    plan = plan_in_force(cast)
    node = indicator_of(plan, "Warga dilayani").node
    wrong = {"name": "Salah", "shape": "yes_no", "consolidation": "sum", "factor": "100"}
    answer = send(client, url("indicator_new", node.pk), **wrong)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert {"consolidation", "factor", "numerator_label", "denominator_label"} <= set(errors)


def test_the_grid_names_every_wrong_cell_and_keeps_what_was_typed(
    cast: Cast, client: Client
) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    page = url("indicator_targets", row.pk)
    before = Target.objects.count()
    answer = send(client, page, y2026q1="1,234.56", y2026q2="dua", y2026q3="20")
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"y2026q1", "y2026q2"}
    assert 'value="1,234.56"' in answer.content.decode()
    changed = send(client, page, y2027q0="99")
    assert changed.status_code == 422
    assert set(changed.context["form"].errors) == {"y2027q0"}
    assert Target.objects.count() == before
    assert send(client, page, y2026q1="20", y2026q2="20").status_code == 302
    assert Target.objects.count() == before + 2


def test_a_revision_is_written_and_adopted(cast: Cast, client: Client) -> None:
    plan = plan_in_force(cast)
    row = indicator_of(plan, "Indeks contoh")
    send(client, url("revision_new", plan.pk), from_year="2027", reason="Evaluasi")
    revision = plan.revisions.get(number=1)
    assert send(client, url("indicator_targets", row.pk), y2027q0="88").status_code == 302
    kept = client.get(url("rpjmd_keep", plan.pk)).content.decode()
    assert url("revision_adopt", revision.pk) in kept
    assert send(client, url("revision_adopt", revision.pk), on="1/1/2020").status_code == 422
    done = send(client, url("revision_adopt", revision.pk), on="1/1/2026", basis="Perda 9/2026")
    assert done.status_code == 302
    revision.refresh_from_db()
    assert revision.adopted_on is not None


def test_a_budget_is_opened_and_written(cast: Cast, client: Client) -> None:
    node = indicator_of(plan_in_force(cast), "Warga dilayani").node
    answer = client.post(url("node_budget", node.pk), {"unit": str(cast.unit.pk)})
    budget = Indicator.objects.get(node=node, kind="budget")
    assert answer.url == url("indicator_targets", budget.pk)
    assert send(client, answer.url, y2026q0="Rp 1.250.000.000").status_code == 302
    assert Target.objects.get(indicator=budget).low == 1_250_000_000
    assert send(client, answer.url, y2026q0="-5").status_code == 422


def test_a_paper_lists_its_indicators(cast: Cast, client: Client) -> None:
    plan = plan_in_force(cast)
    row = indicator_of(plan, "Warga dilayani")
    page = url("plan_paper_new", plan.pk)
    wrong = send(client, page, kind="pk", title="PK", year=None, url="javascript:alert(1)")
    assert {"year", "url"} <= set(wrong.context["form"].errors)
    fields = {"kind": "pk", "title": "PK Kepala", "year": str(YEAR), "unit": str(cast.unit.pk)}
    assert send(client, page, **fields, indicators=[str(row.pk)]).status_code == 302
    paper = PlanDocument.objects.get()
    assert list(paper.indicators.all()) == [row]
    client.post(url("plan_paper_remove", paper.pk))
    assert not PlanDocument.objects.exists()


def test_two_planners_on_one_line_see_both(cast: Cast, client: Client) -> None:
    node = indicator_of(plan_in_force(cast), "Warga dilayani").node
    page = url("node_edit", node.pk)
    send(client, page, name="Nama pertama")
    answer = send(client, page, name="Nama kedua", version=str(node.version))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Nama pertama" in text
    assert "Nama kedua" in text


def test_the_diagrams_are_those_of_the_tables() -> None:
    text = README.read_text()
    for table in (workflow.PLAN, workflow.MEASUREMENT):
        assert f"```mermaid\n{table.mermaid()}\n```" in text


def test_quarters_that_do_not_make_the_year_are_said(cast: Cast, client: Client) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    address = url("indicator_targets", row.pk)
    quarters = {f"y2027q{quarter}": "20" for quarter in (1, 2, 3, 4)}
    answer = send(client, address, **quarters)
    said = [str(each) for each in get_messages(answer.wsgi_request)]
    assert any("2027" in each for each in said)
    equal = {f"y2028q{quarter}": "22,5" for quarter in (1, 2, 3, 4)}
    again = send(client, address, **equal)
    assert not any("2028" in str(each) for each in get_messages(again.wsgi_request))
