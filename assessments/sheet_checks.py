"""The checker of a work-sheet: pure rules over rows, each finding with its question.

An error stands against the sheet, a warning asks for a look, a hint is only worth knowing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from assessments import scoring
from assessments.instrument import QuestionText
from assessments.scoring import Given, ScaleKind
from integrity_portal.core.data_files import DataFile, Wording, load, wording
from integrity_portal.core.formatting import date_id

FILE = Path(__file__).parent / "data" / "worksheet-checks.yaml"
UNIT = "unit"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True)
class Parts:
    question: str
    parts: tuple[str, ...]
    whole: str


@dataclass(frozen=True)
class CheckRules:
    note: Wording
    years_before: int
    # Pairs of counts (question, key) that are one number.
    same: tuple[tuple[tuple[str, str], tuple[str, str]], ...]
    parts: tuple[Parts, ...]


@dataclass(frozen=True)
class Proof:
    title: str
    dated_on: date | None
    valid_until: date | None


@dataclass(frozen=True)
class Opinion:
    """What an assessor answered, and why he differs."""

    given: Given
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """A question as it stands: the unit's answer, its proofs, what assessors say."""

    question: QuestionText
    given: Given | None = None
    proofs: Sequence[Proof] = ()
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    is_carried: bool = False
    is_changed: bool = False

    @property
    def value(self) -> scoring.Value:
        if self.given is None:
            return scoring.NOT_ANSWERED
        return scoring.value_of(self.question.asked, self.given)


@dataclass(frozen=True)
class Finding:
    rule: str
    severity: Severity
    question: QuestionText
    sentence: str

    @property
    def code(self) -> str:
        return self.question.code


def check_rules() -> CheckRules:
    """Raises UnableToReadData."""
    return load(FILE, _read)


def findings(rows: Sequence[Row], *, year: int, today: date, rules: CheckRules) -> list[Finding]:
    """Errors first, then in the order of the sheet."""
    begins = date(year - rules.years_before, 1, 1)
    found = [finding for row in rows for rule in EACH for finding in rule(row, begins, today)]
    found += _same_counts(rows, rules)
    found += _parts(rows, rules)
    order = list(Severity)
    return sorted(found, key=lambda each: (order.index(each.severity), each.question.position))


# --- rules of one question ---


def _unproven(row: Row, _begins: date, _today: date) -> Iterator[Finding]:
    if row.value.share and not row.proofs:
        yield Finding(
            "no_proof",
            Severity.ERROR,
            row.question,
            _("The answer is above the lowest, and no evidence stands there."),
        )


def _too_old(row: Row, begins: date, _today: date) -> Iterator[Finding]:
    """A document that is still in force proves whatever day it bears."""
    for proof in row.proofs:
        still_holds = proof.valid_until is not None and proof.valid_until >= begins
        if proof.dated_on is not None and proof.dated_on < begins and not still_holds:
            sentence = _(
                "“%(title)s” of %(day)s is older than the period, which begins on %(begins)s."
            )
            said = {"title": proof.title, "day": date_id(proof.dated_on), "begins": date_id(begins)}
            yield Finding("old_proof", Severity.WARNING, row.question, sentence % said)


def _expired(row: Row, begins: date, today: date) -> Iterator[Finding]:
    for proof in row.proofs:
        if proof.valid_until is not None and proof.valid_until < today:
            alone = all(o.valid_until is not None and o.valid_until < today for o in row.proofs)
            sentence = _("“%(title)s” was valid until %(day)s only.")
            said = {"title": proof.title, "day": date_id(proof.valid_until)}
            severity = Severity.ERROR if alone and row.value.share else Severity.WARNING
            yield Finding("expired_proof", severity, row.question, sentence % said)


def _counts(row: Row, _begins: date, _today: date) -> Iterator[Finding]:
    said: dict[str, tuple[Severity, str]] = {
        "over": (Severity.ERROR, _("The part is larger than the whole. Look at the counts again.")),
        "no_whole": (
            Severity.ERROR,
            _("There is a part of nothing: the whole is 0. Look at the counts again."),
        ),
        "settle": (
            Severity.WARNING,
            _("All counts are 0, and how that counts is not settled; it counts as 0."),
        ),
    }
    if found := said.get(row.value.flag):
        yield Finding(row.value.flag, found[0], row.question, found[1])


