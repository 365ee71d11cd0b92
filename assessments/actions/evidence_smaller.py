"""Smaller copies of big scans and photos: a worker makes them, a person chooses; the scan stays until then."""

import io
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast

import pikepdf
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.actions.evidence import Source, revise_evidence
from assessments.models import EvidenceRevision, SmallerCopy
from assessments.permissions import can_write_plan
from assessments.queries.evidence import KIND
from integrity_portal.core import files, jobs, ledger
from integrity_portal.core.shrinking import smaller_pdf, smaller_photo
from opd.models import Membership
from opd.transitions import StepRefused

if TYPE_CHECKING:
    from django.db.models import QuerySet

PDF = "application/pdf"


def make_smaller(*, pk: int, now: datetime) -> SmallerCopy | None:
    """One try at one scan; None when it is not due or another worker has it."""
    with transaction.atomic():
        rows = cast("QuerySet[SmallerCopy]", SmallerCopy.objects.all())
        copy = jobs.claim(rows, pk=pk, now=now)
    if copy is None:
        return None
    original = copy.revision.stored
    if original is None:
        return None
    try:
        with default_storage.open(original.key) as data:
            shrink = smaller_pdf if original.content_type == PDF else smaller_photo
            made = shrink(cast(BinaryIO, data), original.size)
    except pikepdf.PdfError as error:
        jobs.give_up(copy, error=error)
        return copy
    except OSError as error:
        jobs.fail(copy, error=error, now=now)
        return copy
    _finish(copy, made)
    return copy


@transaction.atomic
def _finish(copy: SmallerCopy, made: bytes | None) -> None:
    original = copy.revision.stored
    if made is None or original is None:
        jobs.finish(copy, stored=None)
        return
    kind = PDF if original.content_type == PDF else "image/jpeg"
    stored = files.store_made(
        io.BytesIO(made),
        size=len(made),
        name=files.safe_name(original.name, kind),
        kind=KIND,
        government_id=original.government_id,
        content_type=kind,
    )
    files.keep(stored)
    if jobs.finish(copy, stored=stored):
        codes: dict[str, ledger.Code] = {"before": original.size, "after": stored.size}
        ledger.record(
            "evidence.smaller_made", copy, by=None, government_id=copy.government_id, codes=codes
        )


@transaction.atomic
def use_smaller(*, copy: SmallerCopy, by: Membership, now: datetime) -> EvidenceRevision:
    """The copy becomes the next revision; the scan stays readable as the one before."""
    row = _offered(copy, by)
    evidence = row.revision.evidence
    revision = revise_evidence(evidence=evidence, source=Source(row.stored), by=by, now=now)
    row.decided_at = now
    row.save(update_fields=["decided_at"])
    ledger.record("evidence.smaller_used", row, by=by, codes={"revision": revision.number})
    return revision


@transaction.atomic
def keep_scan(*, copy: SmallerCopy, by: Membership, now: datetime) -> None:
    """The copy goes; nobody is asked again."""
    row = _offered(copy, by)
    stored = row.stored
    row.decided_at, row.stored = now, None
    row.save(update_fields=["decided_at", "stored"])
    if stored is not None:
        # Bytes and row go with the orphans of the day.
        stored.state = stored.State.PENDING
        stored.save(update_fields=["state"])
    ledger.record("evidence.scan_kept", row, by=by)


def _offered(copy: SmallerCopy, by: Membership) -> SmallerCopy:
    rows = SmallerCopy.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("revision__evidence__unit").get(pk=copy.pk)
    if not can_write_plan(by, row.revision.evidence.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit keep its evidence."))
    newer = row.revision.evidence.revisions.filter(number__gt=row.revision.number)
    if row.stored is None or row.decided_at is not None or newer.exists():
        raise StepRefused(_("This copy is no longer offered."))
    return row
