"""Progress reports: write a draft, send it, take it back, confirm or return it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments import locking
from assessments.enums import ActivityState, ReportState
from assessments.models import Activity, ActivityReport, ReportFile
from assessments.permissions import can_decide, is_another_person
from assessments.queries.workplans import fingerprint
from assessments.workflow import ACTIVITY, ACTIVITY_REPORT
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import Missing, StepRefused, perform

MAX_FILES = 10


class ReportConflict(Exception):
    """The draft was saved from another window meanwhile; `current` is what stands there now."""

    def __init__(self, current: ActivityReport) -> None:
        super().__init__("version")
        self.current = current


class ReportChanged(StepRefused):
    """What waits now is not what the head was shown: he must read it first."""


@dataclass(frozen=True)
class ReportContent:
    """`files` is all the evidence that the report shall have: what was there and what is new."""

    percent: Decimal | None
    note: str
    files: Sequence[StoredFile] = ()


@transaction.atomic
def save_report(
    *,
    activity: Activity,
    content: ReportContent,
    form_key: UUID,
    version: int,
    by: Membership,
    now: datetime,
) -> ActivityReport:
    """Keep what was written so far as the author's draft.

    A second press finds the report of the first. Raises ReportConflict when the same draft was
    saved from another window with other content, StepRefused when nothing can be reported now.
    """
    locked = locking.writable_activity(activity, by)
    if locked.state == ActivityState.DROPPED:
        raise StepRefused(_("This activity was dropped. Take it up again before you report."))
    report = _find(locked, form_key, by)
    if report is None:
        return _create(locked, content, form_key, by, now)
    same = _is_same(report, content)
    if report.state != ReportState.DRAFT:
        if same:
            return report
        raise StepRefused(
            _("This report was already sent; take it back to change it. Your text is still below.")
        )
    if same:
        return report
    if report.version != version:
        raise ReportConflict(report)
    report.percent, report.note = content.percent, content.note
    report.version += 1
    report.written_at = now
    report.save(update_fields=["percent", "note", "version", "written_at"])
    _attach(report, content.files)
    _record(report, by, content)
    return report


@transaction.atomic
def send_report(
    *,
    activity: Activity,
    content: ReportContent,
    form_key: UUID,
    version: int,
    by: Membership,
    now: datetime,
) -> ActivityReport:
    """Save and send to the head of the unit; the first report begins the activity."""
    report = save_report(
        activity=activity, content=content, form_key=form_key, version=version, by=by, now=now
    )
    if report.state != ReportState.DRAFT:
        return report
    _refuse_while_another_waits(report.activity)
    if report.activity.state == ActivityState.PLANNED:
        perform(ACTIVITY, "start", report.activity, by=by, now=now)
    return perform(
        ACTIVITY_REPORT,
        "submit",
        report,
        by=by,
        now=now,
        checks={"percent": _missing_percent, "note": _missing_note},
        values={"submitted_by": by, "submitted_at": now},
    )


@transaction.atomic
def withdraw_report(*, report: ActivityReport, by: Membership, now: datetime) -> ActivityReport:
    """Take back what one sent oneself, as long as the head has not decided."""
    locking.writable_activity(report.activity, by)
    report.refresh_from_db(fields=["state"])
    if report.state == ReportState.DRAFT:
        return report

    def sent_it(membership: Membership, row: ActivityReport) -> bool:
        return row.submitted_by is None or not is_another_person(membership, row.submitted_by)

    return perform(
        ACTIVITY_REPORT,
        "withdraw",
        report,
        by=by,
        now=now,
        may=sent_it,
        values={"submitted_by": None, "submitted_at": None},
    )


@transaction.atomic
def confirm_report(
    *, report: ActivityReport, shown: str, by: Membership, now: datetime, message: str = ""
) -> ActivityReport:
    """The head confirms what another person reported, as it was `shown` to him (a fingerprint).

    Raises ReportChanged when the report is no longer what he saw.
    """
    decision = _Decision("confirm", ReportState.CONFIRMED, shown, message)
    return _decide(decision, report, by, now)


@transaction.atomic
def return_report(
    *, report: ActivityReport, shown: str, by: Membership, now: datetime, message: str
) -> ActivityReport:
    """The head returns a report that he was `shown` and says what must be put right."""
    if not message.strip():
        raise StepRefused(_("Write what must be put right."))
    decision = _Decision("return", ReportState.RETURNED, shown, message)
    return _decide(decision, report, by, now)


@dataclass(frozen=True)
class _Decision:
    step: str
    target: ReportState
    shown: str
    message: str


def _decide(
    decision: _Decision, report: ActivityReport, by: Membership, now: datetime
) -> ActivityReport:
    # The activity first, as every other verb: nobody changes the promise meanwhile.
    Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=report.activity_id)
    locked = (
        ActivityReport.objects.select_for_update(of=("self",), no_key=True)
        .select_related("activity__plan__zone__unit", "submitted_by")
        .get(pk=report.pk)
    )
    if not can_decide(by, locked.activity.plan.zone.unit):
        raise PermissionDenied(_("Only the head of the unit confirms its reports."))
    if locked.state == decision.target and locked.decided_by_id == by.pk:
        return locked
    if locked.submitted_by and not is_another_person(by, locked.submitted_by):
        raise StepRefused(
            _("You sent this report yourself; another person must confirm it, such as a deputy.")
        )
    if locked.activity.state == ActivityState.DROPPED:
        raise StepRefused(_("This activity was dropped; its report no longer needs a decision."))
    _refuse_unseen(locked, decision.shown)
    return perform(
        ACTIVITY_REPORT,
        decision.step,
        locked,
        by=by,
        now=now,
        note=decision.message,
        values={"decided_by": by, "decided_at": now, "message": decision.message},
    )


def _refuse_unseen(report: ActivityReport, shown: str) -> None:
    if report.state == ReportState.DRAFT:
        raise ReportChanged(
            _("This report was taken back. It appears here again as soon as it is sent anew.")
        )
    if report.state == ReportState.SUBMITTED and fingerprint(report) != shown:
        raise ReportChanged(
            _("This report has changed. Read it again below, then confirm or return it.")
        )


def _find(activity: Activity, form_key: UUID, by: Membership) -> ActivityReport | None:
    report = ActivityReport.objects.filter(form_key=form_key).first()
    if report and (report.activity_id != activity.pk or report.author_id != by.pk):
        raise StepRefused(_("This form belongs to another report. Open it again."))
    if report:
        report.activity = activity
        return report
    _refuse_while_another_waits(activity)
    draft = activity.reports.filter(author=by, state=ReportState.DRAFT).first()
    if draft:
        raise ReportConflict(draft)
    return None


def _refuse_while_another_waits(activity: Activity) -> None:
    if activity.reports.filter(state=ReportState.SUBMITTED).exists():
        raise StepRefused(
            _("A report on this activity already waits for the head; it must be decided first.")
        )


def _create(
    activity: Activity, content: ReportContent, form_key: UUID, by: Membership, now: datetime
) -> ActivityReport:
    report = ActivityReport.objects.create(
        government_id=activity.government_id,
        activity=activity,
        author=by,
        percent=content.percent,
        note=content.note,
        form_key=form_key,
        written_at=now,
        is_sample=activity.is_sample,
    )
    _attach(report, content.files)
    _record(report, by, content)
    return report


def _attach(report: ActivityReport, wanted: Sequence[StoredFile]) -> None:
    """Make the evidence of a draft exactly `wanted`; the same content is attached once."""
    if len(_digests(wanted)) > MAX_FILES:
        raise StepRefused(_("A report carries at most %(limit)d files.") % {"limit": MAX_FILES})
    there = {link.stored.sha256: link for link in report.files.select_related("stored")}
    for digest, stored in {stored.sha256: stored for stored in reversed(wanted)}.items():
        if there.pop(digest, None) is None:
            files.keep(stored)
            ReportFile.objects.create(
                government_id=report.government_id, report=report, stored=stored
            )
    for link in there.values():
        link.delete()
        # The sweep of uploads that nobody kept removes row and bytes.
        StoredFile.objects.filter(pk=link.stored_id).update(state=StoredFile.State.PENDING)


def _is_same(report: ActivityReport, content: ReportContent) -> bool:
    there = set(report.files.values_list("stored__sha256", flat=True))
    return (report.percent, report.note, there) == (
        content.percent,
        content.note,
        _digests(content.files),
    )


def _digests(stored: Sequence[StoredFile]) -> set[str]:
    return {row.sha256 for row in stored}


def _record(report: ActivityReport, by: Membership, content: ReportContent) -> None:
    ledger.record(
        "activity_report.saved",
        report,
        by=by,
        codes={
            "activity": report.activity_id,
            "percent": None if content.percent is None else str(content.percent),
            "files": len(_digests(content.files)),
            "version": report.version,
        },
    )


def _missing_percent(report: ActivityReport) -> list[Missing]:
    if report.percent is not None:
        return []
    return [Missing(_("Enter how far the activity is, from 0 to 100."), "id_percent")]


def _missing_note(report: ActivityReport) -> list[Missing]:
    return [] if report.note else [Missing(_("Write what was done."), "id_note")]
