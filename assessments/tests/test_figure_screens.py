"""The unit's own page by quarter, one figure, the planner's queue: what people see and send."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions.measurements import Realised, save_measurement
from assessments.models import Indicator, Measurement, Plan
from assessments.tests.factories_rpjmd import (
    NOW,
    YEAR,
    give_targets,
    indicator_of,
    make_indicator,
    plan_in_force,
    planner,
    report,
    second_planner,
    sent,
    verified,
)
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast

Clients = Callable[[Membership], Client]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def people(plan: Plan) -> Indicator:
    return indicator_of(plan, "Warga dilayani")


@pytest.fixture
def operator(cast: Cast, client_as: Clients) -> Client:
    return client_as(cast.offices[Role.OPD_OPERATOR])


def save_url(indicator: Indicator, quarter: int = 1) -> str:
    return reverse("assessments:figure_save", args=[indicator.pk, YEAR, quarter])


def unit_url(cast: Cast) -> str:
    return f"{reverse('assessments:figures_of_unit', args=[cast.unit.pk])}?year={YEAR}"


def save(
    client: Client, indicator: Indicator, value: str, *, version: int = 0, itself: bool = False
) -> Any:
    headers = {"x-portal-autosave": "1"} if itself else {}
    data = {"version": str(version), "value": value}
    return client.post(save_url(indicator), data, headers=headers)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1.234,5", "1234.5"), (" 7 ", "7"), ("0", "0"), ("-0", "0"), ("−3", "-3")],
)
def test_a_cell_keeps_what_was_typed(
    operator: Client, people: Indicator, typed: str, kept: str
) -> None:
    answer = save(operator, people, typed, itself=True)
    assert answer.status_code == 200
    assert answer.json()["version"] >= 1
    assert people.measurements.get().value == Decimal(kept)


def test_empty_is_not_zero(operator: Client, people: Indicator) -> None:
    assert save(operator, people, "", itself=True).status_code == 200
    assert not people.measurements.exists()
    first = save(operator, people, "0", itself=True).json()["version"]
    save(operator, people, "", version=first, itself=True)
    assert people.measurements.get().value is None


@pytest.mark.parametrize("typed", ["1,234.56", "tujuh", "1e3", "7%%", "NaN", "9" * 30])
def test_what_is_no_number_is_refused_and_stays(
    operator: Client, cast: Cast, people: Indicator, typed: str
) -> None:
    answer = save(operator, people, typed, itself=True)
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    assert not people.measurements.exists()
    page = save(operator, people, typed)
    assert page.status_code == 422
    assert f'value="{typed}"' in page.content.decode()


def test_without_javascript_the_page_comes_back_at_the_cell(
    operator: Client, cast: Cast, people: Indicator
) -> None:
    answer = save(operator, people, "25")
    assert answer.status_code == 302
    assert answer.url == f"{unit_url(cast)}#f{people.pk}-{YEAR}-1"


def test_two_people_on_one_figure_see_both(operator: Client, cast: Cast, people: Indicator) -> None:
    save(operator, people, "10", itself=True)
    by = cast.offices[Role.OPD_HEAD]
    realised = Realised(value=Decimal(12))
    save_measurement(
        indicator=people, year=YEAR, quarter=1, realised=realised, version=2, by=by, now=NOW
    )
    assert save(operator, people, "15", version=2, itself=True).status_code == 409
    page = save(operator, people, "15", version=2)
    assert page.status_code == 409
    text = page.content.decode()
    assert "12\u00a0orang" in text
    assert "15\u00a0orang" in text
    assert people.measurements.get().value == 12


def test_a_ratio_says_its_value(operator: Client, plan: Plan, cast: Cast) -> None:
    ratio = make_indicator(
        indicator_of(plan, "Warga dilayani").node,
        by=planner(cast),
        name="Rasio",
        unit=cast.unit,
        factor=Decimal(100),
        numerator_label="selesai",
        denominator_label="masuk",
    )
    give_targets(ratio, by=planner(cast), y2026="80", y2026q1="50")
    data = {"version": "0", "numerator": "30", "denominator": "40"}
    headers = {"x-portal-autosave": "1"}
    answer = operator.post(save_url(ratio), data, headers=headers).json()
    places = answer["places"]
    assert places[f"r{ratio.pk}-{YEAR}-1"] == "75\u00a0%"
    assert places[f"p{ratio.pk}-{YEAR}-1"] == "150,0\u00a0%"
    data = {"version": str(answer["version"]), "numerator": "30", "denominator": ""}
    refused = operator.post(save_url(ratio), data, headers=headers)
    assert refused.status_code == 422
    assert ratio.measurements.get().denominator == 40


def test_a_quarter_is_sent_and_what_is_empty_stays(
    operator: Client, cast: Cast, plan: Plan, people: Indicator
) -> None:
    by = cast.offices[Role.OPD_OPERATOR]
    report(people, 10, by=by)
    report(indicator_of(plan, "Indeks contoh"), None, by=by)
    url = reverse("assessments:figures_send", args=[cast.unit.pk])
    answer = operator.post(url, {"year": str(YEAR), "quarter": "1"})
    assert answer.status_code == 302
    assert [row.state for row in Measurement.objects.all()] == ["submitted"]
    page = operator.get(unit_url(cast)).content.decode()
    assert save_url(people) not in page
    assert save(operator, people, "11", version=3, itself=True).status_code == 409


def test_the_figure_keeps_words_and_proof(operator: Client, cast: Cast, people: Indicator) -> None:
    url = reverse("assessments:figure", args=[people.pk, YEAR, 1])
    form = operator.get(url).context["form"]
    data = {
        "form_key": str(form.initial["form_key"]),
        "version": "0",
        "value": "12,5",
        "is_final": "0",
        "obstacle": "Blangko habis",
        "follow_up": "Pesan lagi",
        "follow_up_by": "Kepala Bidang",
        "follow_up_due": "31/12/2026",
    }
    assert operator.post(url, data).status_code == 302
    row = people.measurements.get()
    assert (row.value, row.is_final, row.obstacle) == (Decimal("12.5"), False, "Blangko habis")
    assert row.follow_up_due == date(2026, 12, 31)
    # Typing in the table afterwards changes the figure, not the words.
    save(operator, people, "13", version=row.version, itself=True)
    row.refresh_from_db()
    assert (row.value, row.is_final, row.obstacle) == (13, False, "Blangko habis")


def test_another_units_figures_are_not_there(operator: Client, cast: Cast, plan: Plan) -> None:
    other = indicator_of(plan, "Persentase dua")
    row = report(other, 5, by=planner(cast))
    assert operator.get(reverse("assessments:figure", args=[other.pk, YEAR, 1])).status_code == 404
    assert operator.get(reverse("assessments:measurement", args=[row.pk])).status_code == 404
    assert save(operator, other, "7").status_code == 404


def test_the_planner_verifies_what_he_saw(
    cast: Cast, client_as: Clients, plan: Plan, people: Indicator
) -> None:
    client = client_as(planner(cast))
    row = sent(people, 30, by=cast.offices[Role.OPD_OPERATOR])
    late = sent(indicator_of(plan, "Indeks contoh"), 60, by=cast.offices[Role.OPD_OPERATOR])
    page = client.get(reverse("assessments:figures_queue")).content.decode()
    assert f'value="{row.pk}-{row.version}"' in page
    url = reverse("assessments:figures_verify")
    client.post(url, {"take": [f"{row.pk}-{row.version}", f"{late.pk}-{late.version - 1}"]})
    assert Measurement.objects.get(pk=row.pk).state == "verified"
    assert Measurement.objects.get(pk=late.pk).state == "submitted"


def test_the_planner_returns_with_a_message_and_the_unit_reads_it(
    cast: Cast, client_as: Clients, operator: Client, people: Indicator
) -> None:
    client = client_as(planner(cast))
    row = sent(people, 30, by=cast.offices[Role.OPD_OPERATOR])
    url = reverse("assessments:figure_return", args=[row.pk])
    assert client.post(url, {"version": str(row.version), "message": " "}).status_code == 422
    sentence = "Periksa lembar rekap <b>triwulan</b>"
    assert client.post(url, {"version": str(row.version), "message": sentence}).status_code == 302
    figure = reverse("assessments:figure", args=[people.pk, YEAR, 1])
    page = operator.get(figure).content.decode()
    assert "Periksa lembar rekap &lt;b&gt;triwulan&lt;/b&gt;" in page
    assert "<form" in page


def test_a_target_below_zero_asks_the_planner_for_the_percentage(
    cast: Cast, client_as: Clients, plan: Plan
) -> None:
    node = indicator_of(plan, "Indeks contoh").node
    deficit = make_indicator(node, by=planner(cast), name="Selisih", unit=cast.unit)
    give_targets(deficit, by=planner(cast), y2026="-4")
    row = sent(deficit, "-4.2", by=cast.offices[Role.OPD_OPERATOR])
    client = client_as(planner(cast))
    url = reverse("assessments:figure_verify", args=[row.pk])
    plain = client.post(url, {"version": str(row.version), "percent": "", "reason": ""})
    assert plain.status_code == 422
    silent = client.post(url, {"version": str(row.version), "percent": "95", "reason": ""})
    assert silent.status_code == 422
    said = {"version": str(row.version), "percent": "95", "reason": "Selisih 0,2 dari batas 4"}
    assert client.post(url, said).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.manual_percent) == ("verified", Decimal(95))


def test_nobody_verifies_his_own(cast: Cast, client_as: Clients, people: Indicator) -> None:
    row = sent(people, 30, by=planner(cast))
    client = client_as(planner(cast))
    assert (
        f'value="{row.pk}-' not in client.get(reverse("assessments:figures_queue")).content.decode()
    )
    client.post(reverse("assessments:figures_verify"), {"take": f"{row.pk}-{row.version}"})
    row.refresh_from_db()
    assert row.state == "submitted"
    other = client_as(second_planner(cast))
    other.post(reverse("assessments:figures_verify"), {"take": f"{row.pk}-{row.version}"})
    row.refresh_from_db()
    assert row.state == "verified"


def test_pages_cost_the_same_for_more_indicators(
    cast: Cast, client_as: Clients, operator: Client, plan: Plan, people: Indicator
) -> None:
    planning = client_as(planner(cast))
    pages = [
        (operator, unit_url(cast)),
        (planning, reverse("assessments:figures_queue")),
        (planning, f"{reverse('assessments:figures')}?year={YEAR}&quarter=1"),
    ]

    def queries() -> list[int]:
        counts = []
        for client, url in pages:
            client.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(url).status_code == 200
            counts.append(len(seen))
        return counts

    sent(people, 5, by=cast.offices[Role.OPD_OPERATOR])
    before = queries()
    for number in range(4):
        row = make_indicator(people.node, by=planner(cast), name=f"Lagi {number}", unit=cast.unit)
        sent(row, 5, by=cast.offices[Role.OPD_OPERATOR])
        sent(row, 5, by=cast.offices[Role.OPD_OPERATOR], quarter=2)
    assert queries() == before
    assert max(before) <= 12


def test_saving_one_figure_takes_few_queries(operator: Client, people: Indicator) -> None:
    version = save(operator, people, "1", itself=True).json()["version"]
    with CaptureQueriesContext(connection) as seen:
        assert save(operator, people, "2", version=version, itself=True).status_code == 200
    assert len([q for q in seen if "SAVEPOINT" not in q["sql"]]) <= 16


def test_reporting_says_who_is_late(
    cast: Cast, client_as: Clients, plan: Plan, people: Indicator
) -> None:
    Plan.objects.filter(pk=plan.pk).update(report_days=14)
    verified(people, 5, by=cast.offices[Role.OPD_OPERATOR], planner=planner(cast))
    client = client_as(cast.offices[Role.SEKDA])
    page = client.get(f"{reverse('assessments:figures')}?year={YEAR}&quarter=1")
    rows = {row.unit.pk: row for row in page.context["rows"]}
    assert (rows[cast.unit.pk].reported, rows[cast.unit.pk].total) == (1, 2)
    assert rows[cast.unit.pk].is_late


def test_a_broken_address_is_no_error(operator: Client, cast: Cast, people: Indicator) -> None:
    for tail in ("?year=abcd", "?year=99999999999999999999", "?year=1999"):
        url = reverse("assessments:figures_of_unit", args=[cast.unit.pk])
        assert operator.get(url + tail).status_code == 200
    url = reverse("assessments:figure", args=[people.pk, YEAR, 7])
    assert operator.get(url).status_code == 404
    sending = reverse("assessments:figures_send", args=[cast.unit.pk])
    assert operator.post(sending, {"year": "x", "quarter": "9"}).status_code == 403
    assert json.loads(save(operator, people, "x", itself=True).content)["sentence"]


@pytest.mark.parametrize("name", ["figures", "figures_queue", "figures_of_unit"])
def test_a_raised_digit_in_an_address_is_no_error(
    cast: Cast, client_as: Clients, plan: Plan, name: str
) -> None:
    args = [cast.unit.pk] if name == "figures_of_unit" else []
    url = reverse(f"assessments:{name}", args=args)
    answer = client_as(planner(cast)).get(url, {"unit": "²", "year": "²²²²", "quarter": "²"})
    assert answer.status_code == 200


def test_a_raised_digit_in_a_form_is_no_error(
    cast: Cast, client_as: Clients, operator: Client, plan: Plan
) -> None:
    client = client_as(planner(cast))
    assert client.post(reverse("assessments:figures_verify"), {"take": "²-²"}).status_code == 302
    sending = reverse("assessments:figures_send", args=[cast.unit.pk])
    assert operator.post(sending, {"year": "²²²²", "quarter": "1"}).status_code == 403
    under = reverse("assessments:node_new", args=[plan.pk])
    assert client.get(under, {"under": "²"}).status_code == 404
    fiche = reverse("assessments:indicator_new", args=[plan.nodes.first().pk])
    assert client.post(fiche, {"unit": "²"}).status_code in (409, 422)


@pytest.mark.parametrize(
    ("measure", "typed", "kept"),
    [
        ("%", "7%", "7"),
        ("%", "12,5 %", "12.5"),
        ("%", "12,5 persen", "12.5"),
        ("orang", "40 Orang", "40"),
        ("juta rupiah", "1.250,5 juta rupiah", "1250.5"),
        ("Rp juta", "Rp 5 juta", "5"),
        ("rupiah", "Rp. 1.500,-", "1500"),
        ("skala 1–4", "3,41", "3.41"),
    ],
)
def test_the_unit_of_measure_may_be_typed_with_the_number(
    operator: Client, people: Indicator, measure: str, typed: str, kept: str
) -> None:
    Indicator.objects.filter(pk=people.pk).update(unit_of_measure=measure)
    assert save(operator, people, typed, itself=True).status_code == 200
    assert people.measurements.get().value == Decimal(kept)


@pytest.mark.parametrize("typed", ["7 orang", "7%%", "Rp 7", "%"])
def test_another_unit_of_measure_is_refused(
    operator: Client, people: Indicator, typed: str
) -> None:
    Indicator.objects.filter(pk=people.pk).update(unit_of_measure="%")
    assert save(operator, people, typed, itself=True).status_code == 422


def test_the_second_button_saves_everything_and_sends(
    operator: Client, cast: Cast, people: Indicator
) -> None:
    url = reverse("assessments:figure", args=[people.pk, YEAR, 1])
    report(people, 3, by=cast.offices[Role.OPD_OPERATOR])
    page = operator.get(url)
    text = page.content.decode()
    assert 'name="do" value="send"' in text
    assert 'id="send"' not in text
    data = {
        "form_key": str(page.context["form"].initial["form_key"]),
        "version": str(people.measurements.get().version),
        "value": "12",
        "is_final": "1",
        "obstacle": "Blangko habis",
        "do": "send",
    }
    assert operator.post(url, data).status_code == 302
    row = people.measurements.get()
    assert (row.state, row.value, row.obstacle) == ("submitted", 12, "Blangko habis")


def test_nothing_filled_is_saved_and_not_sent(operator: Client, people: Indicator) -> None:
    url = reverse("assessments:figure", args=[people.pk, YEAR, 1])
    key = str(operator.get(url).context["form"].initial["form_key"])
    data = {"form_key": key, "version": "0", "value": "", "is_final": "1", "do": "send"}
    answer = operator.post(url, {**data, "obstacle": "Data belum ada"}, follow=True)
    assert people.measurements.get().state == "draft"
    assert [each.level_tag for each in answer.context["messages"]] == ["success", "error"]


def test_the_page_of_a_conflict_sends_to_the_figure(operator: Client, people: Indicator) -> None:
    """Not to the cell's address, which knows no words and no proof."""
    save(operator, people, "10", itself=True)
    save(operator, people, "12", version=2, itself=True)
    answer = save(operator, people, "15", version=1, itself=True)
    place = reverse("assessments:figure", args=[people.pk, YEAR, 1])
    assert answer.json()["link"]["url"] == place
    page = save(operator, people, "15", version=1).content.decode()
    assert f'<form method="post" action="{place}"' in page


