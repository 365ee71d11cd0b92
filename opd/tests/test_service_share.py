"""The share without face-to-face contact, as tables and as properties."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from integrity_portal.core.partial_dates import PartialDate
from opd.service_share import (
    WINDOW,
    Move,
    Share,
    Verdict,
    Volume,
    add_months,
    chain_fault,
    compare,
    latest_months,
    months_between,
    share_of,
    ways_open,
)

# A busy machine is no fault of a rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
JAN = date(2025, 1, 1)
MARCH, JUNE = date(2025, 3, 1), date(2025, 6, 1)


def moved(day, precision="day", ways=("counter", "online"), **values):
    return Move(*ways, PartialDate(day, precision), **values)


def rows(**counts):
    return [Volume(JAN, channel, count) for channel, count in counts.items()]


@pytest.mark.parametrize(
    ("present", "counts", "expected"),
    [
        ("online", {"online": 40}, Share(40, 40, 1)),
        ("online", {"online": 30, "counter": 10}, Share(30, 40, 1)),
        ("counter", {"counter": 40}, Share(0, 40, 1)),
        ("counter", {"counter": 40, "online": 5}, Share(5, 45, 1)),
        ("hybrid", {"counter": 10, "online": 30}, Share(30, 40, 1)),
        # Half recorded: the month is left out and said.
        ("hybrid", {"online": 30}, Share(partial=1)),
        ("hybrid", {"counter": 30}, Share(partial=1)),
        ("online", {"counter": 3}, Share(partial=1)),
        # Zero is a number, nothing is none.
        ("hybrid", {"counter": 0, "online": 0}, Share(0, 0, 1)),
        ("hybrid", {}, Share()),
    ],
)
def test_one_month(present, counts, expected):
    assert share_of(rows(**counts), [JAN], [], present) == expected


def test_percent_is_unrounded_and_nothing_is_not_zero():
    assert Share(1, 3, 1).percent == Decimal(100) / 3
    assert Share(0, 3, 1).percent == 0
    assert Share(0, 0, 4).percent is None


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (date(2025, 2, 1), {"counter"}),
        (MARCH, {"counter", "online"}),
        (date(2025, 4, 1), {"online"}),
    ],
)
def test_a_move_opens_both_ways_in_its_month_only(month, expected):
    assert ways_open(month, [moved(date(2025, 3, 17))], "online") == expected


def test_a_year_is_open_both_ways_and_belongs_to_neither_side():
    move = moved(JAN, "year")
    assert ways_open(date(2025, 11, 1), [move], "online") == {"counter", "online"}
    volumes = [Volume(month, "counter", 10) for month in months_between(date(2024, 1, 1), JAN)]
    volumes += [
        Volume(month, "online", 20) for month in months_between(date(2026, 1, 1), date(2026, 6, 1))
    ]
    found = compare(volumes, [move], 0, present="online", today=date(2026, 7, 4))
    assert (found.before, found.after) == (Share(0, 120, 12), Share(120, 120, 6))
    assert found.points == 100


def test_before_and_after_leave_the_month_of_the_move_out():
    moves = [moved(date(2025, 3, 17))]
    volumes = [
        *(Volume(m, "counter", 100) for m in months_between(date(2023, 1, 1), date(2025, 2, 1))),
        Volume(MARCH, "counter", 999),
        Volume(MARCH, "online", 999),
        *(Volume(m, "online", 80) for m in months_between(date(2025, 4, 1), date(2025, 8, 1))),
    ]
    found = compare(volumes, moves, 0, present="online", today=date(2025, 8, 20))
    assert found.before == Share(0, 1200, WINDOW)
    # August is not over.
    assert found.after == Share(320, 320, 4)
    assert (found.verdict, found.points) == (Verdict.COMPARED, Decimal(100))


def test_after_ends_where_the_next_move_begins_and_before_where_the_last_one_ended():
    moves = [
        moved(date(2025, 3, 1), ways=("counter", "hybrid")),
        moved(date(2025, 6, 1), ways=("hybrid", "online")),
    ]
    every = months_between(date(2024, 6, 1), date(2025, 12, 1))
    volumes = [Volume(m, way, 10) for m in every for way in ("counter", "online")]
    first = compare(volumes, moves, 0, present="online", today=date(2026, 1, 9))
    second = compare(volumes, moves, 1, present="online", today=date(2026, 1, 9))
    assert (first.before.months, first.after.months) == (9, 2)
    assert (second.before.months, second.after.months) == (2, 6)
    assert first.verdict == Verdict.TOO_LITTLE
    assert first.points is None


def test_months_without_numbers_are_counted_by_nobody():
    moves = [moved(date(2025, 3, 17))]
    volumes = [Volume(JAN, "counter", 10), Volume(JUNE, "online", 10)]
    found = compare(volumes, moves, 0, present="online", today=date(2026, 3, 1))
    assert (found.before.months, found.after.months) == (1, 1)
    assert found.verdict == Verdict.TOO_LITTLE


def test_the_last_twelve_months_are_whole_ones():
    assert latest_months(date(2026, 1, 31)) == months_between(JAN, date(2025, 12, 1))


def test_a_chain_begins_where_the_last_one_ended():
    one = moved(JAN, ways=("counter", "hybrid"))
    assert chain_fault([one, moved(JUNE, ways=("hybrid", "online"))]) is None
    assert chain_fault([one, moved(JUNE, ways=("counter", "online"))]) == 1
    assert chain_fault([]) is None


MONTHS = months_between(date(2024, 1, 1), date(2025, 12, 1))
volume = st.builds(
    Volume,
    month=st.sampled_from(MONTHS),
    channel=st.sampled_from(["counter", "online"]),
    count=st.integers(0, 10**6),
)
volumes_of = st.lists(volume, unique_by=lambda row: (row.month, row.channel))
channels = st.sampled_from(["counter", "hybrid", "online"])


@unhurried
@given(volumes_of, channels)
def test_a_share_lies_between_nothing_and_all(found, present):
    share = share_of(found, MONTHS, [], present)
    assert 0 <= share.online <= share.total
    assert share.percent is None or 0 <= share.percent <= 100
    assert share.months + share.partial <= len({row.month for row in found})


@unhurried
@given(volumes_of, channels, st.randoms())
def test_order_does_not_matter_and_months_add_up(found, present, random):
    mixed = [*found]
    random.shuffle(mixed)
    whole = share_of(found, MONTHS, [], present)
    assert share_of(mixed, reversed(MONTHS), [], present) == whole
    one, other = MONTHS[:9], MONTHS[9:]
    assert share_of(found, one, [], present) + share_of(found, other, [], present) == whole


@unhurried
@given(volumes_of, channels, volume)
def test_more_online_never_lowers_and_more_counter_never_raises(found, present, more):
    known = {(row.month, row.channel): row for row in found}
    old = known.get((more.month, more.channel))
    if old is None:
        return
    grown = [row for row in found if row is not old]
    grown.append(Volume(old.month, old.channel, old.count + more.count))
    before = share_of(found, MONTHS, [], present).percent
    after = share_of(grown, MONTHS, [], present).percent
    if before is None or after is None:
        return
    assert after >= before if more.channel == "online" else after <= before


@unhurried
@given(volumes_of, channels)
def test_missing_months_change_nothing(found, present):
    known = {row.month for row in found}
    asked = [month for month in MONTHS if month in known]
    assert share_of(found, asked, [], present) == share_of(found, MONTHS, [], present)


@unhurried
@given(st.sampled_from(MONTHS), st.sampled_from(["day", "month", "year"]), volumes_of)
def test_before_and_after_never_share_a_month_with_the_move(day, precision, found):
    move = moved(day.replace(day=15) if precision == "day" else day, precision)
    result = compare(found, [move], 0, present="online", today=date(2026, 5, 5))
    assert result.before.months <= WINDOW
    in_year = [row for row in found if row.month.year == day.year]
    if precision == "year" and len(in_year) == len(found):
        assert (result.before, result.after) == (Share(), Share())


@unhurried
@given(st.integers(-60, 60))
def test_months_go_on_and_back(number):
    assert add_months(add_months(JAN, number), -number) == JAN
