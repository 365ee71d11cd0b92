"""Messages that change no state: from the citizen, to the citizen, between staff."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import sla
from complaints.actions.notices import tell_reporter
from complaints.actions.pausing import resume_complaint
from complaints.channel_enums import Event
from complaints.enums import ComplaintState, MessageKind
from complaints.models import Complaint, Message
from complaints.permissions import citizen_may_write, may_write_note, may_write_to_citizen
from complaints.queries.clock import local_day
from complaints.stepping import first_word, locked as lock, say
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import Missing, StepRefused


@transaction.atomic
def write_as_citizen(*, complaint: Complaint, text: str, now: datetime) -> Message:
    """More from the citizen, who holds the code. When this was waited for the clock goes on."""
    message = _write(complaint, MessageKind.CITIZEN, text, by=None, now=now)
    row = lock(complaint)
    if (
        row.state == ComplaintState.PAUSED
        and sla.current().pause(row.pause_reason).ends_with_message
    ):
        resume_complaint(complaint=row, by=None, now=now)
    return message


@transaction.atomic
def write_to_citizen(*, complaint: Complaint, by: Membership, text: str, now: datetime) -> Message:
    """A question or interim word of the handling unit; no answer yet."""
    message = _write(complaint, MessageKind.QUESTION, text, by=by, now=now)
    tell_reporter(complaint=complaint, event=Event.QUESTION, now=now, about=str(message.pk))
    return message


def write_note(*, complaint: Complaint, by: Membership, text: str, now: datetime) -> Message:
    """For colleagues only; the citizen never reads it."""
    return _write(complaint, MessageKind.NOTE, text, by=by, now=now)


def _may(kind: MessageKind, complaint: Complaint, by: Membership | None) -> bool:
    if by is None:
        return citizen_may_write(complaint)
    may = may_write_note if kind == MessageKind.NOTE else may_write_to_citizen
    return may(by, complaint)


@transaction.atomic
def _write(
    complaint: Complaint, kind: MessageKind, text: str, *, by: Membership | None, now: datetime
) -> Message:
    if not text:
        sentence = _("Write the message.")
        raise StepRefused(sentence, [Missing(sentence, "text")])
    locked = lock(complaint)
    if not _may(kind, locked, by):
        raise StepRefused(_("No message can be written here any more. Reload the page."))
    last = locked.messages.order_by("-pk").first()
    # A double click or a resent page: the same words twice in a row are one message.
    if last and (last.kind, last.text, last.membership_id) == (kind, text, by.pk if by else None):
        return last
    message = say(locked, kind, text, by=by, now=now)
    if kind == MessageKind.QUESTION:
        _note_first_word(locked, now)
    ledger.record(
        "message.sent",
        message,
        by=by,
        government_id=locked.government_id,
        codes={"complaint": locked.pk, "kind": kind.value},
    )
    return message


def _note_first_word(complaint: Complaint, now: datetime) -> None:
    values = first_word(complaint, now, local_day(complaint.government, now))
    for column, value in values.items():
        setattr(complaint, column, value)
    if values:
        complaint.save(update_fields=list(values))
