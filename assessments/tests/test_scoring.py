"""The arithmetic of work-sheets against tables worked by hand and a second, slow evaluator."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from assessments.instrument import instrument_files
from assessments.scoring import (
    NEAR_ENOUGH,
    Flag,
    Gate,
    Given,
    Instrument,
    Node,
    Question,
    Ratio,
    Scale,
    ScaleKind,
    ZeroRule,
    score,
    value_of,
    verdict,
)

LADDERS = {
    "YT": {"Ya": "1", "Tidak": "0"},
    "ABC": {"A": "1", "B": "0.5", "C": "0"},
    "ABCD": {"A": "1", "B": "0.67", "C": "0.33", "D": "0"},
    "ABCDE": {"A": "1", "B": "0.75", "C": "0.5", "D": "0.25", "E": "0"},
}
SCALES = [
    Scale(code, ScaleKind.OPTIONS, {key: Decimal(value) for key, value in rows.items()})
    for code, rows in LADDERS.items()
]
RATIO = Scale("ratio", ScaleKind.RATIO)
INDEX = Scale("index4", ScaleKind.INDEX, highest=Decimal(4))
ALMOST = Fraction(1, 10**18)

Drawn = tuple[Instrument, dict[str, Given]]


def full(code: str = "permenpanrb-90-2021") -> Instrument:
    return instrument_files()[code].tree


# --- a second evaluator: recursive, on fractions, from the definition ---


def slow_share(question: Question, said: Given | None) -> Fraction | None:
    if said is None:
        return None
    if question.scale.kind is ScaleKind.OPTIONS:
        return Fraction(question.scale.options[said.option]) if said.option else None
    if question.scale.kind is ScaleKind.INDEX:
        if said.index is None:
            return None
        return min(Fraction(1), Fraction(said.index) / Fraction(question.scale.highest))
    assert question.ratio
    if any(key not in said.counts for key in question.ratio.keys):
        return None
    part = sum(sign * Fraction(said.counts[key]) for key, sign in question.ratio.part)
    whole = sum(sign * Fraction(said.counts[key]) for key, sign in question.ratio.whole)
    if whole > 0:
        return max(Fraction(0), min(Fraction(1), part / whole))
    if part or whole:
        return Fraction(0)
    rule = said.zero_as if question.ratio.zero is ZeroRule.ASK else question.ratio.zero
    return Fraction(1) if rule == "full" else Fraction(0)


def slow_points(tree: Instrument, answers: Mapping[str, Given], code: str) -> Fraction:
    node = tree.nodes[code]
    if node.questions:
        shares = [slow_share(row, answers.get(row.code)) or Fraction(0) for row in node.questions]
        return Fraction(node.weight) * sum(shares, Fraction(0)) / len(shares)
    below = [row.code for row in tree.nodes.values() if row.parent == code]
    return sum((slow_points(tree, answers, row) for row in below), Fraction(0))


def slow_answered(tree: Instrument, answers: Mapping[str, Given], code: str) -> tuple[int, int]:
    rows = [row for row in tree.questions.values() if f"{row.node}.".startswith(f"{code}.")]
    said = [slow_share(row, answers.get(row.code)) is not None for row in rows]
    return sum(said), len(said)


# --- random instruments and answers ---

COUNT = st.integers(0, 12).map(Decimal)
FORMULAS = [
    Ratio((("a", 1),), (("b", 1),), ZeroRule.FULL),
    Ratio((("a", 1),), (("b", 1), ("c", 1)), ZeroRule.NONE),
    Ratio((("a", 1), ("b", -1)), (("a", 1),), ZeroRule.ASK),
]


@st.composite
def questions(draw: st.DrawFn, node: str) -> tuple[Question, ...]:
    rows: list[Question] = []
    for number in range(draw(st.integers(1, 4))):
        scale = draw(st.sampled_from([*SCALES, RATIO, INDEX]))
        ratio = draw(st.sampled_from(FORMULAS)) if scale is RATIO else None
        rows.append(Question(f"{node}.{number}", node, scale, ratio))
    return tuple(rows)


@st.composite
def trees(draw: st.DrawFn) -> Instrument:
    """Up to three levels, with weights that sum up, and a gate over each node and the whole."""
    nodes: dict[str, Node] = {}

    def grow(code: str, parent: str | None, level: int) -> Decimal:
        nodes[code] = Node(code, parent, Decimal(0))
        if level == 0 or draw(st.booleans()):
            weight = Decimal(draw(st.integers(1, 1000))) / 100
            nodes[code] = Node(code, parent, weight, draw(questions(code)))
        else:
            weight = sum(
                (grow(f"{code}.{n}", code, level - 1) for n in range(draw(st.integers(1, 3)))),
                Decimal(0),
            )
            nodes[code] = replace(nodes[code], weight=weight)
        return weight

    for root in "AB"[: draw(st.integers(1, 2))]:
        grow(root, None, 2)
    share = Decimal(draw(st.integers(0, 100)))
    gates = [Gate(f"of.{code}", "wbk", (code,), share, is_percent=True) for code in nodes]
    roots = tuple(code for code, node in nodes.items() if node.parent is None)
    return Instrument(nodes, (*gates, Gate("total", "wbk", roots, share, is_percent=True)))


@st.composite
def answers_to(draw: st.DrawFn, question: Question) -> Given | None:
    if draw(st.integers(0, 5)) == 0:
        return None
    if question.scale.kind is ScaleKind.OPTIONS:
        return Given(draw(st.sampled_from(["", *question.scale.options])))
    if question.scale.kind is ScaleKind.INDEX:
        return Given(index=Decimal(draw(st.integers(0, 500))) / 100)
    keys = draw(st.sets(st.sampled_from("abc"), min_size=1))
    zero_as = draw(st.sampled_from(["", "full", "zero"]))
    return Given(counts={key: draw(COUNT) for key in "abc" if key in keys}, zero_as=zero_as)


@st.composite
def sheets(draw: st.DrawFn) -> Drawn:
    tree = draw(trees())
    said = {row.code: draw(answers_to(row)) for row in tree.questions.values()}
    return tree, {code: row for code, row in said.items() if row is not None}


class TestAgainstFractions:
    @given(sheets())
    def test_every_node_and_the_total(self, drawn: Drawn) -> None:
        tree, answers = drawn
        found = score(tree, answers)
        for code, node in found.nodes.items():
            assert abs(Fraction(node.value) - slow_points(tree, answers, code)) < ALMOST
            assert (node.answered, node.required) == slow_answered(tree, answers, code)
        total = sum((slow_points(tree, answers, code) for code in tree.roots), Fraction(0))
        assert abs(Fraction(found.total.value) - total) < ALMOST

    @given(sheets())
    def test_every_question(self, drawn: Drawn) -> None:
        tree, answers = drawn
        found = score(tree, answers).values
        for code, question in tree.questions.items():
            expected = slow_share(question, answers.get(code))
            share = found[code].share
            assert (share is None) == (expected is None)
            assert share is None or abs(Fraction(share) - (expected or 0)) < ALMOST

    @given(sheets())
    def test_nothing_leaves_its_bounds(self, drawn: Drawn) -> None:
        tree, answers = drawn
        found = score(tree, answers)
        for node in (*found.nodes.values(), found.total):
            assert 0 <= node.value <= node.weight + NEAR_ENOUGH
            assert 0 <= node.percent <= 100 + NEAR_ENOUGH * 100
            assert node.value + node.missed == node.weight
            assert 0 <= node.answered <= node.required

    @given(sheets())
    def test_every_gate(self, drawn: Drawn) -> None:
        tree, answers = drawn
        for row in verdict(tree, score(tree, answers), "wbk").always:
            points = sum((slow_points(tree, answers, code) for code in row.gate.nodes), Fraction(0))
            weight = sum(Fraction(tree.nodes[code].weight) for code in row.gate.nodes)
            missing = Fraction(row.gate.minimum) * weight / 100 - points
            assert row.is_met is (missing <= ALMOST)
            assert abs(Fraction(row.missing) - max(missing, Fraction(0))) < 2 * ALMOST


def better(question: Question, said: Given | None) -> Given | None:
    """One step up, where there is one."""
    if question.scale.kind is ScaleKind.OPTIONS:
        codes = list(question.scale.options)
        place = codes.index(said.option) if said and said.option else len(codes)
        return Given(codes[place - 1]) if place else None
    if question.scale.kind is ScaleKind.INDEX:
        return Given(index=(said.index if said and said.index else Decimal(0)) + Decimal("0.1"))
    if said is None or question.ratio is not FORMULAS[0] or not {"a", "b"} <= said.counts.keys():
        return None
    if not said.counts["b"]:
        # 0/0 counts as full by this formula's rule: one more part of nothing is no step up.
        return None
    return replace(said, counts={**said.counts, "a": said.counts["a"] + 1})


class TestMonotonic:
    @given(sheets(), st.data())
    def test_a_better_answer_lowers_no_node_and_no_gate(
        self, drawn: Drawn, data: st.DataObject
    ) -> None:
        tree, answers = drawn
        code = data.draw(st.sampled_from(sorted(tree.questions)))
        step = better(tree.questions[code], answers.get(code))
        if step is None:
            return
        before, after = score(tree, answers), score(tree, {**answers, code: step})
        assert all(after.nodes[key].value >= node.value for key, node in before.nodes.items())
        assert after.total.value >= before.total.value
        for old, new in zip(
            verdict(tree, before, "wbk").always, verdict(tree, after, "wbk").always, strict=True
        ):
            assert new.missing <= old.missing
            assert new.is_met or not old.is_met


# --- one question ---

SUM = Ratio((("a", 1),), (("b", 1), ("c", 1)), ZeroRule.FULL)
DROP = Ratio((("last", 1), ("now", -1)), (("last", 1),), ZeroRule.FULL)


def ratio(rule: ZeroRule = ZeroRule.FULL, formula: Ratio = FORMULAS[0]) -> Question:
    return Question("A.a", "A", RATIO, replace(formula, zero=rule))


def counted(zero_as: str = "", **counts: int) -> Given:
    return Given(counts={key: Decimal(value) for key, value in counts.items()}, zero_as=zero_as)


class TestRatio:
    @pytest.mark.parametrize(
        ("formula", "said", "share", "flag"),
        [
            (FORMULAS[0], counted(a=3, b=4), "0.75", ""),
            (FORMULAS[0], counted(a=0, b=4), "0", ""),
            (FORMULAS[0], counted(a=4, b=4), "1", ""),
            (FORMULAS[0], counted(a=5, b=4), "1", "over"),
            (FORMULAS[0], counted(a=5, b=0), "0", "no_whole"),
            (SUM, counted(a=3, b=2, c=2), "0.75", ""),
            (SUM, counted(a=3, b=0, c=4), "0.75", ""),
            (DROP, counted(last=4, now=1), "0.75", ""),
            (DROP, counted(last=4, now=6), "0", "under"),
            (DROP, counted(last=4, now=4), "0", ""),
            (DROP, counted(last=0, now=2), "0", "no_whole"),
            (DROP, counted(last=0, now=0), "1", "no_cases"),
        ],
    )
    def test_share_and_flag(self, formula: Ratio, said: Given, share: str, flag: Flag) -> None:
        found = value_of(ratio(formula=formula), said)
        assert (found.share, found.flag) == (Decimal(share), flag)

    @pytest.mark.parametrize(
        ("rule", "zero_as", "share", "flag"),
        [
            (ZeroRule.FULL, "", 1, "no_cases"),
            (ZeroRule.NONE, "", 0, "no_cases"),
            (ZeroRule.ASK, "", 0, "settle"),
            (ZeroRule.ASK, "full", 1, "settled"),
            (ZeroRule.ASK, "zero", 0, "settled"),
            # Where the question has a rule, what somebody settled does not replace it.
            (ZeroRule.FULL, "zero", 1, "no_cases"),
            (ZeroRule.NONE, "full", 0, "no_cases"),
        ],
    )
    def test_nothing_over_nothing(
        self, rule: ZeroRule, zero_as: str, share: int, flag: Flag
    ) -> None:
        found = value_of(ratio(rule), counted(zero_as, a=0, b=0))
        assert (found.share, found.flag) == (Decimal(share), flag)

    def test_a_count_that_lacks_is_no_answer(self) -> None:
        assert value_of(ratio(), counted(a=3)).share is None
        assert value_of(ratio(formula=SUM), counted(a=3, b=2)).share is None
        assert value_of(ratio(), counted(a=3, b=4, unknown=9)).share == Decimal("0.75")

    def test_settled_only_matters_for_nothing_over_nothing(self) -> None:
        assert value_of(ratio(ZeroRule.ASK), counted("full", a=1, b=4)).share == Decimal("0.25")


class TestOptionAndIndex:
    @pytest.mark.parametrize(
        ("scale", "values"),
        [(code, list(rows.values())) for code, rows in LADDERS.items()],
    )
    def test_the_official_two_decimals(self, scale: str, values: list[str]) -> None:
        """0.67 and 0.33, not thirds."""
        rows = [row for row in full().questions.values() if row.scale.code == scale]
        assert rows
        for row in rows:
            assert list(row.scale.options.values()) == [Decimal(value) for value in values]

    def test_an_option_of_another_scale_is_an_error(self) -> None:
        with pytest.raises(ValueError, match=r"A\.a has no option D"):
            value_of(Question("A.a", "A", SCALES[1]), Given("D"))

    def test_nothing_said_is_no_answer(self) -> None:
        for scale in (*SCALES, INDEX):
            assert value_of(Question("A.a", "A", scale), Given()).share is None

    @pytest.mark.parametrize(
        ("index", "share", "flag"),
        [("0", "0", ""), ("3.6", "0.9", ""), ("4", "1", ""), ("4.5", "1", "over")],
    )
    def test_an_index_is_its_share_of_the_highest(self, index: str, share: str, flag: Flag) -> None:
        found = value_of(Question("B.a", "B", INDEX), Given(index=Decimal(index)))
        assert (found.share, found.flag) == (Decimal(share), flag)
