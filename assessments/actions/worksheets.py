"""Opening a work-sheet, from nothing or from last year's, and sharing out its questions."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import Assessor, ItemMark, ZoneStage
from assessments.instrument import Instrument, QuestionText
from assessments.models import (
    Answer,
    EvidenceUse,
    InstrumentEdition,
    IntegrityZone,
    Worksheet,
    WorksheetItem,
)
from assessments.permissions import can_write_plan, opens_worksheets
from assessments.sheet_keeping import keep_score, locked_sheet
from integrity_portal.core import ledger
from opd.enums import Role
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def open_worksheet(
    *,
    zone: IntegrityZone,
    year: int,
    edition: InstrumentEdition,
    by: Membership,
    now: datetime,
    copied_from: Worksheet | None = None,
) -> Worksheet:
    """The sheet with all its questions; answers and proofs of `copied_from` come along, every one
    marked as to be reviewed. The same year twice is once.

    Raises PermissionDenied and StepRefused.
    """
    row = IntegrityZone.objects.select_for_update(of=("self",), no_key=True).get(pk=zone.pk)
    if not opens_worksheets(by) or not _may_open(by, row):
        raise PermissionDenied(_("Only the unit itself or the ZI secretariat opens its sheet."))
    existing = Worksheet.objects.filter(zone=row, year=year).first()
    if existing is not None:
        return existing
    _refuse_year(row, year, edition, timezone.localdate(now))
    sheet = Worksheet.objects.create(
        government_id=row.government_id,
        zone=row,
        year=year,
        instrument=edition,
        copied_from=copied_from,
        opened_at=now,
        is_sample=row.is_sample,
    )
    items = _make_items(sheet, edition.instrument)
    carried = _carry(sheet, items, copied_from, by, now) if copied_from else 0
    keep_score(locked_sheet(sheet.pk), Assessor.UNIT)
    ledger.record("worksheet.opened", sheet, by=by, codes={"year": year, "carried": carried})
    return sheet


def _may_open(by: Membership, zone: IntegrityZone) -> bool:
    if by.government_id != zone.government_id:
        return False
    return by.role == Role.ZI_SECRETARIAT or can_write_plan(by, zone.unit)


def _refuse_year(zone: IntegrityZone, year: int, edition: InstrumentEdition, today: date) -> None:
    if zone.closed_on is not None:
        raise StepRefused(_("This zone has ended; nothing new begins on it."))
    if not edition.is_history and zone.stage == ZoneStage.COMMITTED:
        raise StepRefused(_("A unit fills the LKE once it is declared."))
    if year > today.year + 1:
        raise StepRefused(_("That year lies too far ahead."))
    ends = edition.valid_to.year if edition.valid_to else year
    if not edition.valid_from.year <= year <= ends:
        raise StepRefused(_("This instrument was not in force in %(year)d.") % {"year": year})


def _make_items(sheet: Worksheet, instrument: Instrument) -> list[WorksheetItem]:
    return WorksheetItem.objects.bulk_create(
        WorksheetItem(
            government_id=sheet.government_id,
            worksheet=sheet,
            code=question.code,
            sub_aspect=question.sub_aspect,
            position=question.position,
        )
        for question in instrument.questions.values()
    )


def _carry(
    sheet: Worksheet,
    items: list[WorksheetItem],
    source: Worksheet,
    by: Membership,
    now: datetime,
) -> int:
    """The unit's answers and proofs of last year, with who gave them, as far as the question
    still takes them."""
    if source.zone.unit_id != sheet.zone.unit_id:
        raise StepRefused(_("Only a sheet of the same unit can be carried over."))
    questions = sheet.instrument.instrument.questions
    by_code = {item.code: item for item in items}
    rows = Answer.objects.filter(item__worksheet=source, assessor=Assessor.UNIT)
    answers = [
        Answer(
            government_id=sheet.government_id,
            item=by_code[code],
            assessor=Assessor.UNIT,
            option=row.option,
            counts=row.counts,
            index=row.index,
            zero_as=row.zero_as,
            note=row.note,
            changed_by_id=row.changed_by_id,
            changed_at=row.changed_at,
        )
        for row in rows.select_related("item")
        if (code := row.item.code) in by_code and _still_fits(questions[code], row)
    ]
    Answer.objects.bulk_create(answers)
    uses = EvidenceUse.objects.filter(item__worksheet=source).select_related("item")
    EvidenceUse.objects.bulk_create(
        EvidenceUse(
            government_id=sheet.government_id,
            item=by_code[use.item.code],
            evidence_id=use.evidence_id,
            pages=use.pages,
            added_by=by,
            added_at=now,
        )
        for use in uses
        if use.item.code in by_code
    )
    keys = [answer.item_id for answer in answers]
    WorksheetItem.objects.filter(pk__in=keys).update(mark=ItemMark.CARRIED)
    _carry_effort(source, sheet)
    return len(answers)


def _still_fits(question: QuestionText, row: Answer) -> bool:
    if row.option:
        return row.option in question.scale.options
    if row.index is not None:
        return bool(row.index <= question.scale.highest)
    return set(row.counts) <= {count.key for count in question.counts}


def _carry_effort(source: Worksheet, sheet: Worksheet) -> None:
    efforts = dict(source.items.exclude(effort=None).values_list("code", "effort"))
    rows = [row for row in sheet.items.all() if row.code in efforts]
    for row in rows:
        row.effort = efforts[row.code]
    WorksheetItem.objects.bulk_update(rows, ["effort"])


@transaction.atomic
def confirm_carried(*, item: WorksheetItem, by: Membership) -> WorksheetItem:
    """Last year's answer still holds as it stands. Raises PermissionDenied and StepRefused."""
    sheet = locked_sheet(item.worksheet_id)
    if sheet.zone.closed_on is not None or not can_write_plan(by, sheet.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit answer here."))
    row = WorksheetItem.objects.get(pk=item.pk, worksheet=sheet)
    if row.mark != ItemMark.CARRIED:
        return row
    row.mark = ItemMark.NONE
    row.save(update_fields=["mark"])
    ledger.record("worksheet.carried_confirmed", sheet, by=by, codes={"code": row.code})
    return row


@transaction.atomic
def assign_items(
    *,
    sheet: Worksheet,
    codes: Sequence[str],
    assignee: Membership | None,
    due_on: date | None,
    by: Membership,
    now: datetime,
) -> int:
    """Who answers these questions until when; nobody: the share is taken back. How many changed.

    Raises PermissionDenied and StepRefused.
    """
    row = locked_sheet(sheet.pk)
    today = timezone.localdate(now)
    if row.zone.closed_on is not None or not can_write_plan(by, row.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit share out its sheet."))
    if assignee is None:
        due_on = None
    elif not can_write_plan(assignee, row.zone.unit) or not _is_in_office(assignee, today):
        raise StepRefused(_("Choose an operator or the head of this unit."))
    if due_on is not None and due_on < today:
        raise StepRefused(_("That day is over. Enter today or a later day."))
    items = row.items.filter(code__in=list(codes))
    changed = items.exclude(assignee=assignee, due_on=due_on).update(
        assignee=assignee, due_on=due_on
    )
    ledger.record("worksheet.shared_out", row, by=by, codes={"count": changed})
    return changed


def _is_in_office(membership: Membership, today: date) -> bool:
    return Membership.objects.valid_on(today).filter(pk=membership.pk).exists()
