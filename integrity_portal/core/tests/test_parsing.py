"""What people type."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from integrity_portal.core.parsing import (
    EnglishNumber,
    NotUnderstood,
    clean_text,
    parse_date,
    parse_number,
)

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "21/11/2026",
        "21-11-2026",
        "21.11.2026",
        "2026-11-21",
        "21 November 2026",
        "21 Nov 2026",
        "21 nopember 2026",
        " 21  NOVEMBER 2026 ",
        "21 Nov. 2026",
        "21-Nov-2026",
        "Sabtu, 21 November 2026",
        "２１/11/2026",
        "21\u00a0November 2026",
    ],
)
def test_a_day_in_any_usual_spelling(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 Agustus 2026", 8),
        ("1 Agt 2026", 8),
        ("1 May 2026", 5),
        ("1 Mei 2026", 5),
        ("1 Des 2026", 12),
        ("1 March 2026", 3),
    ],
)
def test_months_in_both_languages(text: str, month: int) -> None:
    assert parse_date(text) == date(2026, month, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/02/2026",
        "29 Februari 2027",
        "21/11/26",
        "11/21/2026",
        "2026/11/21",
        "besok",
        "0/1/2026",
        "21 Foo 2026",
        "1/1/0000",
        "21/11/2026 10:00",
    ],
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_date(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_both_numeric_spellings_agree(day: date) -> None:
    assert parse_date(f"{day.day}/{day.month}/{day.year}") == day == parse_date(day.isoformat())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("7", "7"),
        (" 7 ", "7"),
        ("-7,5", "-7.5"),
        ("−7", "-7"),
        ("0,5", "0.5"),
        ("1.500", "1500"),
        ("1.234.567", "1234567"),
        ("007", "7"),
        ("１２", "12"),
        ("1 234", "1234"),
    ],
)
def test_indonesian_numbers(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1,234.56", "0.5", "12.5", "0.500", "1,234,567", "1234.56"])
def test_english_numbers_are_named_as_such(text: str) -> None:
    with pytest.raises(EnglishNumber):
        parse_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e3",
        "nan",
        "inf",
        "Infinity",
        "0x10",
        "1_000",
        "5%",
        "satu",
        "1,",
        ",5",
        "1.23.456",
        "--1",
        "1,2,3",
        "٣,٤x",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        parse_number(text)


@given(st.text())
def test_text_comes_out_storable_and_stays_the_same_when_cleaned_again(text: str) -> None:
    clean = clean_text(text, lines=True)
    assert "\x00" not in clean
    assert "\r" not in clean
    clean.encode()
    assert clean_text(clean, lines=True) == clean
    assert "\n" not in clean_text(text, lines=False)


def test_line_ends_become_one_kind_and_hidden_directions_go() -> None:
    assert clean_text("satu\r\ndua\rtiga\u2028empat \n", lines=True) == "satu\ndua\ntiga\nempat"
    assert clean_text("nota\u202efdp.exe", lines=False) == "notafdp.exe"
    assert clean_text("a\ud800b", lines=True) == "ab"
    assert clean_text("👩\u200d🔧", lines=False) == "👩\u200d🔧"
