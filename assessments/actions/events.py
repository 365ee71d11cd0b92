"""Assessment events of a zone: write, hold, cancel, plan again, put files beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.editing import attach, write
from assessments.enums import EventKind, EventState
from assessments.models import AssessmentEvent, EventFile, IntegrityZone, ZoneAttempt
from assessments.permissions import records_assessments
from assessments.progress import ARROW
from assessments.workflow import EVENT
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import StepRefused, perform

WINDOW = ("starts_on", "ends_on")


@dataclass(frozen=True)
class EventTexts:
    team: str
    kind: str
    starts_on: date
    ends_on: date
    place: str = ""
    assessors: str = ""
    notes: str = ""


@transaction.atomic
def plan_event(
    *,
    zone: IntegrityZone,
    texts: EventTexts,
    form_key: UUID,
    by: Membership,
    attempt: ZoneAttempt | None = None,
) -> AssessmentEvent:
    """Write down an event of a zone; a second press finds the first one's.

    Of a closed zone too: what assessors did there is recorded afterwards.
    """
    locked = IntegrityZone.objects.select_for_update(of=("self",), no_key=True).get(pk=zone.pk)
    _require(by, locked.government_id)
    existing = AssessmentEvent.objects.filter(form_key=form_key).first()
    if existing:
        if existing.zone_id != locked.pk:
            raise StepRefused(_("This form belongs to another page. Open it again."))
        return existing
    _refuse_wrong_window(texts)
    if attempt is not None and attempt.zone_id != locked.pk:
        raise StepRefused(_("Choose an attempt of this unit."))
    row = AssessmentEvent.objects.create(
        government_id=locked.government_id,
        zone=locked,
        year=texts.starts_on.year,
        attempt=attempt,
        form_key=form_key,
        is_sample=locked.is_sample,
        **vars(texts),
    )
    ledger.record("assessment_event.planned", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def edit_event(
    *, event: AssessmentEvent, texts: EventTexts, version: int, by: Membership, now: datetime
) -> AssessmentEvent:
    """Write over the version that the person saw; moved days stay in the history."""
    row = _locked(event, by)
    if row.state == EventState.CANCELLED:
        raise StepRefused(_("This event is cancelled. Plan it again before you change it."))
    _refuse_wrong_window(texts)
    if row.state == EventState.HELD and texts.ends_on > timezone.localdate(now):
        raise StepRefused(
            _("This event is recorded as held: its last day cannot lie in the future.")
        )
    before = _window(row)
    wanted = {**vars(texts), "year": texts.starts_on.year}
    changed = write(row, wanted, version)
    if not changed:
        return row
    if _window(row) != before:
        row.steps.create(
            name="move",
            from_state=row.state,
            to_state=row.state,
            membership=by,
            note=f"{before}{ARROW}{_window(row)}",
            happened_at=now,
        )
    ledger.record("assessment_event.edited", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def hold_event(
    *, event: AssessmentEvent, by: Membership, now: datetime, today: date
) -> AssessmentEvent:
    """Record that it took place; not before its last day, on which a survey's window closes."""
    row = _locked(event, by)
    if row.state == EventState.HELD:
        return row
    if row.starts_on > today:
        raise StepRefused(_("This event lies in the future; it is recorded as held afterwards."))
    if row.ends_on > today:
        raise StepRefused(
            _("This event goes on until %(day)s; it is recorded as held from that day on.")
            % {"day": date_id(row.ends_on)}
        )
    return perform(EVENT, "hold", row, by=by, now=now)


@transaction.atomic
def cancel_event(
    *, event: AssessmentEvent, reason: str, by: Membership, now: datetime
) -> AssessmentEvent:
    row = _locked(event, by)
    if row.state == EventState.CANCELLED and row.reason == reason:
        return row
    if not reason.strip():
        raise StepRefused(_("Write why it is cancelled."))
    return perform(EVENT, "cancel", row, by=by, now=now, note=reason, values={"reason": reason})


@transaction.atomic
def replan_event(*, event: AssessmentEvent, by: Membership, now: datetime) -> AssessmentEvent:
    """Take a cancelled event up again; why it was cancelled stays in the history."""
    row = _locked(event, by)
    if row.state == EventState.PLANNED:
        return row
    return perform(EVENT, "replan", row, by=by, now=now, values={"reason": ""})


@transaction.atomic
def add_event_files(
    *, event: AssessmentEvent, files: Sequence[StoredFile], by: Membership
) -> AssessmentEvent:
    """Invitations, minutes, photographs; the same file twice is once."""
    row = _locked(event, by)
    count = attach(EventFile, "event", row, files)
    if count:
        ledger.record("assessment_event.files_added", row, by=by, codes={"files": count})
    return row


def _locked(event: AssessmentEvent, by: Membership) -> AssessmentEvent:
    row = (
        AssessmentEvent.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__unit")
        .get(pk=event.pk)
    )
    _require(by, row.government_id)
    return row


def _require(by: Membership, government_id: int) -> None:
    if not records_assessments(by) or by.government_id != government_id:
        raise PermissionDenied(_("Only the ZI secretariat and the inspectorate write this."))


def _refuse_wrong_window(texts: EventTexts) -> None:
    if texts.ends_on < texts.starts_on:
        raise StepRefused(_("The last day lies before the first day."))
    if texts.kind == EventKind.SURVEY and not texts.assessors and not texts.place:
        raise StepRefused(_("Write who surveys, or the link of the survey."))


def _window(row: AssessmentEvent) -> str:
    return "/".join(getattr(row, name).isoformat() for name in WINDOW)


def _codes(row: AssessmentEvent) -> dict[str, Any]:
    return {
        "zone": row.zone_id,
        "team": row.team,
        "kind": row.kind,
        "from": row.starts_on.isoformat(),
        "to": row.ends_on.isoformat(),
        "version": row.version,
    }
