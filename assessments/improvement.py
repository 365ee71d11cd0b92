"""The cheapest set of improvements that passes every gate: pure, on the scorer's own numbers.

A question climbs its scale in steps; each step costs the same working days. The result is what
`scoring` says of it, never what the solver says (see cheapest.py and docs/adr/0060).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from assessments import scoring
from assessments.cheapest import Demand, Picks, Step, cheapest
from assessments.improvement_rules import Rules
from assessments.scoring import (
    Instrument,
    Passed,
    Question,
    Scale,
    ScaleKind,
    Sheet,
    Value,
    Verdict,
)

ZERO, ONE = Decimal(0), Decimal(1)


class Level(NamedTuple):
    """Where a question can stand: its share from 0 to 1, so many steps above where it stands."""

    share: Decimal
    steps: int
    option: str = ""


@dataclass(frozen=True)
class Improvement:
    """One question of a plan, from one level to another."""

    code: str
    before: Level
    after: Level
    days: int
    points: Decimal
    # The unit gave no estimate: the days are those of the rules.
    is_default: bool


@dataclass(frozen=True)
class Plan:
    """`unmet`: gates that stay out of reach when every question is at its best; then no plan."""

    improvements: tuple[Improvement, ...]
    before: Sheet
    after: Sheet
    verdict_before: Verdict
    verdict_after: Verdict
    unmet: tuple[Passed, ...] = ()

    @property
    def days(self) -> int:
        return sum(row.days for row in self.improvements)

    @property
    def points(self) -> Decimal:
        return self.after.total.value - self.before.total.value

    @property
    def is_possible(self) -> bool:
        return not self.unmet


@dataclass(frozen=True)
class Wanted:
    """Which gates, and which survey indexes somebody means to improve (codes of questions)."""

    predicate: str
    reading: str
    indexes: Collection[str] = frozenset()


def plan(
    instrument: Instrument,
    values: Mapping[str, Value],
    efforts: Mapping[str, int],
    wanted: Wanted,
    rules: Rules,
) -> Plan:
    """From these values to the gates; `efforts` are days per step. Raises UnableToPlan."""
    ladders = {
        code: found
        for code, question in instrument.questions.items()
        if question.scale.kind is not ScaleKind.INDEX or code in wanted.indexes
        if (found := ladder(question, _share(values, code), rules))[1:]
    }
    before = scoring.tally(instrument, values)
    best = _raised(values, {code: rows[-1] for code, rows in ladders.items()})
    ceiling = scoring.verdict(instrument, scoring.tally(instrument, best), wanted.predicate)
    start = scoring.verdict(instrument, before, wanted.predicate)
    if unmet := ceiling.unmet(wanted.reading):
        return Plan((), before, before, start, start, tuple(unmet))
    picked = _cheapest(instrument, values, ladders, efforts, wanted, rules)
    after = scoring.tally(instrument, _raised(values, picked))
    rows = tuple(
        _improvement(instrument, code, ladders[code][0], level, efforts, rules)
        for code, level in picked.items()
    )
    return Plan(rows, before, after, start, scoring.verdict(instrument, after, wanted.predicate))


def ladder(question: Question, share: Decimal, rules: Rules) -> list[Level]:
    """Where it stands, then every level above it, upwards."""
    if question.scale.kind is ScaleKind.OPTIONS:
        return _options(question.scale, share)
    step = rules.ratio_step
    if question.scale.kind is ScaleKind.INDEX:
        step = rules.index_step / question.scale.highest
    found = [Level(share, 0)]
    while found[-1].share < ONE:
        found.append(Level(min(share + step * len(found), ONE), len(found)))
    return found


def _options(scale: Scale, share: Decimal) -> list[Level]:
    """From the lowest option that counts as much upwards; nothing answered is the lowest one."""
    rising = [
        (code, value) for code, value in reversed(list(scale.options.items())) if value >= share
    ]
    return [Level(value, steps, code) for steps, (code, value) in enumerate(rising)]


def _share(values: Mapping[str, Value], code: str) -> Decimal:
    value = values.get(code)
    return ZERO if value is None or value.share is None else value.share


def _raised(values: Mapping[str, Value], levels: Mapping[str, Level]) -> dict[str, Value]:
    return {**values, **{code: Value(level.share) for code, level in levels.items()}}


def _worth(instrument: Instrument, code: str) -> Decimal:
    node = instrument.nodes[instrument.questions[code].node]
    return node.weight / len(node.questions)


def _cheapest(
    instrument: Instrument,
    values: Mapping[str, Value],
    ladders: Mapping[str, Sequence[Level]],
    efforts: Mapping[str, int],
    wanted: Wanted,
    rules: Rules,
) -> dict[str, Level]:
    start = scoring.verdict(instrument, scoring.tally(instrument, values), wanted.predicate)
    gates = start.unmet(wanted.reading)
    codes = list(ladders)
    groups = [
        [
            Step(
                level.steps * _days(instrument, code, efforts, rules),
                (level.share - ladders[code][0].share) * _worth(instrument, code),
            )
            for level in ladders[code][1:]
        ]
        for code in codes
    ]
    demands = [Demand(_groups(instrument, codes, row), row.missing) for row in gates]

    def levels(picks: Picks) -> dict[str, Level]:
        return {code: ladders[code][pick] for code, pick in zip(codes, picks, strict=True) if pick}

    def failed(picks: Picks) -> list[int]:
        sheet = scoring.tally(instrument, _raised(values, levels(picks)))
        found = [scoring.passed(row.gate, sheet).is_met for row in gates]
        return [number for number, is_met in enumerate(found) if not is_met]

    return levels(cheapest(groups, demands, failed)) if gates else {}


def _groups(instrument: Instrument, codes: Sequence[str], row: Passed) -> frozenset[int]:
    """The questions that stand below the nodes of a gate."""
    below = set(row.gate.nodes)
    for code, node in instrument.nodes.items():
        if node.parent in below:
            below.add(code)
    questions = instrument.questions
    return frozenset(n for n, code in enumerate(codes) if questions[code].node in below)


def _days(instrument: Instrument, code: str, efforts: Mapping[str, int], rules: Rules) -> int:
    """For one step; at least one day, or steps that nobody needs would cost nothing."""
    own = efforts.get(code)
    return max(own, 1) if own is not None else rules.days[instrument.questions[code].scale.kind]


def _improvement(
    instrument: Instrument,
    code: str,
    before: Level,
    after: Level,
    efforts: Mapping[str, int],
    rules: Rules,
) -> Improvement:
    return Improvement(
        code=code,
        before=before,
        after=after,
        days=after.steps * _days(instrument, code, efforts, rules),
        points=(after.share - before.share) * _worth(instrument, code),
        is_default=code not in efforts,
    )
