"""What the answers of a file would change against those that stand in the work-sheet."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from assessments import scoring
from assessments.excel.layout import Filled
from assessments.excel.reading import Entry, NodeRow, Reading
from assessments.instrument import Instrument
from assessments.scoring import Given, Sheet

CENT = Decimal("0.005")


class Outcome(StrEnum):
    """`changed`: the answer is as the file knew it; `conflict`: it may be newer than the file;
    `unsure`: nobody has answered, and which question the row means is a guess."""

    NEW = "new"
    UNSURE = "unsure"
    CHANGED = "changed"
    CONFLICT = "conflict"
    SAME = "same"
    EMPTY = "empty"
    REFUSED = "refused"


CHOOSABLE = frozenset({Outcome.CHANGED, Outcome.CONFLICT, Outcome.UNSURE})
WRITABLE = CHOOSABLE | {Outcome.NEW}
# As the forms of the questions have it.
NOTE_LIMIT, REASON_LIMIT = 4_000, 2_000


@dataclass(frozen=True)
class Standing:
    """One question as it stands: version 0 when nobody has answered it. `own`: of the unit, when
    somebody else assesses it."""

    filled: Filled
    version: int = 0
    changed_at: datetime | None = None
    is_open: bool = True
    own: Given | None = None


@dataclass(frozen=True)
class Line:
    code: str
    row: int
    outcome: Outcome
    before: Filled
    after: Filled
    version: int
    problem: str = ""
    remarks: tuple[str, ...] = ()
    # Addresses in the file that do not stand at the question yet.
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    lines: tuple[Line, ...]

    @property
    def fingerprint(self) -> str:
        """The same plan again: nobody has changed an answer that it would write or ask about."""
        content = [
            [line.code, line.outcome.value, line.version, _plain(line.before), _plain(line.after)]
            for line in self.lines
            if line.outcome in WRITABLE
        ]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def count(self) -> dict[str, int]:
        return {
            outcome.value: sum(line.outcome is outcome for line in self.lines)
            for outcome in Outcome
        }

    def to_write(self, take: Collection[str], leave: Collection[str] = ()) -> list[Line]:
        """All new answers but those to leave out; of those that differ the ones that were chosen."""
        return [
            line
            for line in self.lines
            if (line.outcome is Outcome.NEW and line.code not in leave)
            or (line.outcome in CHOOSABLE and line.code in take)
        ]


def make_plan(
    instrument: Instrument,
    entries: Mapping[str, Entry],
    standing: Mapping[str, Standing],
    *,
    exported_at: datetime | None,
    is_assessor: bool,
) -> Plan:
    return Plan(
        tuple(
            _line(instrument, entries[code], standing[code], exported_at, is_assessor)
            for code in instrument.questions
            if code in entries and code in standing
        )
    )


def _line(
    instrument: Instrument,
    entry: Entry,
    standing: Standing,
    exported_at: datetime | None,
    is_assessor: bool,
) -> Line:
    before, after = standing.filled, merged(standing.filled, entry.filled)
    links = tuple(link for link in entry.filled.links if link not in before.links)
    line = Line(
        entry.code,
        entry.row,
        Outcome.SAME,
        before,
        after,
        standing.version,
        remarks=entry.remarks + _loose(entry, before),
        links=links,
    )
    if not entry.filled.is_answered and not entry.filled.text and not entry.filled.zero_as:
        return replace(line, outcome=Outcome.EMPTY)
    if after == before:
        return line
    problem = _problem(instrument, entry.code, standing, after, is_assessor)
    if problem:
        return replace(line, outcome=Outcome.REFUSED, problem=problem)
    if standing.version == 0:
        return replace(line, outcome=Outcome.UNSURE if entry.is_guess else Outcome.NEW)
    if entry.is_guess:
        return replace(line, outcome=Outcome.CONFLICT)
    known = exported_at is not None and standing.changed_at is not None
    is_older = known and standing.changed_at <= exported_at  # type: ignore[operator]
    return replace(line, outcome=Outcome.CHANGED if is_older else Outcome.CONFLICT)


def _loose(entry: Entry, before: Filled) -> tuple[str, ...]:
    """Names of documents that stand at the question are what the portal itself wrote there."""
    return tuple(
        _("“%s” in the column “Link evidence” is no address. Add the document at the question.")
        % line
        for line in entry.loose
        if line not in before.links
    )


def merged(before: Filled, said: Filled) -> Filled:
    """What is empty in the file stays as it stands: an empty cell erases nothing."""
    counts = tuple(sorted((dict(before.counts) | dict(said.counts)).items()))
    return Filled(
        option=said.option or before.option,
        counts=counts,
        index=before.index if said.index is None else said.index,
        zero_as=said.zero_as or before.zero_as,
        text=said.text or before.text,
        links=before.links,
    )


def _problem(
    instrument: Instrument, code: str, standing: Standing, after: Filled, is_assessor: bool
) -> str:
    if not standing.is_open:
        return _("The TPI has this question. Ask there to open it, then import again.")
    limit = REASON_LIMIT if is_assessor else NOTE_LIMIT
    if len(after.text) > limit:
        return _("The note has more than %(limit)d characters. Shorten it in the file.") % {
            "limit": limit
        }
    if not is_assessor or after.text or standing.own is None:
        return ""
    asked = instrument.questions[code].asked
    if scoring.value_of(asked, given(after)) != scoring.value_of(asked, standing.own):
        return _("This score differs from the unit's. Write the reason in the column “Catatan”.")
    return ""


# --- scores ---


def given(filled: Filled) -> Given:
    counts = {key: Decimal(value) for key, value in filled.counts}
    return Given(filled.option, counts, filled.index, filled.zero_as)


def scored(instrument: Instrument, filled: Mapping[str, Filled]) -> Sheet:
    answers = {code: given(each) for code, each in filled.items() if each.is_answered}
    return scoring.score(instrument.tree, answers)


@dataclass(frozen=True)
class Difference:
    """A roll-up row whose weight or score in the file is not what the portal reckons."""

    code: str
    row: int
    what: str
    in_file: Decimal
    in_portal: Decimal


def differences(reading: Reading, instrument: Instrument) -> list[Difference]:
    """To the cent; a file that is not calculated has nothing to compare."""
    sheet = scored(instrument, {code: each.filled for code, each in reading.entries.items()})
    found: list[Difference] = []
    for node in reading.nodes:
        own = sheet.nodes[node.code] if node.code else sheet.total
        found += _differences(node, own.weight, own.value)
    return found


def _differences(node: NodeRow, weight: Decimal, value: Decimal) -> Iterable[Difference]:
    pairs = (("weight", node.weight, weight), ("score", node.value, value))
    for what, in_file, in_portal in pairs:
        if in_file is not None and abs(in_file - in_portal) > CENT:
            yield Difference(node.code, node.row, what, in_file, in_portal)


def _plain(filled: Filled) -> dict[str, object]:
    return {**asdict(filled), "index": str(filled.index)}
