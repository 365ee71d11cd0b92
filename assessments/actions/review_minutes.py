"""The berita acara of an approval: made by the TPI, signed by both sides or scanned."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import WorksheetState
from assessments.models import ReviewMinutes, ReviewMinutesScan, Worksheet
from assessments.queries.review_minutes import (
    DOCUMENT_KIND,
    contents,
    newest_approval,
    side_that_signs,
    still_describes,
)
from assessments.queries.tiers import tiers_of
from assessments.queries.worksheet_checks import changed_since, fingerprint
from assessments.sheet_keeping import locked_sheet
from integrity_portal.core import files, ledger
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.models import Document, StoredFile
from opd.models import Membership
from opd.transitions import StepRefused


@dataclass(frozen=True)
class MinutesFacts:
    number: str
    held_on: date
    place: str
    notes: str = ""


@transaction.atomic
def make_minutes(
    *, sheet: Worksheet, facts: MinutesFacts, by: Membership, now: datetime
) -> ReviewMinutes:
    """Freeze what the approval says. Once per approval; the same press twice is once.

    Raises PermissionDenied and StepRefused.
    """
    row = locked_sheet(sheet.pk)
    if not tiers_of(by, row, timezone.localdate(now)):
        raise PermissionDenied(_("Only the TPI of this unit does that."))
    approval = newest_approval(row)
    if row.state != WorksheetState.APPROVED or approval is None:
        raise StepRefused(_("The berita acara is made once the TPI has approved the sheet."))
    standing = ReviewMinutes.objects.filter(approval=approval).first()
    if standing is not None:
        return standing
    if changed_since(row):
        raise StepRefused(_("Answers have changed since the approval. Approve the sheet again."))
    if not facts.number.strip() or not facts.place.strip():
        raise StepRefused(_("Write number and place."))
    if facts.held_on > timezone.localdate(now):
        raise StepRefused(_("That day lies ahead. Enter the day on which both sides met."))
    if ReviewMinutes.objects.filter(
        government=row.government_id, number=facts.number.strip()
    ).exists():
        raise StepRefused(_("Another berita acara already has this number."))
    content = contents(row, approval)
    minutes = ReviewMinutes.objects.create(
        government_id=row.government_id,
        approval=approval,
        number=facts.number.strip(),
        held_on=facts.held_on,
        place=facts.place.strip(),
        notes=facts.notes.strip(),
        content=content,
        sha256=fingerprint(
            [content, facts.number, facts.held_on.isoformat(), facts.place, facts.notes]
        ),
        made_by=by,
        made_at=now,
        is_sample=row.is_sample,
    )
    ledger.record("worksheet.minutes_made", row, by=by, codes={"minutes": minutes.pk})
    return minutes


@transaction.atomic
def sign_minutes(
    *, minutes: ReviewMinutes, sha256: str, by: Membership, now: datetime
) -> ReviewMinutes:
    """In the portal, for one's own side: the unit's head, or a tier of the TPI.

    `sha256` is that of the text the person saw. Raises PermissionDenied and StepRefused.
    """
    row = ReviewMinutes.objects.select_for_update(of=("self",), no_key=True).get(pk=minutes.pk)
    sheet = locked_sheet(row.approval.worksheet_id)
    if sha256 != row.sha256:
        raise StepRefused(_("This is not the text that you saw. Reload the page and read it."))
    side = side_that_signs(by, sheet, timezone.localdate(now))
    if not side:
        raise PermissionDenied(_("The head of the unit signs, and for the TPI its head or leader."))
    if not still_describes(row, sheet):
        raise StepRefused(
            _("The work-sheet has changed since. Approve it again and make a new berita acara.")
        )
    if getattr(row, f"{side}_signed_at") is not None:
        return row
    setattr(row, f"{side}_signatory", by)
    setattr(row, f"{side}_signed_at", now)
    row.save(update_fields=[f"{side}_signatory", f"{side}_signed_at"])
    ledger.record("worksheet.minutes_signed", sheet, by=by, codes={"minutes": row.pk, "side": side})
    return row


@transaction.atomic
def attach_minutes_scan(
    *, minutes: ReviewMinutes, scan: StoredFile, by: Membership, now: datetime
) -> ReviewMinutes:
    """The sheet that both sides signed in ink; an earlier scan stays. Raises PermissionDenied."""
    row = ReviewMinutes.objects.select_for_update(of=("self",), no_key=True).get(pk=minutes.pk)
    sheet = locked_sheet(row.approval.worksheet_id)
    today = timezone.localdate(now)
    if not side_that_signs(by, sheet, today) and not tiers_of(by, sheet, today):
        raise PermissionDenied(_("The head of the unit signs, and for the TPI its head or leader."))
    if row.scans.filter(stored__sha256=scan.sha256).exists():
        return row
    files.keep(scan)
    ReviewMinutesScan.objects.create(
        government_id=row.government_id, minutes=row, stored=scan, by=by, at=now
    )
    ledger.record("worksheet.minutes_scanned", sheet, by=by, codes={"minutes": row.pk})
    return row


@transaction.atomic
def print_minutes(*, minutes: ReviewMinutes, by: Membership, now: datetime) -> Document:
    """The PDF as the signatures stand now; unchanged it is the same document."""
    signed = [minutes.unit_signed_at is not None, minutes.tpi_signed_at is not None]
    return request_document(
        kind=DOCUMENT_KIND,
        variant="",
        params={"minutes": minutes.pk, "signed": signed},
        title=f"Berita Acara LKE {minutes.number}",
        by=by,
        now=now,
        is_sample=minutes.is_sample,
    )
