"""Steps and default effort as data: what is refused and where, and the file that we bring."""

import copy
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import yaml

from assessments.improvement_rules import FILE, SCHEMA, Rules, improvement_rules, read
from assessments.instrument import instrument_files
from assessments.scoring import ScaleKind
from integrity_portal.core.data_files import UnableToReadData, parse

Data = dict[str, Any]
OURS: Data = yaml.safe_load(FILE.read_text())


def built(data: Data) -> Rules:
    return read(parse(json.dumps(data).encode(), SCHEMA, name="small.yaml"))


def put(*place: str | int, value: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        row: Any = data
        for step in place[:-1]:
            row = row[step]
        row[place[-1]] = value

    return change


REFUSED: dict[str, tuple[Callable[[Data], Any], str]] = {
    "no sentence": (put("note_id", value="  "), "note_id: '  ' does not match"),
    "not in English": (lambda data: data.pop("note_en"), "'note_en' is a required property"),
    "a ratio does not rise": (put("ratio_step", value="0"), "ratio_step: '0' does not match"),
    "a ratio rises by more than the whole": (
        put("ratio_step", value="101"),
        "ratio_step: '101' does not match",
    ),
    "a ratio as a number": (put("ratio_step", value=10), "ratio_step: 10 is not of type"),
    "an index does not rise": (put("index_step", value="0.0"), "index_step: '0.0' does not"),
    "an index falls": (put("index_step", value="-0.1"), "index_step: '-0.1' does not match"),
    "a step in no time": (put("days", "ratio", value=0), "days.ratio: 0 is less than"),
    "a step of a year": (put("days", "ratio", value=251), "days.ratio: 251 is greater than"),
    "half a day": (put("days", "options", value=0.5), "days.options: 0.5 is not of type"),
    "a scale without days": (lambda data: data["days"].pop("ratio"), "days: 'ratio' is a required"),
    "days of no scale": (put("days", "stars", value=1), "days: Additional properties are not"),
    "no areas": (put("areas", value=[]), "areas: [] should be non-empty"),
    "no such area": (put("areas", 2, "area", value="7"), "areas[2].area: '7' is not one of"),
    "no place": (put("areas", 2, "place", value="Area 3"), "areas[2].place: 'Area 3' does not"),
    "a place twice": (
        lambda data: data["areas"].append({"place": "A.I.3", "area": "4"}),
        "areas[15].place: “A.I.3” stands there twice",
    ),
    "unknown key": (put("hours", value=8), "'hours' was unexpected"),
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


def test_the_file_that_we_bring_is_read() -> None:
    found = improvement_rules()
    assert found == built(OURS)
    assert (found.ratio_step, found.index_step) == (Decimal("0.1"), Decimal("0.01"))
    assert set(found.days) == {ScaleKind.OPTIONS, ScaleKind.RATIO}


def test_every_place_stands_in_the_instrument_and_every_question_below_one() -> None:
    """Otherwise an improvement would fall into the first area without a word."""
    tree = instrument_files()["permenpanrb-90-2021"]
    places = {row["place"] for row in OURS["areas"]}
    assert places <= set(tree.tree.nodes)
    assert all(
        any(f"{code}.".startswith(f"{place}.") for place in places) for code in tree.questions
    )
