"""Instruments as data: what is refused and where, and the two that we bring."""

from decimal import Decimal

import pytest
import yaml

from assessments.instrument import DATA, instrument_files
from assessments.scoring import Given, score
from assessments.tests.small_instrument import (
    again,
    built,
    put,
    question,
    small,
    without,
    words,
    yes_no,
)
from integrity_portal.core.data_files import UnableToReadData

NEW = "permenpanrb-90-2021"
OLD = "permenpanrb-52-2014"
# Of each area or part, in the order of the work-sheet.
QUESTIONS = {
    "A.I.1": [2, 3, 3, 4],
    "A.I.2": [3, 4, 2],
    "A.I.3": [3, 3, 6, 4, 1, 1],
    "A.I.4": [3, 8],
    "A.I.5": [2, 4, 4, 3, 5],
    "A.I.6": [4, 6, 3, 3, 3],
    "A.II.1": [2, 1, 1],
    "A.II.2": [1, 2, 3],
    "A.II.3": [1, 1, 1],
    "A.II.4": [1, 1, 1],
    "A.II.5": [1, 1, 2],
    "A.II.6": [2, 1],
    "B.I": [1, 1],
    "B.II": [1],
}
A_COUNT = [{"key": key, **words(key)} for key in ("done", "due", "done")]
REFUSED = {
    "scale twice": (again("scales"), "scales[3]: “YT” stands there twice"),
    "option twice": (
        put("scales", 0, "options", 1, "code", value="Ya"),
        "scales[0].options: an option stands there twice",
    ),
    "best is not 1": (
        put("scales", 0, "options", 0, "value", value="0.9"),
        "scales[0].options: the options do not go from 1 down to 0",
    ),
    "worst is not 0": (
        put("scales", 0, "options", 1, "value", value="0.1"),
        "scales[0].options: the options do not go from 1 down to 0",
    ),
    "two options of one value": (
        lambda data: data["scales"][0]["options"].insert(
            1, {"code": "Hampir", "value": "1", **words("H")}
        ),
        "scales[0].options: two options have the same value",
    ),
    "index up to 0": (put("scales", 2, "highest", value="0"), "scales[2].highest: an index needs"),
    "node twice": (again("nodes", 2), "nodes[3]: “B” stands there twice"),
    "parent later": (put("nodes", 0, "parent", value="B"), "nodes[0]: its parent B does not stand"),
    "sub-aspect twice": (again("sub_aspects"), "sub_aspects[3]: “A.I.i” stands there twice"),
    "not at the lowest level": (
        put("sub_aspects", 0, "code", value="A.i"),
        "sub_aspects[0].code: A is no node of the lowest level",
    ),
    "below nothing": (
        put("sub_aspects", 0, "code", value="C.i"),
        "sub_aspects[0].code: C is no node of the lowest level",
    ),
    "question twice": (
        put("sub_aspects", 0, "questions", 1, "code", value="A.I.i.a"),
        "sub_aspects[0].questions: a question stands there twice",
    ),
    "question elsewhere": (
        question(0, code="A.I.ii.c"),
        "sub_aspects[0].questions[0].code: A.I.ii.c does not belong to A.I.i",
    ),
    "no such scale": (
        question(0, scale="ABC"),
        "sub_aspects[0].questions[0].scale: there is no scale ABC",
    ),
    "options of another scale": (
        put("sub_aspects", 0, "questions", 0, "options", 0, "code", value="A"),
        "sub_aspects[0].questions[0].options: its options are not those of YT",
    ),
    "options in another order": (
        lambda data: data["sub_aspects"][0]["questions"][0]["options"].reverse(),
        "sub_aspects[0].questions[0].options: its options are not those of YT",
    ),
    "counts of an option": (
        question(0, counts=A_COUNT[:2]),
        "sub_aspects[0].questions[0]: counts, formula and zero belong to a ratio",
    ),
    "ratio without a rule": (
        without(1, "zero"),
        "sub_aspects[1].questions[0]: counts, formula and zero belong to a ratio",
    ),
    "formula is no Python": (question(1, formula="done /"), "formula: the formula cannot be read"),
    "formula is no fraction": (question(1, formula="done - due"), "it is no fraction"),
    "formula multiplies": (
        question(1, formula="done * 2 / due"),
        "sub_aspects[1].questions[0].formula: the formula cannot be read: only sums",
    ),
    "formula calls": (question(1, formula="exit() / due"), "only sums and differences"),
    "formula names no count": (
        question(1, formula="done / all"),
        "sub_aspects[1].questions[0].formula: the formula names no count: all",
    ),
    "part equals whole": (
        question(1, formula="(done + due) / (due + done)"),
        "sub_aspects[1].questions[0].formula: part and whole are the same",
    ),
    "part equals whole once signs cancel": (
        question(1, formula="(done + more - more) / done"),
        "sub_aspects[1].questions[0].formula: part and whole are the same",
    ),
    "whole always 0": (
        question(1, formula="done / (due - due)"),
        "sub_aspects[1].questions[0].formula: the whole can never be above 0",
    ),
    "whole never above 0": (
        question(1, formula="done / (due - due - more)"),
        "sub_aspects[1].questions[0].formula: the whole can never be above 0",
    ),
    "part always 0": (
        question(1, formula="(done - done) / due"),
        "sub_aspects[1].questions[0].formula: the part can never be above 0",
    ),
    "count twice": (
        question(1, counts=A_COUNT),
        "sub_aspects[1].questions[0].counts: a count stands there twice",
    ),
    "doubt suggests nothing there": (
        question(0, doubts=[{**words("Ragu"), "suggest": "B"}]),
        "sub_aspects[0].questions[0].doubts: there is no option B",
    ),
    "roots do not weigh the total": (
        put("total", value="11"),
        "total: the components weigh 10 together",
    ),
    "children do not weigh their node": (
        put("sub_aspects", 0, "weight", value="1"),
        "nodes: what is below A.I weighs 5",
    ),
    "upper children do not weigh their node": (
        put("nodes", 1, "weight", value="5"),
        "nodes: what is below A weighs 5",
    ),
    "nothing below": (
        lambda data: data["nodes"].append(
            {"code": "C", "parent": None, "weight": "0", **words("C", "title")}
        ),
        "nodes: C has nothing below it",
    ),
    "another number of questions": (
        put("question_count", value=5),
        "question_count: there are 4 questions",
    ),
    "another number of questions below a node": (
        put("nodes", 2, "questions", value=2),
        "nodes[2].questions: there are 1 questions below it",
    ),
    "no gates at all": (put("gates", value=[]), "gates: there is no gate of wbk"),
    "no gate of WBK": (
        lambda data: data.update(gates=data["gates"][3:]),
        "gates: there is no gate of wbk",
    ),
    "no gate of WBBM": (lambda data: data["gates"].pop(3), "gates: there is no gate of wbbm"),
    "two usual readings": (
        put("readings", 1, "is_default", value=True),
        "readings: exactly one reading is the usual one",
    ),
    "reading twice": (again("readings", 1), "readings[2]: “per_half” stands there twice"),
    "gate twice": (again("gates"), "gates[4]: “wbk.total” stands there twice"),
    "gate over nothing": (
        put("gates", 0, "nodes", value=["A", "X"]),
        "gates[0].nodes: there is no node X",
    ),
    "gate counts twice": (
        put("gates", 0, "nodes", value=["A", "A.I"]),
        "gates[0].nodes: one of its nodes stands inside another",
    ),
    "gate counts twice by its tree": (
        lambda data: (
            put("nodes", 1, "code", value="X")(data),
            put("sub_aspects", 0, "code", value="X.i")(data),
            put("sub_aspects", 1, "code", value="X.ii")(data),
            put("sub_aspects", 0, "questions", value=[yes_no("X.i.a"), yes_no("X.i.b")])(data),
            question(1, code="X.ii.a")(data),
            put("gates", 0, "nodes", value=["A", "X"])(data),
            put("gates", 1, "nodes", value=["X"])(data),
        ),
        "gates[0].nodes: one of its nodes stands inside another",
    ),
    "gate of no reading": (
        put("gates", 1, "reading", value="other"),
        "gates[1].reading: there is no reading other",
    ),
    "points out of reach": (
        put("gates", 2, "minimum", value="4.01"),
        "gates[2].minimum: nobody can reach 4.01",
    ),
    "percent out of reach": (
        put("gates", 1, "minimum", value="100.01"),
        "gates[1].minimum: nobody can reach 100.01",
    ),
    "no such day": (put("valid_from", value="2030-02-31"), "valid_from: day is out of range"),
    "ends before it begins": (
        put("valid_to", value="2029-12-31"),
        "valid_to: it ends before it begins",
    ),
    "unknown key": (put("weights", value=[]), "'weights' was unexpected"),
    "number instead of text": (put("total", value=10), "total: 10 is not of type"),
}


