"""The year so far against a plain oracle that reckons with fractions, quarter by quarter."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from assessments.achievement import Aim, Figure, Note
from assessments.enums import Consolidation, Direction, Shape
from assessments.series import QUARTERS, WHOLE_YEAR, Period, Series, last_day, quarter_of

YEAR = 2026
TODAY = date(2026, 12, 31)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
numbers = st.integers(-500, 500).map(Decimal)
positive = st.integers(1, 500).map(Decimal)
# Of each quarter: nothing at all, a row with words only, or a figure.
said = st.one_of(st.none(), st.just(Figure()), numbers.map(Figure))
quarters = st.fixed_dictionaries(dict.fromkeys(QUARTERS, said))
targets = st.fixed_dictionaries({quarter: st.one_of(st.none(), positive) for quarter in QUARTERS})
hows = st.sampled_from([Consolidation.SUM, Consolidation.AVERAGE, Consolidation.LAST])
upto = st.integers(1, 4)


def series(
    how: Consolidation,
    figures: dict[int, Figure | None],
    lows: dict[int, Decimal | None],
    direction: Direction = Direction.HIGHER,
) -> Series:
    return Series(
        direction=direction,
        shape=Shape.VALUE,
        how=how,
        aims={
            (YEAR, quarter): Aim(direction, Shape.VALUE, low)
            for quarter, low in lows.items()
            if low is not None
        },
        figures={(YEAR, quarter): each for quarter, each in figures.items() if each is not None},
    )


def reported(figures: dict[int, Figure | None], until: int) -> list[int]:
    return [
        quarter
        for quarter in QUARTERS
        if quarter <= until and (each := figures[quarter]) is not None and each.value is not None
    ]


def plain_target(
    how: Consolidation, known: list[int], lows: dict[int, Decimal | None]
) -> Decimal | None:
    """What should stand there by now: the shares so far, or the level of the newest quarter."""
    if not known:
        return None
    if how != Consolidation.SUM:
        return lows[known[-1]]
    shares = [low for quarter in known if (low := lows[quarter]) is not None]
    return sum(shares, Decimal(0)) if len(shares) == len(known) else None


def plain_value(how: Consolidation, values: list[Fraction]) -> Fraction:
    if how == Consolidation.LAST:
        return values[-1]
    total = sum(values, Fraction(0))
    return total / len(values) if how == Consolidation.AVERAGE else total


@unhurried
@given(how=hows, figures=quarters, lows=targets, until=upto)
def test_the_year_so_far_equals_the_plain_reckoning(
    how: Consolidation,
    figures: dict[int, Figure | None],
    lows: dict[int, Decimal | None],
    until: int,
) -> None:
    row = series(how, figures, lows)
    known = reported(figures, until)
    target = plain_target(how, known, lows)
    aim = row.aim_until(YEAR, until)
    assert (aim.low if aim else None) == target
    assert row.last_reported(YEAR, until) == max(known, default=0)
    done = row.achieved_until(YEAR, until, on=TODAY)
    if target is None:
        assert done.percent is None
        assert (Note.NO_FIGURE in done.notes) == (not known)
        return
    values = [Fraction(figures[quarter].value or 0) for quarter in known]  # type: ignore[union-attr]
    expected = max(plain_value(how, values) * 100 / Fraction(target), Fraction(0))
    assert done.percent is not None
    assert abs(Fraction(done.percent) - expected) < Fraction(1, 10**18)


@unhurried
@given(how=hows, figures=quarters, lows=targets, until=upto)
def test_the_order_of_entering_is_nothing_to_it(
    how: Consolidation,
    figures: dict[int, Figure | None],
    lows: dict[int, Decimal | None],
    until: int,
) -> None:
    forwards = series(how, figures, lows)
    backwards = series(how, dict(reversed(figures.items())), dict(reversed(lows.items())))
    assert forwards.until(YEAR, until) == backwards.until(YEAR, until)
    assert forwards.aim_until(YEAR, until) == backwards.aim_until(YEAR, until)
    first = forwards.achieved_until(YEAR, until, on=TODAY)
    assert first == backwards.achieved_until(YEAR, until, on=TODAY)


@unhurried
@given(how=hows, figures=quarters, lows=targets, until=upto)
def test_what_comes_later_does_not_change_what_was(
    how: Consolidation,
    figures: dict[int, Figure | None],
    lows: dict[int, Decimal | None],
    until: int,
) -> None:
    early = {quarter: each if quarter <= until else None for quarter, each in figures.items()}
    whole, so_far = series(how, figures, lows), series(how, early, lows)
    args = (YEAR, until)
    assert whole.achieved_until(*args, on=TODAY) == so_far.achieved_until(*args, on=TODAY)
    assert whole.achieved_so_far(*args, on=TODAY) == so_far.achieved_so_far(*args, on=TODAY)


@unhurried
@given(how=hows, figures=quarters, value=numbers, until=upto)
def test_a_figure_of_the_whole_year_wins(
    how: Consolidation, figures: dict[int, Figure | None], value: Decimal, until: int
) -> None:
    row = series(
        how, {**figures, WHOLE_YEAR: Figure(value)}, {each: Decimal(7) for each in range(5)}
    )
    assert row.until(YEAR, until) == Figure(value)
    assert row.aim_until(YEAR, until) is None
    words_only = series(how, {**figures, WHOLE_YEAR: Figure()}, dict.fromkeys(QUARTERS, Decimal(7)))
    plain = series(how, figures, dict.fromkeys(QUARTERS, Decimal(7)))
    assert words_only.aim_until(YEAR, until) == plain.aim_until(YEAR, until)


@unhurried
@given(figures=st.fixed_dictionaries({q: st.one_of(st.none(), positive) for q in QUARTERS}))
def test_shares_of_a_range_are_added_bound_by_bound(figures: dict[int, Decimal | None]) -> None:
    """A quarter that lies inside its own share never pulls the sum out of the range."""
    bounds = {1: (10, 20), 2: (5, 6), 3: (100, 300), 4: (1, 2)}
    row = Series(
        direction=Direction.HIGHER,
        shape=Shape.RANGE,
        how=Consolidation.SUM,
        aims={
            (YEAR, q): Aim(Direction.HIGHER, Shape.RANGE, Decimal(low), Decimal(high))
            for q, (low, high) in bounds.items()
        },
        figures={
            (YEAR, q): Figure(min(max(value, Decimal(bounds[q][0])), Decimal(bounds[q][1])))
            for q, value in figures.items()
            if value is not None
        },
    )
    done = row.achieved_until(YEAR, 4, on=TODAY)
    assert done.percent == (Decimal(100) if row.figures else None)


class TestManual:
    """A target below zero: what the planner said belongs to one figure."""

    def of(self, manual: dict[Period, Decimal], **values: str) -> Series:
        aims = {(YEAR, q): Aim(Direction.HIGHER, Shape.VALUE, Decimal(-4)) for q in range(5)}
        figures = {(YEAR, int(name[1:])): Figure(Decimal(v)) for name, v in values.items()}
        return Series(
            Direction.HIGHER, Shape.VALUE, Consolidation.LAST, None, aims, figures, manual
        )

    def test_the_newest_quarter_speaks_for_the_year_so_far(self) -> None:
        row = self.of({(YEAR, 1): Decimal(95)}, q1="-4.2")
        assert row.achieved_until(YEAR, 3, on=TODAY).percent == Decimal(95)
        assert row.achieved_so_far(YEAR, 3, on=TODAY).percent == Decimal(95)
        assert row.achieved(YEAR, on=TODAY).percent == Decimal(95)

    def test_a_later_word_says_nothing_of_an_earlier_day(self) -> None:
        row = self.of({(YEAR, 4): Decimal(50)}, q1="-4.2", q4="-5")
        assert row.achieved_so_far(YEAR, 1, on=TODAY).percent is None
        assert row.achieved_until(YEAR, 1, on=TODAY).notes == (Note.MANUAL_NEEDED,)
        assert row.achieved_so_far(YEAR, 4, on=TODAY).percent == Decimal(50)

    def test_an_older_word_says_nothing_of_a_newer_figure(self) -> None:
        row = self.of({(YEAR, 1): Decimal(95)}, q1="-4.2", q2="-9")
        assert row.achieved_until(YEAR, 2, on=TODAY).percent is None
        assert row.achieved_until(YEAR, 1, on=TODAY).percent == Decimal(95)

    def test_the_figure_of_the_year_has_its_own_word(self) -> None:
        row = self.of({(YEAR, 1): Decimal(95)}, q1="-4.2", q0="-8")
        assert row.achieved(YEAR, on=TODAY).percent is None
        row = self.of({(YEAR, 1): Decimal(95), (YEAR, 0): Decimal(20)}, q1="-4.2", q0="-8")
        assert row.achieved(YEAR, on=TODAY).percent == Decimal(20)
        assert row.achieved(YEAR, 1, on=TODAY).percent == Decimal(95)

    def test_where_the_formula_has_an_answer_it_is_dropped(self) -> None:
        row = series(Consolidation.LAST, {1: Figure(Decimal(5))}, {1: Decimal(10)})
        told = Series(**{**vars(row), "manual": {(YEAR, 1): Decimal(99)}})
        assert told.achieved(YEAR, 1, on=TODAY) == row.achieved(YEAR, 1, on=TODAY)


@pytest.mark.parametrize(
    ("day", "quarter", "ends"),
    [
        (date(2026, 1, 1), 1, date(2026, 3, 31)),
        (date(2028, 2, 29), 1, date(2028, 3, 31)),
        (date(2026, 4, 1), 2, date(2026, 6, 30)),
        (date(2026, 9, 30), 3, date(2026, 9, 30)),
        (date(2026, 12, 31), 4, date(2026, 12, 31)),
    ],
)
def test_days_lie_in_their_quarter(day: date, quarter: int, ends: date) -> None:
    assert quarter_of(day) == quarter
    assert last_day(day.year, quarter) == ends
    assert last_day(day.year, WHOLE_YEAR) == date(day.year, 12, 31)
