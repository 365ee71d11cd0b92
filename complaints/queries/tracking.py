"""What somebody who holds the code may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints import referrals, sla
from complaints.codes import code_hash
from complaints.enums import AT_COORDINATOR, AT_UNIT, ComplaintState, MessageKind
from complaints.models import Complaint, ComplaintFile, ExtraCode, Message, Reporter
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
    # (key, name) of the files that came with it.
    files: tuple[tuple[int, str], ...] = ()


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
    return Complaint.objects.of(government_id).select_related(
        "government", "unit", "named_unit", "merged_into__unit", "merged_into__named_unit"
    )


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
    if complaint.state == ComplaintState.PAUSED:
        title = _("The clock goes on")
        return [Event(title, _by(complaint.resume_on), done=False, word=_("Next"))]
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
        "settle_there": _("Finished"),
    }
    told = {"refer": _where_to(complaint), "pause": _until_when(complaint)}
    rows = complaint.steps.order_by("pk")
    main = complaint.merged_into
    steps = [*rows, *(_after_joining(main, rows) if main else [])]
    voices = set(
        complaint.messages.filter(kind=MessageKind.CITIZEN).values_list("sent_at", flat=True)
    )
    past = [
        Event(
            _("Not settled yet: the unit works on it again")
            if step.name == "reopen" and step.happened_at not in voices
            else said[step.name],
            datetime_id(step.happened_at),
            text=told.get(step.name, ""),
        )
        for step in steps
    ]
    return [*past, *expectations(main or complaint)]


def _after_joining(main: Complaint, own: Any) -> list[Any]:
    """What happened to the main one since then; before, it was somebody else's report."""
    joined = next((step for step in reversed(own) if step.name == "merge"), None)
    steps = main.steps.order_by("pk")
    return list(steps.filter(happened_at__gt=joined.happened_at) if joined else steps)


def _where_to(complaint: Complaint) -> str:
    found = referrals.institution((complaint.merged_into or complaint).referred_to)
    return " · ".join(part for part in (found.label, found.where) if part) if found else ""


def _until_when(complaint: Complaint) -> str:
    main = complaint.merged_into or complaint
    if main.state != ComplaintState.PAUSED:
        return ""
    reason = sla.current().pause(main.pause_reason).label
    return _("%(reason)s, until %(day)s at the latest") % {
        "reason": reason,
        "day": date_id(main.resume_on),
    }


def letters(complaint: Complaint) -> list[Letter]:
    """Its own, and the answers to the one that it was joined with."""
    main = complaint.merged_into or complaint
    unit = main.unit.name if main.unit else _("Complaint coordinator")
    senders = {
        MessageKind.CITIZEN: _("You"),
        MessageKind.DECISION: _("Complaint coordinator"),
    }
    answers = (MessageKind.ANSWER, MessageKind.DECISION)
    here = Q(complaint=complaint) | Q(complaint=complaint.merged_into_id, kind__in=answers)
    rows = Message.objects.for_citizen().filter(here).select_related("membership__unit")
    files = _files_of(complaint)
    return [
        Letter(
            sender=senders.get(MessageKind(row.kind)) or _office(row, unit),
            at=datetime_id(row.sent_at),
            text=row.text,
            is_answer=row.kind in answers,
            files=tuple(files.get(row.pk, ())) if row.kind in answers else (),
        )
        for row in rows.order_by("sent_at", "pk")
    ]


def _answer_files(complaint: Complaint) -> Any:
    main = complaint.merged_into_id or complaint.pk
    rows = ComplaintFile.objects.filter(
        complaint__in=[complaint.pk, main], message__kind=MessageKind.ANSWER, is_hidden=False
    )
    return rows.select_related("file")


def _files_of(complaint: Complaint) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    for row in _answer_files(complaint).order_by("pk"):
        found.setdefault(row.message_id, []).append((row.pk, row.file.name))
    return found


def answer_file(complaint: Complaint, pk: int) -> ComplaintFile | None:
    """A file that came with an answer which this citizen may read."""
    found: ComplaintFile | None = _answer_files(complaint).filter(pk=pk).first()
    return found


def _office(row: Any, otherwise: str) -> str:
    unit = row.membership.unit if row.membership else None
    return unit.name if unit else otherwise


def _by(day: date | None) -> str:
    return _("by %(day)s at the latest") % {"day": date_id(day)}


# --- for who filed it ---


def complaints_filed(government_id: int, keys: list[int]) -> dict[int, Complaint]:
    """For the slips: by key, one query."""
    return {row.pk: row for row in Complaint.objects.of(government_id).filter(pk__in=keys)}


def was_filed(draft_key: str) -> bool:
    return Complaint.objects.filter(draft_key=draft_key).exists()
