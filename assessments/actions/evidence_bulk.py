"""Many documents at once: previewed before, written together or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.actions.evidence import (
    EvidenceTexts,
    Place,
    Source,
    add_evidence,
    attach_evidence,
)
from assessments.models import Evidence, Worksheet, WorksheetItem
from assessments.queries.evidence import same_content
from assessments.queries.reviewers import unit_may_write
from assessments.sheet_keeping import locked_sheet
from integrity_portal.core import ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import Missing, StepRefused


@dataclass(frozen=True)
class Row:
    """A file that has arrived, what it is called, and the codes of its questions."""

    stored: StoredFile
    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    added: int
    known: int
    places: int


@transaction.atomic
def add_many(
    *, sheet: Worksheet, rows: Sequence[Row], form_key: UUID, by: Membership, now: datetime
) -> Written:
    """The same content is one document, however often it came and wherever it already stands.

    Raises StepRefused with every question that is closed to the unit; nothing is written then.
    """
    held = locked_sheet(sheet.pk)
    wanted = {code for row in rows for code in row.codes}
    items = {item.code: item for item in held.items.filter(code__in=wanted)}
    _refuse_closed(held, wanted, items)
    added = known = places = 0
    for row in rows:
        texts = EvidenceTexts(row.title.strip() or row.stored.name)
        first, *others = (items[code] for code in row.codes)
        evidence = same_content(held.zone.unit, row.stored, "")
        if evidence is None:
            evidence = add_evidence(
                unit=held.zone.unit,
                texts=texts,
                source=Source(row.stored),
                form_key=uuid5(form_key, row.stored.sha256),
                by=by,
                now=now,
                place=Place(first),
            )
            added += 1
        else:
            known += 1
            _attach(first, evidence, by, now)
        for item in others:
            _attach(item, evidence, by, now)
        places += 1 + len(others)
    codes: dict[str, ledger.Code] = {"added": added, "known": known, "places": places}
    ledger.record("evidence.added_many", held, by=by, codes=codes)
    return Written(added, known, places)


def _attach(item: WorksheetItem, evidence: Evidence, by: Membership, now: datetime) -> None:
    standing = item.uses.filter(evidence=evidence).first()
    pages = standing.pages if standing else ""
    attach_evidence(item=item, evidence=evidence, pages=pages, by=by, now=now)


def _refuse_closed(sheet: Worksheet, wanted: set[str], items: dict[str, WorksheetItem]) -> None:
    unknown = [
        Missing(_("There is no question %(code)s.") % {"code": code})
        for code in sorted(wanted - items.keys())
    ]
    closed = [
        Missing(_("The TPI has question %(code)s.") % {"code": code})
        for code, item in sorted(items.items())
        if not unit_may_write(sheet, item)
    ]
    if unknown or closed:
        raise StepRefused(_("Nothing was written."), [*unknown, *closed])
