"""Work-sheets of 90/2021 worked by hand, and the gates."""

from decimal import Decimal
from typing import Any

import pytest

from assessments.scoring import (
    Gate,
    Given,
    Instrument,
    Node,
    Passed,
    Question,
    ScaleKind,
    Sheet,
    passed,
    score,
    verdict,
)
from assessments.tests.test_scoring import SCALES, counted, full

# --- 90/2021, worked by hand ---

MOST = {"YT": "Ya", "ABC": "A", "ABCD": "A", "ABCDE": "A"}


def best(question: Question) -> Given:
    if question.scale.kind is ScaleKind.INDEX:
        return Given(index=question.scale.highest)
    if question.ratio is None:
        return Given(MOST[question.scale.code])
    # All of the part, nothing of what is taken off it, and a whole of just that.
    counts = {key: Decimal(0) for key in question.ratio.keys}
    counts[question.ratio.part[0][0]] = counts[question.ratio.whole[0][0]] = Decimal(5)
    return Given(counts=counts)


def all_best() -> dict[str, Given]:
    return {code: best(question) for code, question in full().questions.items()}


def only(node: str) -> dict[str, Given]:
    """What stands below one node, all at its best."""
    return {code: row for code, row in all_best().items() if code.startswith(f"{node}.")}


# 60 points of Pengungkit cut to 40: Pemenuhan in full, ten points of Reform.
FORTY = {
    "A.II.1.i.a": counted(changes=8, agents=10),  # 0.8 × 1.00 = 0.800
    "A.II.2.ii.a": Given("A"),  # 1 × 0.50 = 0.500
    "A.II.2.ii.b": Given("B"),  # 0.5 × 0.50 = 0.250
    "A.II.3.i.a": Given("B"),  # 0.5 × 1.50 = 0.750
    "A.II.3.iii.a": counted(last_year=5, this_year=4),  # 0.2 × 2.00 = 0.400
    "A.II.4.i.a": counted(reached=1, targets=2),  # 0.5 × 2.00 = 1.000
    "A.II.5.i.a": Given("B"),  # 0.75 × 2.50 = 1.875
    "A.II.5.ii.a": counted(finished=7, due=7),  # 1 × 3.00 = 3.000
    "A.II.5.iii.a": counted(reported=17, heads=1, officials=9, others=30),  # 0.425 × 1.00
    "A.II.6.i.b": counted(simplified=4, registered=5),  # 0.8 × 1.25 = 1.000
}
RESULTS = {
    "B.I.a.a": Given(index=Decimal("3.60")),
    "B.I.b.a": Given("C"),
    "B.II.a.a": Given(index=Decimal("3.20")),
}


