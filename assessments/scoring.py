"""The arithmetic of a work-sheet (LKE): pure, on Decimals, no ORM and no clock.

    sheet = score(instrument, answers)
    sheet.total.value                 # points, unrounded
    sheet.nodes["A.I.1"].percent      # of the node's weight
    verdict(instrument, sheet, "wbk") # every gate with its distance

Sources: PermenPANRB 90/2021, annex III (weights, answer types); options count with the official
two decimals (0.67, not 2/3); a sub-aspect is the mean of its questions times its weight; what is
not answered counts as zero and stays in the divisor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
# A mean of thirds carries an error in its 28th digit. Nearer to a gate than this is on it.
NEAR_ENOUGH = Decimal("1e-18")

Flag = Literal["", "settle", "settled", "no_whole", "over", "under", "no_cases"]


class ScaleKind(StrEnum):
    OPTIONS = "options"
    RATIO = "ratio"
    INDEX = "index"


class ZeroRule(StrEnum):
    """What 0/0 counts as; `ask`: nothing until somebody settles it."""

    FULL = "full"
    NONE = "zero"
    ASK = "ask"


@dataclass(frozen=True)
class Scale:
    code: str
    kind: ScaleKind
    # Of options: code → value from 0 to 1, best first.
    options: Mapping[str, Decimal] = field(default_factory=dict)
    # Of an index: its highest value; the lowest is 0.
    highest: Decimal = ONE


@dataclass(frozen=True)
class Ratio:
    """Part over whole, each a sum of counts with their signs."""

    part: tuple[tuple[str, int], ...]
    whole: tuple[tuple[str, int], ...]
    zero: ZeroRule

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for key, _sign in (*self.part, *self.whole))


@dataclass(frozen=True)
class Question:
    code: str
    node: str
    scale: Scale
    ratio: Ratio | None = None


@dataclass(frozen=True)
class Node:
    """A row of the tree. Either nodes or questions stand below it, never both."""

    code: str
    parent: str | None
    weight: Decimal
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Gate:
    """A minimum over the sum of some nodes: in points, or in percent of their weight.

    `reading`: the way of testing areas to which it belongs; none: it always holds."""

    code: str
    predicate: str
    nodes: tuple[str, ...]
    minimum: Decimal
    is_percent: bool
    reading: str = ""


@dataclass(frozen=True)
class Instrument:
    """Nodes stand parents first; `roots` sum up to the total."""

    nodes: Mapping[str, Node]
    gates: tuple[Gate, ...]

    @property
    def roots(self) -> tuple[str, ...]:
        return tuple(code for code, node in self.nodes.items() if node.parent is None)

    @property
    def questions(self) -> dict[str, Question]:
        return {row.code: row for node in self.nodes.values() for row in node.questions}

    @property
    def total(self) -> Decimal:
        return sum((self.nodes[code].weight for code in self.roots), ZERO)


@dataclass(frozen=True, slots=True)
class Given:
    """One assessor's answer to one question; what is left out is not answered."""

    option: str = ""
    counts: Mapping[str, Decimal] = field(default_factory=dict)
    index: Decimal | None = None
    # How 0/0 was settled where the question asks.
    zero_as: str = ""


class Value(NamedTuple):
    """`share` is from 0 to 1; None: not answered, which counts as zero."""

    share: Decimal | None
    flag: Flag = ""


class Scored(NamedTuple):
    """A node: `value` in points, how many of its questions are answered."""

    code: str
    weight: Decimal
    value: Decimal
    answered: int
    required: int

    @property
    def percent(self) -> Decimal:
        return self.value * HUNDRED / self.weight if self.weight else ZERO

    @property
    def missed(self) -> Decimal:
        """Points that are still to be won."""
        return self.weight - self.value


@dataclass(frozen=True, slots=True)
class Sheet:
    total: Scored
    nodes: dict[str, Scored]
    values: dict[str, Value]


def score(instrument: Instrument, answers: Mapping[str, Given]) -> Sheet:
    """The whole tree. Answers to questions that the instrument does not know are left aside.

    Raises ValueError for an option that the scale of its question does not have.
    """
    values = {
        code: value_of(question, answers[code])
        for code, question in instrument.questions.items()
        if code in answers
    }
    return tally(instrument, values)


def tally(instrument: Instrument, shares: Mapping[str, Value]) -> Sheet:
    """The whole tree of values that are known already; what is left out is not answered."""
    values: dict[str, Value] = {}
    sums: dict[str, list[Decimal]] = {}
    counted: dict[str, list[int]] = {}
    for code, node in instrument.nodes.items():
        got, answered = ZERO, 0
        for question in node.questions:
            value = values[question.code] = shares.get(question.code, NOT_ANSWERED)
            if value.share is not None:
                got += value.share
                answered += 1
        required = len(node.questions)
        sums[code] = [node.weight * got / required if required else ZERO]
        counted[code] = [answered, required]
    _add_up(instrument, sums, counted)
    nodes = {
        code: Scored(code, node.weight, sums[code][0], *counted[code])
        for code, node in instrument.nodes.items()
    }
    return Sheet(_together("", [nodes[code] for code in instrument.roots]), nodes, values)


