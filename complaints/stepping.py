"""What every step of a complaint has in common. Actions take steps by `perform` of this module."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from complaints.enums import MessageKind
from complaints.models import Complaint, ComplaintFile, Message, Reporter
from complaints.permissions import may_take_step
from complaints.workflow import COMPLAINT
from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from opd import transitions
from opd.actions.inbox import settle_items
from opd.models import Membership, Unit
from opd.transitions import Missing, StepRefused

KIND = "complaint"


def perform(
    name: str,
    complaint: Complaint,
    *,
    by: Membership | None,
    now: datetime,
    note: str = "",
    values: dict[str, Any] | None = None,
    chosen: dict[str, Any] | None = None,
) -> Complaint:
    """One step of the table; who was told that the one before it was late is told no more."""
    moved = transitions.perform(
        COMPLAINT, name, complaint, by=by, now=now, note=note, may=may_take_step, values=values,
        step_values=chosen,
    )  # fmt: skip
    settle_items(government=moved.government, link=(KIND, str(moved.pk)), now=now)
    return moved


def locked(complaint: Complaint) -> Complaint:
    """The row as it stands now, held until the transaction ends."""
    rows = Complaint.objects.select_related("government", "unit", "merged_into")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=complaint.pk)


def say(
    complaint: Complaint,
    kind: MessageKind,
    text: str,
    *,
    by: Membership | None,
    now: datetime,
    attached: Iterable[StoredFile] = (),
) -> Message:
    message = Message.objects.create(
        complaint=complaint,
        government_id=complaint.government_id,
        kind=kind,
        membership=by,
        text=text,
        sent_at=now,
    )
    for stored in attached:
        files.keep(stored)
        ComplaintFile.objects.create(
            complaint=complaint,
            government_id=complaint.government_id,
            message=message,
            file=stored,
            added_at=now,
        )
    return message


def first_word(complaint: Complaint, now: datetime, today: date) -> dict[str, Any]:
    """Columns of the first response, when this is it."""
    if complaint.first_response_at is not None:
        return {}
    return {"first_response_at": now, "first_response_on": today}


def forget_notice_contact(complaint: Complaint) -> None:
    """A contact that was only there to notify somebody anonymous has no use any more."""
    here = [complaint.pk, *complaint.joined.values_list("pk", flat=True)]
    Reporter.objects.filter(complaint__in=here, for_notice_only=True).delete()


def need(present: object, sentence: str, anchor: str) -> None:
    if not present:
        raise StepRefused(sentence, [Missing(sentence, anchor)])


def is_active(unit: Unit, today: date) -> bool:
    begun = unit.active_from is None or unit.active_from <= today
    return begun and (unit.active_to is None or unit.active_to >= today)
