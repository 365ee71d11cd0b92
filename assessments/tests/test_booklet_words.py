"""Periods and words of the pocket books."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.achievement import Achieved, Aim, Figure, Note
from assessments.achievement_bands import band_of
from assessments.booklets import (
    DIRECTIONS,
    GLOSSARY,
    NO_FIGURE_WORD,
    NO_TARGET_WORD,
    NOTES,
    aim_text,
    direction_text,
    figure_text,
    formula_text,
    is_within,
    latest_period,
    light_of,
    number_text,
    period_text,
    periods,
)
from assessments.enums import Direction, Shape


@pytest.mark.parametrize(
    ("today", "period"),
    [
        (date(2026, 7, 10), (2026, 2)),
        (date(2026, 6, 30), (2026, 1)),
        (date(2026, 12, 31), (2026, 3)),
        # Nothing of the new year is over: the year before tells.
        (date(2026, 1, 1), (2025, 0)),
        (date(2025, 2, 1), (2025, 1)),
        (date(2024, 5, 1), (2025, 1)),
        (date(2030, 1, 1), (2029, 0)),
        (date(2035, 6, 1), (2029, 0)),
    ],
)
def test_a_book_tells_of_the_last_period_that_is_over(today: date, period: tuple[int, int]) -> None:
    assert latest_period(2025, 2029, today) == period


def test_every_earlier_period_of_the_plan_may_be_chosen() -> None:
    found = periods(2025, 2029, date(2026, 7, 10))
    assert found == [(2026, 2), (2026, 1), (2025, 0), (2025, 3), (2025, 2), (2025, 1)]
    assert periods(2025, 2029, date(2026, 2, 1))[0] == (2025, 0)
    assert len(periods(2025, 2029, date(2031, 1, 1))) == 20


def test_periods_in_words() -> None:
    assert period_text((2026, 2)) == "Triwulan II 2026"
    assert period_text((2025, 0)) == "Tahun 2025"
    assert is_within((2025, 0), (2026, 1))
    assert is_within((2026, 2), (2026, 2))
    assert not is_within((2026, 0), (2026, 3))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0.346000", "", "0,346"),
        ("-6.25", "%", "−6,25\u00a0%"),
        ("1234567", "orang", "1.234.567\u00a0orang"),
        ("0", "", "0"),
        ("1000000", "Rp", "Rp\u00a01.000.000"),
        ("66.6666666", "", "66,667"),
        ("1E+3", "", "1.000"),
    ],
)
def test_numbers_keep_the_decimals_that_they_have(value: str, unit: str, text: str) -> None:
    assert number_text(Decimal(value), unit) == text


def test_nothing_is_a_dash_and_never_zero() -> None:
    assert number_text(None, "%") == "–"
    assert aim_text(None) == "–"
    assert figure_text("value", Figure()) == "–"
    assert figure_text("value", Figure(Decimal(0)), "%") == "0\u00a0%"


def test_targets_and_figures_of_every_shape(indonesian: None) -> None:
    higher = Direction.HIGHER
    assert aim_text(Aim(higher, Shape.RANGE, Decimal(7), Decimal(8)), "%") == "7–8\u00a0%"
    assert aim_text(Aim(higher, Shape.YES_NO, Decimal(0))) == "Tidak"
    assert aim_text(Aim(higher, Shape.DATE, due=date(2026, 6, 30))) == "30 Juni 2026"
    assert figure_text("yes_no", Figure(Decimal(1))) == "Ya"
    assert figure_text("date", Figure(done_on=date(2026, 5, 1))) == "1 Mei 2026"
    assert figure_text("date", Figure(Decimal(0))) == "Belum terlaksana"
    assert figure_text("value", Figure(numerator=Decimal(0), denominator=Decimal(0))) == "–"


def test_every_note_has_its_sentence() -> None:
    assert set(NOTES) == set(Note)


def test_a_light_is_a_colour_a_shape_and_a_word() -> None:
    high = light_of(Achieved(Decimal("90"), Decimal(90)), band_of(Decimal(90)))
    assert (high.tone.value, high.shape, high.word) == ("good", "●", "Tinggi")
    low = light_of(Achieved(Decimal(50), Decimal(50)), band_of(Decimal(50)))
    assert (low.tone.value, low.shape, low.word) == ("bad", "■", "Sangat rendah")
    none = light_of(Achieved(None, None, (Note.NO_FIGURE,)), None)
    assert (none.shape, none.word) == ("○", NO_FIGURE_WORD)
    both = light_of(Achieved(None, None, (Note.NO_TARGET, Note.NO_FIGURE)), None)
    assert both.word == NO_TARGET_WORD


def test_what_is_good_and_how_it_is_counted() -> None:
    assert direction_text("lower", "value") == DIRECTIONS[Direction.LOWER]
    assert "batas" in direction_text("higher", "range")
    assert formula_text("", Decimal(100), "Izin tepat waktu", "izin terbit") == (
        "Izin tepat waktu dibagi izin terbit, dikali 100."
    )
    assert formula_text("Nilai surat", Decimal(100), "a", "b") == "Nilai surat."
    assert formula_text("", None, "", "") == ""


def test_the_index_of_words_stands_in_the_order_of_the_alphabet() -> None:
    words = [word.lower() for word, _meaning in GLOSSARY]
    assert words == sorted(words)
    assert {"capaian", "iku", "target", "realisasi", "pagu"} <= set(words)
