"""What a closed round keeps of its answers, and what of it may be shown. Pure.

A round is counted once, when it closes, so nobody can watch a mean move by one more answer.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments import survey_rules as rules
from assessments.survey_groups import hidden
from assessments.survey_instruments import Band, ProfileQuestion, Survey
from assessments.survey_proofs import fingerprint
from assessments.survey_rules import Counts, Element, Reading

NOT_SAID = ""


@dataclass(frozen=True)
class Answered:
    """One answer as the rules see it."""

    answers: Mapping[str, int]
    profile: Mapping[str, str]
    service: int | None
    has_proof: bool


@dataclass(frozen=True)
class Group:
    """A part of the respondents; `number` and `index` are None where it is hidden."""

    name: str
    number: int | None
    index: Decimal | None = None
    band: Band | None = None


@dataclass(frozen=True)
class Profile:
    question: ProfileQuestion
    groups: list[Group]

    @property
    def hides_something(self) -> bool:
        return any(group.number is None for group in self.groups)


@dataclass(frozen=True)
class Result:
    """`number` counts whose answers make the index; `apart` those without proof that do not.

    With fewer than the smallest group nothing is shown but that they were too few.
    """

    survey: Survey
    number: int
    apart: int
    reading: Reading | None
    services: list[Group]
    profile: list[Profile]
    sha256: str

    @property
    def is_shown(self) -> bool:
        return self.reading is not None

    @property
    def index(self) -> Decimal | None:
        return self.reading.index if self.reading else None

    @property
    def band(self) -> Band | None:
        return self.reading.band if self.reading else None

    @property
    def elements(self) -> tuple[Element, ...]:
        return self.reading.elements if self.reading else ()

    def not_known(self, element: Element) -> int | None:
        """How many could not judge it; None where they are too few to be shown."""
        return None if 0 < element.not_known < self.survey.smallest else element.not_known

    @property
    def lowest(self) -> list[Element]:
        return rules.lowest(self.elements)


def kept(rows: Iterable[Answered], survey: Survey, *, counts_open: bool) -> dict[str, Any]:
    """What a round keeps as its `result`: counts, the hash over every raw answer, and what lists
    show of it (index and band as the counts and the frozen survey give them)."""
    every = list(rows)
    counted = [row for row in every if row.has_proof or counts_open]
    services: dict[str, list[Answered]] = {}
    for row in counted:
        services.setdefault(str(row.service or NOT_SAID), []).append(row)
    found: dict[str, Any] = {
        "proof": sum(row.has_proof for row in every),
        "open": sum(not row.has_proof for row in every),
        "number": len(counted),
        "counts": _counts(counted, survey),
        "services": {
            key: {"number": len(group), "counts": _counts(group, survey)}
            for key, group in sorted(services.items())
        },
        "profile": {question.code: _of_profile(counted, question) for question in survey.profile},
        "sha256": _hash(every),
    }
    shown = result_of(found, survey, names={})
    band = shown.band
    return {
        **found,
        "index": None if shown.index is None else str(shown.index),
        "band": band.code if band else "",
        "tone": band.tone.value if band else "",
    }


def _counts(rows: list[Answered], survey: Survey) -> dict[str, dict[str, int]]:
    counted = rules.count((row.answers for row in rows), survey)
    return {
        code: {str(value): number for value, number in sorted(answers.items())}
        for code, answers in counted.items()
    }


def _of_profile(rows: list[Answered], question: ProfileQuestion) -> dict[str, int]:
    found = dict.fromkeys([*question.options, NOT_SAID], 0)
    for row in rows:
        said = row.profile.get(question.code, NOT_SAID)
        found[said if said in found else NOT_SAID] += 1
    return found


def _hash(rows: list[Answered]) -> str:
    """Over all answers in an order that tells nothing: a changed one is another hash. With the
    portal's key, because the answers of a few could be guessed until their plain hash fits."""
    lines = sorted(
        json.dumps(
            [dict(row.answers), dict(row.profile), row.service, row.has_proof], sort_keys=True
        )
        for row in rows
    )
    return fingerprint("\n".join(lines))


def result_of(
    kept_result: Mapping[str, Any], survey: Survey, *, names: Mapping[str, str]
) -> Result:
    """What may be shown. `names`: of the services, by key; the empty key is "not said"."""
    number = kept_result["number"]
    apart = kept_result["proof"] + kept_result["open"] - number
    if number < survey.smallest:
        return Result(survey, number, apart, None, [], [], kept_result["sha256"])
    return Result(
        survey,
        number,
        apart,
        rules.read(counts_of(kept_result["counts"]), survey, fewest=survey.smallest),
        _services(kept_result["services"], survey, names),
        [_profile(kept_result["profile"][each.code], each, survey) for each in survey.profile],
        kept_result["sha256"],
    )


def counts_of(stored: Mapping[str, Mapping[str, int]]) -> Counts:
    return {
        code: {int(value): number for value, number in answers.items()}
        for code, answers in stored.items()
    }


def _services(
    stored: Mapping[str, Mapping[str, Any]], survey: Survey, names: Mapping[str, str]
) -> list[Group]:
    numbers = {key: row["number"] for key, row in stored.items()}
    secret = hidden(numbers, survey.smallest)
    groups = []
    for key, name in names.items():
        if key in secret:
            groups.append(Group(name, None))
        elif numbers.get(key, 0):
            counts = counts_of(stored[key]["counts"])
            read = rules.read(counts, survey, fewest=survey.smallest)
            groups.append(Group(name, numbers[key], read.index, read.band))
        elif key != NOT_SAID:
            groups.append(Group(name, 0))
    return groups


def _profile(numbers: Mapping[str, int], question: ProfileQuestion, survey: Survey) -> Profile:
    secret = hidden(numbers, survey.smallest)
    names = {code: str(name) for code, name in question.options.items()}
    groups = [
        Group(names.get(code, NOT_SAID), None if code in secret else numbers.get(code, 0))
        for code in [*question.options, NOT_SAID]
    ]
    return Profile(question, groups)
