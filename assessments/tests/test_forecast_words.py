"""A forecast in words: every reason has a sentence, and its numbers agree with each other."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, strategies as st

from assessments.achievement import Aim, Consolidation, Direction, Figure, Note, Shape
from assessments.achievement_words import NOTES
from assessments.forecast import Forecast, Outlook, Reason, plan_forecast, year_forecast
from assessments.forecast_words import LEADS, WHOLE, sentence

SUM, AVERAGE, LAST, _MANUAL = Consolidation
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
VALUE = Aim(HIGHER, Shape.VALUE, Decimal("3.55"))
RANGE = Aim(LOWER, Shape.RANGE, Decimal(7), Decimal(8))
DAY = Aim(HIGHER, Shape.DATE, due=date(2026, 6, 30))


def year(how: Consolidation, aim: Aim, *values: str | None, today_quarter: int = 1) -> str:
    quarters = {
        number: Figure(None if value is None else Decimal(value))
        for number, value in enumerate(values, start=1)
    }
    forecast = year_forecast(how, aim, quarters, today_quarter=today_quarter)
    return sentence(forecast, aim)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            lambda: year(AVERAGE, VALUE, "3.4"),
            "With the average so far the year ends at 3,40; the target is 3,55, 0,15 short.",
        ),
        (
            lambda: year(SUM, Aim(HIGHER, Shape.VALUE, Decimal(12)), "2", "4"),
            "At this pace the year ends at 12; that reaches the target of 12.",
        ),
        (
            lambda: year(SUM, Aim(HIGHER, Shape.VALUE, Decimal(1200)), "200", None, "300"),
            "At the pace of the quarters that were reported the year ends at 1.000; "
            "the target is 1.200, 200 short. Quarter 2 was not reported.",
        ),
        (
            lambda: year(AVERAGE, VALUE, "3.6", today_quarter=4),
            "With the average so far the year ends at 3,60; that reaches the target of 3,55. "
            "Quarters 2 and 3 were not reported.",
        ),
        (
            lambda: year(AVERAGE, VALUE, "3.6", today_quarter=5),
            "With the average so far the year ends at 3,60; that reaches the target of 3,55. "
            "Quarters 2, 3, 4 were not reported.",
        ),
        (
            lambda: year(LAST, RANGE, "8.5", "9"),
            "If it goes on like this the year ends at 10; the target is 7–8, 2 too high.",
        ),
        (
            lambda: year(SUM, Aim(HIGHER, Shape.VALUE, Decimal(12)), "13"),
            "The target of 12 is already reached; at this pace the year ends at 52.",
        ),
        (
            lambda: year(SUM, Aim(LOWER, Shape.VALUE, Decimal(12)), "6", "7"),
            "The limit is already passed and the year ends at about 26; "
            "the target is 12, 14 too high.",
        ),
        (
            lambda: year(LAST, Aim(LOWER, Shape.VALUE, Decimal("0.32")), "0.321", "0.321"),
            "If it goes on like this the year ends at 0,321; the target is 0,32, 0,001 too high.",
        ),
        (lambda: year(SUM, VALUE), "Nothing was reported for this year yet."),
        (lambda: year(LAST, DAY, "0"), "It is not done yet; it is due on 30 June 2026."),
        (
            lambda: year(LAST, DAY, "1"),
            "It is done, but nobody said on which day; it was due by 30 June 2026.",
        ),
    ],
)
def test_a_sentence_with_its_numbers(said, expected: str) -> None:
    assert said() == expected


def test_the_unit_of_measure_stands_behind_each_number() -> None:
    forecast = plan_forecast(VALUE, {2020: Decimal(3), 2021: Decimal("3.1")}, 2024)
    assert sentence(forecast, VALUE, unit="%") == (
        "At the pace of the years so far the plan ends at 3,40\u00a0%; "
        "the target is 3,55\u00a0%, 0,15\u00a0% short."
    )


def test_one_decimal_more_than_the_target_where_the_target_hides_it() -> None:
    aim = Aim(HIGHER, Shape.VALUE, Decimal(80))
    assert year(LAST, aim, "70.4", "71.2") == (
        "If it goes on like this the year ends at 72,8; the target is 80, 7,2 short."
    )


def test_what_was_sent_is_not_called_silent() -> None:
    aim = Aim(HIGHER, Shape.VALUE, Decimal(100))
    forecast = year_forecast(SUM, aim, {1: Figure(Decimal(25))}, today_quarter=5)
    said = sentence(forecast, aim, states={2: "submitted", 3: "returned"})
    assert said.endswith(
        "Quarter 2 waits for verification. Quarter 3 was returned to the unit. "
        "Quarter 4 was not reported."
    )


def test_a_missing_target_is_told() -> None:
    forecast = year_forecast(SUM, None, {}, today_quarter=1)
    assert sentence(forecast, None) == "There is no target."


# --- nothing is without words ---


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("outlook", Outlook)
@pytest.mark.parametrize("aim", [VALUE, RANGE])
def test_every_reason_has_one_sentence(reason: Reason, outlook: Outlook, aim: Aim) -> None:
    assert (reason in LEADS) != (reason in WHOLE)
    said = sentence(Forecast(outlook, reason, Decimal(9), Decimal(50), Decimal(1), (2,)), aim)
    assert re.fullmatch(r"[A-Z0-9].*\.", said)
    assert "%(" not in said


def test_every_note_has_words() -> None:
    assert set(NOTES) == set(Note)
    assert all(str(words).endswith(".") for words in NOTES.values())


numbers = st.decimals("0", "1000", places=4)


@given(
    target=st.decimals("0.1", "1000", places=2), value=numbers, direction=st.sampled_from(Direction)
)
def test_who_reckons_after_us_finds_no_mistake(
    target: Decimal, value: Decimal, direction: Direction
) -> None:
    """The numbers of the sentence, subtracted as they stand there, give the gap that it names."""
    aim = Aim(direction, Shape.VALUE, target)
    with override("en"):
        said = year(AVERAGE, aim, str(value))
    shown = [
        Decimal(text.replace(".", "").replace(",", "."))
        for text in re.findall(r"\d[\d.]*(?:,\d+)?", said)
    ]
    if "reaches" in said:
        assert len(shown) == 2
        return
    expected, bound, gap = shown
    assert gap == abs(bound - expected) > 0
