"""Filled work-sheets sent as files: read, kept for a preview, written once after confirmation."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.actions.answers import save_answer
from assessments.actions.evidence import (
    AlreadyThere,
    EvidenceTexts,
    Place,
    Source,
    add_evidence,
    attach_evidence,
)
from assessments.enums import Assessor, SheetImportState
from assessments.excel import keeping
from assessments.excel.grid import BookRefused, open_book
from assessments.excel.links import is_safe
from assessments.excel.plan import WRITABLE, Line, Outcome, Plan
from assessments.excel.reading import read_book
from assessments.models import Answer, TpnLetter, Worksheet, WorksheetImport, WorksheetItem
from assessments.queries.reviewers import records_for_tpn
from assessments.queries.worksheet_files import plan_of, said_of
from assessments.queries.worksheet_pages import side_that_writes
from assessments.queries.worksheets import tpn_letters_of
from assessments.sheet_keeping import locked_sheet
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused

LIFETIME = timedelta(days=2)
BATCH = 200


@transaction.atomic
def receive_worksheet(
    *, sheet: Worksheet, data: bytes, sheet_name: str, by: Membership, now: datetime
) -> WorksheetImport:
    """Read the file and keep what it says for the preview. No answer is touched. What the
    inspectorate records for the TPN came with the newest letter.

    Raises PermissionDenied and StepRefused.
    """
    side = _side(by, sheet, now)
    letter = _letter(sheet, by)
    try:
        book = open_book(data)
        reading = read_book(book, sheet.instrument.instrument, sheet=sheet_name, side=side)
    except BookRefused as error:
        raise StepRefused(str(error)) from error
    upload = WorksheetImport.objects.create(
        government_id=sheet.government_id,
        worksheet=sheet,
        made_by=by,
        assessor=side,
        letter=letter,
        sha256=hashlib.sha256(data).hexdigest(),
        content=keeping.to_json(reading),
        exported_at=book.exported_at,
        made_at=now,
        expires_at=now + LIFETIME,
    )
    codes: dict[str, ledger.Code] = {
        "rows": len(reading.entries),
        "errors": len(reading.faults),
        "assessor": side.value,
    }
    if letter is not None:
        codes["letter"] = letter.pk
    ledger.record("worksheet_import.received", upload, by=by, codes=codes)
    return upload


@transaction.atomic
def apply_worksheet_import(
    *,
    upload: WorksheetImport,
    seen: str,
    take: Collection[str],
    by: Membership,
    now: datetime,
    leave: Collection[str] = (),
) -> WorksheetImport:
    """Write all new answers but those in `leave`, and of those that differ the questions in
    `take`; a second time is the first. `seen` is the fingerprint of the preview that was confirmed.

    Raises PermissionDenied and StepRefused.
    """
    sheet, row = _locked(upload, by)
    if row.state == SheetImportState.APPLIED:
        return row
    _refuse_gone(row, now)
    if _side(by, sheet, now) != row.assessor:
        raise PermissionDenied(_("You no longer answer this work-sheet on that side."))
    if _letter(sheet, by) != row.letter:
        raise StepRefused(
            _("Another letter of the TPN has been recorded since. Send the file again under it.")
        )
    plan = plan_of(row, sheet)
    if plan.fingerprint != seen:
        raise StepRefused(
            _("An answer has changed since this preview. Look at it again, then confirm.")
        )
    chosen = plan.to_write(take, leave)
    _write(sheet, Assessor(row.assessor), chosen, by, now)
    left = _take_links(sheet, row, plan, by, now)
    _finish(row, plan, chosen, left, now)
    codes: dict[str, ledger.Code] = {
        "written": row.written,
        "kept": row.kept,
        "refused": row.refused,
    }
    ledger.record("worksheet_import.applied", row, by=by, codes=codes)
    return row


@transaction.atomic
def discard_worksheet_import(
    *, upload: WorksheetImport, by: Membership, now: datetime
) -> WorksheetImport:
    """Throw it away; nothing of it is written. Raises StepRefused when it is written already."""
    _sheet, row = _locked(upload, by)
    if row.state == SheetImportState.DISCARDED:
        return row
    _refuse_gone(row, now)
    if row.state == SheetImportState.APPLIED:
        raise StepRefused(_("This file is already written."))
    row.state, row.content = SheetImportState.DISCARDED, {}
    row.save(update_fields=["state", "content"])
    ledger.record("worksheet_import.discarded", row, by=by)
    return row


@transaction.atomic
def empty_expired_worksheet_imports(*, now: datetime) -> int:
    """Files that nobody confirmed in time, and lists of what was left out."""
    rows = WorksheetImport.objects.expired(now).select_for_update(of=("self",), skip_locked=True)
    emptied = 0
    for row in rows[:BATCH]:
        if row.state == SheetImportState.PENDING:
            row.state = SheetImportState.DISCARDED
        row.content = {}
        row.save(update_fields=["state", "content"])
        ledger.record("worksheet_import.expired", row, by=None, government_id=row.government_id)
        emptied += 1
    return emptied


def _side(by: Membership, sheet: Worksheet, now: datetime) -> Assessor:
    side = side_that_writes(by, sheet, timezone.localdate(now))
    if not side and records_for_tpn(by, sheet):
        raise StepRefused(_("Record the letter of the TPN first; its scores stand on it."))
    if not side or by.government_id != sheet.government_id:
        raise PermissionDenied(_("Only who answers this work-sheet now takes a file over."))
    return Assessor(side)


def _letter(sheet: Worksheet, by: Membership) -> TpnLetter | None:
    """Every score that the inspectorate records stands on the newest one, as when it is typed."""
    return next(iter(tpn_letters_of(sheet)), None) if records_for_tpn(by, sheet) else None


def _locked(upload: WorksheetImport, by: Membership) -> tuple[Worksheet, WorksheetImport]:
    """The sheet first, as every verb on it does."""
    sheet = locked_sheet(upload.worksheet_id)
    rows = WorksheetImport.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("made_by", "letter").get(pk=upload.pk)
    if row.made_by.user_id != by.user_id:
        raise PermissionDenied(_("Somebody else has sent this file."))
    return sheet, row


def _refuse_gone(row: WorksheetImport, now: datetime) -> None:
    if row.state == SheetImportState.DISCARDED or row.expires_at < now:
        raise StepRefused(_("This preview has expired. Send the file again."))


def _write(
    sheet: Worksheet, assessor: Assessor, lines: list[Line], by: Membership, now: datetime
) -> None:
    items = {item.code: item for item in sheet.items.all()}
    rows = Answer.objects.filter(item__worksheet=sheet, assessor=assessor)
    standing = {answer.item_id: answer for answer in rows}
    for line in lines:
        item = items[line.code]
        try:
            save_answer(
                item=item,
                assessor=assessor,
                said=said_of(line.after, standing.get(item.pk), assessor),
                version=line.version,
                by=by,
                now=now,
            )
        except StepRefused as refusal:
            raise StepRefused(f"{line.code}: {refusal}") from refusal


def _take_links(
    sheet: Worksheet, row: WorksheetImport, plan: Plan, by: Membership, now: datetime
) -> list[list[str]]:
    """The unit's links become proofs at their questions; what cannot, with the reason."""
    wanted = [(line.code, link) for line in plan.lines for link in line.links]
    if row.assessor != Assessor.UNIT:
        return [[code, link, _("Only the unit adds evidence.")] for code, link in wanted]
    items = {item.code: item for item in sheet.items.all()}
    left = []
    for code, link in wanted:
        if not is_safe(link):
            left.append(
                [
                    code,
                    link,
                    _(
                        "This address is left out: it holds a name with a password, or it is damaged or too long."
                    ),
                ]
            )
            continue
        try:
            with transaction.atomic():
                _add_link(items[code], link, row, by, now)
        except StepRefused as refusal:
            left.append([code, link, str(refusal)])
    return left


