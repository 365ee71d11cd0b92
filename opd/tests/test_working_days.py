"""Working days: arithmetic by its laws, the calendar by the days Indonesia knows."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from opd.models import Holiday
from opd.queries.calendar import days_off
from opd.working_days import add_working_days, is_working_day, working_days_between

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
COUNTS = st.integers(0, 80)
OFF = st.frozensets(st.dates(date(2020, 1, 1), date(2036, 12, 31)), max_size=40)


@settings(deadline=None)
@given(DAYS, COUNTS, OFF)
def test_a_period_ends_on_a_working_day_and_holds_that_many(day, count, off):
    end = add_working_days(day, count, off)

    assert is_working_day(end, off)
    if count:
        assert working_days_between(day, end, off) == count


@settings(deadline=None)
@given(DAYS, COUNTS, COUNTS, OFF)
def test_two_periods_one_after_the_other_are_one(day, first, second, off):
    between = add_working_days(day, first + 1, off)
    assert add_working_days(between, second, off) == add_working_days(day, first + 1 + second, off)


@settings(deadline=None)
@given(DAYS, COUNTS, OFF, DAYS)
def test_another_day_off_never_makes_a_period_shorter(day, count, off, extra):
    assert add_working_days(day, count, off | {extra}) >= add_working_days(day, count, off)


@settings(deadline=None)
@given(DAYS, DAYS, OFF)
def test_backwards_is_the_negative(start, end, off):
    assert working_days_between(start, end, off) == -working_days_between(end, start, off)


def test_the_receipt_of_a_saturday():
    """Filed on Saturday 21 November 2026: three working days end on Wednesday."""
    assert add_working_days(date(2026, 11, 21), 3, frozenset()) == date(2026, 11, 25)
    assert add_working_days(date(2026, 11, 21), 14, frozenset()) == date(2026, 12, 10)


def test_counting_backwards_is_refused():
    with pytest.raises(ValueError, match="forward"):
        add_working_days(date(2026, 1, 1), -1, frozenset())


def test_the_calendar_knows_national_joint_and_own_days(cast):
    own = date(2026, 12, 15)
    Holiday.objects.create(government=cast.home, day=own, name="Hari jadi kota")
    span = {"since": date(2026, 12, 1), "until": date(2027, 1, 1)}

    home = days_off(cast.home.pk, **span)

    assert home == {own, date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)}
    assert own not in days_off(cast.away.pk, **span)


def test_the_calendar_over_new_year_is_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        days = days_off(cast.home.pk, since=date(2026, 12, 1), until=date(2028, 1, 31))

    assert {date(2027, 8, 17), date(2028, 1, 1)} <= days
    assert all(timedelta(0) <= day - date(2026, 12, 1) for day in days)
