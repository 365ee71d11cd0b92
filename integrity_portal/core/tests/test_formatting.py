"""Numbers, dates, sizes: what templates and papers print."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given, strategies as st

from integrity_portal.core import formatting
from integrity_portal.core.parsing import parse_number


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("1234.56"), "1.234,56"),
        (Decimal("0.005"), "0,01"),
        (Decimal("1.005"), "1,01"),
        (Decimal("-0.004"), "0,00"),
        (Decimal("-1234.5"), "−1.234,50"),
        (0, "0,00"),
        (None, "–"),
        ("", "–"),
        ("abc", "–"),
        (Decimal("NaN"), "–"),
        (float("inf"), "–"),
        (
            Decimal("123456789012345678901234567890.125"),
            "123.456.789.012.345.678.901.234.567.890,13",
        ),
    ],
)
def test_a_number_is_rounded_half_up_and_empty_is_not_zero(value: object, said: str) -> None:
    assert formatting.number_id(value) == said


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_what_is_shown_can_be_typed_back(value: Decimal) -> None:
    assert parse_number(formatting.number_id(value)) == value


def test_numbers_keep_their_notation_in_english() -> None:
    with translation.override("en"):
        assert formatting.number_id(Decimal("1234.5")) == "1.234,50"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1250000, "Rp\u00a01.250.000"),
        (Decimal("1.5"), "Rp\u00a01,50"),
        (-7, "−Rp\u00a07"),
        (None, "–"),
    ],
)
def test_rupiah(value: object, said: str) -> None:
    assert formatting.rupiah(value) == said


def test_a_month_is_written_in_the_language_of_the_page() -> None:
    day = date(2026, 5, 1)
    assert formatting.date_id(day) == "1 Mei 2026"
    with translation.override("en"):
        assert formatting.date_id(day) == "1 May 2026"
    assert formatting.date_id(None) == "–"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Jakarta", "21 November 2026, 10.42 WIB"),
        ("Asia/Makassar", "21 November 2026, 11.42 WITA"),
        ("Asia/Jayapura", "21 November 2026, 12.42 WIT"),
    ],
)
def test_a_moment_carries_the_zone_of_the_government(zone: str, said: str) -> None:
    with timezone.override(zone):
        assert formatting.datetime_id(datetime(2026, 11, 21, 3, 42, tzinfo=UTC)) == said


def test_the_day_of_a_moment_is_the_local_day() -> None:
    with timezone.override("Asia/Jayapura"):
        assert formatting.date_id(datetime(2026, 11, 21, 20, 0, tzinfo=UTC)) == "22 November 2026"


@pytest.mark.parametrize(
    ("precision", "said"),
    [("day", "1 September 2021"), ("month", "September 2021"), ("year", "2021")],
)
def test_a_partial_date_says_no_more_than_is_known(precision: str, said: str) -> None:
    known = SimpleNamespace(date=date(2021, 9, 1), precision=precision)
    assert formatting.partial_date(known) == said
    assert formatting.partial_date(None) == "–"


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 byte"),
        (1023, "1.023 byte"),
        (1024, "1 KB"),
        (1024 * 1024 - 1, "1 MB"),
        (2516582, "2,4 MB"),
        (None, "–"),
    ],
)
def test_a_size_is_said_in_the_unit_of_the_limit(size: object, said: str) -> None:
    assert formatting.filesize_id(size) == said


def test_filters_and_tags_in_a_template() -> None:
    source = "{% load portal %}{{ n|number_id }}|{{ n|percent_id:1 }}|{% status_tag word 'bad' %}"
    page = Template(source).render(Context({"n": Decimal("71.836"), "word": "<b>Lewat</b>"}))
    assert page == '71,84|71,8\u00a0%|<span class="tag bad">&lt;b&gt;Lewat&lt;/b&gt;</span>'


def test_an_unknown_tone_is_neutral() -> None:
    page = Template("{% load portal %}{% status_tag 'x' 'danger\" onclick' %}").render(Context())
    assert page == '<span class="tag info">x</span>'
