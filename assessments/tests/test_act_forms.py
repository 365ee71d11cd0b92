"""Dates as far as they are known, and one entry per line."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments.forms.fields import LinesField, PartialDateField
from integrity_portal.core.partial_dates import PartialDate


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        ("16 September 2019", date(2019, 9, 16), "day"),
        ("Senin, 16 Sept 2019", date(2019, 9, 16), "day"),
        ("16/9/2019", date(2019, 9, 16), "day"),
        ("september 2021", date(2021, 9, 1), "month"),
        ("Sep. 2021", date(2021, 9, 1), "month"),
        (" 09/2021 ", date(2021, 9, 1), "month"),
        ("2021", date(2021, 1, 1), "year"),
    ],
)
def test_a_date_as_far_as_it_is_known(typed: str, day: date, precision: str) -> None:
    found = PartialDateField().clean(typed)
    assert (found.date, found.precision) == (day, precision)


@pytest.mark.parametrize(
    "typed", ["kemarin", "13/2021", "30 Februari 2020", "21", "September", "0000", "1/2/26"]
)
def test_anything_else_gets_the_sentence(typed: str) -> None:
    with pytest.raises(ValidationError, match="sejauh yang diketahui"):
        PartialDateField().clean(typed)


def test_not_after_the_last_day() -> None:
    field = PartialDateField(latest=date(2026, 6, 1))
    field.clean("Juni 2026")
    with pytest.raises(ValidationError):
        field.clean("2 Juni 2026")


def test_empty_is_nothing_and_initial_is_written_out() -> None:
    field = PartialDateField(required=False)
    assert field.clean("  ") is None
    assert field.prepare_value(PartialDate(date(2021, 9, 1), "month")) == "September 2021"
    assert field.prepare_value("salah ketik") == "salah ketik"


def test_one_entry_per_line() -> None:
    field = LinesField(line_limit=10, lines=3, required=False)
    assert field.clean(" a \r\n\r\nb\n") == ["a", "b"]
    assert field.clean("") == []


@pytest.mark.parametrize(("typed", "sentence"), [("a\n" + "b" * 11, "Baris 2"), ("a\n" * 4, "3")])
def test_too_long_or_too_many_lines_are_named(typed: str, sentence: Any) -> None:
    with pytest.raises(ValidationError, match=sentence):
        LinesField(line_limit=10, lines=3).clean(typed)
