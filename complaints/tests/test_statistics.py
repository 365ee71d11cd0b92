"""Median working hours, share in time, smallest groups: the arithmetic and what is counted for whom."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from complaints import office_hours
from complaints.enums import OPEN, ComplaintState
from complaints.office_hours import OfficeClock
from complaints.queries.statistics import Asked, statistics_for
from complaints.statistics import By, Case, ages, figures, grouped, median
from complaints.tests.factories import ComplaintFactory
from opd.enums import Role
from opd.tests.factories import UnitFactory

TODAY = date(2026, 11, 23)
quick = settings(max_examples=60, deadline=None)
# Monday 2 to Sunday 15 November 2026, with the second Monday off.
SINCE, UNTIL = date(2026, 11, 2), date(2026, 11, 15)
CLOCK = OfficeClock(office_hours.current(), {date(2026, 11, 9)}, SINCE, UNTIL)
moments = st.datetimes(datetime(2026, 10, 30), datetime(2026, 11, 18))  # noqa: DTZ001


class TestOfficeHours:
    @pytest.mark.parametrize(
        ("start", "end", "minutes"),
        [
            ("2026-11-02T08:00", "2026-11-02T09:30", 90),
            ("2026-11-02T11:30", "2026-11-02T13:30", 60),
            ("2026-11-02T23:00", "2026-11-03T08:00", 30),
            ("2026-11-06T16:00", "2026-11-10T07:45", 45),
            ("2026-11-06T11:00", "2026-11-06T13:30", 60),
            ("2026-11-07T10:00", "2026-11-08T10:00", 0),
            ("2026-11-02T00:00", "2026-11-09T00:00", 2250),
        ],
    )
    def test_examples(self, start, end, minutes):
        assert CLOCK.minutes(*(datetime.fromisoformat(x) for x in (start, end))) == minutes

    @given(moments, moments, moments)
    @quick
    def test_time_adds_up_and_never_runs_backwards(self, one, two, three):
        first, second, third = sorted((one, two, three))
        assert CLOCK.minutes(first, third) == CLOCK.minutes(first, second) + CLOCK.minutes(
            second, third
        )
        assert CLOCK.minutes(third, first) == 0
        real = (third - first).total_seconds() / 60
        assert 0 <= CLOCK.minutes(first, third) <= real + 1


@given(st.lists(st.integers(0, 100_000), max_size=30))
@quick
def test_the_median_lies_in_the_middle(minutes):
    found = median(minutes)
    if not minutes:
        assert found is None
        return
    assert found == median(list(reversed(minutes)))
    below = sum(Decimal(each) / 60 < found for each in minutes)
    above = sum(Decimal(each) / 60 > found for each in minutes)
    assert max(below, above) <= len(minutes) / 2


def case(**values):
    return Case(
        **{
            "state": "received",
            "filed_on": date(2026, 11, 2),
            "answer_by": date(2026, 11, 20),
            "answered_on": None,
            "minutes": None,
            "unit": 1,
            "category": "",
            "region": None,
            "channel": "web",
            "kind": "complaint",
            **values,
        }
    )


answered = st.builds(
    lambda late: case(
        state="answered", answered_on=date(2026, 11, 20) + timedelta(days=late), minutes=5
    ),
    st.integers(-9, 9),
)
waiting = st.builds(
    lambda state, days: case(state=state, answer_by=TODAY + timedelta(days=days)),
    st.sampled_from(sorted(ComplaintState.values)),
    st.integers(-9, 9),
)


class TestShareInTime:
    @given(st.lists(answered | waiting, max_size=30))
    @quick
    def test_between_nothing_and_all(self, cases):
        found = figures(cases, today=TODAY, smallest=1)
        assert (found.share is None) == (found.due == 0)
        assert found.share is None or 0 <= found.share <= 100
        assert found.in_time <= found.answered
        assert found.overdue <= found.open

    @given(st.lists(answered | waiting, max_size=20))
    @quick
    def test_leaving_something_open_past_its_day_never_helps(self, cases):
        before = figures(cases, today=TODAY, smallest=1).share
        late = case(state="in_progress", answer_by=TODAY - timedelta(days=1))
        after = figures([*cases, late], today=TODAY, smallest=1).share
        assert after is not None
        assert before is None or after <= before

    def test_the_formula(self):
        cases = [
            *[case(state="closed", answered_on=date(2026, 11, 20))] * 6,
            *[case(state="answered", answered_on=date(2026, 11, 21))] * 2,
            *[case(state="verified")] * 2,
            case(state="paused"),
            case(state="received", answer_by=TODAY),
            case(state="rejected"),
            case(state="merged", answered_on=None),
        ]
        found = figures(cases, today=TODAY, smallest=10)
        assert (found.received, found.answered, found.overdue, found.open) == (13, 8, 2, 4)
        assert found.share == Decimal(60)
        assert figures(cases[1:], today=TODAY, smallest=10).share is None

    def test_nothing_is_ranked_below_the_smallest_group(self):
        fast = case(unit=1, state="closed", answered_on=date(2026, 11, 3), minutes=4)
        slow = case(unit=2, state="in_progress", answer_by=date(2026, 11, 5))
        good = case(unit=3, state="closed", answered_on=date(2026, 11, 3), minutes=9)
        rows = grouped([fast, *[slow] * 10, *[good] * 10], By.UNIT, str, today=TODAY, smallest=10)
        assert [row.label for row in rows] == ["2", "3", "1"]
        assert [row.figures.share for row in rows] == [Decimal(0), Decimal(100), None]
        assert rows[-1].figures.median is None


@given(st.lists(st.integers(0, 400), max_size=40))
@quick
def test_every_open_one_has_one_age(days):
    assert sum(ages(days)) == len(days)


class TestRead:
    asked = Asked(date(2026, 1, 1), TODAY)

    def answer(self, cast, complaint, at, kind="answer"):
        complaint.messages.create(
            government=cast.home,
            kind=kind,
            membership=cast[Role.OPD_HEAD],
            text="Sudah",
            sent_at=at,
        )

    def test_first_words_are_those_of_a_person_to_the_citizen(self, cast):
        # Filed Monday 2 November 10.00 in Jakarta.
        row = ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)
        self.answer(cast, row, datetime(2026, 11, 2, 4, tzinfo=UTC), "note")
        found = statistics_for(cast[Role.MAYOR], self.asked, TODAY)
        assert found.total.with_words == 0
        self.answer(cast, row, datetime(2026, 11, 3, 2, tzinfo=UTC), "question")
        self.answer(cast, row, datetime(2026, 11, 9, 2, tzinfo=UTC))
        found = statistics_for(cast[Role.MAYOR], self.asked, TODAY)
        # 10.00–12.00, 13.00–16.00, then 07.30–09.00.
        assert found.total.median_hours == Decimal("6.5")

    def test_a_case_that_came_from_elsewhere_waits_since_the_morning_there(self, cast):
        row = ComplaintFactory(government=cast.home, filed_on=date(2026, 10, 30))
        self.answer(cast, row, datetime(2026, 11, 2, 3, tzinfo=UTC))
        found = statistics_for(cast[Role.MAYOR], self.asked, TODAY)
        assert found.total.median_hours == Decimal("10")

    def test_each_counts_what_he_may_read(self, cast):
        ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
        ComplaintFactory(government=cast.home, state="verified", unit=cast.other_unit)
        ComplaintFactory(government=cast.home)
        ComplaintFactory(government=cast.away)
        assert statistics_for(cast[Role.MAYOR], self.asked, TODAY).total.received == 3
        assert statistics_for(cast[Role.OPD_HEAD], self.asked, TODAY).total.received == 1

    def test_narrowed_and_grouped(self, cast):
        town = UnitFactory(government=cast.home, kind="kecamatan", name="Kecamatan Utara")
        village = UnitFactory(government=cast.home, kind="kelurahan", parent=town, name="Anggrek")
        for values in (
            {"region": village, "category": "roads", "channel": "sms"},
            {"region": town, "kind": "aspiration"},
            {"filed_on": date(2025, 12, 31)},
        ):
            ComplaintFactory(government=cast.home, **values)
        found = statistics_for(cast[Role.MAYOR], self.asked, TODAY)
        assert [(g.label, g.figures.received) for g in found.groups[By.REGION]] == [
            ("Kecamatan Utara", 2)
        ]
        assert {g.key for g in found.groups[By.CATEGORY]} == {"roads", ""}
        assert sum(month.figures.received for month in found.months) == 2
        only = Asked(self.asked.since, TODAY, region=village.pk, kind="complaint", channel="sms")
        assert statistics_for(cast[Role.MAYOR], only, TODAY).total.received == 1

    def test_as_many_queries_for_many_units(self, cast, django_assert_num_queries):
        def add(number):
            for _n in range(number):
                ComplaintFactory(government=cast.home, state="verified")

        mayor = cast[Role.MAYOR]
        for number in (2, 40):
            add(number)
            with django_assert_num_queries(3):
                statistics_for(mayor, self.asked, TODAY)


def test_open_and_overdue_agree_with_the_states():
    for state in ComplaintState.values:
        if case(state=state, answer_by=date(2026, 1, 1)).is_overdue(TODAY):
            assert state in OPEN
