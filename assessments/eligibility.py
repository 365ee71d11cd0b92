"""May a unit be proposed for a predicate? Rule sets are data; here is what their rules mean. Pure.

`judge` answers each requirement of a set for one unit, target and year; `verdict` sums up. A
requirement that is not met stays unmet also where the unit may proceed (PermenPANRB 5/2024,
Stranas PK): the exception stands beside it, with its source.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum


class Level(StrEnum):
    INSTITUTION = "institution"
    UNIT = "unit"


class Rule(StrEnum):
    GRADE = "grade"
    NUMBER = "number"
    YES = "yes"
    MONTHS = "months"
    PREDICATE = "predicate"


class State(StrEnum):
    """How one requirement stands."""

    MET = "met"
    NOT_MET = "not_met"
    IN_PROCESS = "in_process"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """How the unit stands: `MAY_PROCEED` is not `ELIGIBLE`."""

    ELIGIBLE = "eligible"
    MAY_PROCEED = "may_proceed"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Scale:
    """Grades, best first; `above` gives for a plain number the grade whose bound it exceeds."""

    grades: tuple[str, ...]
    above: tuple[tuple[str, Decimal], ...] = ()

    def grade(self, value: str) -> str | None:
        """Of `B`, of `60.37 (B)` as it is published, or of a plain number; None when unknown."""
        named = value.rsplit("(", 1)[-1].rstrip(")") if value.endswith(")") else value
        if named in self.grades:
            return named
        try:
            number = Decimal(value)
        except InvalidOperation:
            return None
        return next((grade for grade, bound in self.above if number > bound), None)


@dataclass(frozen=True)
class Requirement:
    """`least` by target; `years` in a row that end with the year asked for."""

    code: str
    level: Level
    fact: str
    rule: Rule
    least: Mapping[str, str | Decimal | bool]
    years: int = 1
    # How old the newest result may be, where it differs from the set's own allowance.
    grace_years: int | None = None


@dataclass(frozen=True)
class Fact:
    """What is recorded of one year. Without proof it is somebody's word; `value` may be empty
    while the assessment is still running (`in_process`)."""

    value: str = ""
    proven: bool = False
    in_process: bool = False


Facts = Mapping[tuple[str, int], Fact]


@dataclass(frozen=True)
class Finding:
    """`short_by`: grades, points, percent points or months that are missing; None when it cannot
    be counted. `year` is the first in the row that fails, else the year asked for."""

    requirement: Requirement
    state: State
    year: int
    value: str = ""
    short_by: Decimal | None = None
    proven: bool = False


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    findings: tuple[Finding, ...]
    unmet: tuple[Finding, ...] = field(default=())


def judge(
    requirements: Iterable[Requirement],
    *,
    target: str,
    year: int,
    institution: Facts,
    unit: Facts,
    scales: Mapping[str, Scale],
    grace_years: int = 0,
) -> tuple[Finding, ...]:
    """One finding for each requirement that the target is asked for, in the set's order.

    Results come out after their year has ended: the newest of `year` and the `grace_years` before
    it counts, and says which year it is of. A result that is still being assessed does not take
    the last one away.
    """
    return tuple(
        _run(
            requirement,
            requirement.least[target],
            range(
                year,
                year
                - (grace_years if requirement.grace_years is None else requirement.grace_years)
                - 1,
                -1,
            ),
            institution if requirement.level == Level.INSTITUTION else unit,
            scales.get(requirement.fact, Scale(())),
        )
        for requirement in requirements
        if target in requirement.least
    )


def verdict(findings: Iterable[Finding], *, may_proceed: bool) -> Verdict:
    every = tuple(findings)
    unmet = tuple(row for row in every if row.state != State.MET)
    if not unmet:
        return Verdict(Outcome.ELIGIBLE, every)
    # The exception waits for requirements; a predicate that is not held is no such thing.
    waits = may_proceed and all(row.requirement.rule != Rule.PREDICATE for row in unmet)
    return Verdict(Outcome.MAY_PROCEED if waits else Outcome.NOT_YET, every, unmet)


def _run(
    requirement: Requirement,
    least: str | Decimal | bool,
    newest: range,
    facts: Facts,
    scale: Scale,
) -> Finding:
    """The worst year of the row decides; the latest of equals, because it can still be mended."""
    recorded = [each for each in newest if (requirement.fact, each) in facts]
    valued = [each for each in recorded if facts[requirement.fact, each].value]
    year = next(iter(valued or recorded), newest[0])
    years = range(year - requirement.years + 1, year + 1)
    found = [_one(requirement, least, each, facts, scale) for each in years]
    order = (State.NOT_MET, State.UNKNOWN, State.IN_PROCESS, State.MET)
    return min(reversed(found), key=lambda finding: order.index(finding.state))


def _one(
    requirement: Requirement,
    least: str | Decimal | bool,
    year: int,
    facts: Facts,
    scale: Scale,
) -> Finding:
    fact = facts.get((requirement.fact, year))
    if fact is None:
        return Finding(requirement, State.UNKNOWN, year)
    if not fact.value:
        state = State.IN_PROCESS if fact.in_process else State.UNKNOWN
        return Finding(requirement, state, year)
    short = _short_by(requirement.rule, fact.value, least, scale)
    if short is not None and short <= 0:
        return Finding(requirement, State.MET, year, fact.value, None, fact.proven)
    if short is None and requirement.rule == Rule.GRADE:
        return Finding(requirement, State.UNKNOWN, year, fact.value, None, fact.proven)
    state = State.IN_PROCESS if fact.in_process else State.NOT_MET
    return Finding(requirement, state, year, fact.value, short, fact.proven)


def _short_by(rule: Rule, value: str, least: str | Decimal | bool, scale: Scale) -> Decimal | None:
    """How much is missing: 0 or less is enough, None cannot be counted."""
    if rule == Rule.GRADE:
        grade = scale.grade(value)
        if grade is None:
            return None
        return Decimal(scale.grades.index(grade) - scale.grades.index(str(least)))
    if rule in (Rule.NUMBER, Rule.MONTHS):
        return Decimal(str(least)) - Decimal(value)
    return Decimal(0) if value == ("yes" if rule == Rule.YES else str(least)) else None


def months_between(since: date, on: date) -> int:
    """Whole months from one day to another; none when it lies ahead.

    The 31st counts as reached on the last day of a shorter month.
    """
    if on < since:
        return 0
    months = (on.year - since.year) * 12 + on.month - since.month
    last = monthrange(on.year, on.month)[1]
    return months if on.day >= min(since.day, last) else months - 1
