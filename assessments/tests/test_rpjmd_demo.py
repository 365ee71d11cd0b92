"""Plans of the demonstration: the published series as they are, and a plan on any day of the year."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.demo import rpjmd
from assessments.enums import Direction, MeasurementState, PlanState
from assessments.models import Indicator, Measurement, Plan, Target
from assessments.queries.performance import known
from assessments.queries.plan_board import plan_board
from opd.models import Government
from opd.tests.factories import GovernmentFactory

# As published; 2022 is known of two.
PUBLISHED = {
    "Indeks Reformasi Birokrasi": ("59.65", "58.11", "60.37"),
    "Indeks Kepuasan Masyarakat": ("3.41", "3.48", "3.51", "3.52"),
    "Skor Smart City": ("2.87", "2.87", "3.06", "3.31"),
    "Indeks Pembangunan Manusia": ("78.08", "78.23", "78.60"),
    "Indeks Kerukunan Antar Umat Beragama": ("3.91", "3.91", "3.97"),
    "Indeks Kota Layak Huni": ("70.37", "72.60", "77.80"),
    "Pertumbuhan ekonomi": ("5.47", "-6.25", "2.05"),
    "Indeks Gini": ("0.321", "0.346", "0.374"),
    "Tingkat kemiskinan": ("7.16", "7.69", "7.75"),
}
LOWER = {"Indeks Gini", "Tingkat kemiskinan"}


def test_kediri_shows_its_nine_iku_as_published(demonstration: date) -> None:
    plan = Plan.objects.get(government__slug="kota-kediri")
    assert (plan.first_year, plan.last_year, plan.is_sample) == (2020, 2024, False)
    rows = known(Indicator.objects.filter(node__plan=plan, is_iku=True))
    found = {
        one.indicator.name: {
            year: value
            for year in range(2018, 2025)
            if (value := one.series.value(year)) is not None
        }
        for one in rows
    }
    assert found == {
        name: {2019 + number: Decimal(value) for number, value in enumerate(values)}
        for name, values in PUBLISHED.items()
    }
    directions = {one.indicator.name for one in rows if one.series.direction == Direction.LOWER}
    assert directions == LOWER
    assert not Measurement.objects.filter(
        indicator__node__plan=plan, indicator__is_iku=True, is_sample=True
    ).exists()


def test_every_target_but_the_public_one_is_marked_as_an_example(demonstration: date) -> None:
    targets = Target.objects.filter(indicator__node__plan__government__slug="kota-kediri")
    public = targets.get(is_sample=False)
    assert (public.indicator.name, public.year, public.low) == (
        "Indeks Minat Baca",
        2021,
        Decimal("78.2"),
    )
    (reading,) = known([public.indicator])
    assert [reading.series.value(year) for year in (2020, 2021)] == [
        Decimal("73.7"),
        Decimal("79.7"),
    ]
    assert targets.count() > 45


def test_each_iku_is_cascaded_to_its_unit(demonstration: date) -> None:
    iku = Indicator.objects.filter(node__plan__government__slug="kota-kediri", is_iku=True)
    for row in iku:
        share = row.supported_by.filter(is_sample=True).get()
        assert (share.unit, share.node.is_sample) == (row.unit, True)


def test_every_sentence_of_the_example_plan_can_be_seen(demonstration: date) -> None:
    contoh = Government.objects.get(slug="kota-contoh")
    plan = Plan.objects.get(government=contoh, state=PlanState.IN_FORCE)
    assert plan.is_sample
    figures = Measurement.objects.filter(indicator__node__plan=plan)
    assert not figures.filter(is_sample=False).exists()
    board = plan_board(plan, year=demonstration.year, on=demonstration)
    assert {each.band.tone for each in board.indicators if each.band}
    assert any(row.money.ceiling for row in board.rows)


DAYS = [
    date(2026, 11, 22),
    date(2026, 1, 1),
    date(2026, 1, 5),
    date(2026, 4, 2),
    date(2028, 2, 29),
    date(2027, 12, 31),
]


@pytest.fixture
def without_plans(demonstration: date) -> list[Government]:
    """The governments of the demonstration as if their plans had not been loaded: moved away."""
    other = GovernmentFactory()
    for plan in Plan.objects.all():
        Plan.objects.filter(pk=plan.pk).update(government=other)
    return list(Government.objects.filter(slug__in=["kota-kediri", "kota-contoh"]))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_it_loads_on_any_day_and_only_once(without_plans: list[Government], today: date) -> None:
    counts = []
    for _time in (1, 2):
        rpjmd.load(today)
        rows = Plan.objects.filter(government__in=without_plans)
        figures = Measurement.objects.filter(indicator__node__plan__in=rows)
        counts.append((rows.count(), figures.count()))
    assert counts[0] == counts[1]
    assert counts[0][0] == 3
    in_force = rows.get(state=PlanState.IN_FORCE)
    assert in_force.first_year == today.year - 1
    waiting = figures.filter(state=MeasurementState.SUBMITTED)
    assert not waiting.exclude(indicator__node__plan=in_force).exists()
    assert not figures.filter(entered_at__date__gt=today).exists()
