"""Monev meetings: write, agenda, attendance in the portal, settle and open again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.editing import Conflict, write
from assessments.enums import MeetingState, Presence
from assessments.models import AgendaItem, MonevMeeting, PlanFreeze
from assessments.pasted import AttendeeLine
from assessments.permissions import can_decide, can_read_plan, can_write_plan
from assessments.workflow import MEETING
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import Missing, StepRefused, perform


@dataclass(frozen=True)
class MeetingTexts:
    held_on: date
    place: str
    leader: str
    leader_title: str
    note_taker: str = ""
    note_taker_title: str = ""
    summary: str = ""
    attendees: Sequence[AttendeeLine] = ()

    def columns(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "attendees"}


@dataclass(frozen=True)
class ItemTexts:
    topic: str
    minutes: str
    decision: str = ""


@transaction.atomic
def open_meeting(
    *, freeze: PlanFreeze, texts: MeetingTexts, form_key: UUID, by: Membership
) -> MonevMeeting:
    """Begin the minutes of the meeting on a frozen period; a second press finds the first one's."""
    locked = (
        PlanFreeze.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__zone__unit")
        .get(pk=freeze.pk)
    )
    _require_writer(by, locked)
    existing = MonevMeeting.objects.filter(form_key=form_key).first()
    if existing:
        _require_own_form(existing.freeze_id == locked.pk)
        return existing
    _refuse_day_before(locked, texts.held_on)
    row = MonevMeeting.objects.create(
        government_id=locked.government_id,
        freeze=locked,
        form_key=form_key,
        is_sample=locked.is_sample,
        **texts.columns(),
    )
    _write_attendees(row, texts.attendees)
    _record("monev_meeting.opened", row, by)
    return row


@transaction.atomic
def edit_meeting(
    *, meeting: MonevMeeting, texts: MeetingTexts, version: int, by: Membership
) -> MonevMeeting:
    """Write texts and attendance over the version that the person saw. Raises Conflict."""
    row = _draft(meeting, by)
    if _lines(row) != list(texts.attendees):
        if row.version != version:
            raise Conflict(row)
        _write_attendees(row, texts.attendees)
        row.version += 1
        row.save(update_fields=["version"])
        version = row.version
    elif not any(getattr(row, key) != value for key, value in texts.columns().items()):
        return row
    _refuse_day_before(row.freeze, texts.held_on)
    write(row, texts.columns(), version)
    _record("monev_meeting.edited", row, by)
    return row


@transaction.atomic
def attend_meeting(*, meeting: MonevMeeting, by: Membership, now: datetime) -> None:
    """A member of the unit says himself that he was there; once. No certified signature."""
    row = _locked(meeting)
    if not can_read_plan(by, row.freeze.plan.zone.unit) or by.unit_id is None:
        raise PermissionDenied(_("Only people of the unit record their attendance here."))
    if row.attendees.filter(membership=by).exists():
        return
    if row.state != MeetingState.DRAFT:
        raise StepRefused(_("The minutes are settled; the list of attendance stays as it is."))
    name, title = by.user.name, by.printed_title
    listed = row.attendees.filter(
        name__iexact=name, presence=Presence.ATTENDED, membership=None
    ).first()
    if listed:
        listed.membership, listed.confirmed_at = by, now
        listed.save(update_fields=["membership", "confirmed_at"])
    else:
        last = row.attendees.aggregate(last=Max("position"))["last"] or 0
        row.attendees.create(
            government_id=row.government_id,
            position=last + 1,
            name=name,
            title=title,
            membership=by,
            confirmed_at=now,
        )
    row.version += 1
    row.save(update_fields=["version"])
    _record("monev_meeting.attended", row, by)


@transaction.atomic
def add_item(
    *, meeting: MonevMeeting, texts: ItemTexts, form_key: UUID, by: Membership
) -> AgendaItem:
    """Add a point of the agenda at the end; a second press finds the first one's."""
    row = _draft(meeting, by)
    existing = AgendaItem.objects.filter(form_key=form_key).first()
    if existing:
        _require_own_form(existing.meeting_id == row.pk)
        return existing
    last = row.agenda.aggregate(last=Max("position"))["last"] or 0
    item = row.agenda.create(
        government_id=row.government_id, position=last + 1, form_key=form_key, **vars(texts)
    )
    _record("monev_meeting.item_added", row, by, item=item.pk)
    return item


