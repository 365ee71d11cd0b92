"""What becomes of a unit's evidence elsewhere is told to it: one message for a batch of returns."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.enums import Assessor, UseVerdict
from assessments.models import Answer, EvidenceExample, EvidenceUse, Worksheet
from assessments.permissions import can_write_plan
from assessments.sheet_news import tell
from opd.actions.inbox import notify, settle_items
from opd.enums import Role
from opd.models import Membership
from opd.reminders import Owner

RETURNED = "evidence.returned"
WITHDRAWN = "evidence.example_withdrawn"
# Links of the inbox: the returned documents of one work-sheet, by its key.
RETURNS_KIND = "returned_evidence"


@transaction.atomic
def tell_returned(*, use: EvidenceUse, now: datetime) -> int:
    """Who answered the question and who was asked to answer it; how many were told.

    While a message about this work-sheet stands unread, the next return says nothing new. The
    caller holds the lock of the sheet.
    """
    sheet = use.item.worksheet
    answered = Answer.objects.filter(item=use.item, assessor=Assessor.UNIT).first()
    asked = {use.item.assignee_id, answered.changed_by_id if answered else use.added_by_id}
    return tell(sheet, _owners(sheet, asked, now), RETURNED, now, kind=RETURNS_KIND)


def _owners(sheet: Worksheet, asked: set[int | None], now: datetime) -> list[Owner]:
    """Offices that still write for the unit; where none is left, every operator of the unit."""
    held = Membership.objects.valid_on(timezone.localdate(now)).filter(pk__in=asked - {None})
    unit = sheet.zone.unit
    found = [
        Owner(membership_id=row.pk) for row in held.order_by("pk") if can_write_plan(row, unit)
    ]
    return found or [Owner(role=Role.OPD_OPERATOR, unit_id=unit.pk)]


@transaction.atomic
def settle_returns(*, sheet: Worksheet, now: datetime, is_over: bool = False) -> int:
    """Once no document of the work-sheet stands returned, or the sheet is settled, nobody has to
    read why."""
    returned = EvidenceUse.objects.filter(item__worksheet=sheet, verdict=UseVerdict.RETURNED)
    if not is_over and returned.exists():
        return 0
    link = (RETURNS_KIND, str(sheet.pk))
    return settle_items(government=sheet.government, link=link, now=now)


@transaction.atomic
def tell_withdrawn(*, example: EvidenceExample, by: Membership, now: datetime) -> int:
    """An example that somebody else took back: who released it should know."""
    use, unit = example.use, example.use.item.worksheet.zone.unit
    if can_write_plan(by, unit):
        return 0
    told = 0
    for owner in _owners(use.item.worksheet, {example.released_by_id}, now):
        item = notify(
            government=unit.government,
            owner=owner,
            key=f"evidence_example:{example.pk}:withdrawn",
            link=("evidence", str(use.evidence_id)),
            sentence=WITHDRAWN,
            now=now,
            is_sample=use.evidence.is_sample,
        )
        told += item is not None
    return told
