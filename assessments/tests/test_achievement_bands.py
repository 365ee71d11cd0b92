"""Bands of achievement as data: no holes, no doubt, and what is refused and where."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import example, given, strategies as st

from assessments.achievement import Aim, Direction, Figure, Shape, achieve, roll_up
from assessments.achievement_bands import (
    FILE,
    SCHEMA,
    Bands,
    band_of,
    band_sets,
    bands,
    read,
)
from integrity_portal.core.charts import Tone
from integrity_portal.core.data_files import UnableToReadData, parse

Data = dict[str, Any]
OURS: Data = yaml.safe_load(FILE.read_text())


def built(data: Data) -> dict[str, Bands]:
    return read(parse(json.dumps(data).encode(), SCHEMA, name="small.yaml"))


# --- the scale of Permendagri 86/2017 ---


@pytest.mark.parametrize(
    ("percent", "code", "tone"),
    [
        ("1000", "very_high", Tone.GOOD),
        ("91", "very_high", Tone.GOOD),
        ("90.5", "very_high", Tone.GOOD),
        ("90.0000000000001", "very_high", Tone.GOOD),
        ("90", "high", Tone.GOOD),
        ("89.9999999999999", "high", Tone.GOOD),
        ("75.01", "high", Tone.GOOD),
        ("75", "medium", Tone.WARN),
        ("65.5", "medium", Tone.WARN),
        ("65", "low", Tone.BAD),
        ("50.4", "low", Tone.BAD),
        ("50", "very_low", Tone.BAD),
        ("0", "very_low", Tone.BAD),
        ("-1", "very_low", Tone.BAD),
    ],
)
def test_a_band_begins_above_its_bound(percent: str, code: str, tone: Tone) -> None:
    band = band_of(Decimal(percent))
    assert band is not None
    assert (band.code, band.tone) == (code, tone)


def test_what_has_no_percentage_has_no_band() -> None:
    assert band_of(None) is None
    assert band_of(Decimal(0)) is not None


def test_the_error_of_a_mean_of_sevenths_lifts_nobody_over_a_bound() -> None:
    """1, 10 and 7.9 sevenths of 100: their mean is 90, their written sum a little more."""
    mean = roll_up(Decimal(sevenths) / 7 for sevenths in (100, 1000, 790)).percent
    assert mean is not None
    assert mean > 90
    assert band_of(mean) == band_of(Decimal(90))


def test_the_words_of_both_languages() -> None:
    scale = bands("permendagri-86-2017")
    assert [band.name.text_id for band in scale.bands] == [
        "Sangat tinggi",
        "Tinggi",
        "Sedang",
        "Rendah",
        "Sangat rendah",
    ]
    assert all(band.name.text_en and band.tone.shape for band in scale.bands)


def test_without_a_code_the_first_set_holds() -> None:
    assert bands() is bands("permendagri-86-2017") is next(iter(band_sets().values()))
    with pytest.raises(KeyError):
        bands("nobody")


@given(percent=st.decimals("-10", "500", places=6))
@example(Decimal(90))
@example(Decimal("65.5"))
def test_every_number_has_exactly_one_band(percent: Decimal) -> None:
    """From the definition: the bands whose interval holds it."""
    rows = bands().bands
    ceilings = [None, *(band.above for band in rows[:-1])]
    holding = [
        band
        for band, ceiling in zip(rows, ceilings, strict=True)
        if (band.above is None or percent > band.above) and (ceiling is None or percent <= ceiling)
    ]
    assert holding == [band_of(percent)]


@given(percents=st.tuples(*[st.decimals("0", "200", places=4)] * 2))
def test_more_is_never_called_less(percents: tuple[Decimal, Decimal]) -> None:
    less, more = sorted(percents)
    rows = bands().bands
    assert rows.index(bands().of(more)) <= rows.index(bands().of(less))


def test_the_band_is_of_the_unrounded_percentage() -> None:
    aim = Aim(Direction.HIGHER, Shape.VALUE, Decimal(3000))
    found = achieve(aim, Figure(Decimal("2700.1")))
    assert found.counted is not None
    assert f"{found.counted:.1f}" == "90.0"
    band = band_of(found.counted)
    assert band is not None
    assert band.code == "very_high"


# --- the file ---


def put(*place: str | int, value: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        row: Any = data
        for step in place[:-1]:
            row = row[step]
        row[place[-1]] = value

    return change


def put_band(place: int, key: str, value: Any) -> Callable[[Data], None]:
    return put("sets", 0, "bands", place, key, value=value)


REFUSED: dict[str, tuple[Callable[[Data], Any], str]] = {
    "no sets": (put("sets", value=[]), "sets: [] should be non-empty"),
    "no source": (lambda data: data["sets"][0].pop("source"), "'source' is a required property"),
    "a set twice": (
        lambda data: data["sets"].append(data["sets"][0]),
        "sets[1].code: “permendagri-86-2017” stands there twice",
    ),
    "a band twice": (
        put_band(3, "code", "high"),
        "sets[0].bands[3].code: “high” stands there twice",
    ),
    "a doubled bound": (put_band(1, "above", "90"), "sets[0].bands[1].above: the bounds fall"),
    "the same bound, written otherwise": (
        put_band(1, "above", "90.0"),
        "sets[0].bands[1].above: the bounds fall",
    ),
    "bounds that rise": (put_band(2, "above", "80"), "sets[0].bands[2].above: the bounds fall"),
    "a hole": (
        lambda data: data["sets"][0]["bands"][1].pop("above"),
        "sets[0].bands[1]: every band but the last",
    ),
    "nothing takes the rest": (
        put_band(4, "above", "10"),
        "sets[0].bands[4]: every band but the last",
    ),
    "one band": (
        lambda data: data["sets"][0].update(bands=data["sets"][0]["bands"][4:]),
        "is too short",
    ),
    "a bound as a number": (put_band(0, "above", 90), "sets[0].bands[0].above: 90 is not of type"),
    "a bound below nothing": (put_band(3, "above", "-5"), "above: '-5' does not match"),
    "no bound": (put_band(3, "above", "NaN"), "above: 'NaN' does not match"),
    "a light without colour": (put_band(0, "tone", ""), "tone: '' is not one of"),
    "a light without word": (put_band(0, "text_id", " "), "text_id: ' ' does not match"),
    "unknown key": (put_band(0, "below", "100"), "'below' was unexpected"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_with_the_place(name: str) -> None:
    change, sentence = REFUSED[name]
    data = copy.deepcopy(OURS)
    change(data)
    with pytest.raises(UnableToReadData) as refused:
        built(data)
    assert str(refused.value).startswith("small.yaml, line ")
    assert sentence in str(refused.value)


def test_bounds_are_compared_as_numbers() -> None:
    """As words, "100" stands before "90"."""
    data = copy.deepcopy(OURS)
    put_band(0, "above", "100")(data)
    (scale,) = built(data).values()
    band = scale.of(Decimal(95))
    assert band is not None
    assert band.code == "high"


def test_the_file_that_we_bring_is_read() -> None:
    assert band_sets() == built(OURS)
