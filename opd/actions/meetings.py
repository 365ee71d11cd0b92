"""Public meetings: announced, corrected, ended; the card for their tables."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.models import Document
from opd.models import Membership, PublicMeeting
from opd.permissions import can_keep_meetings
from opd.transitions import StepRefused

CARD = "opd.meeting_card"


@dataclass(frozen=True)
class MeetingFacts:
    title: str
    held_on: date
    series: str = ""
    venue: str = ""


def _keeper(by: Membership) -> None:
    if not can_keep_meetings(by):
        raise PermissionDenied(_("Your role does not include public meetings."))


def _check(facts: MeetingFacts) -> None:
    if not facts.title.strip():
        raise StepRefused(_("Write what the meeting is called."))


@transaction.atomic
def add_meeting(
    *, facts: MeetingFacts, form_key: UUID, by: Membership, now: datetime
) -> PublicMeeting:
    """Twice is once. Raises PermissionDenied, StepRefused."""
    _keeper(by)
    _check(facts)
    known = PublicMeeting.objects.of(by.government_id).filter(form_key=form_key).first()
    if known:
        return known
    row = PublicMeeting.objects.create(
        government_id=by.government_id,
        form_key=form_key,
        created_by=by,
        created_at=now,
        is_sample=by.government.is_sample,
        **vars(facts),
    )
    ledger.record("meeting.added", row, by=by)
    return row


@transaction.atomic
def edit_meeting(*, meeting: PublicMeeting, facts: MeetingFacts, by: Membership) -> PublicMeeting:
    """The address stays: it is printed on the card."""
    row = _locked(meeting, by)
    _check(facts)
    changed = [name for name, value in vars(facts).items() if getattr(row, name) != value]
    if not changed:
        return row
    if "held_on" in changed and row.promises.exists():  # type: ignore[attr-defined]
        raise StepRefused(_("Promises were made on that day. The day stays."))
    for name in changed:
        setattr(row, name, getattr(facts, name))
    row.save(update_fields=changed)
    ledger.record("meeting.edited", row, by=by, codes=dict.fromkeys(sorted(changed), True))
    return row


@transaction.atomic
def end_meeting(
    *, meeting: PublicMeeting, by: Membership, now: datetime, today: date
) -> PublicMeeting:
    """From now on nothing is filed from its tables; its page shows the promises."""
    row = _locked(meeting, by)
    if row.held_on > today:
        raise StepRefused(_("The meeting has not begun yet."))
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        ledger.record("meeting.ended", row, by=by)
    return row


@transaction.atomic
def order_card(*, meeting: PublicMeeting, by: Membership, now: datetime) -> Document:
    """The card with the QR code that stands on the tables, as PDF."""
    row = _locked(meeting, by)
    return request_document(
        kind=CARD,
        params={"meeting": row.pk},
        title=f"Kartu meja {row.title[:120]}",
        by=by,
        now=now,
        is_sample=row.is_sample,
    )


def _locked(meeting: PublicMeeting, by: Membership) -> PublicMeeting:
    _keeper(by)
    return PublicMeeting.objects.select_for_update(of=("self",), no_key=True).get(
        pk=meeting.pk, government_id=by.government_id
    )
