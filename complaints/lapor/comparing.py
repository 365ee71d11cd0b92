"""What the rows of an export would change here. Pure: what stands is passed in."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from complaints.enums import ComplaintState
from complaints.lapor.reading import Fault, Reading, Row
from complaints.lapor.terms import Agreement, Terms
from complaints.lapor.words import plain


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class StandingCase:
    """A case that is linked already, with the complaint it belongs to."""

    case: int
    complaint: int
    number: int
    state: str
    status: str
    is_secret: bool
    link: str


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass
class Line:
    row: Row
    standing: StandingCase | None = None
    unit: int | None = None
    # What a new row becomes here.
    begins: str = ComplaintState.RECEIVED
    agreement: Agreement = Agreement.SAME
    changes: list[Change] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.row.faults:
            return Outcome.REFUSED
        if self.standing is None:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.SAME

    @property
    def state_label(self) -> str:
        state = self.standing.state if self.standing else self.begins
        return str(ComplaintState(state).label)


@dataclass(frozen=True)
class Comparison:
    lines: tuple[Line, ...]

    def good(self) -> list[Line]:
        return [line for line in self.lines if line.outcome in (Outcome.NEW, Outcome.CHANGED)]

    def same(self) -> list[Line]:
        return [line for line in self.lines if line.outcome == Outcome.SAME]

    def faults(self) -> list[Fault]:
        return [fault for line in self.lines for fault in line.row.faults]

    def to_settle(self) -> list[Line]:
        """Rows after which a person has to bring both systems together."""
        return [
            line
            for line in self.lines
            if line.outcome != Outcome.REFUSED and line.agreement != Agreement.SAME
        ]

    def count(self) -> dict[str, int]:
        found = Counter(line.outcome.value for line in self.lines)
        return {outcome.value: found[outcome.value] for outcome in Outcome}

    @property
    def fingerprint(self) -> str:
        """The same again: nobody has changed what it would write over."""
        content = [
            [line.row.number, line.outcome.value, line.begins, line.unit]
            + [[each.label, each.before, each.after] for each in line.changes]
            for line in self.lines
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def compare(
    reading: Reading,
    terms: Terms,
    standing: Mapping[str, StandingCase],
    units: Mapping[str, int],
) -> Comparison:
    """`standing` by tracking number, `units` by their names as `plain` writes them."""
    return Comparison(
        tuple(_line(row, terms, standing.get(row.tracking_id), units) for row in reading.rows)
    )


def _line(
    row: Row,
    terms: Terms,
    standing: StandingCase | None,
    units: Mapping[str, int],
) -> Line:
    line = Line(row, standing, units.get(plain(row.unit)), remarks=list(row.remarks))
    if row.status and terms.status(row.status) is None:
        said = _("The status “%(status)s” is unknown here.")
        line.remarks.append(said % {"status": row.status})
    if standing is None:
        _begin(line, terms)
    else:
        line.changes = _changes(row, standing)
    state = standing.state if standing else line.begins
    line.agreement = terms.beside(row.status or (standing.status if standing else ""), state)
    return line


def _begin(line: Line, terms: Terms) -> None:
    row = line.row
    status = terms.status(row.status) if row.status else None
    begins = status.begins if status else "received"
    if row.unit and line.unit is None:
        line.remarks.append(_("Its unit is not in the registry here."))
    if begins in ("verified", "answered") and line.unit is None:
        begins = "received"
    if begins == "answered" and row.answered_at is None:
        begins = "verified"
        line.remarks.append(_("It is finished there, but the day is not told."))
    if begins in ("rejected", "referred") and row.answered_at is None:
        begins = "received"
        line.remarks.append(_("It ended there, but the day is not told."))
    # Answered there means settled there: nobody waits for ten days here.
    line.begins = {"answered": "closed", "person": "received"}.get(begins, begins)


def _changes(row: Row, standing: StandingCase) -> list[Change]:
    found = []
    if row.status and plain(row.status) != plain(standing.status):
        found.append(Change(_("Status there"), standing.status, row.status))
    if row.is_secret and not standing.is_secret:
        found.append(Change(_("Secret"), _("no"), _("yes")))
    if row.link and row.link != standing.link:
        found.append(Change(_("Link"), standing.link, row.link))
    return found
