"""What an indicator comes to over years: sums add up, levels do not, half a target is none."""

from datetime import date
from decimal import Decimal

import pytest

from assessments.achievement import Aim, Figure
from assessments.enums import Consolidation, Direction, Shape
from assessments.series import Series
from assessments.spans import (
    adds_up,
    against_the_end,
    aim_at_the_end,
    figure_until,
    periods_behind,
)

DAY = date(2026, 7, 10)
YEARS = [2025, 2026, 2027]


def aim(value: str) -> Aim:
    return Aim(Direction.HIGHER, Shape.VALUE, Decimal(value))


def figure(value: str) -> Figure:
    return Figure(Decimal(value))


def series(how: Consolidation, **more: object) -> Series:
    base = {
        "direction": Direction.HIGHER,
        "shape": Shape.VALUE,
        "how": how,
        "aims": {(year, 0): aim("100") for year in YEARS},
        "figures": {(2025, 4): figure("90"), (2026, 1): figure("20"), (2026, 2): figure("30")},
    }
    return Series(**{**base, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "end", "until_first", "until_second"),
    [
        (Consolidation.SUM, "300", "110", "140"),
        (Consolidation.LAST, "100", "20", "30"),
        (Consolidation.AVERAGE, "100", "20", "25"),
    ],
)
def test_sums_add_up_and_levels_stand_as_they_were_last(
    how: Consolidation, end: str, until_first: str, until_second: str
) -> None:
    row = series(how)
    found = aim_at_the_end(row, YEARS)
    assert found is not None
    assert found.low == Decimal(end)
    for quarter, value in ((1, until_first), (2, until_second)):
        reached = figure_until(row, [2025, 2026], quarter)
        assert reached is not None
        assert reached.value == Decimal(value)


def test_half_a_target_is_none() -> None:
    row = series(Consolidation.SUM, aims={(2025, 0): aim("100"), (2027, 0): aim("100")})
    assert aim_at_the_end(row, YEARS) is None
    done = against_the_end(row, YEARS, [2025, 2026], cap=None, on=DAY)
    assert done.percent is None


def test_a_ratio_never_adds_up() -> None:
    assert adds_up(series(Consolidation.SUM))
    assert not adds_up(series(Consolidation.SUM, factor=Decimal(100)))
    assert not adds_up(series(Consolidation.LAST))


def test_nothing_reported_is_not_zero() -> None:
    assert figure_until(series(Consolidation.SUM, figures={}), YEARS) is None
    assert figure_until(series(Consolidation.SUM), []) is None


def test_against_the_end_under_the_limit() -> None:
    row = series(Consolidation.SUM)
    done = against_the_end(row, YEARS, [2025, 2026], 2, cap=None, on=DAY)
    assert done.percent == Decimal(140) * 100 / 300
    over = series(Consolidation.LAST, figures={(2026, 1): figure("150")})
    done = against_the_end(over, YEARS, [2025, 2026], cap=Decimal(120), on=DAY)
    assert (done.percent, done.counted) == (Decimal(150), Decimal(120))


def test_which_figures_stand_behind_a_year() -> None:
    assert periods_behind(series(Consolidation.SUM), 2026) == [(2026, 1), (2026, 2)]
    assert periods_behind(series(Consolidation.SUM), 2026, 1) == [(2026, 1)]
    assert periods_behind(series(Consolidation.LAST), 2026) == [(2026, 2)]
    own = {(2026, 0): figure("7"), (2026, 1): figure("20")}
    assert periods_behind(series(Consolidation.SUM, figures=own), 2026) == [(2026, 0)]
    assert periods_behind(series(Consolidation.SUM), 2027) == []
    days = {(2026, 1): Figure(done_on=DAY), (2026, 2): Figure(Decimal(0))}
    row = series(Consolidation.LAST, shape=Shape.DATE, aims={}, figures=days)
    assert periods_behind(row, 2026) == [(2026, 1)]
