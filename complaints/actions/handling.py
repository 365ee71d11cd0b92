"""The coordinator's and the unit's steps, and the citizen's "not settled yet"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import categories, deadlines, referrals, sla
from complaints.actions.notices import tell_reporter
from complaints.channel_enums import Event
from complaints.enums import ComplaintState, MessageKind
from complaints.models import Complaint
from complaints.permissions import is_far_from_accused
from complaints.queries.clock import after_pause, dates_of_class, days_off_from, local_day
from complaints.stepping import (
    first_word,
    forget_notice_contact,
    is_active,
    need,
    perform,
    say,
)
from integrity_portal.core.models import StoredFile
from opd.enums import TimeZone
from opd.models import Membership, Unit
from opd.transitions import StepRefused

MOST_FILES = 3


def verify_complaint(
    *,
    complaint: Complaint,
    by: Membership,
    unit: Unit,
    sla_class: str,
    now: datetime,
    note: str = "",
    category: str = "",
) -> Complaint:
    """Decide the class and pass on to the unit; the answer's date runs from the day of filing."""
    today = local_day(complaint.government, now)
    terms = sla.current()
    need(
        unit.government_id == complaint.government_id and is_active(unit, today),
        _("Choose a unit that is active today."),
        "unit",
    )
    need(
        is_far_from_accused(complaint, unit),
        _(
            "An officer of this unit or of its branch is complained of. Choose another unit, for "
            "example the inspectorate."
        ),
        "unit",
    )
    need(
        sla_class in {row.code for row in terms.offered()},
        _("Choose the class of the complaint."),
        "sla_class",
    )
    off = days_off_from(complaint.government, complaint.filed_on)
    values: dict[str, Any] = {
        "unit": unit,
        "sla_class": sla_class,
        "sla_version": terms.version,
        "respond_by": deadlines.respond_by(terms, today, off),
        **dates_of_class(complaint, sla_class, off),
        "escalation": 0,
        # Somebody looked.
        "is_quarantined": False,
    }
    if category:
        offered = {row.code for row in categories.current().offered()}
        need(category in offered, _("Choose a category from the list."), "category")
        values["category"] = category
    chosen = {"sla_class": sla_class}
    return perform("verify", complaint, by=by, now=now, note=note, values=values, chosen=chosen)


def take_on(*, complaint: Complaint, by: Membership, now: datetime) -> Complaint:
    values = first_word(complaint, now, local_day(complaint.government, now))
    return perform("take_on", complaint, by=by, now=now, values=values)


@transaction.atomic
def answer_complaint(
    *,
    complaint: Complaint,
    by: Membership,
    text: str,
    now: datetime,
    attached: Sequence[StoredFile] = (),
) -> Complaint:
    """The unit's answer; the citizen has until `close_on` to say that it is not settled."""
    need(text, _("Write the answer."), "text")
    need(len(attached) <= MOST_FILES, _("Attach at most three files."), "attached")
    government = complaint.government
    today = local_day(government, now)
    values = {
        "answered_at": now,
        "answered_on": today,
        "close_on": deadlines.close_on(sla.current(), today, days_off_from(government, today)),
        **first_word(complaint, now, today),
    }
    moved = perform("answer", complaint, by=by, now=now, values=values)
    say(moved, MessageKind.ANSWER, text, by=by, now=now, attached=attached)
    tell_reporter(complaint=moved, event=Event.ANSWERED, now=now)
    return moved


def give_back(*, complaint: Complaint, by: Membership, reason: str, now: datetime) -> Complaint:
    """Not this unit's matter: the coordinator finds the right one."""
    return _to_coordinator("give_back", complaint, by, reason, now)


def recall(*, complaint: Complaint, by: Membership, reason: str, now: datetime) -> Complaint:
    """The coordinator takes it back, for instance when the unit is closed or stays silent."""
    return _to_coordinator("recall", complaint, by, reason, now)


def refer(
    *, complaint: Complaint, by: Membership, text: str, now: datetime, institution: str = ""
) -> Complaint:
    """Another institution's matter; the citizen reads where to go."""
    known = {row.code for row in referrals.offered()} | {""}
    need(institution in known, _("Choose the institution."), "institution")
    return _end("refer", complaint, by, text, now, referred_to=institution)


def reject(*, complaint: Complaint, by: Membership, text: str, now: datetime) -> Complaint:
    """Not taken up; the citizen reads why."""
    return _end("reject", complaint, by, text, now)


@transaction.atomic
def reopen(*, complaint: Complaint, text: str, now: datetime) -> Complaint:
    """The citizen, holding the code, says that it is not settled and why.

    One whose report was joined with another reopens that one; what he writes stays with his own.
    """
    need(text, _("Tell what is not settled yet."), "text")
    main = complaint
    if complaint.state == ComplaintState.MERGED and complaint.merged_into:
        main = complaint.merged_into
    government = main.government
    today = local_day(government, now)
    off = days_off_from(government, today)
    values = {
        "answered_at": None,
        "answered_on": None,
        "close_on": None,
        "escalation": 0,
        "answer_by": deadlines.after_reopening(sla.current(), today, off),
    }
    moved = perform("reopen", main, by=None, now=now, values=values)
    say(complaint, MessageKind.CITIZEN, text, by=None, now=now)
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
                    moved = perform("close", complaint, by=None, now=now, values={"closed_at": now})
                except StepRefused:  # The citizen was faster.
                    continue
                forget_notice_contact(moved)


@transaction.atomic
def _end(
    name: str,
    complaint: Complaint,
    by: Membership,
    text: str,
    now: datetime,
    referred_to: str = "",
) -> Complaint:
    need(text, _("Write the sentence that the citizen will read."), "text")
    today = local_day(complaint.government, now)
    values = {"closed_at": now, "referred_to": referred_to, "is_quarantined": False}
    values |= first_word(complaint, now, today)
    moved = perform(name, complaint, by=by, now=now, values=values)
    say(moved, MessageKind.DECISION, text, by=by, now=now)
    tell_reporter(complaint=moved, event=Event.DECISION, now=now)
    forget_notice_contact(moved)
    return moved


def _to_coordinator(
    name: str, complaint: Complaint, by: Membership, reason: str, now: datetime
) -> Complaint:
    need(reason, _("Write the reason."), "reason")
    today = local_day(complaint.government, now)
    off = days_off_from(complaint.government, today)
    values = {
        "unit": None,
        "verify_by": deadlines.after_return(sla.current(), today, off),
        "respond_by": None,
        "escalation": 0,
        **(after_pause(complaint, today) if complaint.state == ComplaintState.PAUSED else {}),
    }
    return perform(name, complaint, by=by, now=now, note=reason, values=values)
