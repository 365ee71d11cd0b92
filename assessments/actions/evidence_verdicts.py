"""What the TPI says about an evidence, and examples that a unit lets others see."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import UseVerdict, WorksheetState
from assessments.evidence_news import settle_returns, tell_returned, tell_withdrawn
from assessments.guards import refuse_other_assessors
from assessments.models import EvidenceExample, EvidenceRevision, EvidenceUse
from assessments.permissions import can_write_plan, withdraws_examples
from assessments.queries.evidence import newest_revision
from assessments.sheet_keeping import locked_sheet
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import StepRefused

VERDICT_FIELDS = [
    "verdict",
    "verdict_note",
    "returned_note",
    "verdict_revision",
    "verdict_by",
    "verdict_at",
]


@transaction.atomic
def judge_use(
    *,
    use: EvidenceUse,
    revision: EvidenceRevision,
    accepted: bool,
    note: str,
    by: Membership,
    now: datetime,
) -> EvidenceUse:
    """The tier whose turn it is accepts the revision that it saw, or returns it with a reason.

    Raises PermissionDenied, StepRefused (a newer revision came, no reason, not under review).
    """
    sheet = locked_sheet(use.item.worksheet_id)
    row = _locked(use)
    refuse_other_assessors(sheet, by, timezone.localdate(now), states=(WorksheetState.SUBMITTED,))
    newest = newest_revision(row.evidence)
    if newest is None or newest.pk != revision.pk:
        raise StepRefused(_("The unit has sent a newer revision. Look at that one first."))
    if not accepted and not note.strip():
        raise StepRefused(_("Write why the document does not prove it."))
    row.verdict = UseVerdict.ACCEPTED if accepted else UseVerdict.RETURNED
    row.verdict_note, row.verdict_revision = note.strip(), newest
    row.verdict_by, row.verdict_at = by, now
    if not accepted:
        row.returned_note = row.verdict_note
    row.save(update_fields=VERDICT_FIELDS)
    codes: dict[str, ledger.Code] = {"code": row.item.code, "revision": newest.number}
    ledger.record(f"evidence.{row.verdict}", row, by=by, codes=codes)
    if accepted:
        settle_returns(sheet=sheet, now=now)
    else:
        tell_returned(use=row, now=now)
    return row


@transaction.atomic
def release_example(
    *, use: EvidenceUse, stored: StoredFile, by: Membership, now: datetime
) -> EvidenceExample:
    """A redacted copy of what the TPI accepted; every unit of the government may see it.

    A newer copy takes the place of the one that stands.
    """
    row = _locked(use)
    if not can_write_plan(by, row.item.worksheet.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit release examples."))
    if row.verdict != UseVerdict.ACCEPTED:
        raise StepRefused(_("Only a document that the TPI has accepted can be an example."))
    standing = row.examples.filter(withdrawn_at=None).select_related("stored").first()
    if standing is not None:
        if standing.stored.sha256 == stored.sha256:
            return standing
        standing.withdrawn_at = now
        standing.save(update_fields=["withdrawn_at"])
    files.keep(stored)
    example = EvidenceExample.objects.create(
        government_id=row.government_id,
        use=row,
        code=row.item.code,
        stored=stored,
        released_by=by,
        released_at=now,
    )
    ledger.record("evidence.example_released", example, by=by, codes={"code": example.code})
    return example


@transaction.atomic
def withdraw_example(*, example: EvidenceExample, by: Membership, now: datetime) -> EvidenceExample:
    """By its unit, or by the ZI secretariat and the inspectorate when something slipped through;
    then the unit is told."""
    use = _locked(example.use)
    row = EvidenceExample.objects.get(pk=example.pk, use=use)
    if not withdraws_examples(by, use.item.worksheet.zone.unit):
        raise PermissionDenied(_("Only its unit or the ZI secretariat takes an example back."))
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        ledger.record("evidence.example_withdrawn", row, by=by, codes={"code": row.code})
        tell_withdrawn(example=row, by=by, now=now)
    return row


@transaction.atomic
def record_opening(*, use: EvidenceUse, revision: EvidenceRevision, by: Membership) -> None:
    """What the ministry's reviewers opened."""
    codes: dict[str, ledger.Code] = {"code": use.item.code, "revision": revision.number}
    ledger.record("evidence.opened", use, by=by, codes=codes)


def _locked(use: EvidenceUse) -> EvidenceUse:
    rows = EvidenceUse.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("item__worksheet__zone__unit", "evidence").get(pk=use.pk)
