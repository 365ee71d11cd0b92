"""The year from its quarters: values, ratios, days; and what is not there."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from assessments.achievement import Consolidation, Figure, Shape, consolidate, ratio

SUM, AVERAGE, LAST, MANUAL = Consolidation
FACTOR = Decimal(100)


def figures(**quarters: str | None) -> dict[int, Figure]:
    return {
        int(name[1:]): Figure(None if value is None else Decimal(value))
        for name, value in quarters.items()
    }


def counts(numerator: str | None, denominator: str | None = None) -> Figure:
    return Figure(
        numerator=None if numerator is None else Decimal(numerator),
        denominator=None if denominator is None else Decimal(denominator),
    )


# --- values ---


@pytest.mark.parametrize(
    ("how", "value"), [(SUM, "100"), (AVERAGE, "25"), (LAST, "40"), (MANUAL, None)]
)
def test_four_quarters(how: Consolidation, value: str | None) -> None:
    found = consolidate(how, figures(q1="10", q2="20", q3="30", q4="40"))
    assert found == (None if value is None else Figure(Decimal(value)))


@pytest.mark.parametrize(("how", "value"), [(SUM, "30"), (AVERAGE, "15"), (LAST, "20")])
def test_an_empty_quarter_is_left_out(how: Consolidation, value: str) -> None:
    assert consolidate(how, figures(q1="10", q2=None, q3="20")) == Figure(Decimal(value))
    assert consolidate(how, figures(q1="10", q3="20")) == Figure(Decimal(value))


@pytest.mark.parametrize(("how", "value"), [(SUM, "30"), (AVERAGE, "10"), (LAST, "0")])
def test_a_quarter_of_zero_counts(how: Consolidation, value: str) -> None:
    assert consolidate(how, figures(q1="10", q2="20", q3="0")) == Figure(Decimal(value))


@pytest.mark.parametrize("how", Consolidation)
def test_of_nothing_comes_nothing(how: Consolidation) -> None:
    assert consolidate(how, {}) is None
    assert consolidate(how, figures(q1=None, q4=None)) is None
    assert consolidate(how, {}, year=Figure()) is None
    assert consolidate(how, {}, year=counts("5"), factor=FACTOR) is None


@pytest.mark.parametrize("how", Consolidation)
@pytest.mark.parametrize("value", ["0", "7"])
def test_a_figure_of_the_year_wins(how: Consolidation, value: str) -> None:
    year = Figure(Decimal(value))
    assert consolidate(how, figures(q1="10", q2="20"), year=year) == year
    assert consolidate(how, {}, year=year) == year


@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_an_empty_figure_of_the_year_hides_no_quarter(how: Consolidation) -> None:
    quarters = figures(q1="10")
    assert consolidate(how, quarters, year=Figure()) == quarters[1]
    assert consolidate(how, quarters, year=counts("5")) == quarters[1]


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_year_has_four_quarters(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        consolidate(SUM, {1: Figure(), number: Figure()})


# --- ratios ---


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [("1", "4", "25"), ("0", "4", "0"), ("4", "1", "400"), ("1", "0", None), ("0", "0", None)],
)
def test_a_ratio(numerator: str, denominator: str, value: str | None) -> None:
    found = ratio(Decimal(numerator), Decimal(denominator), FACTOR)
    assert found == (None if value is None else Decimal(value))


def test_a_ratio_needs_both_counts() -> None:
    assert ratio(None, Decimal(4), FACTOR) is None
    assert ratio(Decimal(4), None, FACTOR) is None
    with pytest.raises(ValueError, match="no number"):
        ratio(Decimal(1), Decimal(2), Decimal("NaN"))


@pytest.mark.parametrize(
    ("how", "value", "numerator", "denominator"),
    [
        # 30 + 10 + 20 of the latest 80; of 40 + 50 + 80; 20 of 80.
        (SUM, Fraction(6000, 80), "60", "80"),
        (AVERAGE, Fraction(6000, 170), "60", "170"),
        (LAST, Fraction(2000, 80), "20", "80"),
    ],
)
def test_a_ratio_is_made_of_counts_not_of_percentages(
    how: Consolidation, value: Fraction, numerator: str, denominator: str
) -> None:
    quarters = {1: counts("30", "40"), 2: counts("10", "50"), 4: counts("20", "80")}
    found = consolidate(how, quarters, factor=FACTOR)
    assert found is not None
    assert (found.numerator, found.denominator) == (Decimal(numerator), Decimal(denominator))
    assert found.value is not None
    assert abs(Fraction(found.value) - value) < Fraction(1, 10**20)


@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_counts_outrank_the_value_beside_them(how: Consolidation) -> None:
    rounded = Figure(Decimal(33), Decimal(1), Decimal(3))
    found = consolidate(how, {1: rounded}, factor=FACTOR)
    assert found is not None
    assert str(found.value) == "33.33333333333333333333333333"
    assert consolidate(how, {}, year=rounded, factor=FACTOR) == found
    assert consolidate(how, {1: rounded}) == (Figure(Decimal(33)) if how is not LAST else rounded)


@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_no_cases_in_any_quarter_is_no_value_but_is_said(how: Consolidation) -> None:
    none = counts("0", "0")
    assert consolidate(how, {1: none, 2: none}, factor=FACTOR) == none
    assert consolidate(how, {}, year=none, factor=FACTOR) == none


def test_a_quarter_without_cases_does_not_weigh_in_the_average() -> None:
    quarters = {1: counts("1", "2"), 2: counts("0", "0")}
    assert consolidate(AVERAGE, quarters, factor=FACTOR) == Figure(
        Decimal(50), Decimal(1), Decimal(2)
    )


def test_half_a_ratio_adds_to_a_sum_and_to_nothing_else() -> None:
    """The whole is often named once, and each quarter says what was done."""
    quarters = {1: counts("10", "100"), 2: counts("20"), 3: counts(None, "80")}
    assert consolidate(SUM, quarters, factor=FACTOR) == Figure(
        Decimal("37.5"), Decimal(30), Decimal(80)
    )
    for how in (AVERAGE, LAST):
        found = consolidate(how, quarters, factor=FACTOR)
        assert found == Figure(Decimal(10), Decimal(10), Decimal(100))
    for how in (SUM, AVERAGE, LAST):
        assert consolidate(how, {1: counts("20")}, factor=FACTOR) is None
        assert consolidate(how, {1: counts(None, "20")}, factor=FACTOR) is None


@pytest.mark.parametrize(("how", "value"), [(SUM, "90"), (AVERAGE, "45"), (LAST, "40")])
def test_one_value_without_counts_makes_the_year_one_of_values(
    how: Consolidation, value: str
) -> None:
    quarters = {1: counts("1", "2"), 2: Figure(Decimal(40)), 3: counts("0", "0"), 4: counts("5")}
    found = consolidate(how, quarters, factor=FACTOR)
    assert found == Figure(Decimal(value))


def test_half_a_ratio_beside_a_value_is_a_value() -> None:
    quarters = {1: counts("1", "2"), 2: Figure(Decimal(40), numerator=Decimal(5))}
    assert consolidate(SUM, quarters, factor=FACTOR) == Figure(Decimal(90))


# --- yes or no, and days ---


@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_yes_or_no_is_the_latest_that_was_said(how: Consolidation) -> None:
    quarters = figures(q1="1", q2="1", q3="0", q4=None)
    assert consolidate(how, quarters, shape=Shape.YES_NO) == Figure(Decimal(0))


@pytest.mark.parametrize("how", [SUM, AVERAGE, LAST])
def test_of_days_the_latest_that_was_named(how: Consolidation) -> None:
    may, june = (Figure(done_on=date(2026, month, 15)) for month in (5, 6))
    no = Figure(Decimal(0))
    assert consolidate(how, {1: no, 2: may}) == may
    assert consolidate(how, {2: may, 3: june}) == june
    assert consolidate(how, {2: may, 3: no}) == may
    assert consolidate(how, {1: no, 2: no}, shape=Shape.DATE) == no
    assert consolidate(how, {1: counts("1")}, shape=Shape.DATE) is None
    assert consolidate(MANUAL, {2: may}) is None
    assert consolidate(how, {2: may}, year=june) == june


# --- properties ---

values = st.none() | st.decimals("-1000", "1000", places=2)
natural = st.integers(0, 1000).map(Decimal)
count_figures = st.builds(lambda n, d: Figure(numerator=n, denominator=d), natural, natural)
quarters_of_values = st.dictionaries(st.integers(1, 4), values.map(Figure))
quarters_of_counts = st.dictionaries(st.integers(1, 4), count_figures)
hows = st.sampled_from([SUM, AVERAGE, LAST])


@given(how=hows, number=st.integers(1, 4), value=st.decimals("-1000", "1000", places=2))
def test_one_quarter_is_the_year(how: Consolidation, number: int, value: Decimal) -> None:
    assert consolidate(how, {number: Figure(value)}) == Figure(value)


@given(how=hows, number=st.integers(1, 4), figure=count_figures)
def test_one_ratio_is_the_year(how: Consolidation, number: int, figure: Figure) -> None:
    found = consolidate(how, {number: figure}, factor=FACTOR)
    assert found == Figure(
        ratio(figure.numerator, figure.denominator, FACTOR), figure.numerator, figure.denominator
    )


@given(how=hows, quarters=quarters_of_values | quarters_of_counts, data=st.data())
def test_the_order_of_the_rows_does_not_matter(
    how: Consolidation, quarters: dict[int, Figure], data: st.DataObject
) -> None:
    factor = data.draw(st.sampled_from([None, FACTOR]))
    shuffled = dict(data.draw(st.permutations(list(quarters.items()))))
    assert consolidate(how, shuffled, factor=factor) == consolidate(how, quarters, factor=factor)


@given(quarters=quarters_of_values)
def test_values_against_the_definition(quarters: Mapping[int, Figure]) -> None:
    known = [
        quarters[q].value for q in (1, 2, 3, 4) if q in quarters and quarters[q].value is not None
    ]
    found = [consolidate(how, quarters) for how in (SUM, AVERAGE, LAST)]
    if not known:
        assert found == [None, None, None]
        return
    total = sum(map(Fraction, known), Fraction(0))
    expected = [total, total / len(known), Fraction(known[-1])]
    for figure, wanted in zip(found, expected, strict=True):
        assert figure is not None
        assert abs(Fraction(figure.value) - wanted) < Fraction(1, 10**18)


@given(quarters=quarters_of_counts.filter(bool))
def test_counts_against_the_definition(quarters: Mapping[int, Figure]) -> None:
    ordered = [quarters[q] for q in (1, 2, 3, 4) if q in quarters]
    tops = [Fraction(row.numerator) for row in ordered]
    bottoms = [Fraction(row.denominator) for row in ordered]
    expected = {
        SUM: (sum(tops), bottoms[-1]),
        AVERAGE: (sum(tops), sum(bottoms)),
        LAST: (tops[-1], bottoms[-1]),
    }
    for how, (top, bottom) in expected.items():
        found = consolidate(how, quarters, factor=FACTOR)
        assert found is not None
        assert (found.numerator, found.denominator) == (top, bottom)
        if not bottom:
            assert found.value is None
        else:
            assert abs(Fraction(found.value) - 100 * top / bottom) < Fraction(1, 10**18)


@given(
    how=st.sampled_from(Consolidation),
    quarters=quarters_of_values | quarters_of_counts,
    year=st.decimals("-1000", "1000", places=2).map(Figure),
)
def test_the_year_wins_over_every_quarter(
    how: Consolidation, quarters: Mapping[int, Figure], year: Figure
) -> None:
    assert consolidate(how, quarters, year=year, factor=FACTOR) == year
