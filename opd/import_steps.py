"""What every list from a file goes through, whatever its rows are about: kept, written, thrown away."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd.enums import ImportState
from opd.models import Membership, UnitImport
from opd.registry import RegistryRefused
from opd.unit_csv import Headings, SheetRefused, read_sheet
from opd.unit_rows import Outcome

LIFETIME = timedelta(days=2)


def keep_rows(
    by: Membership, data: bytes, subject: str, headings: Headings, now: datetime
) -> UnitImport:
    """For every kind of list. Raises RegistryRefused."""
    try:
        sheet = read_sheet(data, headings)
    except SheetRefused as error:
        raise RegistryRefused(str(error), field="file") from error
    return UnitImport.objects.create(
        government_id=by.government_id,
        made_by=by,
        subject=subject,
        content_hash=hashlib.sha256(data).hexdigest(),
        columns=sheet.columns,
        rows=sheet.rows,
        row_count=len(sheet.rows),
        made_at=now,
        expires_at=now + LIFETIME,
    )


def pending(by: Membership, upload: UnitImport, subject: str, now: datetime) -> UnitImport:
    """Locked. Raises RegistryRefused for a list that was written, thrown away or grew old."""
    row = UnitImport.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
    if row.government_id != by.government_id or row.subject != subject:
        raise PermissionDenied
    if row.state == ImportState.APPLIED:
        raise RegistryRefused(_("This list has already been written."))
    if row.state == ImportState.DISCARDED or row.expires_at < now:
        raise RegistryRefused(_("This list has expired. Send the file again."))
    return row


def mark_applied(
    upload: UnitImport, counts: Mapping[str, int], refused: dict[int, str], now: datetime
) -> dict[str, ledger.Code]:
    """Answers what the ledger keeps of it."""
    upload.state, upload.applied_at = ImportState.APPLIED, now
    upload.added, upload.changed = counts[Outcome.NEW], counts[Outcome.CHANGED]
    upload.refused = counts[Outcome.REFUSED]
    # Only the refused rows are still of use, for downloading.
    upload.rows = [row for row in upload.rows if row[0] in refused]
    upload.reasons = {str(number): sentence for number, sentence in refused.items()}
    upload.save()
    return {"added": upload.added, "changed": upload.changed, "refused": upload.refused}


def mark_discarded(upload: UnitImport) -> None:
    upload.state, upload.rows = ImportState.DISCARDED, []
    upload.save(update_fields=["state", "rows"])