def _add_link(
    item: WorksheetItem, link: str, row: WorksheetImport, by: Membership, now: datetime
) -> None:
    unit = row.worksheet.zone.unit
    try:
        add_evidence(
            unit=unit,
            texts=EvidenceTexts(title=_("Link of %(code)s") % {"code": item.code}),
            source=Source(url=link),
            form_key=uuid5(NAMESPACE_URL, f"{row.pk} {item.code} {link}"),
            by=by,
            now=now,
            place=Place(item),
            is_sample=row.worksheet.is_sample,
        )
    except AlreadyThere as known:
        if not item.uses.filter(evidence=known.evidence).exists():
            attach_evidence(item=item, evidence=known.evidence, pages="", by=by, now=now)


def _finish(
    row: WorksheetImport, plan: Plan, written: list[Line], left: list[list[str]], now: datetime
) -> None:
    """What was left out stays readable until the import expires."""
    counts, faults = plan.count(), row.content["faults"]
    differing = sum(counts[outcome] for outcome in WRITABLE)
    row.state, row.applied_at = SheetImportState.APPLIED, now
    row.written = len(written)
    row.kept = differing - len(written)
    row.refused = counts[Outcome.REFUSED] + len(faults)
    row.content = {
        "faults": faults,
        "refused": [[line.code, line.problem] for line in plan.lines if line.problem],
        "links": left,
    }
    row.save()
