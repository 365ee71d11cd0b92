"""Forecasts against tables worked by hand and a second evaluator on fractions."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from assessments.achievement import Aim, Consolidation, Direction, Figure, Shape, consolidate
from assessments.forecast import (
    AT_RISK_FROM,
    Forecast,
    Outlook,
    Reason,
    plan_forecast,
    year_forecast,
)

SUM, AVERAGE, LAST, MANUAL = Consolidation
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
FACTOR = Decimal(100)
DUE = date(2026, 6, 30)


def aim(direction: Direction, target: str, high: str | None = None) -> Aim:
    if high is None:
        return Aim(direction, Shape.VALUE, Decimal(target))
    return Aim(direction, Shape.RANGE, Decimal(target), Decimal(high))


def quarters(*values: str | None) -> dict[int, Figure]:
    """The first, the second …; None: empty."""
    return {
        number: Figure(None if value is None else Decimal(value))
        for number, value in enumerate(values, start=1)
    }


def counts(numerator: str, denominator: str | None) -> Figure:
    return Figure(
        numerator=Decimal(numerator),
        denominator=None if denominator is None else Decimal(denominator),
    )


# how, target, quarters, before → outlook, reason, expected, gap
PACES = {
    "a sum on its way": (
        (SUM, aim(HIGHER, "100"), quarters("25"), None),
        (Outlook.ON_TRACK, Reason.PACE, "100", "0"),
    ),
    "a sum a little behind": (
        (SUM, aim(HIGHER, "100"), quarters("20", "25"), None),
        (Outlook.AT_RISK, Reason.PACE, "90", "10"),
    ),
    "a sum behind": (
        (SUM, aim(HIGHER, "100"), quarters("20", "24.9"), None),
        (Outlook.OFF_TRACK, Reason.PACE, "89.8", "10.2"),
    ),
    "nothing done is a pace too": (
        (SUM, aim(HIGHER, "100"), quarters("0"), None),
        (Outlook.OFF_TRACK, Reason.PACE, "0", "100"),
    ),
    "an empty quarter is not a zero": (
        (SUM, aim(HIGHER, "100"), quarters("20", None, "40"), None),
        (Outlook.ON_TRACK, Reason.PACE_OF_SOME, "120", "-20"),
    ),
    "a zero is": (
        (SUM, aim(HIGHER, "100"), quarters("20", "0", "40"), None),
        (Outlook.OFF_TRACK, Reason.PACE, "80", "20"),
    ),
    "a sum that reached it early": (
        (SUM, aim(HIGHER, "100"), quarters("90", "10"), None),
        (Outlook.REACHED, Reason.ALREADY_REACHED, "200", "-100"),
    ),
    "accidents, few enough": (
        (SUM, aim(LOWER, "40"), quarters("10", "9"), None),
        (Outlook.ON_TRACK, Reason.PACE, "38", "-2"),
    ),
    "accidents, too many at this pace": (
        (SUM, aim(LOWER, "40"), quarters("11"), None),
        (Outlook.AT_RISK, Reason.PACE, "44", "4"),
    ),
    "accidents, too many already": (
        (SUM, aim(LOWER, "40"), quarters("14", "13", "14"), None),
        (Outlook.OFF_TRACK, Reason.ALREADY_TOO_HIGH, None, None),
    ),
    "no accident wanted": (
        (SUM, aim(LOWER, "0"), quarters("0", "0"), None),
        (Outlook.ON_TRACK, Reason.PACE, "0", "0"),
    ),
    "what may fall again is not reached for good": (
        (SUM, aim(HIGHER, "10"), quarters("15", "-1"), None),
        (Outlook.ON_TRACK, Reason.PACE, "28", "-18"),
    ),
    "a range is open above": (
        (SUM, aim(HIGHER, "80", "90"), quarters("21"), None),
        (Outlook.ON_TRACK, Reason.PACE, "84", "0"),
    ),
    "an average stays": (
        (AVERAGE, aim(HIGHER, "3.55"), quarters("3.3", "3.5"), None),
        (Outlook.AT_RISK, Reason.AVERAGE, "3.4", "0.15"),
    ),
    "an average leaves out what is empty": (
        (AVERAGE, aim(HIGHER, "3.4"), quarters("3.3", None, "3.5"), None),
        (Outlook.ON_TRACK, Reason.AVERAGE, "3.4", "0"),
    ),
    "a level moves on": (
        (LAST, aim(HIGHER, "80"), quarters("72", "74"), None),
        (Outlook.AT_RISK, Reason.TREND, "78", "2"),
    ),
    "a level from the year before": (
        (LAST, aim(HIGHER, "80"), quarters("72", "74"), "70"),
        (Outlook.AT_RISK, Reason.TREND, "78", "2"),
    ),
    "the year before alone is the start of one figure": (
        (LAST, aim(HIGHER, "78"), quarters(None, "74"), "70"),
        (Outlook.ON_TRACK, Reason.TREND, "78", "0"),
    ),
    "one figure stays": (
        (LAST, aim(HIGHER, "78"), quarters(None, "74"), None),
        (Outlook.AT_RISK, Reason.STAYS, "74", "4"),
    ),
    "a level over a quarter without a figure": (
        (LAST, aim(HIGHER, "80"), quarters("70", None, "76"), None),
        (Outlook.AT_RISK, Reason.TREND, "79", "1"),
    ),
    # Kediri: 7.69 at the end of 2020; the quarters are examples.
    "poverty that falls": (
        (LAST, aim(LOWER, "7.2"), quarters("7.59", "7.49"), "7.69"),
        (Outlook.AT_RISK, Reason.TREND, "7.29", "0.09"),
    ),
    "no level falls below zero": (
        (LAST, aim(LOWER, "1"), quarters("9", "3"), None),
        (Outlook.ON_TRACK, Reason.TREND, "0", "-1"),
    ),
    "but growth does": (
        (LAST, aim(HIGHER, "5"), quarters("-2.05", "-4.15"), "5.47"),
        (Outlook.OFF_TRACK, Reason.TREND, "-8.35", "13.35"),
    ),
}


@pytest.mark.parametrize("name", PACES)
def test_the_year_at_this_pace(name: str) -> None:
    (how, target, given_, before), (outlook, reason, expected, gap) = PACES[name]
    found = year_forecast(
        how, target, given_, before=Decimal(before) if before else None, today_quarter=1
    )
    assert (found.outlook, found.reason) == (outlook, reason)
    if expected is not None:
        assert (found.expected, found.gap) == (Decimal(expected), Decimal(gap))


# quarters as targeted, figures, before, direction, target → reason, expected
TARGETED = {
    "begins anew each year, a lead is carried on": (
        ("40", "55", "70"),
        ("42", "57"),
        "71.3",
        HIGHER,
        "80",
        "82",
    ),
    "begins anew each year, a lag grows": (
        ("40", "60", "70"),
        ("32", "45"),
        "71.3",
        HIGHER,
        "80",
        "60",
    ),
    "goes on from last year, ahead": (("71", "72"), ("71.5", "72.5"), "70", HIGHER, "74", "74.5"),
    "goes on from last year, behind": (("71", "72"), ("70", "69"), "70", HIGHER, "73.6", "70.5333"),
    "falls, behind": (("8", "7"), ("8.4", "7.7"), "9", LOWER, "6", "6.7"),
    "a target of 0 has no ratio": (("0",), ("1",), None, HIGHER, "4", "5"),
    "a target below zero has none either": (("-2",), ("-3",), None, HIGHER, "1", "0"),
}


@pytest.mark.parametrize("name", TARGETED)
def test_a_level_goes_along_the_targets_of_its_quarters(name: str) -> None:
    aims, given_, before, direction, target, expected = TARGETED[name]
    found = year_forecast(
        LAST,
        aim(direction, target),
        quarters(*given_),
        before=Decimal(before) if before else None,
        aims={n: aim(direction, each) for n, each in enumerate(aims, start=1)},
        today_quarter=3,
    )
    assert found.reason is Reason.BY_TARGETS
    assert found.expected is not None
    assert round(found.expected, 4) == Decimal(expected)


def test_a_level_that_begins_anew_does_not_fall_from_last_years_end() -> None:
    aim_ = aim(HIGHER, "80")
    two = year_forecast(LAST, aim_, quarters("42", "57"), before=Decimal("71.3"), today_quarter=3)
    assert (two.reason, two.expected) == (Reason.TREND, 87)
    one = year_forecast(LAST, aim_, quarters("42"), before=Decimal("71.3"), today_quarter=2)
    assert (one.outlook, one.reason) == (Outlook.UNKNOWN, Reason.ONE_QUARTER)


def test_a_percentage_is_not_expected_above_the_whole() -> None:
    years = {2025: Decimal(80), 2026: Decimal(90)}
    assert plan_forecast(aim(HIGHER, "95"), years, 2029).expected == 120
    assert plan_forecast(aim(HIGHER, "95"), years, 2029, whole=FACTOR).expected == 100
    assert plan_forecast(aim(HIGHER, "110"), years, 2029, whole=FACTOR).expected == 120


def test_a_plan_that_is_over_is_not_guessed() -> None:
    years = {2021: Decimal(3), 2022: Decimal(4)}
    found = plan_forecast(aim(HIGHER, "8"), years, 2024, is_over=True)
    assert (found.outlook, found.reason) == (Outlook.UNKNOWN, Reason.PLAN_OVER)
    ended = plan_forecast(aim(HIGHER, "8"), {2024: Decimal(9)}, 2024, is_over=True)
    assert ended.reason is Reason.MET


def test_a_target_at_risk_is_one_of_which_nine_tenths_are_expected() -> None:
    assert AT_RISK_FROM == 90


# --- ratios ---


def test_a_sum_of_counts_goes_on_over_the_latest_whole() -> None:
    """30 of 200 in half a year: 60 of 200 in a whole one."""
    found = year_forecast(
        SUM,
        aim(HIGHER, "40"),
        {1: counts("10", None), 2: counts("20", "200")},
        factor=FACTOR,
        today_quarter=3,
    )
    assert (found.expected, found.outlook) == (Decimal(30), Outlook.OFF_TRACK)
    assert found.unreported == ()


def test_no_pace_leads_a_share_above_the_whole() -> None:
    given_ = {1: counts("80", "100"), 2: counts("95", "100")}
    assert _expected(LAST, "99", given_) == 100
    assert _expected(SUM, "90", {1: counts("60", "100")}) == 100
    assert _expected(LAST, "110", given_) == 125
    over = {1: counts("105", "100"), 2: counts("110", "100")}
    assert _expected(LAST, "99", over) == 120


def _expected(how: Consolidation, target: str, given_: dict[int, Figure]) -> Decimal | None:
    return year_forecast(how, aim(HIGHER, target), given_, factor=FACTOR, today_quarter=3).expected


@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
@pytest.mark.parametrize("figure", [counts("0", "0"), counts("5", None)])
def test_counts_that_make_no_figure_are_told(how: Consolidation, figure: Figure) -> None:
    found = year_forecast(how, aim(HIGHER, "5"), {1: figure}, factor=FACTOR, today_quarter=2)
    assert found == Forecast(Outlook.UNKNOWN, Reason.NO_VALUE)


def test_a_quarter_without_cases_does_not_hide_the_level_before_it() -> None:
    given_ = {1: counts("1", "2"), 2: counts("0", "0")}
    found = year_forecast(LAST, aim(HIGHER, "50"), given_, factor=FACTOR, today_quarter=3)
    assert (found.outlook, found.reason, found.expected) == (
        Outlook.ON_TRACK,
        Reason.STAYS,
        Decimal(50),
    )


# --- what is known is not guessed ---


@pytest.mark.parametrize(
    ("how", "given_", "value"),
    [
        (SUM, quarters("1", "2", "3", "4"), "10"),
        (AVERAGE, quarters("1", "2", "3", "4"), "2.5"),
        (LAST, quarters("1", "2", "3", "4"), "4"),
        (LAST, quarters(None, None, None, "4"), "4"),
    ],
)
def test_a_whole_year_is_reached_or_not(
    how: Consolidation, given_: dict[int, Figure], value: str
) -> None:
    hit = year_forecast(how, aim(HIGHER, value), given_, today_quarter=4)
    assert hit == Forecast(Outlook.REACHED, Reason.MET, Decimal(value), Decimal(100), Decimal(0))
    almost = str(Decimal(value) + Decimal("0.001"))
    missed = year_forecast(how, aim(HIGHER, almost), given_, today_quarter=5)
    assert (missed.outlook, missed.reason) == (Outlook.OFF_TRACK, Reason.MISSED)
    assert missed.gap == Decimal("0.001")


def test_three_thirds_reach_the_whole() -> None:
    """Written down they are 99.99…9."""
    third = counts("1", "3")
    given_ = {1: third, 2: third, 3: third, 4: Figure(Decimal(0))}
    found = year_forecast(SUM, aim(HIGHER, "100"), given_, factor=FACTOR, today_quarter=4)
    assert found.expected is not None
    assert found.expected < 100
    assert found.outlook is Outlook.REACHED


@pytest.mark.parametrize("how", Consolidation)
def test_a_figure_of_the_year_leaves_nothing_to_guess(how: Consolidation) -> None:
    found = year_forecast(
        how, aim(LOWER, "5"), quarters("100"), year=Figure(Decimal(4)), today_quarter=2
    )
    assert found == Forecast(Outlook.REACHED, Reason.MET, Decimal(4), Decimal(120), Decimal(-1))


def test_a_year_that_is_over_with_a_hole_is_still_a_guess() -> None:
    found = year_forecast(SUM, aim(HIGHER, "12"), quarters("3", None, "3", "3"), today_quarter=5)
    assert found == Forecast(
        Outlook.ON_TRACK, Reason.PACE_OF_SOME, Decimal(12), Decimal(100), Decimal(0), (2,)
    )


@pytest.mark.parametrize(
    ("given_", "today_quarter", "unreported"),
    [
        (quarters("3"), 1, ()),
        (quarters("3"), 2, ()),
        (quarters("3"), 3, (2,)),
        (quarters("3"), 5, (2, 3, 4)),
        (quarters(None, "3"), 1, (1,)),
        (quarters(None, "3"), 4, (1, 3)),
        (quarters("0", "0"), 3, ()),
    ],
)
@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_the_quarters_that_are_not_there_are_named(
    how: Consolidation, given_: dict[int, Figure], today_quarter: int, unreported: tuple[int, ...]
) -> None:
    found = year_forecast(how, aim(HIGHER, "12"), given_, today_quarter=today_quarter)
    assert found.unreported == unreported


# --- what cannot be said ---


@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_of_nothing_nothing_is_said(how: Consolidation) -> None:
    for given_ in ({}, quarters(None, None)):
        found = year_forecast(
            how, aim(HIGHER, "5"), given_, before=Decimal(4), today_quarter=3, year=Figure()
        )
        assert found == Forecast(Outlook.UNKNOWN, Reason.NOTHING_YET)


@pytest.mark.parametrize("target", [None, Aim(HIGHER, Shape.VALUE), Aim(HIGHER, Shape.DATE)])
def test_without_a_target_there_is_nothing_to_reach(target: Aim | None) -> None:
    nothing = Forecast(Outlook.UNKNOWN, Reason.NO_TARGET)
    assert year_forecast(SUM, target, quarters("1"), today_quarter=2) == nothing
    assert plan_forecast(target, {2020: Decimal(1), 2021: Decimal(2)}, 2024) == nothing


def test_a_year_that_is_entered_at_its_end_is_not_foreseen() -> None:
    found = year_forecast(MANUAL, aim(HIGHER, "5"), quarters("1", "2", "3", "4"), today_quarter=4)
    assert found == Forecast(Outlook.UNKNOWN, Reason.ENTERED_AT_END)


@pytest.mark.parametrize("target", [aim(HIGHER, "-2"), aim(LOWER, "-2")])
def test_a_negative_target_is_not_judged(target: Aim) -> None:
    guessed = year_forecast(AVERAGE, target, quarters("-3"), today_quarter=2)
    known = year_forecast(AVERAGE, target, {}, year=Figure(Decimal(-3)), today_quarter=2)
    for found in (guessed, known, plan_forecast(target, {2024: Decimal(-3)}, 2024)):
        assert (found.outlook, found.reason) == (Outlook.UNKNOWN, Reason.NEGATIVE_TARGET)
        assert (found.expected, found.percent) == (Decimal(-3), None)


# --- yes or no, and days ---


@pytest.mark.parametrize(
    ("wanted", "given_", "outlook", "reason"),
    [
        ("1", quarters("0", "1"), Outlook.REACHED, Reason.AS_TARGETED),
        ("1", quarters("0"), Outlook.UNKNOWN, Reason.NOT_YET_AS_TARGETED),
        ("1", quarters("0", "0", "0", "0"), Outlook.OFF_TRACK, Reason.NOT_AS_TARGETED),
        ("1", quarters("1", "1", "1", "0"), Outlook.OFF_TRACK, Reason.NOT_AS_TARGETED),
        ("0", quarters("0"), Outlook.ON_TRACK, Reason.SO_FAR_AS_TARGETED),
        ("0", quarters("1"), Outlook.UNKNOWN, Reason.NOT_YET_AS_TARGETED),
        ("0", quarters(None, None, None, "0"), Outlook.REACHED, Reason.AS_TARGETED),
        ("0", {}, Outlook.UNKNOWN, Reason.NOTHING_YET),
    ],
)
@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_yes_or_no(
    how: Consolidation, wanted: str, given_: dict[int, Figure], outlook: Outlook, reason: Reason
) -> None:
    target = Aim(HIGHER, Shape.YES_NO, Decimal(wanted))
    found = year_forecast(how, target, given_, today_quarter=3)
    assert (found.outlook, found.reason, found.gap) == (outlook, reason, None)


def test_a_no_that_was_entered_for_the_year_is_final() -> None:
    target = Aim(HIGHER, Shape.YES_NO, Decimal(1))
    found = year_forecast(MANUAL, target, {}, year=Figure(Decimal(0)), today_quarter=3)
    assert (found.outlook, found.reason) == (Outlook.OFF_TRACK, Reason.NOT_AS_TARGETED)


@pytest.mark.parametrize(
    ("given_", "on", "outlook", "reason"),
    [
        ({1: Figure(done_on=DUE)}, None, Outlook.REACHED, Reason.DONE),
        ({1: Figure(done_on=date(2026, 7, 1))}, None, Outlook.OFF_TRACK, Reason.DONE_LATE),
        (quarters("0"), date(2026, 7, 1), Outlook.OFF_TRACK, Reason.DUE_PASSED),
        (quarters("0"), DUE, Outlook.UNKNOWN, Reason.NOT_DUE),
        (quarters("0"), None, Outlook.UNKNOWN, Reason.NOT_DUE),
        (quarters("1"), DUE, Outlook.UNKNOWN, Reason.NO_DAY),
        ({}, DUE, Outlook.UNKNOWN, Reason.NOTHING_YET),
        ({}, None, Outlook.UNKNOWN, Reason.NOTHING_YET),
        ({}, date(2026, 7, 1), Outlook.UNKNOWN, Reason.DUE_UNREPORTED),
    ],
)
def test_a_day(
    given_: dict[int, Figure], on: date | None, outlook: Outlook, reason: Reason
) -> None:
    target = Aim(HIGHER, Shape.DATE, due=DUE)
    found = year_forecast(LAST, target, given_, today_quarter=3, on=on)
    assert (found.outlook, found.reason, found.gap) == (outlook, reason, None)


# --- the plan ---

# Kota Kediri, published realisations 2019 to 2021; the targets of 2024 are examples.
PLANS = {
    "satisfaction": (HIGHER, "3.6", ("3.41", "3.48", "3.51"), "3.66", Outlook.ON_TRACK),
    "human development": (HIGHER, "79.5", ("78.08", "78.23", "78.60"), "79.38", Outlook.AT_RISK),
    "poverty": (LOWER, "7.2", ("7.16", "7.69", "7.75"), "8.635", Outlook.OFF_TRACK),
    "gini": (LOWER, "0.32", ("0.321", "0.346", "0.374"), "0.4535", Outlook.OFF_TRACK),
    "growth": (HIGHER, "5.2", ("5.47", "-6.25", "2.05"), "-3.08", Outlook.OFF_TRACK),
}


@pytest.mark.parametrize("name", PLANS)
def test_the_plan_at_the_pace_of_its_years(name: str) -> None:
    direction, target, series, expected, outlook = PLANS[name]
    years = {year: Decimal(value) for year, value in enumerate(series, start=2019)}
    found = plan_forecast(aim(direction, target), years, 2024)
    assert (found.expected, found.outlook) == (Decimal(expected), outlook)
    assert found.reason is Reason.PLAN_TREND


def test_a_year_without_a_figure_does_not_slow_the_plan_down() -> None:
    found = plan_forecast(aim(HIGHER, "8"), {2020: Decimal(2), 2022: Decimal(4)}, 2024)
    assert found.expected == 6


@pytest.mark.parametrize(
    ("years", "outlook", "reason"),
    [
        ({}, Outlook.UNKNOWN, Reason.NO_YEAR),
        ({2025: "9"}, Outlook.UNKNOWN, Reason.NO_YEAR),
        ({2021: "9"}, Outlook.UNKNOWN, Reason.ONE_YEAR),
        ({2021: "9", 2025: "10"}, Outlook.UNKNOWN, Reason.ONE_YEAR),
        ({2024: "5"}, Outlook.REACHED, Reason.MET),
        ({2020: "9", 2024: "4.9"}, Outlook.OFF_TRACK, Reason.MISSED),
    ],
)
def test_what_a_plan_needs(years: dict[int, str], outlook: Outlook, reason: Reason) -> None:
    known = {year: Decimal(value) for year, value in years.items()}
    found = plan_forecast(aim(HIGHER, "5"), known, 2024)
    assert (found.outlook, found.reason) == (outlook, reason)


def test_a_plan_does_not_fall_below_zero_either() -> None:
    found = plan_forecast(aim(LOWER, "1"), {2020: Decimal(9), 2021: Decimal(4)}, 2024)
    assert found.expected == 0


def test_yes_or_no_and_days_have_no_pace() -> None:
    yes = Aim(HIGHER, Shape.YES_NO, Decimal(1))
    years = {2020: Decimal(0), 2021: Decimal(1)}
    assert plan_forecast(yes, years, 2024).reason is Reason.NO_PACE
    assert plan_forecast(yes, {2024: Decimal(0)}, 2024).reason is Reason.NOT_AS_TARGETED
    assert plan_forecast(Aim(HIGHER, Shape.DATE, due=DUE), years, 2024).reason is Reason.NO_PACE


# --- a second evaluator, and properties ---

positive = st.decimals("0.01", "1000", places=2)
values = st.none() | st.decimals("0", "1000", places=2)
years_of_values = st.dictionaries(st.integers(1, 4), values.map(Figure), min_size=1)
hows = st.sampled_from([SUM, AVERAGE, LAST])


@given(how=hows, given_=years_of_values, before=values, target=positive)
def test_the_expectation_against_the_definition(
    how: Consolidation, given_: dict[int, Figure], before: Decimal | None, target: Decimal
) -> None:
    points = {q: Fraction(row.value) for q, row in given_.items() if row.value is not None}
    found = year_forecast(
        how, Aim(HIGHER, Shape.VALUE, target), given_, before=before, today_quarter=1
    )
    if not points:
        assert found.outlook is Outlook.UNKNOWN
        return
    if how is LAST:
        only = next(iter(points.values()))
        if before is not None and len(points) == 1 and 4 not in points:
            if abs(only - Fraction(before)) * 4 > Fraction(before):
                assert found.reason is Reason.ONE_QUARTER
                return
            points[0] = Fraction(before)
        first, last = min(points), max(points)
        slope = (points[last] - points[first]) / (last - first) if first < last else 0
        expected = max(Fraction(0), points[last] + slope * (4 - last))
    else:
        expected = sum(points.values(), Fraction(0)) / len(points) * (4 if how is SUM else 1)
    assert found.expected is not None
    assert abs(Fraction(found.expected) - expected) < Fraction(1, 10**15)


@given(how=hows, given_=years_of_values, target=positive, direction=st.sampled_from(Direction))
def test_light_percentage_and_gap_say_the_same(
    how: Consolidation, given_: dict[int, Figure], target: Decimal, direction: Direction
) -> None:
    found = year_forecast(how, Aim(direction, Shape.VALUE, target), given_, today_quarter=5)
    if found.percent is None or found.gap is None:
        assert found.outlook is Outlook.UNKNOWN
        return
    is_full = found.outlook in (Outlook.REACHED, Outlook.ON_TRACK)
    assert is_full == (found.percent >= 100) == (found.gap <= 0)
    if found.outlook is Outlook.AT_RISK:
        assert 90 <= found.percent < 100


@given(
    how=hows,
    whole=st.tuples(*[positive] * 4),
    target=positive,
    direction=st.sampled_from(Direction),
)
def test_a_whole_year_agrees_with_its_consolidation(
    how: Consolidation, whole: tuple[Decimal, ...], target: Decimal, direction: Direction
) -> None:
    given_ = {number: Figure(value) for number, value in enumerate(whole, start=1)}
    found = year_forecast(how, Aim(direction, Shape.VALUE, target), given_, today_quarter=4)
    year = consolidate(how, given_)
    assert year is not None
    assert found.expected == year.value
    assert found.reason in (Reason.MET, Reason.MISSED)


@given(how=hows, value=positive, target=positive, number=st.integers(1, 3))
def test_a_steady_year_ends_as_it_runs(
    how: Consolidation, value: Decimal, target: Decimal, number: int
) -> None:
    steady = {quarter: Figure(value) for quarter in range(1, number + 1)}
    found = year_forecast(how, Aim(HIGHER, Shape.VALUE, target), steady, today_quarter=number)
    assert found.expected == (value * 4 if how is SUM else value)
