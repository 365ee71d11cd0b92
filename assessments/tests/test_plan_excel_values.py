"""Numbers of planners: whatever way a number is typed, the same number is read."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from assessments.enums import Direction, Shape
from assessments.excel.cells import NotReadable
from assessments.excel.grid import Percent
from assessments.plan_excel.values import amount_of, is_nothing, money_of, yes_of
from assessments.plan_excel.words import number
from integrity_portal.core.formatting import number_id

NUMBERS = st.decimals(-(10**12), 10**12, places=4)


def read(value: object, *, in_percent: bool = False) -> Decimal | None:
    amount = amount_of(value, in_percent=in_percent, direction=Direction.HIGHER)
    return amount.low if amount else None


@given(NUMBERS)
def test_indonesian_notation_with_and_without_points(value: Decimal) -> None:
    text = number_id(value, 4)
    for said in (text, text.replace(".", ""), f"  {text}\u00a0", number(value)):
        assert read(said) == value


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_number_of_excel_is_itself(value: Decimal) -> None:
    assert read(float(value)) == value


@given(st.decimals(-1000, 1000, places=2))
def test_a_percentage_is_what_excel_shows(value: Decimal) -> None:
    assert read(Percent(float(value / 100)), in_percent=True) == value
    assert read(f"{number_id(value)} %", in_percent=True) == value
    with pytest.raises(NotReadable):
        read(Percent(0.5))


@given(st.decimals(0, 10**12, places=2), st.decimals(0, 10**12, places=2))
def test_a_range_keeps_both_bounds(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    for between in ("-", " – ", " s.d. ", " sampai dengan "):
        text = f"{number_id(low)}{between}{number_id(high)}"
        amount = amount_of(text, in_percent=False, direction=Direction.HIGHER)
        assert amount is not None
        assert (amount.shape, amount.low, amount.high) == (Shape.RANGE, low, high)


@given(st.decimals(0, 10**11, places=0))
def test_rupiah_as_it_is_written(value: Decimal) -> None:
    text = number_id(value, 0)
    for said in (f"Rp {text}", f"Rp. {text},-", f"Rp{text},00", text, int(value), float(value)):
        assert money_of(said, Decimal(1)) == value
    assert money_of(text, Decimal(10**6)) == value * 10**6


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_a_sentence(text: str) -> None:
    sentence = "."
    try:
        amount_of(text, in_percent=True, direction=Direction.LOWER)
        money_of(text, Decimal(1))
        yes_of(text)
    except NotReadable as error:
        sentence = str(error)
    assert sentence.endswith(".")


@pytest.mark.parametrize("value", [None, "", " ", "-", "–", "n/a", "N/A", "...", "tidak ada data"])
def test_nothing_is_nothing(value: object) -> None:
    assert is_nothing(value)
    assert read(value) is None


@pytest.mark.parametrize("value", [0, "0", "0,00", "-0", 0.0])
def test_zero_is_a_value(value: object) -> None:
    assert read(value) == 0


@pytest.mark.parametrize("value", ["1,234.56", "78.60", "0.5", "1,234,567"])
def test_what_can_be_read_in_two_ways_is_named(value: str) -> None:
    with pytest.raises(NotReadable):
        read(value)
