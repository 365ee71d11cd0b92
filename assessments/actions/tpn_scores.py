"""TPN scores that the inspectorate records from the ministry's letter, and readings by reviewers."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import Assessor, WorksheetState
from assessments.models import Answer, TpnLetter, Worksheet
from assessments.permissions import records_tpn_scores
from assessments.sheet_keeping import keep_score, locked_sheet
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def record_tpn_letter(
    *,
    sheet: Worksheet,
    number: str,
    dated_on: date,
    scan: StoredFile,
    by: Membership,
    now: datetime,
) -> TpnLetter:
    """The letter from which scores are recorded; the same number once more is the same letter.

    Raises PermissionDenied and StepRefused.
    """
    row = locked_sheet(sheet.pk)
    _refuse_others(row, by)
    if not number.strip():
        raise StepRefused(_("Write the number of the letter."))
    if dated_on > timezone.localdate(now):
        raise StepRefused(_("That day lies ahead. Enter the date of the letter."))
    standing = row.tpn_letters.filter(number=number.strip()).first()
    if standing is not None:
        return standing
    files.keep(scan)
    letter = TpnLetter.objects.create(
        government_id=row.government_id,
        worksheet=row,
        number=number.strip(),
        dated_on=dated_on,
        scan=scan,
        recorded_by=by,
        recorded_at=now,
    )
    ledger.record("worksheet.tpn_letter_recorded", row, by=by, codes={"letter": letter.pk})
    return letter


@transaction.atomic
def follow_tpi(*, letter: TpnLetter, by: Membership, now: datetime) -> int:
    """Where the letter says nothing else the TPN left the TPI's score; how many questions.

    Raises PermissionDenied.
    """
    row = locked_sheet(letter.worksheet_id)
    _refuse_others(row, by)
    scored = Answer.objects.filter(item__worksheet=row, assessor=Assessor.TPN).values("item")
    source = Answer.objects.filter(item__worksheet=row, assessor=Assessor.TPI)
    fresh = [
        Answer(
            government_id=row.government_id,
            item_id=each.item_id,
            assessor=Assessor.TPN,
            **each.value_columns,
            reason=each.reason,
            letter=letter,
            changed_by=by,
            changed_at=now,
        )
        for each in source.exclude(item__in=scored)
    ]
    Answer.objects.bulk_create(fresh)
    keep_score(row, Assessor.TPN)
    ledger.record("worksheet.tpn_followed_tpi", row, by=by, codes={"count": len(fresh)})
    return len(fresh)


@transaction.atomic
def record_reading(*, sheet: Worksheet, page: str, by: Membership) -> None:
    """Everything that a reviewer of the ministry opens is on record; others read without."""
    if by.role == Role.TPN_REVIEWER:
        ledger.record("worksheet.read", sheet, by=by, codes={"page": page})


def _refuse_others(sheet: Worksheet, by: Membership) -> None:
    if not records_tpn_scores(by) or by.government_id != sheet.government_id:
        raise PermissionDenied(_("Only the inspectorate records scores of the TPN."))
    if sheet.state != WorksheetState.APPROVED:
        raise StepRefused(_("The TPN scores what the TPI has approved."))
