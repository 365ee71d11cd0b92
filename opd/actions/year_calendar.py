"""Moving dates of the ZI year, ticking them off, adding the government's own."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd.actions.inbox import settle_items
from opd.enums import Role
from opd.models import CalendarDate, CalendarMark, Escalation, Government, Membership, OwnDate
from opd.permissions import can_edit_calendar
from opd.queries.year_calendar import Entry, entry_of
from opd.transitions import StepRefused


class CalendarConflict(Exception):
    """Somebody moved the date meanwhile; `current` is what holds now."""

    def __init__(self, current: Entry) -> None:
        super().__init__("moved")
        self.current = current


@dataclass(frozen=True)
class NewDate:
    """`seen` is the key of the last move that the person saw, or 0."""

    starts_on: date | None
    due_on: date
    reason: str
    letter_number: str = ""
    seen: int = 0


def _refuse_date(entry: Entry, new: NewDate, year: int) -> None:
    if (entry.moved.pk if entry.moved else 0) != new.seen:
        raise CalendarConflict(entry)
    if not new.reason.strip():
        raise StepRefused(_("Write why the date was moved."))
    if (new.starts_on, new.due_on) == (entry.starts_on, entry.due_on):
        raise StepRefused(_("That is the date it already has."))
    if abs(new.due_on.year - year) > 1:
        raise StepRefused(_("The date lies too far from %(year)s.") % {"year": year})
    if new.starts_on and new.starts_on > new.due_on:
        raise StepRefused(_("The first day lies after the last day."))


@transaction.atomic
def move_date(
    *, year: int, key: str, new: NewDate, form_key: UUID, by: Membership, now: datetime
) -> CalendarDate:
    """A date of the year gets another day, by a letter or a reason; the older ones stay readable.

    A second press finds the first one's row. Raises CalendarConflict when it was moved meanwhile.
    """
    government = _locked(by)
    known = CalendarDate.objects.filter(form_key=form_key, government=government).first()
    if known:
        return known
    entry = _entry(government, year, key)
    _refuse_date(entry, new, year)
    row = CalendarDate.objects.create(
        government=government,
        year=year,
        key=key,
        starts_on=new.starts_on,
        due_on=new.due_on,
        reason=new.reason,
        letter_number=new.letter_number,
        form_key=form_key,
        recorded_by=by,
        recorded_at=now,
        is_sample=government.is_sample,
    )
    settle_items(government=government, link=("calendar", entry.link_id), now=now)
    _settle_escalations(government, entry, now)
    ledger.record(
        "calendar_date.moved",
        row,
        by=by,
        codes={"year": year, "key": key, "due_on": new.due_on.isoformat()},
    )
    return row


@transaction.atomic
def mark_date(
    *, year: int, key: str, is_done: bool, note: str, by: Membership, now: datetime
) -> CalendarMark | None:
    """Tick a date as done, or take the tick back; None when it already stood so."""
    government = _locked(by)
    entry = _entry(government, year, key)
    if not entry.is_task:
        raise StepRefused(_("This is a step of the ministry; nobody here ticks it."))
    if entry.is_seen:
        raise StepRefused(_("The portal itself sees that this is done."))
    if entry.has_check:
        raise StepRefused(
            _(
                "The portal itself sees whether this is done, and it is not. Do it; then it is ticked."
            )
        )
    if entry.is_done == is_done:
        return None
    if is_done and entry.lacks_some and not note.strip():
        raise StepRefused(_("Not every unit has it yet. Write why it is ticked all the same."))
    if not is_done and not note.strip():
        raise StepRefused(_("Write why the tick is taken back."))
    row = CalendarMark.objects.create(
        government=government,
        year=year,
        key=key,
        is_done=is_done,
        note=note,
        recorded_by=by,
        recorded_at=now,
        is_sample=government.is_sample,
    )
    if is_done:
        settle_items(government=government, link=("calendar", entry.link_id), now=now)
        _settle_escalations(government, entry, now)
    ledger.record(
        "calendar_date.marked",
        row,
        by=by,
        codes={"year": year, "key": key, "is_done": is_done},
    )
    return row


@transaction.atomic
def add_date(
    *,
    year: int,
    title: str,
    role: str,
    starts_on: date | None,
    due_on: date,
    form_key: UUID,
    by: Membership,
    now: datetime,
) -> OwnDate:
    """An own date of the government; a second press finds the first one's."""
    government = _locked(by)
    known = OwnDate.objects.filter(form_key=form_key, government=government).first()
    if known:
        return known
    if due_on.year != year:
        raise StepRefused(_("The date must lie in %(year)s.") % {"year": year})
    if starts_on and starts_on > due_on:
        raise StepRefused(_("The first day lies after the last day."))
    row = OwnDate.objects.create(
        government=government,
        year=year,
        title=title,
        role=Role(role),
        starts_on=starts_on,
        due_on=due_on,
        form_key=form_key,
        added_by=by,
        added_at=now,
        is_sample=government.is_sample,
    )
    ledger.record(
        "own_date.added",
        row,
        by=by,
        codes={"year": year, "role": role, "due_on": due_on.isoformat()},
    )
    return row


@transaction.atomic
def drop_date(*, own: OwnDate, reason: str, by: Membership, now: datetime) -> OwnDate:
    """An own date that is not needed any more leaves the calendar, with a reason."""
    government = _locked(by)
    row = OwnDate.objects.select_for_update(of=("self",)).get(pk=own.pk, government=government)
    if row.dropped_at is not None:
        return row
    if not reason.strip():
        raise StepRefused(_("Write why the date is dropped."))
    entry = _entry(government, row.year, row.key)
    row.dropped_at, row.drop_reason = now, reason
    row.save(update_fields=["dropped_at", "drop_reason"])
    settle_items(government=government, link=("calendar", entry.link_id), now=now)
    _settle_escalations(government, entry, now)
    ledger.record("own_date.dropped", row, by=by, codes={"year": row.year})
    return row


def _locked(by: Membership) -> Government:
    """One change of a government's calendar at a time. Raises PermissionDenied."""
    if not can_edit_calendar(by):
        raise PermissionDenied(_("Only the ZI secretariat changes the calendar."))
    return Government.objects.select_for_update(no_key=True).get(pk=by.government_id)


def _entry(government: Government, year: int, key: str) -> Entry:
    entry = entry_of(government, year, key)
    if entry is None:
        raise StepRefused(_("This date is no longer in the calendar."))
    return entry


def _settle_escalations(government: Government, entry: Entry, now: datetime) -> None:
    Escalation.objects.filter(
        government=government, kind="calendar", link_id=entry.link_id, settled_at=None
    ).update(settled_at=now)
