"""Colours of governments: contrast by WCAG 2.2; no row can make a page unreadable."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, strategies as st

from integrity_portal.core import colour

COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000", "#fff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#fff500", "#ffffff", 1.15),
        ("#0b4f6c", "#ffffff", 8.9),
    ],
)
def test_contrast_is_that_of_wcag(first: str, second: str, ratio: float) -> None:
    assert colour.contrast(first, second) == pytest.approx(ratio, abs=0.05)
    assert colour.contrast(second, first) == colour.contrast(first, second)


@pytest.mark.parametrize("wrong", ["", "red", "#12", "#12345g", "#0b4f6c;}", "0b4f6c", "#0b4f6c\n"])
def test_only_a_hex_colour_is_a_colour(wrong: str) -> None:
    with pytest.raises(ValidationError):
        colour.validate_colour(wrong)


def test_a_light_primary_is_refused_with_the_measured_ratio() -> None:
    with pytest.raises(ValidationError) as refused:
        colour.validate_primary("#fff500")
    assert "1,1" in refused.value.messages[0]
    colour.validate_primary("#0b4f6c")


@given(COLOURS)
def test_every_derived_shade_is_readable(primary: str) -> None:
    tint = colour.tint(primary)
    assert colour.contrast(colour.deep(primary), tint) >= colour.READABLE
    assert colour.contrast(colour.deep(primary), colour.WHITE) >= colour.READABLE
    assert colour.contrast(colour.link(primary), colour.PAPER) >= colour.READABLE
    assert colour.contrast(colour.link(primary), tint) >= colour.READABLE


@given(st.one_of(COLOURS, st.text()), st.one_of(COLOURS, st.text()))
def test_the_sheet_holds_five_colours_whatever_the_row_holds(primary: str, accent: str) -> None:
    sheet = colour.theme_css(primary, accent)
    assert re.fullmatch(
        r":root\{--brand:(#\w{6});--brand-deep:#\w{6};--brand-tint:#\w{6};"
        r"--brand-link:#\w{6};--gold:#\w{6}\}\n",
        sheet,
    )
    brand = sheet.split("--brand:")[1][:7]
    assert colour.contrast(brand, colour.WHITE) >= colour.READABLE