def test_saving_a_cell_brings_the_number_to_send(
    operator: Client, cast: Cast, people: Indicator
) -> None:
    answer = save(operator, people, "10", itself=True).json()
    fragment = answer["fragments"]["to-send"]
    sending = reverse("assessments:figures_send", args=[cast.unit.pk])
    assert f'action="{sending}"' in fragment
    assert "csrfmiddlewaretoken" in fragment
    page = operator.get(unit_url(cast)).content.decode()
    assert '<div id="to-send">' in page
    gone = save(operator, people, "", version=answer["version"], itself=True).json()
    assert f'action="{sending}"' not in gone["fragments"]["to-send"]


def test_the_queue_ticks_all_and_returns(
    cast: Cast, client_as: Clients, plan: Plan, people: Indicator
) -> None:
    client = client_as(planner(cast))
    row = sent(people, 30, by=cast.offices[Role.OPD_OPERATOR])
    own = sent(indicator_of(plan, "Persentase dua"), 60, by=planner(cast))
    url = reverse("assessments:figures_queue")
    plain = client.get(url, {"quarter": "1"}).content.decode()
    assert "data-portal-tick-all" in plain
    assert 'href="?quarter=1&amp;all=1"' in plain
    box = f'name="take" value="{row.pk}-{row.version}"'
    assert f"{box} checked" not in plain
    assert f"{box} checked" in client.get(url, {"all": "1"}).content.decode()
    returning = reverse("assessments:figure_return", args=[row.pk])
    assert f'action="{returning}"' in plain
    assert f'action="{reverse("assessments:figure_return", args=[own.pk])}"' not in plain
    data = {"version": str(row.version), "from": "queue", "query": "quarter=1&all=1"}
    refused = client.post(returning, data)
    assert refused.status_code == 422
    assert 'name="from" value="queue"' in refused.content.decode()
    answer = client.post(returning, {**data, "message": "Periksa rekap"})
    assert answer.url == f"{url}?quarter=1"
    row.refresh_from_db()
    assert (row.state, row.message) == ("returned", "Periksa rekap")


