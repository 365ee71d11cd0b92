"""The monthly report over both channels: its words, and having it made."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import MonthlyReport, ReportWords
from complaints.permissions import keeps_other_systems
from complaints.queries import monthly as queries
from complaints.queries.clock import local_day
from integrity_portal.core import ledger
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document
from opd.models import Government, Membership
from opd.transitions import StepRefused

GONE = (JobState.DEAD, JobState.CANCELLED)


@transaction.atomic
def write_report_words(
    *, month: date, findings: str, follow_up: str, seen: int, by: Membership, now: datetime
) -> ReportWords:
    """`seen` is the version that was on the screen, 0 when nothing stood there."""
    _refuse(by, month, now)
    Government.objects.select_for_update(no_key=True).get(pk=by.government_id)
    row = queries.words_of(by.government_id, month)
    if (row.row_version if row else 0) != seen:
        raise StepRefused(
            _("Somebody else has written here meanwhile. Reload the page and write it once more.")
        )
    if row is None:
        row = ReportWords(government_id=by.government_id, month=month, row_version=0)
    row.findings, row.follow_up = findings, follow_up
    row.written_by, row.written_at = by, now
    row.row_version += 1
    row.save()
    ledger.record("report_words.written", row, by=by, codes={"month": f"{month:%Y-%m}"})
    return row


@transaction.atomic
def make_report(*, month: date, by: Membership, now: datetime) -> Document:
    """Keep the figures as they stand and ask for the PDF; nothing new when nothing has changed."""
    _refuse(by, month, now)
    Government.objects.select_for_update(no_key=True).get(pk=by.government_id)
    content = queries.content_of(by, month, now)
    sha256 = queries.hash_of(content)
    rows = MonthlyReport.objects.filter(government_id=by.government_id, month=month)
    newest = rows.order_by("-pk").first()
    if newest is not None and newest.sha256 == sha256:
        known = queries.documents_of([newest]).get(newest.pk)
        if known is not None and known.job_state not in GONE:
            return known
    row = MonthlyReport.objects.create(
        government_id=by.government_id,
        month=month,
        content=content,
        sha256=sha256,
        made_at=now,
        by=by,
        is_sample=content["is_sample"],
    )
    codes: dict[str, ledger.Code] = {"month": f"{month:%Y-%m}", "sha256": sha256}
    ledger.record("monthly_report.made", row, by=by, codes=codes)
    return request_document(
        kind=queries.DOCUMENT_KIND,
        params={"report": row.pk},
        title=_("Complaints over both channels, %(month)s") % {"month": f"{month:%Y-%m}"},
        by=by,
        now=now,
        is_sample=row.is_sample,
    )


def _refuse(by: Membership, month: date, now: datetime) -> None:
    if not keeps_other_systems(by):
        raise PermissionDenied(_("Only the complaint coordinator writes this report."))
    if month.day != 1 or month > local_day(by.government, now):
        raise StepRefused(_("Choose a month that has begun."))