class TestRefused:
    def test_the_small_one_itself_is_accepted(self) -> None:
        found = built(small())
        assert list(found.tree.nodes) == ["A", "A.I", "A.I.i", "A.I.ii", "B", "B.i"]
        assert found.default_reading == "combined"

    @pytest.mark.parametrize("name", REFUSED)
    def test_with_the_place(self, name: str) -> None:
        change, sentence = REFUSED[name]
        data = small()
        change(data)
        with pytest.raises(UnableToReadData) as refused:
            built(data)
        assert str(refused.value).startswith("small.yaml, line ")
        assert sentence in str(refused.value)

    def test_history_is_not_tested_by_gates(self) -> None:
        data = small()
        data.update(is_history=True, gates=[])
        assert built(data).tree.gates == ()

    def test_what_nobody_needs_in_the_formula_is_supporting_data(self) -> None:
        counts = {row.key: row.is_needed for row in built(small()).questions["A.I.ii.a"].counts}
        assert counts == {"done": True, "due": True, "more": False}

    @pytest.mark.parametrize(
        ("formula", "counts", "share"),
        [
            ("(due - done) / due", (1, 4), "0.75"),
            ("done / (due + more)", (3, 2), "0.75"),
            ("done - more / due", None, ""),
        ],
    )
    def test_a_formula_is_read_as_it_is_written(
        self, formula: str, counts: tuple[int, int] | None, share: str
    ) -> None:
        data = small()
        question(1, formula=formula)(data)
        if counts is None:
            with pytest.raises(UnableToReadData, match="no fraction"):
                built(data)
            return
        said = {"done": Decimal(counts[0]), "due": Decimal(counts[1]), "more": Decimal(2)}
        found = score(built(data).tree, {"A.I.ii.a": Given(counts=said)})
        assert found.values["A.I.ii.a"].share == Decimal(share)


