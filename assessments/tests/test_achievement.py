"""Achievement against published examples, tables worked by hand and a second, slow evaluator."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, strategies as st

from assessments.achievement import (
    Achieved,
    Aim,
    Direction,
    Figure,
    Note,
    RolledUp,
    Shape,
    achieve,
    roll_up,
)

HIGHER, LOWER = Direction.HIGHER, Direction.LOWER
DUE = date(2026, 6, 30)
ALMOST = Fraction(1, 10**18)


def number(direction: Direction, target: str) -> Aim:
    return Aim(direction, Shape.VALUE, Decimal(target))


def between(direction: Direction, low: str, high: str) -> Aim:
    return Aim(direction, Shape.RANGE, Decimal(low), Decimal(high))


def by(due: date | None) -> Aim:
    return Aim(HIGHER, Shape.DATE, due=due)


def real(value: str) -> Figure:
    return Figure(Decimal(value))


# --- published examples and tables worked by hand ---

# Target, realised, percent to two places: Kota Kediri's published series of 2021. The targets are
# examples but for the reading index, whose target and realisation are both public.
KEDIRI = {
    "reading index 2021": (HIGHER, "78.2", "79.7", "101.92"),
    "reform index": (HIGHER, "61", "60.37", "98.97"),
    "satisfaction": (HIGHER, "3.45", "3.51", "101.74"),
    "growth of 2020": (HIGHER, "5.5", "-6.25", "0.00"),
    "growth of 2021": (HIGHER, "5", "2.05", "41.00"),
    "gini": (LOWER, "0.33", "0.374", "86.67"),
    "gini that fell": (LOWER, "0.35", "0.321", "108.29"),
    "poverty": (LOWER, "7.2", "7.75", "92.36"),
}
# PermenPANRB 8/2021, worked examples of targets as a range.
RANGES = {
    "sooner than 7 to 8 months": (LOWER, "7", "8", "6.5", "107.14"),
    "later than 7 to 8 months": (LOWER, "7", "8", "9", "87.50"),
    "less than 80 to 90 percent": (HIGHER, "80", "90", "70", "87.50"),
    "more than 80 to 90 percent": (HIGHER, "80", "90", "99", "110.00"),
    "on the lower bound": (HIGHER, "80", "90", "80", "100.00"),
    "on the upper bound": (LOWER, "7", "8", "8", "100.00"),
    "inside": (LOWER, "7", "8", "7.5", "100.00"),
    "inside below zero": (HIGHER, "-2", "-1", "-1.5", "100.00"),
    "no width": (HIGHER, "4", "4", "4", "100.00"),
}


def to_two_places(percent: Decimal | None) -> str:
    assert percent is not None
    return f"{percent:.2f}"


@pytest.mark.parametrize("name", KEDIRI)
def test_a_value_counts_by_the_formula_of_its_direction(name: str) -> None:
    direction, target, value, percent = KEDIRI[name]
    assert to_two_places(achieve(number(direction, target), real(value)).percent) == percent


@pytest.mark.parametrize("name", RANGES)
def test_a_range_counts_by_the_bound_that_was_left(name: str) -> None:
    direction, low, high, value, percent = RANGES[name]
    assert to_two_places(achieve(between(direction, low, high), real(value)).percent) == percent


def test_nothing_is_rounded() -> None:
    found = achieve(between(LOWER, "7", "8"), real("6.5"))
    assert str(found.percent) == "107.1428571428571428571428571"
    assert achieve(number(HIGHER, "3"), real("2.7")).percent == 90


# Direction, target, realised, percent, note.
UNUSUAL = {
    "twice the target is exactly nothing": (LOWER, "5", "10", "0", None),
    "more than twice the target": (LOWER, "5", "10.01", "0", Note.FLOOR),
    "far more than twice": (LOWER, "5", "1000", "0", Note.FLOOR),
    "nothing of the bad": (LOWER, "5", "0", "200", None),
    "nothing of the good": (HIGHER, "5", "0", "0", None),
    "fell below zero where higher is better": (HIGHER, "5.5", "-6.25", "0", Note.NEGATIVE),
    "below zero where lower is better": (LOWER, "5", "-1", "220", Note.NEGATIVE_BETTER),
    "none wanted, none there": (LOWER, "0", "0", "100", Note.ZERO_TARGET),
    "none wanted, one there": (LOWER, "0", "1", "0", Note.ZERO_TARGET),
    "none wanted, less there": (LOWER, "0", "-1", "100", Note.ZERO_TARGET),
    "zero or more wanted, zero": (HIGHER, "0", "0", "100", Note.ZERO_TARGET),
    "zero or more wanted, more": (HIGHER, "0", "0.1", "100", Note.ZERO_TARGET),
    "zero or more wanted, less": (HIGHER, "0", "-0.1", "0", Note.ZERO_TARGET),
    "a written minus before zero": (LOWER, "-0", "0", "100", Note.ZERO_TARGET),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_the_formulas_do_not_say_has_a_rule_and_a_note(name: str) -> None:
    direction, target, value, percent, note = UNUSUAL[name]
    found = achieve(number(direction, target), real(value))
    assert found.percent == found.counted == Decimal(percent)
    assert found.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    ("aim", "value", "percent"),
    [
        (between(LOWER, "0", "5"), "-1", "100"),
        (between(HIGHER, "0", "5"), "-1", "0"),
        (between(LOWER, "-5", "0"), "1", "0"),
        (between(HIGHER, "-5", "0"), "1", "100"),
    ],
)
def test_a_range_that_was_left_at_zero(aim: Aim, value: str, percent: str) -> None:
    assert achieve(aim, real(value)) == Achieved(
        Decimal(percent), Decimal(percent), (Note.ZERO_TARGET,)
    )


# --- negative targets: somebody says it ---


@pytest.mark.parametrize("aim", [number(HIGHER, "-2"), number(LOWER, "-2")])
@pytest.mark.parametrize("value", ["-3", "-2", "0", "4"])
def test_a_negative_target_has_no_formula(aim: Aim, value: str) -> None:
    assert achieve(aim, real(value)) == Achieved(None, None, (Note.MANUAL_NEEDED,))
    assert achieve(aim, real(value), manual=Decimal("87.5")) == Achieved(
        Decimal("87.5"), Decimal("87.5"), (Note.MANUAL,)
    )


def test_a_range_needs_a_percentage_only_where_the_bound_that_was_left_is_negative() -> None:
    aim = between(HIGHER, "-2", "5")
    assert achieve(aim, real("-3")).notes == (Note.MANUAL_NEEDED,)
    assert achieve(aim, real("-1")) == Achieved(Decimal(100), Decimal(100))
    assert achieve(aim, real("6")).percent == 120


@pytest.mark.parametrize(
    ("aim", "figure", "notes"),
    [
        (number(HIGHER, "5"), real("4"), ()),
        (number(LOWER, "0"), real("4"), (Note.ZERO_TARGET,)),
        (number(HIGHER, "5"), Figure(), (Note.NO_FIGURE,)),
        (None, real("4"), (Note.NO_TARGET,)),
        (number(HIGHER, "-5"), Figure(), (Note.NO_FIGURE,)),
    ],
)
def test_a_formula_is_never_overruled_in_silence(
    aim: Aim | None, figure: Figure, notes: tuple[Note, ...]
) -> None:
    plain, found = achieve(aim, figure), achieve(aim, figure, manual=Decimal(99))
    assert plain.notes == notes
    assert found == Achieved(plain.percent, plain.counted, (*notes, Note.MANUAL_UNUSED))


# --- empty is not zero ---


@pytest.mark.parametrize(
    ("aim", "figure", "notes"),
    [
        (None, None, (Note.NO_TARGET, Note.NO_FIGURE)),
        (None, real("0"), (Note.NO_TARGET,)),
        (Aim(HIGHER, Shape.VALUE), real("0"), (Note.NO_TARGET,)),
        (Aim(HIGHER, Shape.RANGE, Decimal(1)), real("0"), (Note.NO_TARGET,)),
        (Aim(HIGHER, Shape.RANGE, high=Decimal(1)), real("0"), (Note.NO_TARGET,)),
        (Aim(HIGHER, Shape.YES_NO), real("0"), (Note.NO_TARGET,)),
        (by(None), real("0"), (Note.NO_TARGET,)),
        (number(HIGHER, "5"), None, (Note.NO_FIGURE,)),
        (number(LOWER, "0"), Figure(), (Note.NO_FIGURE,)),
        (number(HIGHER, "5"), Figure(numerator=Decimal(3)), (Note.NO_FIGURE,)),
        (number(HIGHER, "5"), Figure(denominator=Decimal(0)), (Note.NO_FIGURE,)),
        (number(HIGHER, "5"), Figure(done_on=DUE), (Note.NO_FIGURE,)),
        (
            number(HIGHER, "5"),
            Figure(numerator=Decimal(0), denominator=Decimal(0)),
            (Note.NO_CASES,),
        ),
        (
            number(HIGHER, "5"),
            Figure(numerator=Decimal(3), denominator=Decimal(0)),
            (Note.NO_WHOLE,),
        ),
        (by(DUE), Figure(), (Note.NO_FIGURE,)),
        (by(DUE), Figure(numerator=Decimal(0), denominator=Decimal(0)), (Note.NO_FIGURE,)),
    ],
)
def test_without_target_or_figure_there_is_no_percentage_but_a_reason(
    aim: Aim | None, figure: Figure | None, notes: tuple[Note, ...]
) -> None:
    assert achieve(aim, figure, on=date(2030, 1, 1)) == Achieved(None, None, notes)


def test_no_target_and_a_target_of_zero_differ() -> None:
    assert achieve(Aim(LOWER, Shape.VALUE), real("0")).percent is None
    assert achieve(number(LOWER, "0"), real("0")).percent == 100


# --- yes or no, and days ---


@pytest.mark.parametrize(
    ("wanted", "said", "percent"), [("1", "1", 100), ("1", "0", 0), ("0", "0", 100), ("0", "1", 0)]
)
@pytest.mark.parametrize("direction", Direction)
def test_yes_or_no(direction: Direction, wanted: str, said: str, percent: int) -> None:
    aim = Aim(direction, Shape.YES_NO, Decimal(wanted))
    assert achieve(aim, real(said)) == Achieved(Decimal(percent), Decimal(percent))


@pytest.mark.parametrize(
    ("figure", "on", "percent", "notes"),
    [
        (Figure(done_on=date(2026, 6, 29)), None, 100, ()),
        (Figure(done_on=DUE), None, 100, ()),
        (Figure(done_on=date(2026, 7, 1)), None, 0, (Note.LATE,)),
        (Figure(Decimal(1), done_on=DUE), None, 100, ()),
        (Figure(Decimal(0), done_on=DUE), None, 100, ()),
        (real("0"), date(2026, 7, 1), 0, (Note.OVERDUE,)),
        (real("0"), DUE, None, (Note.NOT_DUE,)),
        (real("0"), None, None, (Note.NOT_DUE,)),
        (real("1"), date(2026, 7, 1), None, (Note.NO_DAY,)),
    ],
)
@pytest.mark.parametrize("direction", Direction)
def test_a_day(
    direction: Direction,
    figure: Figure,
    on: date | None,
    percent: int | None,
    notes: tuple[Note, ...],
) -> None:
    found = achieve(Aim(direction, Shape.DATE, due=DUE), figure, on=on)
    assert (found.percent, found.notes) == (percent, notes)


# --- the cap ---


@pytest.mark.parametrize(
    ("cap", "counted", "notes"),
    [
        (None, "150", ()),
        ("100", "100", (Note.CAPPED,)),
        ("120", "120", (Note.CAPPED,)),
        ("150", "150", ()),
        ("200", "150", ()),
    ],
)
def test_the_cap_touches_only_what_counts(
    cap: str | None, counted: str, notes: tuple[Note, ...]
) -> None:
    found = achieve(number(HIGHER, "2"), real("3"), cap=Decimal(cap) if cap else None)
    assert found == Achieved(Decimal(150), Decimal(counted), notes)


def test_what_somebody_said_is_capped_too() -> None:
    found = achieve(number(HIGHER, "-2"), real("3"), manual=Decimal(130), cap=Decimal(120))
    assert found == Achieved(Decimal(130), Decimal(120), (Note.MANUAL, Note.CAPPED))


# --- what never enters ---

ENDLESS = [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")]


@pytest.mark.parametrize("bad", ENDLESS)
def test_what_is_no_number_never_enters(bad: Decimal) -> None:
    with pytest.raises(ValueError, match="no number"):
        Aim(HIGHER, Shape.VALUE, bad)
    with pytest.raises(ValueError, match="no number"):
        Aim(HIGHER, Shape.RANGE, Decimal(1), bad)
    for name in ("value", "numerator", "denominator"):
        with pytest.raises(ValueError, match="no number"):
            Figure(**{name: bad})
    for name in ("cap", "manual"):
        with pytest.raises(ValueError, match="no number"):
            achieve(number(HIGHER, "1"), real("1"), **{name: bad})
    with pytest.raises(ValueError, match="no number"):
        roll_up([Decimal(1), bad])


def test_targets_that_contradict_themselves_never_enter() -> None:
    with pytest.raises(ValueError, match="upside down"):
        between(HIGHER, "5", "4.99")
    with pytest.raises(ValueError, match="yes/no"):
        Aim(HIGHER, Shape.YES_NO, Decimal("0.5"))


@pytest.mark.parametrize("cap", ["0", "-1"])
def test_a_cap_that_leaves_nothing_never_enters(cap: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        achieve(None, None, cap=Decimal(cap))


def test_nobody_says_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="not below"):
        achieve(number(HIGHER, "-1"), real("1"), manual=Decimal("-0.01"))
    assert achieve(number(HIGHER, "-1"), real("1"), manual=Decimal(0)).percent == 0


# --- roll-up ---


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], RolledUp(None, 0, 0)),
        ([None, None], RolledUp(None, 0, 2)),
        (["0"], RolledUp(Decimal(0), 1, 1)),
        (["90", None, "110"], RolledUp(Decimal(100), 2, 3)),
        (["0", "100"], RolledUp(Decimal(50), 2, 2)),
        ([None, "0", "100"], RolledUp(Decimal(50), 2, 3)),
    ],
)
def test_a_roll_up_is_the_mean_of_what_is_known(
    parts: list[str | None], expected: RolledUp
) -> None:
    assert roll_up(Decimal(part) if part else None for part in parts) == expected


# --- a second evaluator: on fractions, from the definition ---

numbers = st.decimals("-1000", "1000", places=3)
directions = st.sampled_from(Direction)


@st.composite
def aims(draw: st.DrawFn) -> Aim:
    direction = draw(directions)
    if draw(st.booleans()):
        return Aim(direction, Shape.VALUE, draw(numbers))
    low, high = sorted([draw(numbers), draw(numbers)])
    return Aim(direction, Shape.RANGE, low, high)


def slow(aim: Aim, value: Decimal) -> Fraction | None:
    low = Fraction(aim.low or 0)
    high = Fraction(aim.high or 0) if aim.shape is Shape.RANGE else low
    r = Fraction(value)
    if aim.shape is Shape.RANGE and low <= r <= high:
        return Fraction(100)
    t = low if r < low or aim.shape is Shape.VALUE else high
    if t < 0:
        return None
    if t == 0:
        return Fraction(100) if (r >= 0 if aim.direction is HIGHER else r <= 0) else Fraction(0)
    return max(Fraction(0), 100 * (r / t if aim.direction is HIGHER else 1 + (1 - r / t)))


@given(aim=aims(), value=numbers)
def test_a_second_evaluator_agrees(aim: Aim, value: Decimal) -> None:
    found, expected = achieve(aim, Figure(value)).percent, slow(aim, value)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert abs(Fraction(found) - expected) <= ALMOST * max(1, expected)


@given(aim=aims(), values=st.tuples(numbers, numbers))
def test_better_never_counts_less(aim: Aim, values: tuple[Decimal, Decimal]) -> None:
    worse, better = sorted(values, reverse=aim.direction is LOWER)
    less, more = achieve(aim, Figure(worse)).percent, achieve(aim, Figure(better)).percent
    assume(less is not None and more is not None)
    assert less <= more


@given(aim=aims(), value=numbers, power=st.integers(-6, 6))
def test_the_unit_of_measure_does_not_matter(aim: Aim, value: Decimal, power: int) -> None:
    """Tons or kilograms: the same percentage, to the last digit."""
    larger = Aim(
        aim.direction,
        aim.shape,
        *(bound if bound is None else bound.scaleb(power) for bound in (aim.low, aim.high)),
    )
    assert achieve(aim, Figure(value)) == achieve(larger, Figure(value.scaleb(power)))


@given(aim=aims(), value=numbers, cap=st.none() | st.decimals("0.01", "200", places=2))
def test_no_percentage_is_below_zero_and_none_counts_above_the_cap(
    aim: Aim, value: Decimal, cap: Decimal | None
) -> None:
    found, free = achieve(aim, Figure(value), cap=cap), achieve(aim, Figure(value))
    assert found.percent == free.percent
    if found.percent is None or found.counted is None:
        assert found.percent is found.counted is None
        return
    assert 0 <= found.counted <= found.percent
    assert found.counted == (found.percent if cap is None else min(found.percent, cap))
    assert (Note.CAPPED in found.notes) == (found.counted < found.percent)


@given(
    direction=directions,
    bounds=st.tuples(*[st.decimals("0.001", "1000", places=3)] * 2).map(sorted),
)
def test_a_range_has_no_step_at_its_bounds(direction: Direction, bounds: list[Decimal]) -> None:
    low, high = bounds
    aim = Aim(direction, Shape.RANGE, low, high)
    tiny = Decimal("1e-12")
    for bound, outside in ((low, low - tiny), (high, high + tiny)):
        assert achieve(aim, Figure(bound)).percent == 100
        beyond = achieve(aim, Figure(outside)).percent
        assert beyond is not None
        assert 0 < abs(beyond - 100) <= Decimal("1e-6")


@given(aim=aims())
def test_empty_never_counts_as_zero(aim: Aim) -> None:
    assert achieve(aim, Figure()).percent is None
    zero = achieve(aim, Figure(Decimal(0)))
    assert zero != achieve(aim, Figure())
    assert Note.NO_FIGURE not in zero.notes


@given(
    parts=st.lists(st.none() | st.decimals("0", "200", places=2), max_size=8),
    data=st.data(),
)
def test_a_roll_up_does_not_depend_on_the_order(
    parts: list[Decimal | None], data: st.DataObject
) -> None:
    found = roll_up(parts)
    assert roll_up(data.draw(st.permutations(parts))) == found
    known = [part for part in parts if part is not None]
    assert (found.known, found.total) == (len(known), len(parts))
    if found.percent is not None:
        assert min(known) <= found.percent <= max(known)
