"""The page of an indicator: every figure with its rows, its state, its words and its history."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from assessments.achievement import Note
from assessments.achievement_words import NOTES
from assessments.actions.measurements import unlock_measurement
from assessments.actions.plans import adopt_revision, open_revision
from assessments.models import Indicator, Plan
from assessments.tests.factories_rpjmd import (
    NOW,
    give_targets,
    indicator_of,
    make_indicator,
    make_plan,
    plan_in_force,
    planner,
    report,
    sent,
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
    return plan_in_force(cast)


@pytest.fixture
def index(plan: Plan) -> Indicator:
    return indicator_of(plan, "Indeks contoh")


@pytest.fixture
def reader(cast: Cast, client_as) -> Client:
    return client_as(cast[Role.MAYOR])


def seen(client: Client, row: Indicator):
    response = client.get(reverse("assessments:indicator", args=[row.pk]))
    assert response.status_code == 200
    return response


def periods(response) -> dict[tuple[int, int], object]:
    rows = [row for year, quarters in response.context["page"].years for row in (year, *quarters)]
    return {(row.year, row.quarter): row for row in rows}


def test_every_note_of_the_arithmetic_has_a_sentence() -> None:
    assert set(NOTES) == set(Note)


def test_a_period_says_target_figure_counts_state_and_light(
    cast: Cast, plan: Plan, index: Indicator, reader: Client
) -> None:
    row = make_indicator(
        index.node,
        by=planner(cast),
        unit=cast.unit,
        name="Berkas selesai",
        factor=Decimal(100),
        numerator_label="selesai",
        denominator_label="masuk",
    )
    give_targets(row, by=planner(cast), y2026="80", y2026q1="80")
    counts = {"numerator": Decimal(30), "denominator": Decimal(40)}
    verified(row, None, by=cast[Role.OPD_OPERATOR], planner=planner(cast), is_final=False, **counts)
    quarter = periods(seen(reader, row))[2026, 1]
    assert (quarter.target, quarter.figure, quarter.counts) == (
        "80\u00a0%",
        "75\u00a0%",
        "30 / 40",
    )
    assert quarter.percent == "93,75\u00a0%"
    assert not quarter.measurement.is_final
    year = periods(seen(reader, row))[2026, 0]
    assert year.percent == "93,75\u00a0%"
    assert any("triwulan 1" in note or "quarter 1" in note for note in year.notes)


def test_what_is_not_sent_yet_is_seen_by_its_unit_and_planners_only(
    cast: Cast, index: Indicator, reader: Client, client_as
) -> None:
    report(index, 77, by=cast[Role.OPD_OPERATOR])
    assert periods(seen(reader, index))[2026, 1].measurement is None
    for role in (Role.OPD_OPERATOR, Role.PLANNER):
        assert periods(seen(client_as(cast[role]), index))[2026, 1].figure == "77\u00a0%"


def test_what_waits_is_shown_but_does_not_count(
    cast: Cast, index: Indicator, reader: Client
) -> None:
    sent(index, 77, by=cast[Role.OPD_OPERATOR])
    rows = periods(seen(reader, index))
    assert (rows[2026, 1].figure, rows[2026, 1].counted) == ("77\u00a0%", False)
    assert rows[2026, 0].figure == "–"


def test_a_revision_shows_what_it_changed_from_what_and_by_which_basis(
    cast: Cast, plan: Plan, index: Indicator, reader: Client
) -> None:
    revision = open_revision(plan=plan, from_year=2027, reason="Tinjauan", by=planner(cast))
    give_targets(index, by=planner(cast), y2027="88")
    assert not seen(reader, index).context["page"].history.changes
    day = date(2026, 7, 1)
    adopt_revision(revision=revision, basis="Perda 9/2026", on=day, by=planner(cast), now=NOW)
    (change,) = seen(reader, index).context["page"].history.changes
    assert (change.year, change.before, change.after) == (2027, "85\u00a0%", "88\u00a0%")
    assert "Perda 9/2026" in seen(reader, index).content.decode()


def test_an_unlocked_figure_stays_readable_with_who_when_and_why(
    cast: Cast, index: Indicator, reader: Client
) -> None:
    row = verified(index, 70, by=cast[Role.OPD_OPERATOR], planner=planner(cast))
    unlock_measurement(measurement=row, reason="Salah ketik", by=planner(cast), now=NOW)
    steps = seen(reader, index).context["page"].history.steps
    assert [step.row.name for step in steps] == ["unlock", "verify", "send"]
    assert {step.figure for step in steps} == {"70\u00a0%"}
    html = seen(reader, index).content.decode()
    assert "Salah ketik" in html
    assert planner(cast).printed_title in html


def test_the_cascade_is_walked_both_ways(
    cast: Cast, plan: Plan, index: Indicator, reader: Client
) -> None:
    below = indicator_of(plan, "Warga dilayani")
    Indicator.objects.filter(pk=below.pk).update(supports=index)
    assert seen(reader, index).context["page"].below == [below]
    assert seen(reader, below).context["page"].above == index


def test_an_indicator_of_a_draft_is_for_planners(cast: Cast, reader: Client, client_as) -> None:
    from assessments.enums import NodeLevel
    from assessments.tests.factories_rpjmd import make_node

    draft = make_plan(cast)
    node = make_node(draft, None, NodeLevel.VISION, "V", by=planner(cast))
    row = make_indicator(node, by=planner(cast))
    url = reverse("assessments:indicator", args=[row.pk])
    assert reader.get(url).status_code == 404
    assert client_as(planner(cast)).get(url).status_code == 200


def test_names_are_text_never_markup(cast: Cast, plan: Plan, index: Indicator, reader) -> None:
    nasty = "<script>alert(1)</script>"
    row = make_indicator(index.node, by=planner(cast), name=nasty, unit_of_measure="<i>")
    give_targets(row, by=planner(cast), y2026="1")
    for url in (
        reverse("assessments:indicator", args=[row.pk]),
        reverse("assessments:rpjmd_plan", args=[plan.pk]),
        reverse("assessments:rpjmd_compare", args=[plan.pk]) + "?level=",
    ):
        assert nasty not in reader.get(url).content.decode()


def test_a_full_history_stays_within_twelve_queries(
    cast: Cast, plan: Plan, index: Indicator, reader: Client, django_assert_max_num_queries
) -> None:
    for quarter in (1, 2):
        verified(index, 70, by=cast[Role.OPD_OPERATOR], planner=planner(cast), quarter=quarter)
    seen(reader, index)
    with django_assert_max_num_queries(12):
        seen(reader, index)
