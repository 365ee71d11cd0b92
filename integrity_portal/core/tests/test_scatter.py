"""The field of two axes: equal table, numbers that never touch, readable with a hundred points."""

import random
import re
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings, strategies as st

from integrity_portal.core.charts import Corners, Point, ScatterChart
from integrity_portal.core.charts.scatter import (
    BAND,
    FIELD,
    MARK,
    NARROWEST,
    Mark,
    at,
    marks_of,
    touch,
)
from integrity_portal.core.tests.test_charts import assert_sound, elements

CORNERS = Corners("Siap, kurang rawan", "Rawan dan siap", "Kurang rawan", "Rawan, belum siap")
SHARE = st.decimals(min_value=0, max_value=100, places=1)


def chart(points: list[Point], **more: str) -> ScatterChart:
    return ScatterChart("Matriks", "Kerawanan", "Kesiapan", points, CORNERS, **more)


def named(count: int, place: tuple[int, int] | None = None) -> list[Point]:
    draw = random.Random(7)  # noqa: S311
    return [
        Point(
            f"Dinas {number}",
            Decimal(place[0] if place else draw.randint(0, 100)),
            Decimal(place[1] if place else draw.randint(0, 100)),
            number,
        )
        for number in range(1, count + 1)
    ]


def assert_apart(marks: list[Mark]) -> None:
    for one, two in combinations(marks, 2):
        assert not touch((one.x, one.y), two)


@pytest.mark.parametrize("count", [5, 8, 12])
@pytest.mark.parametrize("place", [None, (50, 50), (0, 0), (100, 100), (0, 100)])
def test_numbers_never_touch_even_when_all_stand_at_one_place(
    count: int, place: tuple[int, int] | None
) -> None:
    marks = marks_of(named(count, place))
    assert_apart(marks)
    for mark in marks:
        edge = 100 * MARK / NARROWEST
        assert edge - 0.01 <= mark.x <= 100 - edge + 0.01
        assert BAND + MARK - 0.1 <= mark.y <= BAND + FIELD - MARK + 0.1


@given(st.lists(st.tuples(SHARE, SHARE), min_size=1, max_size=12))
@settings(max_examples=80, deadline=None)
def test_numbers_never_touch(places: list) -> None:
    points = [Point("x", x, y, number) for number, (x, y) in enumerate(places, start=1)]
    assert_apart(marks_of(points))


def test_a_number_alone_stands_at_its_place() -> None:
    (mark,) = marks_of(named(1, (70, 30)))
    assert (mark.x, mark.y) == tuple(round(value, 2) for value in at(mark.point))


def test_the_table_says_what_the_drawing_shows() -> None:
    points = [
        Point("DPMPTSP", Decimal("71.25"), Decimal("87.5"), 1, ("Rawan dan siap", "1, terpilih")),
        Point("Setda & <b>", Decimal(0), Decimal(100), None, ("Siap", "2")),
    ]
    drawn = chart(points, word_headers=("Kuadran", "Urutan")).draw()
    assert_sound(drawn)
    assert drawn.table.header == ("Nama", "Kerawanan", "Kesiapan", "Kuadran", "Urutan")
    assert drawn.table.rows == (
        ("DPMPTSP", "71,3", "87,5", "Rawan dan siap", "1, terpilih"),
        ("Setda & <b>", "0,0", "100,0", "Siap", "2"),
    )
    said = " ".join(element.text or "" for element in elements(drawn))
    assert "1. DPMPTSP" in said
    assert "71 / 88" in said
    for corner in ("Rawan dan siap", "Rawan, belum siap"):
        assert corner in said


def test_a_hundred_points_are_drawn_and_those_at_one_place_are_one_dot() -> None:
    crowd = [Point(f"Unit {n}", Decimal(n % 10 * 10), Decimal(n % 7 * 10)) for n in range(100)]
    drawn = chart([*crowd, *named(8)], named="terpilih", others="unit lain").draw()
    assert_sound(drawn)
    svg = str(drawn.svg)
    places = {(point.x, point.y) for point in crowd}
    assert len(re.findall(r'<circle [^>]*fill="#ffffff"', svg)) == len(places)
    titles = [text for element in elements(drawn) if (text := element.text)]
    assert "Unit 0; Unit 70" in titles
    assert len(drawn.table.rows) == 108
    assert len(drawn.legend) == 2


def test_nothing_to_draw_says_so() -> None:
    assert "<circle" not in chart([]).draw().svg
