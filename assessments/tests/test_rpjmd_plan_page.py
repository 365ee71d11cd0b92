"""The page of a plan: its tree with lights, what is chosen, what a light is made of."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from assessments.actions.indicators import TargetRow, set_budget
from assessments.actions.measurements import Judged, return_measurement
from assessments.models import Indicator, Plan
from assessments.queries.plan_pages import usual_period
from assessments.tests.factories_rpjmd import (
    NOW,
    give_targets,
    indicator_of,
    make_plan,
    plan_in_force,
    planner,
    second_planner,
    sent,
    verified,
)
from opd.enums import Role
from opd.models import Government
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.usefixtures("_july")


@pytest.fixture
def _july():
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def reader(cast: Cast, client_as) -> Client:
    return client_as(cast[Role.OPD_HEAD])


def lines(response) -> dict[str, object]:
    return {
        line.indicator.name: line
        for branch in response.context["branches"]
        for line in branch.lines
    }


def page(reader: Client, plan: Plan, **query: object):
    response = reader.get(reverse("assessments:rpjmd_plan", args=[plan.pk]), query)
    assert response.status_code == 200
    return response


def test_the_list_leads_to_the_plan_in_force(cast: Cast, plan: Plan, reader: Client) -> None:
    response = reader.get(reverse("assessments:rpjmd"))
    assert response.url == reverse("assessments:rpjmd_plan", args=[plan.pk])
    make_plan(cast, title="Rancangan RPJMD")
    whole = reader.get(reverse("assessments:rpjmd"), {"all": "1"}).content.decode()
    assert plan.title in whole
    assert "Rancangan RPJMD" not in whole


def test_a_draft_is_for_planners_only(cast: Cast, reader: Client, client_as) -> None:
    draft = make_plan(cast)
    url = reverse("assessments:rpjmd_plan", args=[draft.pk])
    assert reader.get(url).status_code == 404
    assert client_as(planner(cast)).get(url).status_code == 200


def test_a_line_says_target_figure_light_and_leads_to_its_rows(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    index = indicator_of(plan, "Indeks contoh")
    give_targets(index, by=planner(cast), y2026q2="80")
    verified(index, 60, by=cast[Role.OPD_OPERATOR], planner=planner(cast), quarter=2)
    response = page(reader, plan)
    line = lines(response)["Indeks contoh"]
    assert (line.target, line.figure, line.percent) == ("80\u00a0%", "60\u00a0%", "75,00\u00a0%")
    assert line.word == "Sedang"
    html = response.content.decode()
    assert f'{reverse("assessments:indicator", args=[index.pk])}#y2026q2"' in html
    assert '<span class="tag warn">Sedang</span>' in html
    there = reader.get(reverse("assessments:indicator", args=[index.pk])).content.decode()
    assert 'id="y2026q2"' in there


def test_every_anchor_of_the_page_stands_on_the_page_it_leads_to(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    operator = cast[Role.OPD_OPERATOR]
    verified(indicator_of(plan, "Warga dilayani"), 40, by=operator, planner=planner(cast))
    verified(indicator_of(plan, "Indeks contoh"), 70, by=operator, planner=planner(cast))
    html = page(reader, plan).content.decode()
    found = re.findall(r'href="(/app/rpjmd/indicators/\d+/)#(\w+)"', html)
    assert len(found) == 2
    for url, anchor in found:
        assert f'id="{anchor}"' in reader.get(url).content.decode()


def test_what_waits_and_what_is_preliminary_is_marked(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    operator = cast[Role.OPD_OPERATOR]
    index = indicator_of(plan, "Indeks contoh")
    verified(index, 70, by=operator, planner=planner(cast), is_final=False)
    sent(index, 75, by=operator, quarter=2)
    line = lines(page(reader, plan))["Indeks contoh"]
    assert (line.figure, line.is_preliminary, line.is_waiting) == ("70\u00a0%", True, True)
    other = lines(page(reader, plan))["Persentase dua"]
    assert (other.is_preliminary, other.is_waiting) == (False, False)


def test_what_was_sent_waits_and_is_not_called_missing(
    cast: Cast, plan: Plan, reader: Client, client_as
) -> None:
    operator = cast[Role.OPD_OPERATOR]
    index = indicator_of(plan, "Indeks contoh")
    row = sent(index, 75, by=operator, quarter=2)
    assert lines(page(reader, plan))["Indeks contoh"].word == "Menunggu verifikasi"
    return_measurement(
        measurement=row, message="Salah hitung", shown=row.version, by=planner(cast), now=NOW
    )
    assert lines(page(reader, plan))["Indeks contoh"].word == "Dikembalikan ke unit"
    elsewhere = client_as(
        MembershipFactory(government=cast.home, role=Role.OPD_HEAD, unit=cast.other_unit)
    )
    html = elsewhere.get(reverse("assessments:indicator", args=[index.pk])).content.decode()
    assert "Dikembalikan ke unit" in html


def test_forecasts_are_counted_and_lead_to_their_lines(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    served = indicator_of(plan, "Warga dilayani")
    verified(served, 10, by=cast[Role.OPD_OPERATOR], planner=planner(cast))
    response = page(reader, plan)
    counted = {code: number for code, _word, _tone, number in response.context["outlooks"]}
    assert counted == {"off_track": 1, "at_risk": 0, "on_track": 0}
    assert "outlook=off_track" in response.content.decode()
    assert set(lines(page(reader, plan, outlook="off_track"))) == {"Warga dilayani"}
    assert not lines(page(reader, plan, outlook="on_track"))


def test_branches_with_a_warning_begin_unfolded(
    cast: Cast, plan: Plan, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.queries.plan_pages.FOLDED_FROM", 0)
    folded = {each.node.code: each.is_open for each in page(reader, plan).context["branches"]}
    assert not folded["1.02.02"]
    served = indicator_of(plan, "Warga dilayani")
    verified(served, 10, by=cast[Role.OPD_OPERATOR], planner=planner(cast))
    opened = {each.node.code: each.is_open for each in page(reader, plan).context["branches"]}
    assert opened["1.02.02"]


def test_a_plan_that_is_over_forecasts_nothing(cast: Cast, plan: Plan, reader: Client) -> None:
    served = indicator_of(plan, "Warga dilayani")
    verified(served, 10, by=cast[Role.OPD_OPERATOR], planner=planner(cast))
    Plan.objects.filter(pk=plan.pk).update(first_year=2021, last_year=2025)
    response = page(reader, plan, year=2025)
    assert response.context["outlooks"] == []
    assert not any(line.look.is_known for line in lines(response).values())
    html = response.content.decode()
    assert "Akhir rencana" not in html
    assert 'name="outlook"' not in html


def test_a_heading_that_speaks_through_the_lines_below_says_so(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    served = indicator_of(plan, "Warga dilayani")
    verified(served, 10, by=cast[Role.OPD_OPERATOR], planner=planner(cast))
    html = page(reader, plan).content.decode()
    assert (
        "dari turunannya (1 dari 1 ada angkanya); indikatornya sendiri belum ada angkanya" in html
    )
    assert "1 dari 2 ada angkanya" in html


def test_an_achievement_that_rests_on_an_example_is_one(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    index = indicator_of(plan, "Indeks contoh")
    verified(index, 60, by=cast[Role.OPD_OPERATOR], planner=planner(cast))
    assert not lines(page(reader, plan))["Indeks contoh"].percent_is_sample
    index.targets.filter(year=2026, quarter=0).update(is_sample=True)
    Government.objects.filter(pk=plan.government_id).update(is_sample=False)
    response = page(reader, plan)
    assert lines(response)["Indeks contoh"].percent_is_sample
    assert 'Sedang</span> <span class="soft small">contoh</span>' in response.content.decode()
    html = reader.get(reverse("assessments:indicator", args=[index.pk])).content.decode()
    assert html.count('Sedang</span> <span class="soft small">contoh</span>') == 2


def test_what_is_entered_once_a_year_is_not_made_of_quarters(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    index = indicator_of(plan, "Indeks contoh")
    Indicator.objects.filter(pk=index.pk).update(consolidation="manual")
    html = reader.get(reverse("assessments:indicator", args=[index.pk])).content.decode()
    assert "dibentuk dari triwulan<" not in html
    assert "belum dilaporkan" in html


def test_empty_is_a_dash_and_zero_a_figure(cast: Cast, plan: Plan, reader: Client) -> None:
    verified(
        indicator_of(plan, "Indeks contoh"), 0, by=cast[Role.OPD_OPERATOR], planner=planner(cast)
    )
    rows = lines(page(reader, plan))
    assert (rows["Indeks contoh"].figure, rows["Indeks contoh"].light.value) == ("0\u00a0%", "bad")
    assert rows["Persentase dua"].figure == "–"
    assert rows["Persentase dua"].light.value == ""


def test_the_choice_narrows_and_keeps_the_way_to_what_is_left(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    only = page(reader, plan, unit=cast.other_unit.pk)
    assert set(lines(only)) == {"Persentase dua"}
    codes = [branch.node.code for branch in only.context["branches"]]
    assert codes == ["V", "1", "1.1", "1.1.1", "1.02.02"]
    iku = page(reader, plan, iku="1")
    assert set(lines(iku)) == {"Indeks contoh"}
    assert [branch.node.code for branch in iku.context["branches"]][-1] == "1.1.1"
    level = page(reader, plan, level="programme")
    assert set(lines(level)) == {"Warga dilayani", "Persentase dua"}
    html = level.content.decode()
    assert html.count('<details class="branch') == html.count("</details>") - html.count(
        '<details class="menu'
    )


@pytest.mark.parametrize(
    "query",
    [
        {"year": "1999"},
        {"year": "²"},
        {"year": "99999999999999999999"},
        {"quarter": "7"},
        {"level": "<b>"},
        {"light": "pink"},
        {"unit": "-1"},
    ],
)
def test_nonsense_in_the_address_is_what_nobody_asked_for(
    query: dict[str, str], plan: Plan, reader: Client
) -> None:
    choice = page(reader, plan, **query).context["choice"]
    assert (choice.year, choice.quarter, choice.level, choice.light) == (2026, 2, "", "")
    assert len(lines(page(reader, plan, **query))) == 3


def test_a_plan_that_is_over_opens_at_its_last_figures(cast: Cast, plan: Plan) -> None:
    index = indicator_of(plan, "Indeks contoh")
    verified(index, 70, by=cast[Role.OPD_OPERATOR], planner=planner(cast), year=2025, quarter=4)
    choice = usual_period(plan, date(2031, 5, 5))
    assert (choice.year, choice.quarter) == (2025, 0)
    assert usual_period(plan, date(2027, 2, 1)).year == 2026
    assert usual_period(plan, date(2027, 4, 1)).quarter == 1


def test_a_node_lists_the_parts_of_its_light_and_money(
    cast: Cast, plan: Plan, reader: Client
) -> None:
    people = indicator_of(plan, "Warga dilayani")
    verified(people, 40, by=cast[Role.OPD_OPERATOR], planner=planner(cast), year=2025, quarter=4)
    rows = [TargetRow(2025, low=Decimal(2_000_000))]
    set_budget(node=people.node, unit=cast.unit, rows=rows, by=planner(cast))
    budget = Indicator.objects.get(kind="budget")
    verified(
        budget, 500_000, by=cast[Role.OPD_OPERATOR], planner=planner(cast), year=2025, quarter=1
    )
    url = reverse("assessments:rpjmd_node", args=[plan.pk, people.node_id])
    response = reader.get(url, {"year": "2025", "quarter": "0"})
    parts = response.context["parts"]
    counted = {line.indicator.name: line.reached.achieved.counted for line in parts.lines}
    known = [value for value in counted.values() if value is not None]
    assert sum(known) / len(known) == parts.row.rolled.percent
    assert counted["Persentase dua"] is None
    html = response.content.decode()
    assert "Rp\u00a02.000.000" in html
    assert "25,00\u00a0%" in html
    above = reverse("assessments:rpjmd_node", args=[plan.pk, people.node.parent_id])
    page_above = reader.get(above, {"year": "2025", "quarter": "0"})
    assert page_above.context["parts"].row.from_below
    assert url in page_above.content.decode()


def test_a_node_of_no_plan_is_not_found(plan: Plan, reader: Client) -> None:
    assert reader.get(reverse("assessments:rpjmd_node", args=[plan.pk, 0])).status_code == 404


def test_the_forecast_warns_with_its_reason(cast: Cast, plan: Plan, reader: Client) -> None:
    people = indicator_of(plan, "Warga dilayani")
    verified(people, 10, by=cast[Role.OPD_OPERATOR], planner=planner(cast), quarter=1)
    verified(people, 10, by=cast[Role.OPD_OPERATOR], planner=planner(cast), quarter=2)
    line = lines(page(reader, plan))["Warga dilayani"]
    assert line.look.is_warning
    assert "40\u00a0orang" in line.warning
    assert line.look_year == 2026


def test_a_percentage_said_by_hand_is_told_as_such(cast: Cast, plan: Plan, reader) -> None:
    index = indicator_of(plan, "Persentase dua")
    revision_free = index.targets.get(year=2026, quarter=0)
    type(revision_free).objects.filter(pk=revision_free.pk).update(low=Decimal(-4))
    verified(
        index,
        -5,
        by=second_planner(cast),
        planner=planner(cast),
        judged=Judged(Decimal(80), "Menurut Bappeda"),
    )
    line = lines(page(reader, plan))["Persentase dua"]
    assert line.percent == "80,00\u00a0%"
    assert line.note
