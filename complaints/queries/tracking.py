"""What somebody who holds the code may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from complaints.codes import code_hash
from complaints.enums import AT_COORDINATOR, AT_UNIT, ComplaintState, MessageKind
from complaints.models import Complaint, ExtraCode, Reporter
from complaints.models.complaints import ComplaintQuerySet
from integrity_portal.core.formatting import date_id, datetime_id


@dataclass(frozen=True)
class Event:
    """One line of the timeline component."""

    title: str
    at: str
    done: bool = True
    text: str = ""
    word: str = ""
    tone: str = "info"


@dataclass(frozen=True)
class Letter:
    """One message as the citizen reads it: the office speaks, never a person's name."""

    sender: str
    at: str
    text: str
    is_answer: bool


def complaint_by_code(government_id: int, code: str) -> Complaint | None:
    """Two indexed look-ups by keyed hash, always both: a wrong code takes as long as a right one."""
    hashed = code_hash(code)
    first = _rows(government_id).filter(code_hash=hashed).first()
    again = ExtraCode.objects.filter(code_hash=hashed, complaint__government_id=government_id)
    extra = _rows(government_id).filter(pk__in=again.values("complaint_id")).first()
    return first or extra


def complaint_followed(government_id: int, pk: int) -> Complaint | None:
    return _rows(government_id).filter(pk=pk).first()


def _rows(government_id: int) -> ComplaintQuerySet:
    return Complaint.objects.of(government_id).select_related("government", "unit", "named_unit")


def expectations(complaint: Complaint) -> list[Event]:
    """What comes next and until when."""
    if complaint.state in AT_COORDINATOR:
        unit = complaint.named_unit
        who = unit.name if unit else _("The right unit")
        return [
            Event(
                _("Checked and passed on to the unit"),
                _by(complaint.verify_by),
                done=False,
                word=_("Next"),
            ),
            Event(_("%(unit)s answers") % {"unit": who}, _by(complaint.answer_by), done=False),
        ]
    if complaint.state in AT_UNIT and complaint.unit:
        title = _("%(unit)s answers") % {"unit": complaint.unit.name}
        return [Event(title, _by(complaint.answer_by), done=False, word=_("Next"))]
    if complaint.state == ComplaintState.ANSWERED:
        return [
            Event(
                _("Closed, unless you say that it is not settled yet"),
                _("after %(day)s") % {"day": date_id(complaint.close_on)},
                done=False,
                word=_("Next"),
            )
        ]
    return []


def has_contact(complaint: Complaint) -> bool:
    """Whether there is somewhere to say that there is an answer, and to send a new code."""
    return Reporter.objects.filter(complaint=complaint).exclude(contact_index="").exists()


def timeline(complaint: Complaint, *, is_own: bool = True) -> list[Event]:
    """What happened, then what comes next; `is_own` for whoever filed it."""
    not_settled = _("You said that it is not settled yet")
    if not is_own:
        not_settled = _("The reporter said that it is not settled yet")
    said = {
        "file": _("Report received"),
        "verify": _("Checked and passed on to the unit"),
        "take_on": _("The unit is working on it"),
        "answer": _("Answered"),
        "give_back": _("The unit says it is another office's matter"),
        "recall": _("The coordinator is looking for the right unit"),
        "refer": _("Belongs to another office"),
        "reject": _("Not taken up"),
        "pause": _("The clock stands still"),
        "resume": _("The clock goes on"),
        "merge": _("Joined with a similar report that came earlier"),
        "reopen": not_settled,
        "close": _("Finished"),
    }
    steps = complaint.steps.order_by("pk")
    past = [Event(said[step.name], datetime_id(step.happened_at)) for step in steps]
    return [*past, *expectations(complaint)]


def letters(complaint: Complaint) -> list[Letter]:
    unit = complaint.unit.name if complaint.unit else _("Complaint coordinator")
    senders = {
        MessageKind.CITIZEN: _("You"),
        MessageKind.DECISION: _("Complaint coordinator"),
    }
    rows = complaint.messages.for_citizen().select_related("membership__unit").order_by("pk")
    return [
        Letter(
            sender=senders.get(MessageKind(row.kind)) or _office(row, unit),
            at=datetime_id(row.sent_at),
            text=row.text,
            is_answer=row.kind in (MessageKind.ANSWER, MessageKind.DECISION),
        )
        for row in rows
    ]


def _office(row: Any, otherwise: str) -> str:
    unit = row.membership.unit if row.membership else None
    return unit.name if unit else otherwise


def _by(day: date) -> str:
    return _("by %(day)s at the latest") % {"day": date_id(day)}
