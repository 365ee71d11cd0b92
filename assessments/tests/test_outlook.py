"""The forecast of a series: which years count, what is said of them."""

from datetime import date
from decimal import Decimal

from assessments.achievement import Aim, Figure
from assessments.enums import Consolidation, Direction, Shape
from assessments.forecast import Outlook
from assessments.outlook import WORDS, drawn_value, plan_outlook, year_outlook
from assessments.series import Period, Series
from integrity_portal.core.charts import Tone

JULY = date(2026, 7, 10)


def series(
    how: Consolidation, aims: dict[Period, int], figures: dict[Period, int], **more
) -> Series:
    return Series(
        direction=Direction.HIGHER,
        shape=Shape.VALUE,
        how=how,
        aims={
            key: Aim(Direction.HIGHER, Shape.VALUE, Decimal(value)) for key, value in aims.items()
        },
        figures={key: Figure(Decimal(value)) for key, value in figures.items()},
        **more,
    )


def test_every_outlook_has_a_word_and_what_is_bad_a_tone() -> None:
    assert set(WORDS) == set(Outlook)
    assert WORDS[Outlook.OFF_TRACK][1] is Tone.BAD


def test_a_sum_goes_on_at_the_pace_of_its_quarters() -> None:
    row = series(Consolidation.SUM, {(2026, 0): 100}, {(2026, 1): 10, (2026, 2): 10})
    look = year_outlook(row, 2026, on=JULY)
    assert (look.forecast.expected, look.is_warning) == (40, True)


def test_the_running_year_of_a_sum_does_not_pull_the_plan_down() -> None:
    figures = {(2024, 0): 100, (2025, 0): 110, (2026, 1): 30, (2026, 2): 30}
    row = series(Consolidation.SUM, {(2029, 0): 150}, figures)
    assert plan_outlook(row, 2029, on=JULY).forecast.expected == 150


def test_the_base_year_is_the_first_point_of_the_pace() -> None:
    row = series(
        Consolidation.LAST,
        {(2029, 0): 90},
        {(2025, 4): 70},
        base_year=2024,
        base_value=Decimal(60),
    )
    assert plan_outlook(row, 2029, on=JULY).forecast.expected == 110


def test_half_a_sum_is_not_drawn_as_a_fall() -> None:
    figures = {(2025, 4): 110, (2026, 1): 30}
    assert drawn_value(series(Consolidation.SUM, {}, figures), 2026, JULY) is None
    assert drawn_value(series(Consolidation.SUM, {}, figures), 2025, JULY) == 110
    assert drawn_value(series(Consolidation.LAST, {}, figures), 2026, JULY) == 30


def test_a_year_that_is_over_is_not_guessed() -> None:
    row = series(Consolidation.LAST, {(2025, 0): 80}, {(2025, 4): 70})
    look = year_outlook(row, 2025, on=JULY)
    assert (look.forecast.outlook, look.word) == (Outlook.OFF_TRACK, str(look.word))
    assert look.forecast.percent == Decimal("87.5")


def test_a_level_begins_anew_each_year_as_its_targets_say() -> None:
    aims = {(2026, 0): 80, (2026, 1): 40, (2026, 2): 55, (2026, 3): 70}
    figures = {(2025, 4): 71, (2026, 1): 42, (2026, 2): 57}
    look = year_outlook(series(Consolidation.LAST, aims, figures), 2026, on=JULY)
    assert (look.forecast.expected, look.is_warning) == (82, False)


def test_percent_stays_below_a_hundred_where_nothing_was_above() -> None:
    figures = {(2024, 4): 80, (2025, 4): 90}
    row = series(Consolidation.LAST, {(2029, 0): 95}, figures)
    assert plan_outlook(row, 2029, on=JULY, unit="%").forecast.expected == 100
    assert plan_outlook(row, 2029, on=JULY, unit="indeks").forecast.expected == 130
    promised = series(Consolidation.LAST, {(2027, 0): 101, (2029, 0): 95}, figures)
    assert plan_outlook(promised, 2029, on=JULY, unit="%").forecast.expected == 130


def test_a_plan_whose_years_are_over_forecasts_nothing() -> None:
    row = series(Consolidation.LAST, {(2024, 0): 90}, {(2021, 4): 70, (2022, 4): 75})
    assert not plan_outlook(row, 2024, on=JULY).is_known
