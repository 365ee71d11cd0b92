"""Charts: well-formed, escaped, no style attribute, and the equal table beside them."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given, settings, strategies as st

from integrity_portal.core.charts import (
    Bar,
    BarChart,
    Chart,
    HeatCell,
    HeatRow,
    HeatTable,
    Line,
    LineChart,
    StackedBarChart,
    StackedRow,
    Target,
    TargetChart,
    Tone,
)

SVG = "{http://www.w3.org/2000/svg}"
# What XML 1.0 can hold; forms let nothing else in.
WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe\uffff"),
    max_size=80,
)
VALUES = st.one_of(
    st.none(),
    st.just(Decimal(0)),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30),
)
TONES = st.sampled_from(list(Tone))


def elements(chart: Chart) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(chart.svg)  # noqa: S314
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    return list(root.iter())


def assert_sound(chart: Chart) -> None:
    for element in elements(chart):
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "rect",
            "line",
            "circle",
            "text",
        }
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)
        for name in ("x", "width", "cx", "x1", "x2"):
            share = element.get(name, "0")
            if share.endswith("%"):
                assert 0 <= float(share[:-1]) <= 100, element.attrib
    for row in chart.table.rows:
        assert len(row) == len(chart.table.header)


@settings(deadline=None)
@given(WORDS, st.lists(st.tuples(WORDS, VALUES, TONES), max_size=8), st.one_of(st.none(), VALUES))
def test_bars(
    title: str, rows: list[tuple[str, Decimal | None, Tone]], threshold: Decimal | None
) -> None:
    bars = [Bar(*row) for row in rows]
    chart = BarChart(title=title, bars=bars, threshold=threshold).draw()
    assert_sound(chart)
    assert len(chart.table.rows) == len(rows)


@settings(deadline=None)
@given(
    st.lists(WORDS, max_size=4),
    st.lists(st.tuples(WORDS, st.lists(VALUES, max_size=5)), max_size=5),
)
def test_stacked_bars(series: list[str], rows: list[tuple[str, list[Decimal | None]]]) -> None:
    stacked = [StackedRow(*row) for row in rows]
    assert_sound(StackedBarChart(title="t", series=series, rows=stacked, tones=[Tone.WARN]).draw())


@settings(deadline=None)
@given(
    st.lists(WORDS, max_size=14),
    st.lists(st.tuples(WORDS, st.lists(VALUES, max_size=14)), max_size=5),
    VALUES,
    st.booleans(),
)
def test_lines(
    periods: list[str],
    lines: list[tuple[str, list[Decimal | None]]],
    target: Decimal | None,
    zero: bool,
) -> None:
    drawn = [Line(*line) for line in lines]
    chart = LineChart(title="t", periods=periods, lines=drawn, target=target, from_zero=zero).draw()
    assert_sound(chart)
    assert len(chart.table.rows) == len(periods)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, VALUES, VALUES, WORDS), max_size=6), TONES)
def test_targets(rows: list[tuple[str, Decimal | None, Decimal | None, str]], tone: Tone) -> None:
    targets = [Target(*row, tone=tone, word="x") for row in rows]
    assert_sound(TargetChart(title="t", targets=targets).draw())


@settings(deadline=None)
@given(st.lists(WORDS, max_size=12), st.lists(st.lists(VALUES, max_size=13), max_size=5), TONES)
def test_heat(columns: list[str], rows: list[list[Decimal | None]], tone: Tone) -> None:
    heat = [HeatRow("r", [HeatCell(value, tone, "w") for value in row]) for row in rows]
    assert_sound(HeatTable(title="t", columns=columns, rows=heat).draw())


def test_labels_are_text_never_markup() -> None:
    nasty = "</text><script>alert(1)</script>"
    charts = [
        BarChart(title=nasty, bars=[Bar(nasty, Decimal(1), Tone.BAD, nasty)]).draw(),
        StackedBarChart(title=nasty, series=[nasty], rows=[StackedRow(nasty, [Decimal(1)])]).draw(),
        LineChart(title=nasty, periods=[nasty], lines=[Line(nasty, [Decimal(1)])] * 2).draw(),
        TargetChart(title=nasty, targets=[Target(nasty, Decimal(1), None, word=nasty)]).draw(),
        HeatTable(title=nasty, columns=[nasty], rows=[HeatRow(nasty, [HeatCell(None)])]).draw(),
    ]
    for chart in charts:
        assert_sound(chart)
        source = "{% load portal %}{% chart c 'visible' %}"
        assert "<script" not in Template(source).render(Context({"c": chart}))


def test_length_follows_the_value_and_zero_has_no_bar() -> None:
    chart = BarChart(
        title="t", bars=[Bar("a", Decimal(50)), Bar("b", Decimal(0))], maximum=Decimal(100)
    ).draw()
    widths = [e.get("width") for e in elements(chart) if e.tag == f"{SVG}rect"]
    assert widths == ["100%", "50%", "100%"]


def test_negative_values_run_left_from_zero() -> None:
    chart = BarChart(title="t", bars=[Bar("a", Decimal(-10)), Bar("b", Decimal(30))]).draw()
    bars = [e for e in elements(chart) if e.tag == f"{SVG}rect"]
    assert (bars[1].get("x"), bars[1].get("width")) == ("0%", "25%")
    assert (bars[3].get("x"), bars[3].get("width")) == ("25%", "75%")


def test_an_unknown_value_is_a_dash_and_not_a_zero() -> None:
    chart = BarChart(title="t", bars=[Bar("a", None), Bar("b", Decimal("NaN"))]).draw()
    assert [row[1] for row in chart.table.rows] == ["–", "–"]
    assert len([e for e in elements(chart) if e.tag == f"{SVG}rect"]) == 2


def test_a_gap_breaks_the_line() -> None:
    values = [Decimal(1), Decimal(2), None, Decimal(4), Decimal(5)]
    chart = LineChart(title="t", periods=list("abcde"), lines=[Line("l", values)]).draw()
    strokes = [e for e in elements(chart) if e.tag == f"{SVG}line" and e.get("stroke-width") == "3"]
    assert len(strokes) == 2


@pytest.mark.parametrize("tone", [Tone.GOOD, Tone.WARN, Tone.BAD])
def test_colour_never_stands_alone(tone: Tone) -> None:
    chart = BarChart(title="t", bars=[Bar("a", Decimal(1), tone, "Kata")]).draw()
    assert tone.shape in chart.svg
    assert "Kata" in chart.legend[0]
    assert chart.table.rows[0][-1] == "Kata"
    assert (tone.edge != "none") == (tone is Tone.WARN)


def test_nothing_yet_is_said() -> None:
    for chart in (
        BarChart(title="t", bars=[]).draw(),
        LineChart(title="t", periods=["a"], lines=[Line("l", [None])]).draw(),
        HeatTable(title="t", columns=[], rows=[]).draw(),
    ):
        assert_sound(chart)
        assert len([e for e in elements(chart) if e.tag == f"{SVG}text"]) == 1


def test_the_description_speaks_the_figures() -> None:
    chart = BarChart(title="t", bars=[Bar(str(n), Decimal(n)) for n in range(20)], places=0).draw()
    description = next(e.text for e in elements(chart) if e.tag == f"{SVG}desc")
    assert description is not None
    assert description.startswith("0: 0; 1: 1")
    assert "8" in description.rsplit(";", 1)[1]


def test_the_table_can_be_folded_shown_or_left_out() -> None:
    chart = BarChart(title="t", bars=[Bar("a", Decimal(1))]).draw()

    def page(show: str) -> str:
        return Template("{% load portal %}{% chart c show %}").render(
            Context({"c": chart, "show": show})
        )

    assert "<details" in page("details")
    assert "<table" in page("visible")
    assert "<details" not in page("visible")
    assert "<table" not in page("none")
