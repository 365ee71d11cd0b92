"""Tables of indicators sent as files: read, kept for a preview, written once after confirmation."""

import hashlib
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.actions.indicator_filling import fill_plan
from assessments.enums import SheetImportState
from assessments.excel.grid import BookRefused, open_book
from assessments.models import IndicatorImport, Plan
from assessments.plan_excel import keeping
from assessments.plan_excel.reading import LIMITS, read_book
from assessments.plan_keeping import held_plan, open_plan_of
from assessments.queries.indicator_imports import comparison_of, span_of, standing_of
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused

LIFETIME = timedelta(days=2)
BATCH = 200


@transaction.atomic
def receive_indicators(
    *, plan: Plan, data: bytes, sheet_name: str, by: Membership, now: datetime
) -> IndicatorImport:
    """Read the file and keep what it says for the preview; the plan is not touched.

    Raises PermissionDenied and StepRefused.
    """
    held = open_plan_of(plan, by)
    today = timezone.localdate(now)
    known = standing_of(held, today).levels()
    try:
        book = open_book(data, LIMITS)
        reading = read_book(book, span_of(held), today=today, sheet=sheet_name, known=known)
    except BookRefused as error:
        raise StepRefused(str(error)) from error
    upload = IndicatorImport.objects.create(
        government_id=held.government_id,
        plan=held,
        made_by=by,
        sha256=hashlib.sha256(data).hexdigest(),
        content=keeping.to_json(reading),
        made_at=now,
        expires_at=now + LIFETIME,
    )
    codes: dict[str, ledger.Code] = {"plan": held.pk, "rows": len(reading.rows)}
    ledger.record("indicator_import.received", upload, by=by, codes=codes)
    return upload


@transaction.atomic
def apply_indicator_import(
    *, upload: IndicatorImport, seen: str, by: Membership, now: datetime
) -> IndicatorImport:
    """Write all good rows and leave out the faulty ones; a second time is the first.

    `seen` is the fingerprint of the preview that was confirmed. Raises PermissionDenied and
    StepRefused.
    """
    plan = open_plan_of(upload.plan, by)
    row = _own(upload, by)
    if row.state == SheetImportState.APPLIED:
        return row
    _refuse_gone(row, now)
    comparison = comparison_of(row, plan, timezone.localdate(now))
    if comparison.fingerprint != seen:
        raise StepRefused(
            _("The plan has changed since this preview. Look at it again, then confirm.")
        )
    if not comparison.good():
        raise StepRefused(_("There is nothing to write: no row is new or changed."))
    key = uuid5(NAMESPACE_URL, f"indicator-import/{row.pk}")
    fill_plan(plan=plan, comparison=comparison, key=key, by=by, now=now)
    counts = comparison.count()
    row.state, row.applied_at = SheetImportState.APPLIED, now
    row.added, row.changed = counts["new"], counts["changed"]
    row.same, row.refused = counts["same"], counts["refused"]
    row.content = {"faults": keeping.faults_to_json(comparison.faults())}
    row.save()
    codes: dict[str, ledger.Code] = {
        "plan": plan.pk,
        "added": row.added,
        "changed": row.changed,
        "refused": row.refused,
    }
    ledger.record("indicator_import.applied", row, by=by, codes=codes)
    return row


@transaction.atomic
def discard_indicator_import(
    *, upload: IndicatorImport, by: Membership, now: datetime
) -> IndicatorImport:
    """Throw it away; nothing of it is written. Raises StepRefused when it is written already."""
    held_plan(upload.plan, by)
    row = _own(upload, by)
    if row.state == SheetImportState.DISCARDED:
        return row
    _refuse_gone(row, now)
    if row.state == SheetImportState.APPLIED:
        raise StepRefused(_("This file is already written."))
    row.state, row.content = SheetImportState.DISCARDED, {}
    row.save(update_fields=["state", "content"])
    ledger.record("indicator_import.discarded", row, by=by)
    return row


@transaction.atomic
def empty_expired_indicator_imports(*, now: datetime) -> int:
    """Files that nobody confirmed in time, and lists of what was left out."""
    rows = IndicatorImport.objects.expired(now).select_for_update(of=("self",), skip_locked=True)
    emptied = 0
    for row in rows[:BATCH]:
        if row.state == SheetImportState.PENDING:
            row.state = SheetImportState.DISCARDED
        row.content = {}
        row.save(update_fields=["state", "content"])
        ledger.record("indicator_import.expired", row, by=None, government_id=row.government_id)
        emptied += 1
    return emptied


def _own(upload: IndicatorImport, by: Membership) -> IndicatorImport:
    rows = IndicatorImport.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("made_by").get(pk=upload.pk)
    if row.made_by.user_id != by.user_id:
        raise PermissionDenied(_("Somebody else has sent this file."))
    return row


def _refuse_gone(row: IndicatorImport, now: datetime) -> None:
    if row.state == SheetImportState.DISCARDED or row.expires_at < now:
        raise StepRefused(_("This preview has expired. Send the file again."))