class TestOurFiles:
    def test_113_questions_of_which_87_23_and_3(self) -> None:
        found = instrument_files()[NEW]
        parts = {"A.I.": 87, "A.II.": 23, "B.": 3}
        assert len(found.questions) == 113
        assert {p: sum(c.startswith(p) for c in found.questions) for p in parts} == parts
        assert [row.position for row in found.questions.values()] == list(range(1, 114))

    def test_questions_of_every_part_as_in_the_annex(self) -> None:
        """PermenPANRB 90/2021, annex III: a question lost in one part and won in another shows."""
        found = instrument_files()[NEW]
        counts = {code: len(found.questions_of(code)) for code in found.sub_aspects}
        by_node: dict[str, list[int]] = {}
        for code, count in counts.items():
            by_node.setdefault(found.area_of(code), []).append(count)
        assert by_node == QUESTIONS

    @pytest.mark.parametrize("says", [112, 113])
    def test_90_2021_with_a_question_less_is_refused(self, says: int) -> None:
        """Also when the figures of the file are lowered with it."""
        data = yaml.safe_load((DATA / f"lke-{NEW}.yaml").read_text())
        data["sub_aspects"][0]["questions"].pop()
        data["question_count"] = says
        for row in data["nodes"]:
            if says == 112 and row["code"] in ("A", "A.I", "A.I.1"):
                row["questions"] -= 1
        with pytest.raises(UnableToReadData, match="question_count"):
            built(data)

    def test_weights_of_90_2021(self) -> None:
        """PermenPANRB 90/2021, annex III: areas 8, 7, 10, 10, 15, 10, half and half."""
        nodes = instrument_files()[NEW].tree.nodes
        halves = ["4", "3.5", "5", "5", "7.5", "5"]
        for half in ("A.I", "A.II"):
            found = [nodes[f"{half}.{area}"].weight for area in range(1, 7)]
            assert found == [Decimal(weight) for weight in halves]
        weights = {"A": "60", "B": "40", "B.I": "22.5", "B.II": "17.5", "B.I.a": "17.5"}
        assert {code: nodes[code].weight for code in weights} == {
            code: Decimal(weight) for code, weight in weights.items()
        }

    def test_points_at_stake_sum_up_to_the_total(self) -> None:
        for found in instrument_files().values():
            worth = sum((row.worth for row in found.questions.values()), Decimal(0))
            assert abs(worth - 100) < Decimal("1e-20")

    def test_gates_of_90_2021(self) -> None:
        found = {row.code: row for row in instrument_files()[NEW].tree.gates}
        points = {
            "wbk.total": "75",
            "wbk.pengungkit": "40",
            "wbk.bersih": "18.25",
            "wbk.ipak": "15.75",
            "wbk.kinerja": "2.5",
            "wbk.prima": "14",
            "wbbm.total": "85",
            "wbbm.pengungkit": "48",
            "wbbm.bersih": "19.5",
            "wbbm.ipak": "15.75",
            "wbbm.kinerja": "3.75",
            "wbbm.prima": "15.75",
        }
        assert {code: found[code].minimum for code in points} == {
            code: Decimal(minimum) for code, minimum in points.items()
        }
        areas = {"wbk": 60, "wbbm": 75}
        for predicate, percent in areas.items():
            rows = [row for row in found.values() if row.code.startswith(f"{predicate}.area.")]
            assert {row.minimum for row in rows if row.is_percent} == {Decimal(percent)}
            by_reading = [row.reading for row in rows]
            assert (by_reading.count("combined"), by_reading.count("per_half")) == (6, 12)

    def test_every_option_is_said_in_both_languages(self) -> None:
        for row in instrument_files()[NEW].questions.values():
            assert [each.code for each in row.options] == list(row.scale.options)
            assert all(each.text.text_id and each.text.text_en for each in row.options)

    def test_pages_stand_in_reading_order(self) -> None:
        found = instrument_files()[NEW]
        assert len(found.sub_aspects) == 45
        assert found.sub_aspects[:2] == ("A.I.1.i", "A.I.1.ii")
        assert found.area_of("A.II.5.iii") == "A.II.5"
        assert [row.code for row in found.questions_of("A.II.5.iii")] == [
            "A.II.5.iii.a",
            "A.II.5.iii.b",
        ]

    def test_the_older_one_holds_areas_only(self) -> None:
        found = instrument_files()[OLD]
        assert found.is_history
        assert found.unconfirmed
        assert found.readings == ()
        weights = [found.tree.nodes[f"A.{area}"].weight for area in range(1, 7)]
        assert weights == [5, 5, 15, 10, 15, 10]
