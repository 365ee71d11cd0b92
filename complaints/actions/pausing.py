"""The clock stands still for a reason and goes on: by a person, on its day, by the citizen's word."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import deadlines, sla
from complaints.enums import MessageKind
from complaints.models import Complaint
from complaints.queries.clock import after_pause, days_off_from, local_day
from complaints.stepping import first_word, locked, need, perform, say
from integrity_portal.core.formatting import date_id
from opd.enums import TimeZone
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def pause_complaint(
    *,
    complaint: Complaint,
    by: Membership,
    reason: str,
    resume_on: date,
    text: str,
    now: datetime,
) -> Complaint:
    """The citizen reads why; on `resume_on` the clock goes on by itself."""
    terms, today = sla.current(), local_day(complaint.government, now)
    known = {row.code for row in terms.offered_pauses()}
    need(reason in known, _("Choose what is waited for."), "reason")
    need(text, _("Write the sentence that the citizen will read."), "text")
    row = locked(complaint)
    off = days_off_from(row.government, today)
    latest = deadlines.latest_resume(terms, reason, today, off, row.paused_days)
    need(latest, _("The clock of this complaint has stood still for as long as it may."), "reason")
    need(
        latest and today < resume_on <= latest,
        _("Choose a day after today and not after %(day)s.") % {"day": date_id(latest)},
        "resume_on",
    )
    values = {"paused_on": today, "resume_on": resume_on, "pause_reason": reason}
    values |= first_word(row, now, today)
    moved = perform("pause", row, by=by, now=now, values=values)
    say(moved, MessageKind.QUESTION, text, by=by, now=now)
    return moved


@transaction.atomic
def resume_complaint(*, complaint: Complaint, by: Membership | None, now: datetime) -> Complaint:
    """The answer's day moves by the working days on which the clock stood still."""
    row = locked(complaint)
    values = after_pause(row, local_day(row.government, now)) if row.paused_on else {}
    return perform("resume", row, by=by, now=now, values=values)


def resume_due(now: datetime) -> None:
    """Pauses that end today where the government is. Called by the portal's tick; idempotent."""
    for zone in TimeZone.values:
        today = now.astimezone(ZoneInfo(zone)).date()
        for complaint in Complaint.objects.to_resume_on(today, zone).order_by("pk")[:200]:
            try:
                resume_complaint(complaint=complaint, by=None, now=now)
            except StepRefused:  # A person was faster.
                continue
