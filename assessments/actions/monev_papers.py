"""The four papers of a monev meeting: have one made, put the signed scan beside it."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import PaperVariant
from assessments.models import MonevMeeting, MonevPaper, PaperScan
from assessments.permissions import can_write_plan
from assessments.queries import monev as queries
from assessments.queries.monev_papers import content_of, shown
from integrity_portal.core import files, ledger
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document, StoredFile
from opd.models import Membership
from opd.transitions import StepRefused

GONE = (JobState.DEAD, JobState.CANCELLED)


@transaction.atomic
def make_paper(
    *, meeting: MonevMeeting, variant: str, by: Membership, now: datetime, today: date
) -> Document:
    """Keep what the paper shows and ask for its PDF; nothing new when nothing has changed."""
    row = (
        MonevMeeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("freeze__plan__zone__unit", "government")
        .get(pk=meeting.pk)
    )
    unit = row.freeze.plan.zone.unit
    if not can_write_plan(by, unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write this."))
    content = content_of(row, variant, today)
    newest = row.papers.filter(variant=variant).order_by("-pk").first()
    if newest is not None and newest.sha256 == shown(content):
        known = queries.documents_of([newest]).get(newest.pk)
        if known is not None and known.job_state not in GONE:
            return known
    paper = MonevPaper.objects.create(
        government_id=row.government_id,
        meeting=row,
        variant=variant,
        content=content,
        sha256=shown(content),
        made_at=now,
        by=by,
        is_sample=row.is_sample,
    )
    codes: dict[str, str | int] = {"meeting": row.pk, "variant": variant, "sha256": paper.sha256}
    ledger.record("monev_paper.made", paper, by=by, codes=codes)
    label = PaperVariant(variant).label
    return request_document(
        kind=queries.DOCUMENT_KIND,
        variant=variant,
        params={"paper": paper.pk},
        title=f"{label} {row.freeze.period} {row.freeze.plan.year} {unit.label}",
        by=by,
        now=now,
        is_sample=row.is_sample,
    )


@transaction.atomic
def attach_scan(
    *, paper: MonevPaper, stored: StoredFile, by: Membership, now: datetime
) -> PaperScan:
    """Put the signed sheet beside the paper; the same file twice is once."""
    row = (
        MonevPaper.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting__freeze__plan__zone__unit")
        .get(pk=paper.pk)
    )
    if not can_write_plan(by, row.meeting.freeze.plan.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write this."))
    known = row.scans.filter(stored__sha256=stored.sha256).first()
    if known:
        return known
    if row.scans.count() >= queries.MOST_SCANS:
        raise StepRefused(_("There are enough scans of this paper already."))
    files.keep(stored)
    scan = row.scans.create(government_id=row.government_id, stored=stored, by=by, at=now)
    codes: dict[str, str | int] = {
        "paper": row.pk,
        "variant": row.variant,
        "sha256": stored.sha256,
    }
    ledger.record("monev_paper.scan_attached", scan, by=by, codes=codes)
    return scan
