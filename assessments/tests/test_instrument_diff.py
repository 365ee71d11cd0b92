"""What differs between two editions, by code."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from assessments.instrument import instrument_files
from assessments.instrument_diff import Difference, Kind, difference
from assessments.tests.small_instrument import (
    Data,
    built,
    gate,
    put,
    question,
    small,
    words,
    yes_no,
)


def compared(*changes: Callable[[Data], None]) -> Difference:
    after = small()
    for change in changes:
        change(after)
    return difference(built(small()), built(after))


def said(found: Difference, kind: Kind) -> list[tuple[str, str]]:
    return [(row.code, row.what) for row in found.of(kind)]


def third_question(data: Data) -> None:
    data["sub_aspects"][0]["questions"].append(yes_no("A.I.i.c"))
    data["question_count"] = 5


def test_the_same_edition_differs_in_nothing() -> None:
    found = compared()
    assert found.changes == ()
    assert found.same == built(small()).questions.keys()
    every = instrument_files().values()
    assert all(difference(row, row).changes == () for row in every)


def test_an_added_question_takes_weight_from_its_neighbours() -> None:
    found = compared(third_question)
    assert said(found, Kind.ADDED) == [("A.I.i.c", "question")]
    assert said(found, Kind.WEIGHT) == [("A.I.i.a", "worth"), ("A.I.i.b", "worth")]
    assert found.of(Kind.WEIGHT)[0].before == Decimal(1)
    assert found.to_answer == {"A.I.i.c"}
    # The answers themselves still hold.
    assert found.same == {"A.I.i.a", "A.I.i.b", "A.I.ii.a", "B.i.a"}


def test_a_removed_question() -> None:
    def one_less(data: Data) -> None:
        data["sub_aspects"][0]["questions"].pop()
        data["question_count"] = 3

    found = compared(one_less)
    assert said(found, Kind.REMOVED) == [("A.I.i.b", "question")]
    assert "A.I.i.b" not in found.same | found.to_review | found.to_answer


def test_weights_of_nodes() -> None:
    found = compared(
        put("sub_aspects", 0, "weight", value="3"), put("sub_aspects", 1, "weight", value="3")
    )
    rows = [(row.code, row.what, row.before, row.after) for row in found.of(Kind.WEIGHT)]
    assert rows == [
        ("A.I.i", "node", 2, 3),
        ("A.I.ii", "node", 4, 3),
        ("A.I.i.a", "worth", 1, Decimal("1.5")),
        ("A.I.i.b", "worth", 1, Decimal("1.5")),
        ("A.I.ii.a", "worth", 4, 3),
    ]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (question(0, **words("Sudah ada?")), "text"),
        (question(0, **words("Catatan", "note")), "note"),
        (question(0, evidence=[words("SK")]), "evidence 1"),
        (question(0, doubts=[words("Ragu")]), "doubt 1"),
        (
            put("sub_aspects", 0, "questions", 0, "options", 1, "text_id", value="Belum"),
            "option Tidak",
        ),
    ],
)
def test_other_words_ask_for_a_look(change: Callable[[Data], None], what: str) -> None:
    found = compared(change)
    assert [(row.kind, row.code, row.what) for row in found.changes] == [
        (Kind.WORDS, "A.I.i.a", what)
    ]
    assert found.to_review == {"A.I.i.a"}
    assert "A.I.i.a" not in found.same


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (
            question(1, formula="(due - done) / due"),
            "done / due; 0/0: ask",
            "(due - done) / due; 0/0: ask",
        ),
        (question(1, zero="full"), "done / due; 0/0: ask", "done / due; 0/0: full"),
    ],
)
def test_another_formula_or_rule_asks_anew(
    change: Callable[[Data], None], before: str, after: str
) -> None:
    found = compared(change)
    rows = [(row.kind, row.what, row.before, row.after) for row in found.changes]
    assert rows == [(Kind.SCALE, "formula", before, after)]
    assert found.to_answer == {"A.I.ii.a"}


def test_another_value_of_an_option_is_another_scale() -> None:
    def middle(data: Data) -> None:
        half = {"code": "Separuh", "value": "0.5", **words("Separuh")}
        data["scales"][0]["options"].insert(1, half)
        for row in data["sub_aspects"][0]["questions"]:
            row["options"].insert(1, {"code": "Separuh", **words("Separuh")})

    found = compared(middle)
    assert said(found, Kind.SCALE) == [("A.I.i.a", "scale"), ("A.I.i.b", "scale")]
    assert found.to_answer == {"A.I.i.a", "A.I.i.b"}


def test_gates() -> None:
    found = compared(
        put("gates", 0, "minimum", value="8.5"),
        lambda data: data["gates"].append(gate("wbk.c", ["B"], "50", unit="percent")),
        lambda data: data["gates"].pop(2),
    )
    rows = {row.code: (row.before, row.after) for row in found.of(Kind.GATE)}
    assert rows == {
        "wbk.total": ("A + B ≥ 7.5", "A + B ≥ 8.5"),
        "wbk.c": (None, "B ≥ 50%"),
        "wbk.b": ("B.i ≥ 3", None),
    }


def test_between_regulations_nearly_everything_is_new() -> None:
    files = instrument_files()
    found = difference(files["permenpanrb-52-2014"], files["permenpanrb-90-2021"])
    assert found.to_answer >= {
        code for code in files["permenpanrb-90-2021"].questions if code.startswith("A.")
    }
    assert len(found.same) + len(found.to_review) + len(found.to_answer) == 113
