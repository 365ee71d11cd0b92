"""Exports of SP4N-LAPOR! sent as files: read, kept for a preview, written once after confirmation."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.external import settle_there
from complaints.actions.filing import Filing, file_complaint
from complaints.actions.handling import refer, reject, verify_complaint
from complaints.codes import new_code
from complaints.enums import Channel, ComplaintState
from complaints.external_enums import CaseOrigin, ExportState
from complaints.lapor import keeping
from complaints.lapor.comparing import Comparison, Line, Outcome
from complaints.lapor.words import plain
from complaints.models import Complaint, ExternalCase, LaporImport
from complaints.permissions import keeps_other_systems
from complaints.queries.clock import local_day
from complaints.queries.external import comparison_of, reading_of
from integrity_portal.core import ledger
from integrity_portal.core.spreadsheets import BookRefused
from opd.models import Government, Membership, Unit
from opd.transitions import StepRefused

LIFETIME = timedelta(days=2)
BATCH = 200


@transaction.atomic
def receive_export(*, system: str, data: bytes, by: Membership, now: datetime) -> LaporImport:
    """Read the file and keep what it says for the preview. Raises PermissionDenied, StepRefused."""
    _refuse_others(by)
    try:
        reading = reading_of(by.government, system, data, now)
    except BookRefused as error:
        raise StepRefused(str(error)) from error
    upload = LaporImport.objects.create(
        government_id=by.government_id,
        system=system,
        made_by=by,
        sha256=hashlib.sha256(data).hexdigest(),
        made_at=now,
        expires_at=now + LIFETIME,
    )
    upload.keep(keeping.to_text(reading))
    upload.save(update_fields=["content"])
    codes: dict[str, ledger.Code] = {"system": system, "rows": len(reading.rows)}
    ledger.record("lapor_import.received", upload, by=by, codes=codes)
    return upload


@transaction.atomic
def apply_export(
    *, upload: LaporImport, seen: str, by: Membership, now: datetime, is_sample: bool = False
) -> LaporImport:
    """Write all good rows and leave out the faulty ones; a second time is the first.

    `seen` is the fingerprint of the preview that was confirmed. Raises PermissionDenied and
    StepRefused.
    """
    # Two files of one government wait for each other: the same number comes once.
    Government.objects.select_for_update(no_key=True).get(pk=by.government_id)
    row = _own(upload, by)
    if row.state == ExportState.APPLIED:
        return row
    _refuse_gone(row, now)
    today = timezone.localdate(now)
    comparison = comparison_of(row, today)
    if comparison.fingerprint != seen:
        raise StepRefused(
            _("The complaints have changed since this preview. Look at it again, then confirm.")
        )
    if not (comparison.good() or comparison.same()):
        raise StepRefused(_("There is nothing to write: no row is new or changed."))
    _fill_from_export(row, comparison, by, now, is_sample)
    counts = comparison.count()
    row.state, row.applied_at, row.content = ExportState.APPLIED, now, ""
    row.added, row.changed = counts["new"], counts["changed"]
    row.same, row.refused = counts["same"], counts["refused"]
    row.faults = keeping.faults_to_data(comparison.faults())
    row.save()
    codes: dict[str, ledger.Code] = {
        "added": row.added,
        "changed": row.changed,
        "refused": row.refused,
    }
    ledger.record("lapor_import.applied", row, by=by, codes=codes)
    return row


@transaction.atomic
def discard_export(*, upload: LaporImport, by: Membership, now: datetime) -> LaporImport:
    """Throw it away; nothing of it is written. Raises StepRefused when it is written already."""
    row = _own(upload, by)
    if row.state == ExportState.DISCARDED:
        return row
    if row.state == ExportState.APPLIED:
        raise StepRefused(_("This file is already written."))
    row.state, row.content = ExportState.DISCARDED, ""
    row.save(update_fields=["state", "content"])
    ledger.record("lapor_import.discarded", row, by=by)
    return row


@transaction.atomic
def empty_expired_exports(*, now: datetime) -> int:
    """Files that nobody confirmed in time."""
    rows = LaporImport.objects.expired(now).select_for_update(of=("self",), skip_locked=True)
    emptied = 0
    for row in rows[:BATCH]:
        if row.state == ExportState.PENDING:
            row.state = ExportState.DISCARDED
        row.content = ""
        row.save(update_fields=["state", "content"])
        ledger.record("lapor_import.expired", row, by=None, government_id=row.government_id)
        emptied += 1
    return emptied


# --- writing ---


def _fill_from_export(
    upload: LaporImport, comparison: Comparison, by: Membership, now: datetime, is_sample: bool
) -> None:
    today = local_day(by.government, now)
    units = Unit.objects.in_bulk([line.unit for line in comparison.good() if line.unit])
    for line in comparison.good():
        if line.outcome == Outcome.NEW:
            _add_report(upload, line, units, by, now, is_sample)
        else:
            _change_case(line, by, now)
    seen = [line.standing.case for line in comparison.lines if line.standing]
    ExternalCase.objects.filter(pk__in=seen, seen_on__lt=today).update(seen_on=today)


def _add_report(
    upload: LaporImport,
    line: Line,
    units: dict[int, Unit],
    by: Membership,
    now: datetime,
    is_sample: bool,
) -> None:
    row = line.row
    unit = units.get(line.unit) if line.unit else None
    if row.filed_at is None:
        raise ValueError("a row without its day is a fault")
    # Nobody knows this code: who filed there follows it there.
    filing = Filing(
        draft_key=secrets.token_hex(16),
        code=new_code(),
        kind=row.kind,
        story=row.story,
        when_text=row.when_text,
        where_text=row.where_text,
        unit=unit,
        channel=Channel.LAPOR,
    )
    filed = file_complaint(
        government=by.government, filing=filing, now=row.filed_at, by=by, is_sample=is_sample
    ).complaint
    filed.is_secret, filed.category = row.is_secret, row.category
    filed.save(update_fields=["is_secret", "category"])
    case = ExternalCase.objects.create(
        government_id=by.government_id,
        complaint=filed,
        system=upload.system,
        tracking_id=row.tracking_id,
        origin=CaseOrigin.THERE,
        status=row.status,
        status_key=plain(row.status),
        filed_on=filed.filed_on,
        seen_on=local_day(by.government, now),
        link=row.link,
        added_by=by,
        added_at=now,
        is_sample=is_sample,
    )
    ledger.record(
        "external_case.linked", case, by=by, codes={"complaint": filed.pk, "import": upload.pk}
    )
    _bring_to_state(filed, line, unit, by, now)


def _bring_to_state(
    complaint: Complaint, line: Line, unit: Unit | None, by: Membership, now: datetime
) -> None:
    """Bring the new complaint to where it stands there, by the usual steps."""
    row = line.row
    said = _("In SP4N-LAPOR! this report ended as “%(status)s”.") % {"status": row.status}
    if line.begins == ComplaintState.VERIFIED and unit is not None:
        verify_complaint(
            complaint=complaint, by=by, unit=unit, sla_class=complaint.sla_class, now=now
        )
    elif line.begins == ComplaintState.CLOSED and row.answered_at is not None:
        settle_there(complaint=complaint, unit=unit, at=row.answered_at, text=row.answer, by=by)
    elif line.begins == ComplaintState.REFERRED and row.answered_at is not None:
        refer(complaint=complaint, by=by, text=row.answer or said, now=row.answered_at)
    elif line.begins == ComplaintState.REJECTED and row.answered_at is not None:
        reject(complaint=complaint, by=by, text=row.answer or said, now=row.answered_at)


def _change_case(line: Line, by: Membership, now: datetime) -> None:
    """Only what stands there: our own state is changed by people."""
    if line.standing is None:
        raise ValueError("a changed row stands already")
    row = line.row
    case = ExternalCase.objects.select_related("complaint", "government").get(pk=line.standing.case)
    if row.status:
        case.status, case.status_key = row.status, plain(row.status)
    if row.link:
        case.link = row.link
    case.save(update_fields=["status", "status_key", "link"])
    if row.is_secret and not case.complaint.is_secret:
        case.complaint.is_secret = True
        case.complaint.save(update_fields=["is_secret"])
    codes: dict[str, Any] = {"complaint": case.complaint_id, "fields": len(line.changes)}
    ledger.record("external_case.seen", case, by=by, codes=codes)


def _own(upload: LaporImport, by: Membership) -> LaporImport:
    _refuse_others(by)
    rows = LaporImport.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("made_by", "government").get(pk=upload.pk)
    if row.made_by.user_id != by.user_id or row.government_id != by.government_id:
        raise PermissionDenied(_("Somebody else has sent this file."))
    return row


def _refuse_gone(row: LaporImport, now: datetime) -> None:
    if row.state == ExportState.DISCARDED or row.expires_at < now or not row.content:
        raise StepRefused(_("This preview has expired. Send the file again."))


def _refuse_others(by: Membership) -> None:
    if not keeps_other_systems(by):
        raise PermissionDenied(_("Only the complaint coordinator brings both systems together."))