class TestWorkedTables:
    @pytest.mark.parametrize(
        ("node", "said", "points"),
        [
            ("B.I.a", {"a": Given(index=Decimal("3.60"))}, "15.75"),
            ("B.I.a", {"a": Given(index=Decimal("4.00"))}, "17.5"),
            ("B.II.a", {"a": Given(index=Decimal("3.20"))}, "14.00"),
            ("B.II.a", {"a": Given(index=Decimal("3.60"))}, "15.75"),
            ("B.I.b", {"a": Given("C")}, "2.50"),
            ("B.I.b", {"a": Given("B")}, "3.75"),
            # Four levels count 0.67 and 0.33.
            ("A.I.1.iii", {"a": Given("B"), "b": Given("B"), "c": Given("B")}, "0.67"),
            ("A.I.1.iii", {"a": Given("A"), "b": Given("B"), "c": Given("C")}, "0.6666666667"),
            ("A.I.3.v", {"a": Given("C")}, "0.2475"),
            # Mixed scales: (1 + 0.5 + 0 + 0) / 4 × 1.50.
            (
                "A.I.1.iv",
                {"a": Given("Ya"), "b": Given("B"), "c": Given("C"), "d": Given("D")},
                "0.5625",
            ),
            # One of eight answered: seven stay in the divisor.
            ("A.I.4.ii", {"a": Given("Ya")}, "0.3125"),
            ("A.II.5.iii", {"a": counted(reported=9, heads=2, officials=3, others=5)}, "0.9"),
            ("A.II.3.iii", {"a": counted(last_year=8, this_year=2)}, "1.5"),
            ("A.II.3.iii", {"a": counted(last_year=0, this_year=0)}, "2.0"),
            ("A.II.1.i", {"a": counted(changes=0, agents=0)}, "0"),
        ],
    )
    def test_a_sub_aspect(self, node: str, said: dict[str, Given], points: str) -> None:
        answers = {f"{node}.{letter}": row for letter, row in said.items()}
        value = score(full(), answers).nodes[node].value
        assert abs(value - Decimal(points)) < Decimal("1e-10")

    def test_all_at_best_is_one_hundred_and_passes_everything(self) -> None:
        found = score(full(), all_best())
        assert found.total.value == 100
        assert (found.total.answered, found.total.required) == (113, 113)
        for predicate in ("wbk", "wbbm"):
            result = verdict(full(), found, predicate)
            assert result.is_met("combined")
            assert result.is_met("per_half")

    def test_nothing_answered_is_zero_and_passes_nothing(self) -> None:
        found = score(full(), {})
        assert (found.total.value, found.total.answered, found.total.required) == (0, 0, 113)
        result = verdict(full(), found, "wbk")
        assert not any(row.is_met for row in result.always)
        assert not any(row.is_met for rows in result.readings.values() for row in rows)

    @pytest.mark.parametrize(
        ("code", "weight"),
        [
            ("A", "60"),
            ("A.I", "30"),
            ("A.II", "30"),
            ("A.I.2", "3.5"),
            ("A.II.5", "7.5"),
            ("B.I", "22.5"),
            ("B.II", "17.5"),
        ],
    )
    def test_the_whole_of_a_part_is_its_weight(self, code: str, weight: str) -> None:
        found = score(full(), only(code))
        assert found.nodes[code].value == found.total.value == Decimal(weight)

    def test_partial_gates_that_pass_while_the_total_does_not(self) -> None:
        """40 + 32.25 = 72.25 < 75."""
        found = score(full(), {**only("A.I"), **FORTY, **RESULTS})
        assert found.nodes["A"].value == 40
        assert found.nodes["B"].value == Decimal("32.25")
        result = verdict(full(), found, "wbk")
        assert [row.gate.code for row in result.unmet("combined")] == ["wbk.total"]
        assert result.always[0].missing == Decimal("2.75")

    def test_the_two_readings_of_an_area_differ(self) -> None:
        """Pemenuhan in full carries a weak Reform only where both are added up."""
        found = score(full(), {**only("A.I"), **FORTY, **RESULTS})
        result = verdict(full(), found, "wbk")
        halves = {row.gate.code: row for row in result.readings["per_half"]}
        assert all(row.is_met for row in result.readings["combined"])
        assert not halves["wbk.area.1.ii"].is_met
        # 60 % of 4 points less the 0.8 that are there.
        assert halves["wbk.area.1.ii"].missing == Decimal("1.6")
        assert halves["wbk.area.1.i"].is_met

    def test_wbbm_needs_more(self) -> None:
        found = score(full(), {**only("A"), **RESULTS})
        unmet = {row.gate.code for row in verdict(full(), found, "wbbm").unmet("combined")}
        # 18.25 of 19.50, C where B is asked for, 3.20 where 3.60 is.
        assert unmet == {"wbbm.bersih", "wbbm.kinerja", "wbbm.prima"}


class TestGates:
    def test_thirds_that_add_up_to_the_gate_pass_it(self) -> None:
        """Three times a third is 0.999… in 28 digits."""
        nodes = {
            code: Node(
                code,
                None,
                Decimal(1),
                tuple(Question(f"{code}.{n}", code, SCALES[0]) for n in range(3)),
            )
            for code in "XYZ"
        }
        gate = Gate("one", "wbk", ("X", "Y", "Z"), Decimal(1), is_percent=False)
        tree = Instrument(nodes, (gate,))
        found = passed(gate, score(tree, {f"{code}.0": Given("Ya") for code in "XYZ"}))
        assert found.value < 1
        assert found.is_met
        assert found.missing == 0

    @pytest.mark.parametrize(
        ("value", "is_met"),
        [("75", True), ("74.9999999999999999999", True), ("74.99999999999999", False)],
    )
    def test_near_enough_is_no_rounding(self, value: str, is_met: bool) -> None:
        gate = Gate("total", "wbk", ("A",), Decimal(75), is_percent=False)
        row = Passed(gate, Decimal(value), Decimal(75), Decimal(100))
        assert row.is_met is is_met
        assert (row.missing == 0) is is_met

    def test_percent_of_the_weight_and_of_what_is_missed(self) -> None:
        gate = next(row for row in full().gates if row.code == "wbk.area.5")
        row = passed(gate, score(full(), only("A.I.5")))
        assert (row.value, row.minimum, row.weight) == (Decimal("7.5"), 9, 15)
        assert (row.missing, row.percent) == (Decimal("1.5"), 50)

    def test_only_gates_of_the_predicate(self) -> None:
        sheet: Sheet = score(full(), {})
        codes: dict[str, Any] = {
            each: [row.gate.code for row in verdict(full(), sheet, each).always]
            for each in ("wbk", "wbbm")
        }
        assert all(code.startswith(f"{each}.") for each, rows in codes.items() for code in rows)
        assert len(codes["wbk"]) == len(codes["wbbm"]) == 6

    def test_an_unknown_reading_tests_what_always_holds(self) -> None:
        result = verdict(full(), score(full(), all_best()), "wbk")
        assert result.is_met("none")