@transaction.atomic
def edit_item(*, item: AgendaItem, texts: ItemTexts, version: int, by: Membership) -> AgendaItem:
    """Write over the version that the person saw. Raises Conflict."""
    meeting = _draft(item.meeting, by)
    row = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if write(row, vars(texts), version):
        _record("monev_meeting.item_edited", meeting, by, item=row.pk)
    return row


@transaction.atomic
def settle_meeting(*, meeting: MonevMeeting, by: Membership, now: datetime, today: date) -> None:
    """The head settles the minutes; from then on they are read, not written."""
    row = _locked(meeting)
    if row.state == MeetingState.SETTLED:
        return
    perform(
        MEETING,
        "settle",
        row,
        by=by,
        now=now,
        may=_decides,
        checks={
            "held": lambda found: _not_held(found, today),
            "agenda": _no_agenda,
            "attendees": _nobody_there,
        },
    )


@transaction.atomic
def reopen_meeting(*, meeting: MonevMeeting, reason: str, by: Membership, now: datetime) -> None:
    """Open settled minutes for a correction; papers that were made stay as they are."""
    row = _locked(meeting)
    if row.state == MeetingState.DRAFT:
        return
    lacking = [] if reason.strip() else [Missing(_("Write why the minutes are opened again."))]
    perform(
        MEETING,
        "reopen",
        row,
        by=by,
        now=now,
        note=reason,
        may=_decides,
        checks={"reason": lambda found: lacking},
    )


def _decides(by: Membership, row: MonevMeeting) -> bool:
    return can_decide(by, row.freeze.plan.zone.unit)


def _not_held(row: MonevMeeting, today: date) -> list[Missing]:
    if row.held_on <= today:
        return []
    return [Missing(_("The meeting has not been held yet."), "held_on")]


def _no_agenda(row: MonevMeeting) -> list[Missing]:
    if row.agenda.exists():
        return []
    return [Missing(_("Write at least one point of the agenda with what was said."), "agenda")]


def _nobody_there(row: MonevMeeting) -> list[Missing]:
    if row.attendees.exists():
        return []
    return [Missing(_("Write who attended."), "attendees")]


def _locked(meeting: MonevMeeting) -> MonevMeeting:
    return (
        MonevMeeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("freeze__plan__zone__unit")
        .get(pk=meeting.pk)
    )


def _draft(meeting: MonevMeeting, by: Membership) -> MonevMeeting:
    row = _locked(meeting)
    _require_writer(by, row.freeze)
    if row.state != MeetingState.DRAFT:
        raise StepRefused(
            _("The minutes are settled. The head must open them again before they are changed.")
        )
    return row


def _require_writer(by: Membership, freeze: PlanFreeze) -> None:
    if not can_write_plan(by, freeze.plan.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write this."))


def _require_own_form(is_own: bool) -> None:
    if not is_own:
        raise StepRefused(_("This form belongs to another page. Open it again."))


def _refuse_day_before(freeze: PlanFreeze, held_on: date) -> None:
    if held_on < freeze.taken_on:
        raise StepRefused(
            _("The meeting looks at frozen figures, so it cannot lie before they were frozen.")
        )


def _lines(row: MonevMeeting) -> list[AttendeeLine]:
    return [
        AttendeeLine(one.name, one.title, one.presence, one.represented_by)
        for one in row.attendees.order_by("position", "pk")
    ]


def _write_attendees(row: MonevMeeting, lines: Sequence[AttendeeLine]) -> None:
    """The list anew, in its order; who said so himself in the portal stays as he said it."""
    confirmed = {
        (one.name, one.title): one for one in row.attendees.filter(confirmed_at__isnull=False)
    }
    row.attendees.filter(confirmed_at=None).delete()
    for position, line in enumerate(lines, start=1):
        said = confirmed.pop((line.name, line.title), None)
        if said is not None and line.presence == Presence.ATTENDED:
            said.position = position
            said.save(update_fields=["position"])
            continue
        row.attendees.create(
            government_id=row.government_id,
            position=position,
            name=line.name,
            title=line.title,
            presence=line.presence,
            represented_by=line.represented_by,
        )
    for position, said in enumerate(confirmed.values(), start=len(lines) + 1):
        said.position = position
        said.save(update_fields=["position"])


def _record(verb: str, row: MonevMeeting, by: Membership, **codes: Any) -> None:
    ledger.record(verb, row, by=by, codes={"freeze": row.freeze_id, "state": row.state, **codes})
