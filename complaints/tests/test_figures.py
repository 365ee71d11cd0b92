"""Figures for dashboards: right, scoped, and the same number of statements however many rows."""

from dataclasses import asdict
from datetime import date

import pytest

from complaints.queries.figures import (
    ComplaintCounts,
    complaint_counts,
    counts_for,
    late_at_coordinator,
    late_by_unit,
    open_by_unit,
)
from complaints.tests.factories import ComplaintFactory
from opd.enums import Role

TODAY = date(2026, 11, 23)


@pytest.fixture
def rows(cast):
    def add(state, **values):
        ComplaintFactory(government=cast.home, state=state, **values)

    add("received")
    add("received", verify_by=TODAY)
    add("verified", unit=cast.unit)
    add("in_progress", unit=cast.unit, answer_by=date(2026, 11, 10))
    add("in_progress", unit=cast.other_unit)
    add("verified", unit=cast.other_unit, answer_by=TODAY)
    add("answered", unit=cast.unit)
    add("closed", unit=cast.unit, answered_on=date(2026, 10, 31))
    add("rejected")
    ComplaintFactory(government=cast.away, state="in_progress", unit=cast.away_unit)


@pytest.mark.usefixtures("rows")
def test_counts(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        counts = complaint_counts(cast.home.pk, TODAY)

    assert counts == ComplaintCounts(open=6, late=4, answered_this_month=1, total=9)
    assert late_at_coordinator(cast.home.pk, TODAY) == 1


@pytest.mark.usefixtures("rows")
def test_units_worst_first(cast, django_assert_num_queries):
    with django_assert_num_queries(2):
        late = late_by_unit(cast.home.pk, TODAY)

    assert late == [(cast.unit, 2, date(2026, 11, 10)), (cast.other_unit, 1, date(2026, 11, 20))]
    assert open_by_unit(cast.home.pk, TODAY) == [
        (cast.unit, 2, date(2026, 11, 10)),
        (cast.other_unit, 2, date(2026, 11, 20)),
    ]


@pytest.mark.usefixtures("rows")
def test_each_sees_the_figures_of_what_he_sees(cast):
    seen = asdict(counts_for(cast[Role.MAYOR], TODAY))
    assert seen.items() >= asdict(complaint_counts(cast.home.pk, TODAY)).items()
    assert counts_for(cast[Role.OPD_HEAD], TODAY).total == 4


def test_nothing_is_zero(cast):
    assert complaint_counts(cast.home.pk, TODAY) == ComplaintCounts(0, 0, 0, 0)
    assert late_by_unit(cast.home.pk, TODAY) == []