def _add_up(
    instrument: Instrument, sums: dict[str, list[Decimal]], counted: dict[str, list[int]]
) -> None:
    """Children before parents: nodes stand parents first."""
    for code, node in reversed(instrument.nodes.items()):  # type: ignore[call-overload]
        if node.parent is not None:
            sums[node.parent][0] += sums[code][0]
            above, below = counted[node.parent], counted[code]
            above[0] += below[0]
            above[1] += below[1]


def _together(code: str, rows: Sequence[Scored]) -> Scored:
    return Scored(
        code,
        sum((row.weight for row in rows), ZERO),
        sum((row.value for row in rows), ZERO),
        sum(row.answered for row in rows),
        sum(row.required for row in rows),
    )


# --- one question ---

NOT_ANSWERED = Value(None)


def value_of(question: Question, given: Given) -> Value:
    """From 0 to 1, with a flag where the counts are unusual. Raises ValueError (see `score`)."""
    kind = question.scale.kind
    if kind is ScaleKind.OPTIONS:
        if not given.option:
            return NOT_ANSWERED
        try:
            return Value(question.scale.options[given.option])
        except KeyError:
            raise ValueError(f"{question.code} has no option {given.option}") from None
    if kind is ScaleKind.INDEX:
        if given.index is None:
            return NOT_ANSWERED
        return _capped(given.index / question.scale.highest)
    return _ratio(question.ratio, given) if question.ratio else NOT_ANSWERED


def _ratio(ratio: Ratio, given: Given) -> Value:
    if not ratio.keys <= given.counts.keys():
        return NOT_ANSWERED
    part = _sum(ratio.part, given.counts)
    whole = _sum(ratio.whole, given.counts)
    if whole > 0:
        return _capped(part / whole)
    if part or whole:
        return Value(ZERO, "no_whole")
    if ratio.zero is not ZeroRule.ASK:
        return Value(ONE if ratio.zero is ZeroRule.FULL else ZERO, "no_cases")
    if not given.zero_as:
        return Value(ZERO, "settle")
    return Value(ONE if given.zero_as == ZeroRule.FULL else ZERO, "settled")


def _sum(terms: Iterable[tuple[str, int]], counts: Mapping[str, Decimal]) -> Decimal:
    return sum((counts[key] * sign for key, sign in terms), ZERO)


def _capped(share: Decimal) -> Value:
    if share > ONE:
        return Value(ONE, "over")
    if share < ZERO:
        return Value(ZERO, "under")
    return Value(share)


# --- gates ---


class Passed(NamedTuple):
    """A gate with how far the sheet is from it, in points; `minimum` and `weight` are points too."""

    gate: Gate
    value: Decimal
    minimum: Decimal
    weight: Decimal

    @property
    def is_met(self) -> bool:
        return self.minimum - self.value <= NEAR_ENOUGH

    @property
    def missing(self) -> Decimal:
        """Points to the gate; 0 when it is met."""
        return ZERO if self.is_met else self.minimum - self.value

    @property
    def percent(self) -> Decimal:
        return self.value * HUNDRED / self.weight if self.weight else ZERO


class Verdict(NamedTuple):
    """`always`: gates that hold under every reading; `readings`: the area gates, by reading."""

    always: tuple[Passed, ...]
    readings: dict[str, tuple[Passed, ...]]

    def is_met(self, reading: str) -> bool:
        return all(row.is_met for row in (*self.always, *self.readings.get(reading, ())))

    def unmet(self, reading: str) -> list[Passed]:
        return [r for r in (*self.always, *self.readings.get(reading, ())) if not r.is_met]


def verdict(instrument: Instrument, sheet: Sheet, predicate: str) -> Verdict:
    always: list[Passed] = []
    readings: dict[str, list[Passed]] = {}
    for gate in instrument.gates:
        if gate.predicate != predicate:
            continue
        found = passed(gate, sheet)
        (readings.setdefault(gate.reading, []) if gate.reading else always).append(found)
    return Verdict(tuple(always), {code: tuple(rows) for code, rows in readings.items()})


def passed(gate: Gate, sheet: Sheet) -> Passed:
    value = sum((sheet.nodes[code].value for code in gate.nodes), ZERO)
    weight = sum((sheet.nodes[code].weight for code in gate.nodes), ZERO)
    minimum = gate.minimum * weight / HUNDRED if gate.is_percent else gate.minimum
    return Passed(gate, value, minimum, weight)
