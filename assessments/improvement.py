"""The cheapest set of improvements that passes every gate in reach: pure, on the scorer's numbers.

A question climbs its scale in steps; each step costs the same working days. A survey is no work of
the unit: what it must come out at is a condition, as low as the gates allow. The result is what
`scoring` says of it, never what the solver says (see cheapest.py and docs/adr/0060).
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from assessments import scoring
from assessments.cheapest import Demand, Picks, Step, cheapest
from assessments.improvement_rules import Rules
from assessments.scoring import (
    NEAR_ENOUGH,
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
class Condition:
    """A survey that must come out at this share at least, for these gates (their codes)."""

    code: str
    # None: it has not been held.
    before: Decimal | None
    share: Decimal
    points: Decimal
    gates: tuple[str, ...]


@dataclass(frozen=True)
class KeptSurvey:
    """A survey that stays as it stands; `enough`: the share at which the gate would be met by it
    alone, None: there is none."""

    code: str
    before: Decimal | None
    enough: Decimal | None


@dataclass(frozen=True)
class OpenGate:
    """Out of reach: how far `passed` is with everything else at its best, and what keeps it."""

    passed: Passed
    kept: tuple[KeptSurvey, ...]


@dataclass(frozen=True)
class Plan:
    """For every gate but the `open` ones; it holds if the surveys come out as the conditions say."""

    improvements: tuple[Improvement, ...]
    conditions: tuple[Condition, ...]
    open: tuple[OpenGate, ...]
    before: Sheet
    after: Sheet
    verdict_before: Verdict
    verdict_after: Verdict

    @property
    def days(self) -> int:
        return sum(row.days for row in self.improvements)

    @property
    def points(self) -> Decimal:
        return self.after.total.value - self.before.total.value

    @property
    def survey_points(self) -> Decimal:
        return sum((row.points for row in self.conditions), ZERO)


@dataclass(frozen=True)
class Wanted:
    """Which gates, and which surveys (codes of questions) stay as they stand."""

    predicate: str
    reading: str
    fixed: Collection[str] = frozenset()


def plan(
    instrument: Instrument,
    values: Mapping[str, Value],
    efforts: Mapping[str, int],
    wanted: Wanted,
    rules: Rules,
) -> Plan:
    """From these values to the gates; `efforts` are days per step. Raises UnableToPlan."""
    every = instrument.questions
    surveys = [code for code, row in every.items() if row.scale.kind is ScaleKind.INDEX]
    free = [code for code in surveys if code not in wanted.fixed]
    best = {**values, **dict.fromkeys(every.keys() - set(surveys), Value(ONE))}
    ceiling = _judged(instrument, {**best, **dict.fromkeys(free, Value(ONE))}, wanted)
    unmet = ceiling.unmet(wanted.reading)
    reach = _Reach(instrument, wanted, frozenset(row.gate.code for row in unmet))
    conditions = _conditions(reach, values, best, free, rules)
    assumed = {**values, **{row.code: Value(row.share) for row in conditions}}
    ladders = {
        code: found
        for code, question in every.items()
        if question.scale.kind is not ScaleKind.INDEX
        if (found := ladder(question, _share(values, code), rules))[1:]
    }
    picked = _cheapest(reach, assumed, ladders, efforts, rules)
    before = scoring.tally(instrument, values)
    after = scoring.tally(instrument, _raised(assumed, picked))
    return Plan(
        tuple(
            _improvement(instrument, code, ladders[code][0], level, efforts, rules)
            for code, level in picked.items()
        ),
        conditions,
        tuple(_open_gate(instrument, row, values, wanted, rules) for row in unmet),
        before,
        after,
        scoring.verdict(instrument, before, wanted.predicate),
        scoring.verdict(instrument, after, wanted.predicate),
    )


@dataclass(frozen=True)
class _Reach:
    """The gates that somebody asked for, without those (their codes) that are out of reach."""

    instrument: Instrument
    wanted: Wanted
    without: Collection[str]

    def unmet(self, values: Mapping[str, Value]) -> list[Passed]:
        found = _judged(self.instrument, values, self.wanted).unmet(self.wanted.reading)
        return [row for row in found if row.gate.code not in self.without]


def _judged(instrument: Instrument, values: Mapping[str, Value], wanted: Wanted) -> Verdict:
    return scoring.verdict(instrument, scoring.tally(instrument, values), wanted.predicate)


# --- surveys ---


def _conditions(
    reach: _Reach,
    values: Mapping[str, Value],
    best: Mapping[str, Value],
    free: Sequence[str],
    rules: Rules,
) -> tuple[Condition, ...]:
    """One survey after the other as low as the gates in reach allow, with the unit at its best."""
    assumed = {**best, **dict.fromkeys(free, Value(ONE))}
    found = []
    for code in free:
        levels = survey_levels(reach.instrument.questions[code], _share(values, code), rules)

        def unmet(share: Decimal, code: str = code) -> list[Passed]:
            return reach.unmet({**assumed, code: Value(share)})

        lowest = bisect_left(levels, True, key=lambda share: not unmet(share))
        assumed[code] = Value(levels[lowest])
        if lowest:
            found.append(
                Condition(
                    code,
                    _answered(values, code),
                    levels[lowest],
                    (levels[lowest] - levels[0]) * _worth(reach.instrument, code),
                    tuple(row.gate.code for row in unmet(levels[lowest - 1])),
                )
            )
    return tuple(found)


def survey_levels(question: Question, share: Decimal, rules: Rules) -> list[Decimal]:
    """Where it stands, then every index above it that can be said in so many digits, upwards."""
    step = rules.index_step / question.scale.highest
    first = int(share / step) + 1
    above = (step * number for number in range(first, int(ONE / step) + 1))
    found = [share, *(each for each in above if share < each < ONE)]
    return [*found, ONE] if share < ONE else found


def _open_gate(
    instrument: Instrument, row: Passed, values: Mapping[str, Value], wanted: Wanted, rules: Rules
) -> OpenGate:
    """Why it stays open: surveys below it that nobody takes for better than they stand."""
    below = _below(instrument, row)
    kept = []
    for code, question in instrument.questions.items():
        share = _share(values, code)
        is_survey = question.scale.kind is ScaleKind.INDEX
        if not is_survey or code not in wanted.fixed or question.node not in below or share >= ONE:
            continue
        worth = _worth(instrument, code)
        levels = survey_levels(question, share, rules)
        enough = [n for n in levels if (n - share) * worth >= row.missing - NEAR_ENOUGH]
        kept.append(KeptSurvey(code, _answered(values, code), enough[0] if enough else None))
    return OpenGate(row, tuple(kept))


# --- what the unit does itself ---


def ladder(question: Question, share: Decimal, rules: Rules) -> list[Level]:
    """Where it stands, then every level above it, upwards."""
    if question.scale.kind is ScaleKind.OPTIONS:
        return _options(question.scale, share)
    found = [Level(share, 0)]
    while found[-1].share < ONE:
        found.append(Level(min(share + rules.ratio_step * len(found), ONE), len(found)))
    return found


def _options(scale: Scale, share: Decimal) -> list[Level]:
    """From the lowest option that counts as much upwards; nothing answered is the lowest one."""
    rising = [
        (code, value) for code, value in reversed(list(scale.options.items())) if value >= share
    ]
    return [Level(value, steps, code) for steps, (code, value) in enumerate(rising)]


def _answered(values: Mapping[str, Value], code: str) -> Decimal | None:
    return values.get(code, scoring.NOT_ANSWERED).share


def _share(values: Mapping[str, Value], code: str) -> Decimal:
    return _answered(values, code) or ZERO


def _raised(values: Mapping[str, Value], levels: Mapping[str, Level]) -> dict[str, Value]:
    return {**values, **{code: Value(level.share) for code, level in levels.items()}}


def _worth(instrument: Instrument, code: str) -> Decimal:
    node = instrument.nodes[instrument.questions[code].node]
    return node.weight / len(node.questions)


def _cheapest(
    reach: _Reach,
    values: Mapping[str, Value],
    ladders: Mapping[str, Sequence[Level]],
    efforts: Mapping[str, int],
    rules: Rules,
) -> dict[str, Level]:
    instrument, gates, codes = reach.instrument, reach.unmet(values), list(ladders)
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
    below, questions = _below(instrument, row), instrument.questions
    return frozenset(n for n, code in enumerate(codes) if questions[code].node in below)


def _below(instrument: Instrument, row: Passed) -> set[str]:
    """The nodes of a gate with all that stand below them."""
    below = set(row.gate.nodes)
    for code, node in instrument.nodes.items():
        if node.parent in below:
            below.add(code)
    return below


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
