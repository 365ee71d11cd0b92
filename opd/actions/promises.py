"""Promises made in public: recorded, corrected, judged by what one sees."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate
from opd.enums import PromiseState
from opd.models import Membership, Promise, PromiseEdition, PublicMeeting, Unit
from opd.permissions import can_keep_promises, may_keep_promise
from opd.transitions import StepRefused, perform
from opd.workflow import PROMISE


class PromiseConflict(Exception):
    """Somebody saved other texts meanwhile; `current` is what stands there now."""

    def __init__(self, current: Promise) -> None:
        super().__init__("version")
        self.current = current


@dataclass(frozen=True)
class PromiseFacts:
    promised_by: str
    text: str
    said: PartialDate
    place: str = ""
    unit: Unit | None = None
    due: PartialDate | None = None


@transaction.atomic
def record_promise(
    *,
    facts: PromiseFacts,
    form_key: UUID,
    by: Membership,
    now: datetime,
    today: date,
    meeting: PublicMeeting | None = None,
) -> Promise:
    """What a leader promised, with the day and the place, perhaps at a meeting. Twice is once."""
    if not can_keep_promises(by):
        raise PermissionDenied(_("Only the regional head and the ZI secretariat record promises."))
    known = Promise.objects.filter(form_key=form_key, government_id=by.government_id).first()
    if known:
        return known
    _check(facts, by, today)
    if meeting is not None and meeting.government_id != by.government_id:
        raise StepRefused(_("This meeting belongs to another government."))
    row = Promise.objects.create(
        government_id=by.government_id,
        meeting=meeting,
        form_key=form_key,
        recorded_by=by,
        recorded_at=now,
        is_sample=by.government.is_sample,
        **_columns(facts),
    )
    codes: dict[str, ledger.Code] = {"unit": row.unit_id, "meeting": row.meeting_id}
    ledger.record("promise.recorded", row, by=by, codes=codes)
    return row


@transaction.atomic
def edit_promise(
    *,
    promise: Promise,
    facts: PromiseFacts,
    version: int,
    reason: str,
    by: Membership,
    now: datetime,
) -> Promise:
    """Correct what was recorded, as long as nobody judged it; what it said stays readable.

    Raises PromiseConflict.
    """
    row = Promise.objects.select_for_update(of=("self",), no_key=True).get(pk=promise.pk)
    if not may_keep_promise(by, row):
        raise PermissionDenied(_("Only the regional head and the ZI secretariat record promises."))
    _check(facts, by, timezone.localdate(now))
    wanted = _columns(facts)
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return row
    if row.state != PromiseState.OPEN:
        raise StepRefused(
            _("This promise was judged. Take the judgement back before you change it.")
        )
    if row.version != version:
        raise PromiseConflict(row)
    if not reason.strip():
        raise StepRefused(_("Write why the promise is corrected."))
    PromiseEdition.objects.create(
        subject=row,
        version=row.version,
        reason=reason.strip(),
        replaced_by=by,
        replaced_at=now,
        **{name: getattr(row, name) for name in wanted},
    )
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*wanted, "version"])
    ledger.record("promise.edited", row, by=by, codes={"version": row.version})
    return row


@transaction.atomic
def judge_promise(
    *,
    promise: Promise,
    is_kept: bool,
    on: date,
    proof_note: str,
    by: Membership,
    now: datetime,
    today: date,
    proof: StoredFile | None = None,
) -> Promise:
    """Kept or not kept: since when, and by what one sees it."""
    wanted = PromiseState.KEPT if is_kept else PromiseState.BROKEN
    row = Promise.objects.select_for_update(of=("self",), no_key=True).get(pk=promise.pk)
    if (row.state, row.settled_on, row.proof_note) == (wanted, on, proof_note):
        return row
    if not proof_note.strip():
        raise StepRefused(_("Write by what one sees that it was kept or not."))
    if on > today:
        raise StepRefused(_("The day lies ahead. Choose today or an earlier day."))
    if on < row.said_on:
        raise StepRefused(_("The day lies before the promise."))
    if proof is not None:
        files.keep(proof)
    return perform(
        PROMISE,
        "keep" if is_kept else "break",
        row,
        by=by,
        now=now,
        note=proof_note,
        may=may_keep_promise,
        values={"settled_on": on, "proof_note": proof_note, "proof": proof},
    )


@transaction.atomic
def reopen_promise(*, promise: Promise, reason: str, by: Membership, now: datetime) -> Promise:
    """Take a judgement back; it stays readable in the history."""
    if not reason.strip():
        raise StepRefused(_("Write why the judgement is taken back."))
    row = Promise.objects.select_for_update(of=("self",), no_key=True).get(pk=promise.pk)
    if row.state == PromiseState.OPEN:
        return row
    return perform(
        PROMISE,
        "reopen",
        row,
        by=by,
        now=now,
        note=reason,
        may=may_keep_promise,
        values={"settled_on": None, "proof_note": "", "proof": None},
    )


def _check(facts: PromiseFacts, by: Membership, today: date) -> None:
    if not facts.text.strip():
        raise StepRefused(_("Write what was promised."))
    if facts.said.date > today:
        raise StepRefused(_("The day of the promise lies ahead."))
    if facts.due and facts.due.date < facts.said.date.replace(month=1, day=1):
        raise StepRefused(_("The promise would be due before it was made."))
    if facts.unit is not None and facts.unit.government_id != by.government_id:
        raise StepRefused(_("Choose one of the units shown."))


def _columns(facts: PromiseFacts) -> dict[str, object]:
    return {
        "promised_by": facts.promised_by,
        "text": facts.text,
        "place": facts.place,
        "said_on": facts.said.date,
        "said_on_precision": facts.said.precision,
        "unit": facts.unit,
        "due_on": facts.due.date if facts.due else None,
        "due_on_precision": facts.due.precision if facts.due else "day",
    }