def test_what_javascript_does_is_not_promised_without_it(
    operator: Client, cast: Cast, plan: Plan
) -> None:
    page = operator.get(unit_url(cast)).content.decode()
    assert '<span class="small soft script-only">Angka tersimpan sendiri' in page
    assert '<span class="small soft no-script">' in page


def test_reporting_opens_where_there_is_something(
    cast: Cast, client_as: Clients, plan: Plan, people: Indicator
) -> None:
    report(people, 5, by=cast.offices[Role.OPD_OPERATOR], year=2025)
    Indicator.objects.update(consolidation="manual")
    client = client_as(cast.offices[Role.SEKDA])
    url = reverse("assessments:figures")
    page = client.get(url)
    assert (page.context["year"], page.context["quarter"]) == (YEAR, 0)
    assert page.context["rows"]
    assert client.get(url, {"quarter": "1"}).context["quarter"] == 1
    # Of a plan that is over: its newest year with figures, not its last one.
    years = {"first_year": 2022, "last_year": 2025, "state": "closed"}
    Plan.objects.filter(pk=plan.pk).update(**years)
    Measurement.objects.update(year=2023)
    page = client.get(url)
    assert (page.context["year"], page.context["quarter"]) == (2023, 0)
    assert page.context["years"] == [2025, 2024, 2023, 2022]


def test_who_sent_it_is_not_offered_to_verify_it(
    cast: Cast, client_as: Clients, people: Indicator
) -> None:
    row = sent(people, 30, by=planner(cast))
    url = reverse("assessments:figure", args=[people.pk, YEAR, 1])
    verifying = reverse("assessments:figure_verify", args=[row.pk])
    mine = client_as(planner(cast)).get(url).content.decode()
    assert verifying not in mine
    assert "perencana lain yang harus memverifikasi" in mine
    assert verifying in client_as(second_planner(cast)).get(url).content.decode()


def test_a_figure_of_the_whole_year_beside_quarters_is_seen(
    operator: Client, cast: Cast, people: Indicator
) -> None:
    by = cast.offices[Role.OPD_OPERATOR]
    report(people, 10, by=by)
    Measurement.objects.filter(pk=report(people, 41, by=by, quarter=2).pk).update(quarter=0)
    page = operator.get(unit_url(cast)).content.decode()
    line = page.split('<span class="beside-quarters small">')[1].split("</td>")[0]
    assert "41\u00a0orang" in line
    assert "Belum dikirim" in line
    assert reverse("assessments:figure", args=[people.pk, YEAR, 0]) in line
