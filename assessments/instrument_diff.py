"""What differs between two editions of an instrument: pure, by code, in the order of the newer one.

Questions keep their code from edition to edition; one that moved is one removed and one added.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assessments.instrument import Instrument, QuestionText
from assessments.scoring import Gate, Ratio
from integrity_portal.core.data_files import Wording


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    WEIGHT = "weight"
    SCALE = "scale"
    WORDS = "words"
    GATE = "gate"


@dataclass(frozen=True)
class Change:
    """`what`: which text or number it is; `before` and `after` are texts or numbers, or None."""

    kind: Kind
    code: str
    title: Wording
    what: str
    before: Wording | Decimal | str | None = None
    after: Wording | Decimal | str | None = None


@dataclass(frozen=True)
class Difference:
    changes: tuple[Change, ...]
    # Questions whose answers still hold, hold after a look at the new words, and do not.
    same: frozenset[str]
    to_review: frozenset[str]
    to_answer: frozenset[str]

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        return tuple(row for row in self.changes if row.kind in kinds)


def difference(before: Instrument, after: Instrument) -> Difference:
    rows = [*_nodes(before, after), *_questions(before, after), *_gates(before, after)]
    touched: dict[str, set[Kind]] = {}
    for row in rows:
        touched.setdefault(row.code, set()).add(row.kind)
    found: dict[str, set[str]] = {"same": set(), "review": set(), "answer": set()}
    for code in after.questions:
        kinds = touched.get(code, set())
        if kinds & {Kind.ADDED, Kind.SCALE}:
            found["answer"].add(code)
        else:
            found["review" if Kind.WORDS in kinds else "same"].add(code)
    return Difference(
        tuple(rows),
        frozenset(found["same"]),
        frozenset(found["review"]),
        frozenset(found["answer"]),
    )


def unchanged(before: Instrument, after: Instrument) -> frozenset[str]:
    """Questions that read, weigh and are scored exactly as before."""
    touched = {row.code for row in _questions(before, after)}
    return frozenset(code for code in after.questions if code not in touched)


def _nodes(before: Instrument, after: Instrument) -> Iterator[Change]:
    old, new = before.tree.nodes, after.tree.nodes
    for code in _all(old, new):
        title = after.titles.get(code) or before.titles[code]
        if code not in old:
            yield Change(Kind.ADDED, code, title, "node", None, new[code].weight)
            continue
        if code not in new:
            yield Change(Kind.REMOVED, code, title, "node", old[code].weight)
            continue
        if old[code].weight != new[code].weight:
            yield Change(Kind.WEIGHT, code, title, "node", old[code].weight, new[code].weight)
        if before.titles[code] != title:
            yield Change(Kind.WORDS, code, title, "title", before.titles[code], title)


def _questions(before: Instrument, after: Instrument) -> Iterator[Change]:
    old, new = before.questions, after.questions
    for code in _all(old, new):
        if code not in old:
            yield Change(Kind.ADDED, code, new[code].text, "question", None, new[code].worth)
        elif code not in new:
            yield Change(Kind.REMOVED, code, old[code].text, "question", old[code].worth)
        else:
            yield from _question(old[code], new[code])


def _question(old: QuestionText, new: QuestionText) -> Iterator[Change]:
    if old.worth != new.worth:
        yield Change(Kind.WEIGHT, new.code, new.text, "worth", old.worth, new.worth)
    if old.scale != new.scale:
        yield Change(Kind.SCALE, new.code, new.text, "scale", old.scale.code, new.scale.code)
    if old.asked.ratio != new.asked.ratio:
        formulas = (_formula(old.asked.ratio), _formula(new.asked.ratio))
        yield Change(Kind.SCALE, new.code, new.text, "formula", *formulas)
    mine, theirs = dict(_texts(old)), dict(_texts(new))
    for what in _all(mine, theirs):
        if mine.get(what) != theirs.get(what):
            yield Change(Kind.WORDS, new.code, new.text, what, mine.get(what), theirs.get(what))


def _texts(row: QuestionText) -> Iterator[tuple[str, Wording]]:
    """Everything that is read at a question, by what it is."""
    yield "text", row.text
    if row.note:
        yield "note", row.note
    for option in row.options:
        yield f"option {option.code}", option.text
    for count in row.counts:
        yield f"count {count.key}", count.text
    for number, text in enumerate(row.evidence, start=1):
        yield f"evidence {number}", text
    for number, doubt in enumerate(row.doubts, start=1):
        yield f"doubt {number}", doubt.text


def _formula(ratio: Ratio | None) -> str:
    if ratio is None:
        return ""
    return f"{_sum(ratio.part)} / {_sum(ratio.whole)}; 0/0: {ratio.zero.value}"


def _sum(terms: tuple[tuple[str, int], ...]) -> str:
    """`last - now`; in brackets where it is more than one count."""
    said = "".join(f" {'+' if sign > 0 else '-'} {key}" for key, sign in terms)
    said = said.removeprefix(" + ").strip()
    return f"({said})" if len(terms) > 1 else said


def _gates(before: Instrument, after: Instrument) -> Iterator[Change]:
    old = {row.code: row for row in before.tree.gates}
    new = {row.code: row for row in after.tree.gates}
    for code in _all(old, new):
        title = after.gate_titles.get(code) or before.gate_titles[code]
        was, now = _gate(old.get(code)), _gate(new.get(code))
        if was != now:
            yield Change(Kind.GATE, code, title, "gate", was, now)


def _gate(row: Gate | None) -> str | None:
    if row is None:
        return None
    unit = "%" if row.is_percent else ""
    reading = f" ({row.reading})" if row.reading else ""
    return f"{' + '.join(row.nodes)} ≥ {row.minimum}{unit}{reading}"


def _all(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """In the order of the newer one; what is gone comes after it."""
    return [*new, *(code for code in old if code not in set(new))]
