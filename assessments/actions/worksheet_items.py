"""Single questions of a work-sheet: return with a message, unlock, repair, talk about it."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import OPEN_MARKS, Assessor, Audience, ItemMark, MessageKind, WorksheetState
from assessments.guards import refuse_lower_tiers, refuse_other_assessors
from assessments.models import ItemMessage, Worksheet, WorksheetItem
from assessments.permissions import can_write_plan, reads_worksheets
from assessments.queries.reviewers import side_of
from assessments.sheet_keeping import locked_sheet
from assessments.sheet_news import tell_opened, tell_repaired
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def return_item(
    *, item: WorksheetItem, text: str, form_key: UUID, by: Membership, now: datetime
) -> ItemMessage:
    """The TPI returns one question to the unit with a message; the unit may write there again."""
    sheet, row = _locked(item)
    refuse_other_assessors(sheet, by, timezone.localdate(now), states=(WorksheetState.SUBMITTED,))
    return _marked(sheet, row, ItemMark.RETURNED, MessageKind.RETURNED, text, form_key, by, now)


@transaction.atomic
def unlock_item(
    *, item: WorksheetItem, text: str, form_key: UUID, by: Membership, now: datetime
) -> ItemMessage:
    """One question for the unit to change, under review or approved, with the reason for it."""
    sheet, row = _locked(item)
    states = (WorksheetState.SUBMITTED, WorksheetState.RETURNED, WorksheetState.APPROVED)
    refuse_other_assessors(sheet, by, timezone.localdate(now), states=states)
    if sheet.state == WorksheetState.APPROVED:
        refuse_lower_tiers(sheet, by, timezone.localdate(now))
    message = _marked(sheet, row, ItemMark.UNLOCKED, MessageKind.UNLOCKED, text, form_key, by, now)
    tell_opened(sheet=sheet, now=now)
    return message


@transaction.atomic
def repair_item(
    *, item: WorksheetItem, text: str, form_key: UUID, by: Membership, now: datetime
) -> ItemMessage:
    """The unit says what it changed; the question is closed to it again."""
    sheet, row = _locked(item)
    if sheet.zone.closed_on is not None or not can_write_plan(by, sheet.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit answer here."))
    standing = ItemMessage.objects.filter(form_key=form_key).first()
    if standing is not None:
        return _same_page(standing, row)
    if row.mark not in OPEN_MARKS:
        raise StepRefused(_("This question was not returned to you."))
    message = _marked(sheet, row, ItemMark.REPAIRED, MessageKind.REPAIRED, text, form_key, by, now)
    tell_repaired(sheet=sheet, now=now)
    return message


@transaction.atomic
def settle_item(*, item: WorksheetItem, by: Membership, now: datetime) -> WorksheetItem:
    """The TPI has seen the repair, or takes its own return back: nothing is asked any more."""
    sheet, row = _locked(item)
    refuse_other_assessors(
        sheet,
        by,
        timezone.localdate(now),
        states=(WorksheetState.SUBMITTED, WorksheetState.APPROVED),
    )
    if row.mark == ItemMark.NONE:
        return row
    row.mark = ItemMark.NONE
    row.save(update_fields=["mark"])
    ledger.record("worksheet.item_settled", sheet, by=by, codes={"code": row.code})
    return row


@transaction.atomic
def write_message(
    *,
    item: WorksheetItem,
    text: str,
    audience: Audience,
    form_key: UUID,
    by: Membership,
    now: datetime,
) -> ItemMessage:
    """In the thread of the question; between assessors only when an assessor says so."""
    sheet, row = _locked(item)
    readable = Worksheet.objects.visible_to(by).filter(pk=sheet.pk).exists()
    if not reads_worksheets(by) or not readable:
        raise PermissionDenied(_("You do not read this work-sheet."))
    standing = ItemMessage.objects.filter(form_key=form_key).first()
    if standing is not None:
        return _same_page(standing, row)
    side = side_of(by, sheet, timezone.localdate(now))
    hidden = audience if side != Assessor.UNIT else Audience.EVERYBODY
    message = _message(row, MessageKind.NOTE, side, hidden, text, form_key, by, now)
    ledger.record("worksheet.message_written", sheet, by=by, codes={"code": row.code})
    return message


def _locked(item: WorksheetItem) -> tuple[Worksheet, WorksheetItem]:
    sheet = locked_sheet(item.worksheet_id)
    return sheet, WorksheetItem.objects.get(pk=item.pk, worksheet=sheet)


def _marked(
    sheet: Worksheet,
    row: WorksheetItem,
    mark: ItemMark,
    kind: MessageKind,
    text: str,
    form_key: UUID,
    by: Membership,
    now: datetime,
) -> ItemMessage:
    standing = ItemMessage.objects.filter(form_key=form_key).first()
    if standing is not None:
        return _same_page(standing, row)
    side = Assessor.UNIT if kind == MessageKind.REPAIRED else Assessor.TPI
    message = _message(row, kind, side, Audience.EVERYBODY, text, form_key, by, now)
    row.mark = mark
    row.save(update_fields=["mark"])
    ledger.record(f"worksheet.item_{mark.value}", sheet, by=by, codes={"code": row.code})
    return message


def _same_page(message: ItemMessage, row: WorksheetItem) -> ItemMessage:
    """A second press sends once."""
    if message.item_id != row.pk:
        raise StepRefused(_("This form belongs to another page. Open it again."))
    return message


def _message(
    row: WorksheetItem,
    kind: MessageKind,
    side: Assessor,
    audience: Audience,
    text: str,
    form_key: UUID,
    by: Membership,
    now: datetime,
) -> ItemMessage:
    if not text.strip():
        raise StepRefused(_("Write a message."))
    return ItemMessage.objects.create(
        government_id=row.government_id,
        item=row,
        kind=kind,
        audience=audience,
        side=side,
        text=text.strip(),
        by=by,
        at=now,
        form_key=form_key,
    )
