"""Drawings inside a line of a table: well-formed, titled, inside their box, light."""

from decimal import Decimal
from xml.etree import ElementTree

from hypothesis import given, settings, strategies as st

from integrity_portal.core.charts import Bullet, Sparkline, Tone
from integrity_portal.core.charts.small import HEIGHT, WIDTH
from integrity_portal.core.tests.test_charts import SVG, TONES, VALUES, WORDS


def drawn(svg: str, title: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314
    assert root.get("role") == "img"
    found = root.find(f"{SVG}title")
    assert found is not None
    assert (found.text or "") == title.replace("\r\n", "\n").replace("\r", "\n")
    assert not any("style" in element.attrib for element in root.iter())
    return list(root.iter())


@settings(deadline=None)
@given(WORDS, st.lists(VALUES, max_size=10), TONES)
def test_a_trend_stays_in_its_box(title: str, values: list[Decimal | None], tone: Tone) -> None:
    for element in drawn(Sparkline(title, values, tone).draw(), title):
        for name, most in (("cx", WIDTH), ("cy", HEIGHT)):
            assert 0 <= float(element.get(name, "0")) <= most


@settings(deadline=None)
@given(WORDS, VALUES, VALUES, VALUES, TONES)
def test_a_bullet_stays_in_its_box(
    title: str, actual: Decimal | None, low: Decimal | None, high: Decimal | None, tone: Tone
) -> None:
    for element in drawn(Bullet(title, actual, low, high, tone).draw(), title):
        start, width = float(element.get("x", "0")), float(element.get("width", "0"))
        assert 0 <= start <= WIDTH
        assert start + width <= WIDTH + 3


def paths(svg: str) -> list[str]:
    return [e.get("d", "") for e in drawn(svg, "t") if e.tag == f"{SVG}path"]


def test_a_gap_breaks_the_trend_and_what_stands_alone_is_a_dot() -> None:
    values = [Decimal(1), Decimal(2), None, Decimal(4), None, Decimal(5), Decimal(6)]
    svg = Sparkline("t", values, Tone.BAD).draw()
    (path,) = paths(svg)
    assert (path.count("M"), path.count("L")) == (3, 2)
    dots = [e for e in drawn(svg, "t") if e.tag == f"{SVG}circle"]
    assert [dot.get("fill") for dot in dots] == [Tone.NONE.fill, Tone.BAD.fill]


def test_a_range_is_a_band_and_a_target_a_mark() -> None:
    band = Bullet("t", Decimal(5), Decimal(4), Decimal(8)).draw()
    mark = Bullet("t", Decimal(5), Decimal(4)).draw()
    assert band.count('fill="none"') == 1
    assert mark.count('fill="none"') == 0
    assert mark.count("<rect") == 3


def test_zero_is_no_bar_and_nothing_is_none_either() -> None:
    for actual in (Decimal(0), None):
        assert Bullet("t", actual, Decimal(4)).draw().count("<rect") == 2


def test_each_is_a_few_hundred_bytes() -> None:
    values = [Decimal(number) for number in range(6)]
    assert len(Sparkline("t", values, Tone.WARN).draw()) < 400
    assert len(Bullet("t", Decimal(3), Decimal(4), tone=Tone.WARN).draw()) < 450
