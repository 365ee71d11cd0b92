"""What a monev meeting wants done: write it down, report it, verify it or give it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.editing import attach, write
from assessments.enums import FollowUpState, MeetingState
from assessments.models import Activity, FollowUp, FollowUpFile, MonevMeeting
from assessments.permissions import can_decide, can_write_plan, is_another_person
from assessments.workflow import FOLLOW_UP
from integrity_portal.core import ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import StepRefused, perform


@dataclass(frozen=True)
class FollowUpTexts:
    """From an activity of the plan, or from a finding of the meeting."""

    what: str
    owner: str
    due_on: date
    activity: Activity | None = None
    finding: str = ""


@transaction.atomic
def add_follow_up(
    *, meeting: MonevMeeting, texts: FollowUpTexts, form_key: UUID, by: Membership
) -> FollowUp:
    """Write down what is to be done; a second press finds the first one's."""
    row = _meeting(meeting, by)
    existing = FollowUp.objects.filter(form_key=form_key).first()
    if existing:
        if existing.meeting_id != row.pk:
            raise StepRefused(_("This form belongs to another page. Open it again."))
        return existing
    _refuse_strangers(row, texts)
    task = FollowUp.objects.create(
        government_id=row.government_id,
        meeting=row,
        form_key=form_key,
        is_sample=row.is_sample,
        **vars(texts),
    )
    ledger.record("follow_up.added", task, by=by, codes=_codes(task))
    return task


@transaction.atomic
def edit_follow_up(
    *, follow_up: FollowUp, texts: FollowUpTexts, version: int, by: Membership
) -> FollowUp:
    """Write over the version that the person saw, while nothing was reported. Raises Conflict."""
    meeting = _meeting(follow_up.meeting, by)
    row = _locked(follow_up)
    if row.state != FollowUpState.OPEN:
        raise StepRefused(_("It was reported as done; only an open follow-up is changed."))
    _refuse_strangers(meeting, texts)
    if write(row, vars(texts), version):
        ledger.record("follow_up.edited", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def report_follow_up(
    *,
    follow_up: FollowUp,
    text: str,
    files: Sequence[StoredFile],
    by: Membership,
    now: datetime,
) -> FollowUp:
    """Operator or head report it as done, with proof where there is any."""
    row = _locked(follow_up)
    if not can_write_plan(by, row.meeting.freeze.plan.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write this."))
    if row.state == FollowUpState.DONE and row.done_by_id == by.pk and row.report == text:
        return row
    if not text.strip():
        raise StepRefused(_("Write what was done."))
    if row.state == FollowUpState.OPEN:
        attach(FollowUpFile, "follow_up", row, files)
    return perform(
        FOLLOW_UP,
        "report",
        row,
        by=by,
        now=now,
        note=text,
        values={"report": text, "done_by": by, "done_at": now, "message": ""},
    )


@transaction.atomic
def verify_follow_up(*, follow_up: FollowUp, by: Membership, now: datetime) -> FollowUp:
    """The head verifies what another person reported."""
    row = _to_decide(follow_up, by)
    if row.state == FollowUpState.VERIFIED and row.verified_by_id == by.pk:
        return row
    _refuse_own(row, by)
    values = {"verified_by": by, "verified_at": now}
    return perform(FOLLOW_UP, "verify", row, by=by, now=now, values=values)


@transaction.atomic
def give_back_follow_up(
    *, follow_up: FollowUp, message: str, by: Membership, now: datetime
) -> FollowUp:
    """The head gives a report back and says what is missing; the report stays in the history."""
    row = _to_decide(follow_up, by)
    if row.state == FollowUpState.OPEN and row.message == message:
        return row
    if not message.strip():
        raise StepRefused(_("Write what is still missing."))
    _refuse_own(row, by)
    values = {"message": message, "report": "", "done_by": None, "done_at": None}
    return perform(FOLLOW_UP, "give_back", row, by=by, now=now, note=message, values=values)


def _meeting(meeting: MonevMeeting, by: Membership) -> MonevMeeting:
    row = (
        MonevMeeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("freeze__plan__zone__unit")
        .get(pk=meeting.pk)
    )
    if not can_write_plan(by, row.freeze.plan.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write this."))
    if row.state == MeetingState.SETTLED:
        raise StepRefused(
            _("The minutes are settled. The head must open them again before they are changed.")
        )
    return row


def _locked(follow_up: FollowUp) -> FollowUp:
    return (
        FollowUp.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting__freeze__plan__zone__unit", "done_by")
        .get(pk=follow_up.pk)
    )


def _to_decide(follow_up: FollowUp, by: Membership) -> FollowUp:
    row = _locked(follow_up)
    if not can_decide(by, row.meeting.freeze.plan.zone.unit):
        raise PermissionDenied(_("Only the head of the unit verifies its follow-ups."))
    return row


def _refuse_own(row: FollowUp, by: Membership) -> None:
    if row.done_by is not None and not is_another_person(by, row.done_by):
        raise StepRefused(
            _("You reported this yourself; another person must verify it, such as a deputy.")
        )


def _refuse_strangers(meeting: MonevMeeting, texts: FollowUpTexts) -> None:
    if texts.activity is None and not texts.finding:
        raise StepRefused(_("Choose the activity, or write the finding."))
    if texts.activity is not None and texts.activity.plan_id != meeting.freeze.plan_id:
        raise StepRefused(_("Choose an activity of this plan."))


def _codes(row: FollowUp) -> dict[str, str | int | None]:
    return {
        "meeting": row.meeting_id,
        "activity": row.activity_id,
        "due": row.due_on.isoformat(),
        "version": row.version,
    }