def _changed(row: Row, _begins: date, _today: date) -> Iterator[Finding]:
    if row.is_changed:
        sentence = _("Answer or evidence was changed after the approval.")
        yield Finding("changed", Severity.WARNING, row.question, sentence)


def _carried(row: Row, _begins: date, _today: date) -> Iterator[Finding]:
    if row.is_carried:
        sentence = _("The answer was carried over and nobody has reviewed it yet.")
        yield Finding("carried", Severity.ERROR, row.question, sentence)


def _silent(row: Row, _begins: date, _today: date) -> Iterator[Finding]:
    for name, opinion in row.opinions.items():
        theirs = scoring.value_of(row.question.asked, opinion.given)
        if theirs.share is not None and theirs != row.value and not opinion.reason.strip():
            sentence = _("The score of the %(assessor)s differs from the unit's without a reason.")
            said = sentence % {"assessor": name.upper()}
            yield Finding("no_reason", Severity.ERROR, row.question, said)


def _doubted(row: Row, _begins: date, _today: date) -> Iterator[Finding]:
    """The best option, where a doubt of the sources suggests a lower one for some case."""
    scale = row.question.scale
    if scale.kind is not ScaleKind.OPTIONS or row.value.share != 1:
        return
    for doubt in row.question.doubts:
        if doubt.suggest and scale.options[doubt.suggest] < 1:
            sentence = _("Does this apply here? %(doubt)s")
            yield Finding("doubt", Severity.HINT, row.question, sentence % {"doubt": doubt.text})


EACH: tuple[Callable[[Row, date, date], Iterator[Finding]], ...] = (
    _unproven,
    _too_old,
    _expired,
    _counts,
    _changed,
    _carried,
    _silent,
    _doubted,
)


# --- rules over counts of several places ---


def _same_counts(rows: Iterable[Row], rules: CheckRules) -> Iterator[Finding]:
    by_code = {row.question.code: row for row in rows}
    for (one, key), (other, other_key) in rules.same:
        first, second = _count(by_code.get(one), key), _count(by_code.get(other), other_key)
        if first is None or second is None or first == second:
            continue
        sentence = _("The same count is %(here)s here and %(there)s at %(code)s.")
        said = {"here": second, "there": first, "code": one}
        question = by_code[other].question
        yield Finding("same_count", Severity.ERROR, question, sentence % said)


def _parts(rows: Iterable[Row], rules: CheckRules) -> Iterator[Finding]:
    by_code = {row.question.code: row for row in rows}
    for rule in rules.parts:
        row = by_code.get(rule.question)
        whole = _count(row, rule.whole)
        together = sum((_count(row, key) or Decimal(0) for key in rule.parts), Decimal(0))
        if row is None or whole is None or together <= whole:
            continue
        names = {count.key: str(count.text) for count in row.question.counts}
        sentence = _("%(parts)s: together %(sum)s, more than %(whole)s (%(name)s).")
        said = {
            "parts": " + ".join(names.get(key, key) for key in rule.parts),
            "sum": together,
            "whole": whole,
            "name": names.get(rule.whole, rule.whole),
        }
        # The formula's own part over its whole is said already.
        if row.value.flag != "over":
            yield Finding("parts", Severity.ERROR, row.question, sentence % said)


def _count(row: Row | None, key: str) -> Decimal | None:
    return row.given.counts.get(key) if row is not None and row.given is not None else None


# --- data ---


def _read(file: DataFile) -> CheckRules:
    file.refuse_twice("parts", "question")
    return CheckRules(
        wording(file.data, "note"),
        file.data["years_before"],
        tuple((_place(one), _place(other)) for one, other in file.data["same"]),
        tuple(
            Parts(row["question"], tuple(row["parts"]), row["whole"]) for row in file.data["parts"]
        ),
    )


def _place(text: str) -> tuple[str, str]:
    code, _dot, key = text.rpartition(".")
    return code, key
