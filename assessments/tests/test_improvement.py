"""The cheapest way through the gates, against trying everything."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from assessments import scoring
from assessments.cheapest import Demand, Picks, Step, cheapest
from assessments.improvement import Level, Plan, Wanted, ladder, plan, survey_levels
from assessments.improvement_rules import improvement_rules
from assessments.instrument import instrument_files
from assessments.scoring import (
    Gate,
    Given,
    Instrument,
    Node,
    Passed,
    Question,
    ScaleKind,
    Value,
    Verdict,
    ZeroRule,
)
from assessments.tests.test_scoring import FORMULAS, INDEX, RATIO, SCALES, counted, full, ratio
from assessments.tests.test_scoring_tables import FORTY, RESULTS, only

RULES = improvement_rules()
# Big steps, so that everything can be tried.
COARSE = replace(RULES, ratio_step=Decimal("0.5"), index_step=Decimal(2))
YES_NO, THREE, FOUR, FIVE = SCALES


def shares(tree: Instrument, answers: dict[str, Given]) -> dict[str, Value]:
    return scoring.score(tree, answers).values


# --- levels ---


class TestLadder:
    def test_of_options_upwards_from_where_it_stands(self) -> None:
        question = Question("A.a", "A", FOUR)
        assert ladder(question, Decimal("0.33"), RULES) == [
            Level(Decimal("0.33"), 0, "C"),
            Level(Decimal("0.67"), 1, "B"),
            Level(Decimal(1), 2, "A"),
        ]

    def test_nothing_answered_is_the_lowest_option(self) -> None:
        found = ladder(Question("A.a", "A", YES_NO), Decimal(0), RULES)
        assert [(row.option, row.steps) for row in found] == [("Tidak", 0), ("Ya", 1)]

    def test_of_a_ratio_by_ten_percentage_points_up_to_the_whole(self) -> None:
        found = ladder(ratio(), Decimal("0.75"), RULES)
        assert [str(row.share) for row in found] == ["0.75", "0.85", "0.95", "1"]
        assert [row.steps for row in found] == [0, 1, 2, 3]

    def test_of_a_survey_by_what_can_be_said(self) -> None:
        found = survey_levels(Question("B.a", "B", INDEX), Decimal("3.975") / 4, RULES)
        assert [row * 4 for row in found] == [
            Decimal(each) for each in ("3.975", "3.98", "3.99", "4")
        ]

    def test_nothing_stands_above_the_best(self) -> None:
        for question in (Question("A.a", "A", FIVE), ratio()):
            assert len(ladder(question, Decimal(1), RULES)) == 1
        assert survey_levels(Question("B.a", "B", INDEX), Decimal(1), RULES) == [1]


# --- against trying everything ---


def is_survey(question: Question) -> bool:
    return question.scale.kind is ScaleKind.INDEX


def shares_of(question: Question, share: Decimal) -> list[Decimal]:
    if is_survey(question):
        return survey_levels(question, share, COARSE)
    return [row.share for row in ladder(question, share, COARSE)]


@st.composite
def small_sheets(draw: st.DrawFn) -> tuple[Instrument, dict[str, Value], dict[str, int]]:
    """Three parts in two halves, up to six questions, gates that cross and do not cross."""
    nodes = {
        "A": Node("A", None, Decimal(0)),
        "A.1": Node("A.1", "A", Decimal(draw(st.integers(1, 40))) / 8, ()),
        "A.2": Node("A.2", "A", Decimal(draw(st.integers(1, 40))) / 8, ()),
        "B": Node("B", None, Decimal(draw(st.integers(1, 40))) / 8, ()),
    }
    for code in ("A.1", "A.2", "B"):
        rows = []
        for number in range(draw(st.integers(1, 2))):
            scale = draw(st.sampled_from([*SCALES, RATIO, INDEX]))
            formula = replace(FORMULAS[0], zero=ZeroRule.NONE) if scale is RATIO else None
            rows.append(Question(f"{code}.{number}", code, scale, formula))
        nodes[code] = replace(nodes[code], questions=tuple(rows))
    nodes["A"] = replace(nodes["A"], weight=nodes["A.1"].weight + nodes["A.2"].weight)
    percent = st.sampled_from([0, 25, 33, 50, 60, 67, 75, 90, 100]).map(Decimal)
    places = [("A", "B"), ("A",), ("A.1",), ("A.2", "B"), ("B",)]
    gates = tuple(
        Gate("+".join(rows), "wbk", rows, draw(percent), True, "other" if rows == ("B",) else "")
        for rows in places
    )
    tree = Instrument(nodes, gates)
    values, efforts = {}, {}
    for code, question in tree.questions.items():
        start = draw(st.sampled_from([None, 0, 0, 1]))
        if start is not None:
            values[code] = Value(shares_of(question, Decimal(0))[start])
        if draw(st.booleans()):
            efforts[code] = draw(st.integers(1, 9))
    return tree, values, efforts


@dataclass(frozen=True)
class Tried:
    """One combination: where the surveys stand, in their order, what it costs, what it passes."""

    surveys: tuple[Decimal, ...]
    days: int
    passed: frozenset[str]


def everything(
    tree: Instrument, values: dict[str, Value], efforts: dict[str, int], wanted: Wanted
) -> Iterator[Tried]:
    levels = {}
    for code, question in tree.questions.items():
        share = values[code].share if code in values else None
        rows = shares_of(question, share or Decimal(0))
        levels[code] = rows[:1] if code in wanted.fixed else rows
    for picks in itertools.product(*(range(len(rows)) for rows in levels.values())):
        chosen = dict(zip(levels, picks, strict=True))
        raised = {code: Value(levels[code][pick]) for code, pick in chosen.items()}
        found = scoring.verdict(tree, scoring.tally(tree, raised), wanted.predicate)
        surveys = [code for code, question in tree.questions.items() if is_survey(question)]
        yield Tried(
            tuple(levels[code][chosen[code]] for code in surveys),
            sum(
                pick * efforts.get(code, COARSE.days[tree.questions[code].scale.kind])
                for code, pick in chosen.items()
                if code not in surveys
            ),
            frozenset(row.gate.code for row in gates_of(found, wanted) if row.is_met),
        )


def gates_of(found: Verdict, wanted: Wanted) -> list[Passed]:
    return [*found.always, *found.readings.get(wanted.reading, ())]


def some(tree: Instrument, which: str) -> frozenset[str]:
    """Surveys, by how their code ends."""
    rows = tree.questions.items()
    return frozenset(code for code, row in rows if is_survey(row) and code.endswith(which))


class TestAgainstTryingEverything:
    @settings(max_examples=60, deadline=None)
    @given(small_sheets(), st.sampled_from(["", "0", "nothing"]), st.sampled_from(["", "other"]))
    def test_nothing_passes_more_on_lower_surveys_or_in_fewer_days(
        self,
        drawn: tuple[Instrument, dict[str, Value], dict[str, int]],
        fixed: str,
        reading: str,
    ) -> None:
        """Every gate that any combination passes; then the lowest surveys, the first ones first;
        then the fewest days."""
        tree, values, efforts = drawn
        wanted = Wanted("wbk", reading, some(tree, fixed))
        found = plan(tree, values, efforts, wanted, COARSE)
        tried = list(everything(tree, values, efforts, wanted))
        reachable = frozenset.union(*(row.passed for row in tried))
        best = min((row.surveys, row.days) for row in tried if row.passed >= reachable)
        met = {row.gate.code for row in gates_of(found.verdict_after, wanted) if row.is_met}
        assert met >= reachable
        shares = [found.after.values[c].share for c, q in tree.questions.items() if is_survey(q)]
        assert (tuple(share or 0 for share in shares), found.days) == best
        unreachable = {row.gate.code for row in gates_of(found.verdict_after, wanted)} - reachable
        assert {row.passed.gate.code for row in found.open} == unreachable

    @settings(max_examples=60, deadline=None)
    @given(small_sheets())
    def test_what_it_says_of_itself(
        self, drawn: tuple[Instrument, dict[str, Value], dict[str, int]]
    ) -> None:
        tree, values, efforts = drawn
        found = plan(tree, values, efforts, Wanted("wbk", ""), COARSE)
        assert found.open == ()
        won = sum((row.points for row in found.improvements), Decimal(0))
        assert abs(found.points - won - found.survey_points) < Decimal("1e-18")
        assert all(row.after.share > row.before.share for row in found.improvements)
        assert all(row.is_default is (row.code not in efforts) for row in found.improvements)
        assert not {row.code for row in found.improvements if is_survey(tree.questions[row.code])}
        assert all(row.gates for row in found.conditions)
        # Each of them is needed: without it some gate is not met.
        reached = {row.code: Value(row.after.share) for row in found.improvements}
        reached |= {row.code: Value(row.share) for row in found.conditions}
        for code in reached:
            less = {other: value for other, value in reached.items() if other != code}
            sheet = scoring.tally(tree, {**values, **less})
            assert not scoring.verdict(tree, sheet, "wbk").is_met("")

    @settings(max_examples=60, deadline=None)
    @given(small_sheets())
    def test_what_it_says_of_gates_that_stay_open(
        self, drawn: tuple[Instrument, dict[str, Value], dict[str, int]]
    ) -> None:
        """With the survey that it names where it says, the gate can be reached; not below."""
        tree, values, efforts = drawn
        wanted = Wanted("wbk", "", frozenset(tree.questions))
        for gate in plan(tree, values, efforts, wanted, COARSE).open:
            assert gate.kept
            for kept in gate.kept:
                levels = survey_levels(tree.questions[kept.code], kept.before or Decimal(0), COARSE)
                reaching = [
                    share
                    for share in levels
                    if gate.passed.gate.code
                    not in open_codes(tree, {**values, kept.code: Value(share)}, wanted)
                ]
                assert kept.enough == (reaching[0] if reaching else None)


def open_codes(tree: Instrument, values: dict[str, Value], wanted: Wanted) -> set[str]:
    return {row.passed.gate.code for row in plan(tree, values, {}, wanted, COARSE).open}


class TestWhereFloatingPointLies:
    def test_a_hair_below_the_gate_is_not_taken(self) -> None:
        """The solver takes the cheap one for enough; it is 1e-12 short."""
        groups = [[Step(1, Decimal("0.999999999999"))], [Step(5, Decimal(1))]]
        demands = [Demand(frozenset({0, 1}), Decimal(1))]
        asked: list[Picks] = []

        def failed(picks: Picks) -> list[int]:
            asked.append(picks)
            got = sum(
                (groups[n][pick - 1].gain for n, pick in enumerate(picks) if pick), Decimal(0)
            )
            return [0] if got < 1 else []

        assert cheapest(groups, demands, failed) == [0, 1]
        assert asked[0] == [1, 0]

    def test_thirds_that_add_up_exactly_are_taken(self) -> None:
        nodes = {
            code: Node(
                code, None, Decimal(1), tuple(Question(f"{code}.{n}", code, YES_NO) for n in "abc")
            )
            for code in "XYZ"
        }
        gate = Gate("two", "wbk", ("X", "Y", "Z"), Decimal(2), is_percent=False)
        found = plan(Instrument(nodes, (gate,)), {}, {}, Wanted("wbk", ""), RULES)
        assert len(found.improvements) == 6
        assert found.verdict_after.is_met("")


# --- 90/2021 ---


def planned(answers: dict[str, Given], *fixed: str, target: str = "wbk", **efforts: int) -> Plan:
    given_days = {code.replace("_", "."): days for code, days in efforts.items()}
    wanted = Wanted(target, "combined", frozenset(fixed))
    return plan(full(), shares(full(), answers), given_days, wanted, RULES)


SURVEYS = ("B.I.a.a", "B.II.a.a")


class TestOf90of2021:
    def test_already_there_asks_for_nothing(self) -> None:
        best = {**only("A"), **only("B")}
        found = planned(best)
        assert (found.open, found.conditions, found.improvements, found.days) == ((), (), (), 0)

    def test_the_total_that_is_short_by_the_partial_gates(self) -> None:
        """40 + 32.25 is 2.75 short: the cheapest steps are the heavy ones of Reform."""
        found = planned({**only("A.I"), **FORTY, **RESULTS})
        assert found.after.total.value >= 75
        assert found.points >= Decimal("2.75")
        # B.I.b: one step of 1.25 points. A.II.5.i: 0.625. A.II.6.ii: 0.825 for one of four levels.
        assert found.days <= 40
        assert found.verdict_after.is_met("combined")

    def test_own_estimates_move_the_plan(self) -> None:
        start = {**only("A.I"), **FORTY, **RESULTS}
        usual = planned(start)
        code = usual.improvements[0].code
        dear = planned(start, **{code.replace(".", "_"): 200})
        assert code not in {row.code for row in dear.improvements}
        assert dear.days >= usual.days

    def test_what_is_too_low_or_not_held_is_a_condition_without_days(self) -> None:
        weak = {**RESULTS, "B.I.a.a": Given(index=Decimal("3.5"))}
        del weak["B.II.a.a"]
        found = planned({**only("A"), **weak})
        assert (found.open, found.improvements, found.days) == ((), (), 0)
        assert [(c.code, c.before, c.share * 4, c.gates) for c in found.conditions] == [
            ("B.I.a.a", Decimal("0.875"), Decimal("3.6"), ("wbk.ipak",)),
            ("B.II.a.a", None, Decimal("3.2"), ("wbk.prima",)),
        ]
        assert found.points == found.survey_points == Decimal("14.4375")

    def test_a_survey_that_stays_keeps_its_gate_open_and_the_rest_is_planned(self) -> None:
        start = {**only("A.I"), **FORTY, **RESULTS, "B.I.a.a": Given(index=Decimal("3.5"))}
        found = planned(start, *SURVEYS)
        ((gate, kept),) = [(row.passed, row.kept) for row in found.open]
        assert (gate.gate.code, gate.missing) == ("wbk.ipak", Decimal("0.4375"))
        assert [(row.code, row.before, row.enough) for row in kept] == [
            ("B.I.a.a", Decimal("0.875"), Decimal("0.9"))
        ]
        assert found.conditions == ()
        # 71.8125 points now: the total is in reach, and planned.
        assert found.improvements
        assert [row.gate.code for row in found.verdict_after.unmet("combined")] == ["wbk.ipak"]

    @pytest.mark.parametrize("reading", ["combined", "per_half"])
    @pytest.mark.parametrize("target", ["wbk", "wbbm"])
    def test_from_nothing_at_all(self, target: str, reading: str) -> None:
        found = plan(full(), {}, {}, Wanted(target, reading), RULES)
        assert found.verdict_after.is_met(reading)
        asked = {"wbk": ["3.6", "3.2"], "wbbm": ["3.6", "3.6"]}[target]
        assert [row.share * 4 for row in found.conditions] == [Decimal(each) for each in asked]
        assert found.after.total.value >= (75 if target == "wbk" else 85)

    def test_the_stricter_reading_costs_no_less(self) -> None:
        values = shares(full(), {**FORTY, **RESULTS})
        costs = [
            plan(full(), values, {}, Wanted("wbk", reading), RULES).days
            for reading in ("combined", "per_half")
        ]
        assert costs[0] <= costs[1]

    def test_a_ratio_climbs_by_ten_points(self) -> None:
        start = {**only("A"), **only("B"), "A.II.5.ii.a": counted(finished=0, due=8)}
        gates = (Gate("part", "wbk", ("A.II.5.ii",), Decimal("0.75"), is_percent=False),)
        tree = replace(full(), gates=gates)
        found = plan(tree, shares(full(), start), {}, Wanted("wbk", ""), RULES)
        assert [(row.code, row.after.share) for row in found.improvements] == [
            ("A.II.5.ii.a", Decimal("0.3"))
        ]


def test_the_rules_say_whose_estimate_they_are() -> None:
    assert "perkiraan" in RULES.note.text_id.lower()
    assert set(RULES.days) == set(ScaleKind) - {ScaleKind.INDEX}
    tree = instrument_files()["permenpanrb-90-2021"]
    assert {RULES.area_of(code) for code in tree.questions} == {"1", "2", "3", "4", "5", "6"}
    assert RULES.area_of("A.II.5.iii.b") == "5"
    assert RULES.area_of("B.I.b.a") == "4"
    names = [RULES.survey_of(code) for code in SURVEYS]
    assert [row.short for row in names if row] == ["IPAK", "IPKP"]
    assert RULES.survey_of("A.I.1.i.a") is None
