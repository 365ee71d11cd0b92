"""The coordinator's and the unit's steps, and the citizen's "not settled yet"."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import deadlines, sla
from complaints.actions.notices import tell_reporter
from complaints.channel_enums import Event
from complaints.enums import MessageKind
from complaints.models import Complaint, Message, Reporter
from complaints.permissions import may_take_step
from complaints.queries.clock import days_off_from, local_day
from complaints.workflow import COMPLAINT
from opd.enums import TimeZone
from opd.models import Membership, Unit
from opd.transitions import Missing, StepRefused, perform


def verify_complaint(
    *,
    complaint: Complaint,
    by: Membership,
    unit: Unit,
    sla_class: str,
    now: datetime,
    note: str = "",
) -> Complaint:
    """Decide the class and pass on to the unit; the answer's date runs from the day of filing."""
    today = local_day(complaint.government, now)
    terms = sla.current()
    _need(
        unit.government_id == complaint.government_id and _is_active(unit, today),
        _("Choose a unit that is active today."),
        "unit",
    )
    _need(
        sla_class in {row.code for row in terms.offered()},
        _("Choose the class of the complaint."),
        "sla_class",
    )
    off = days_off_from(complaint.government, complaint.filed_on)
    values = {
        "unit": unit,
        "sla_class": sla_class,
        "sla_version": terms.version,
        "answer_by": deadlines.answer_by(terms, sla_class, complaint.filed_on, off),
    }
    chosen = {"sla_class": sla_class}
    return _step("verify", complaint, by=by, now=now, note=note, values=values, chosen=chosen)


def take_on(*, complaint: Complaint, by: Membership, now: datetime) -> Complaint:
    return _step("take_on", complaint, by=by, now=now)


@transaction.atomic
def answer_complaint(
    *, complaint: Complaint, by: Membership, text: str, now: datetime
) -> Complaint:
    """The unit's answer; the citizen has until `close_on` to say that it is not settled."""
    _need(text, _("Write the answer."), "text")
    government = complaint.government
    today = local_day(government, now)
    values = {
        "answered_at": now,
        "answered_on": today,
        "close_on": deadlines.close_on(sla.current(), today, days_off_from(government, today)),
    }
    moved = _step("answer", complaint, by=by, now=now, values=values)
    _say(moved, MessageKind.ANSWER, text, by=by, now=now)
    tell_reporter(complaint=moved, event=Event.ANSWERED, now=now)
    return moved


def give_back(*, complaint: Complaint, by: Membership, reason: str, now: datetime) -> Complaint:
    """Not this unit's matter: the coordinator finds the right one."""
    return _to_coordinator("give_back", complaint, by, reason, now)


def recall(*, complaint: Complaint, by: Membership, reason: str, now: datetime) -> Complaint:
    """The coordinator takes it back, for instance when the unit is closed or stays silent."""
    return _to_coordinator("recall", complaint, by, reason, now)


def refer(*, complaint: Complaint, by: Membership, text: str, now: datetime) -> Complaint:
    """Another institution's matter; the citizen reads where to go."""
    return _end("refer", complaint, by, text, now)


def reject(*, complaint: Complaint, by: Membership, text: str, now: datetime) -> Complaint:
    """Not taken up; the citizen reads why."""
    return _end("reject", complaint, by, text, now)


@transaction.atomic
def reopen(*, complaint: Complaint, text: str, now: datetime) -> Complaint:
    """The citizen, holding the code, says that it is not settled and why."""
    _need(text, _("Tell what is not settled yet."), "text")
    government = complaint.government
    today = local_day(government, now)
    off = days_off_from(government, today)
    values = {
        "answered_at": None,
        "answered_on": None,
        "close_on": None,
        "answer_by": deadlines.after_reopening(sla.current(), today, off),
    }
    moved = _step("reopen", complaint, by=None, now=now, values=values)
    _say(moved, MessageKind.CITIZEN, text, by=None, now=now)
    return moved


def close_due(now: datetime) -> None:
    """Close what was answered and not contradicted in time, by each government's own calendar day.

    Called by the portal's tick; idempotent.
    """
    for zone in TimeZone.values:
        today = now.astimezone(ZoneInfo(zone)).date()
        for complaint in Complaint.objects.to_close_on(today, zone).order_by("pk")[:200]:
            with transaction.atomic():
                try:
                    moved = _step("close", complaint, by=None, now=now, values={"closed_at": now})
                except StepRefused:  # The citizen was faster.
                    continue
                _forget_notice_contact(moved)


@transaction.atomic
def _end(name: str, complaint: Complaint, by: Membership, text: str, now: datetime) -> Complaint:
    _need(text, _("Write the sentence that the citizen will read."), "text")
    moved = _step(name, complaint, by=by, now=now, values={"closed_at": now})
    _say(moved, MessageKind.DECISION, text, by=by, now=now)
    tell_reporter(complaint=moved, event=Event.DECISION, now=now)
    _forget_notice_contact(moved)
    return moved


def _to_coordinator(
    name: str, complaint: Complaint, by: Membership, reason: str, now: datetime
) -> Complaint:
    _need(reason, _("Write the reason."), "reason")
    today = local_day(complaint.government, now)
    off = days_off_from(complaint.government, today)
    values = {"unit": None, "verify_by": deadlines.after_return(sla.current(), today, off)}
    return _step(name, complaint, by=by, now=now, note=reason, values=values)


def _step(
    name: str,
    complaint: Complaint,
    *,
    by: Membership | None,
    now: datetime,
    note: str = "",
    values: dict[str, Any] | None = None,
    chosen: dict[str, Any] | None = None,
) -> Complaint:
    return perform(
        COMPLAINT, name, complaint, by=by, now=now, note=note, may=may_take_step, values=values,
        step_values=chosen,
    )  # fmt: skip


def _say(
    complaint: Complaint, kind: MessageKind, text: str, *, by: Membership | None, now: datetime
) -> None:
    Message.objects.create(
        complaint=complaint,
        government_id=complaint.government_id,
        kind=kind,
        membership=by,
        text=text,
        sent_at=now,
    )


def _forget_notice_contact(complaint: Complaint) -> None:
    """A contact that was only there to notify somebody anonymous has no use any more."""
    Reporter.objects.filter(complaint=complaint, for_notice_only=True).delete()


def _need(present: object, sentence: str, anchor: str) -> None:
    if not present:
        raise StepRefused(sentence, [Missing(sentence, anchor)])


def _is_active(unit: Unit, today: date) -> bool:
    begun = unit.active_from is None or unit.active_from <= today
    return begun and (unit.active_to is None or unit.active_to >= today)
