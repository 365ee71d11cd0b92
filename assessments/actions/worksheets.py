"""Opening a work-sheet, from nothing or from last year's, and sharing out its questions."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import ItemMark, ZoneStage
from assessments.models import InstrumentEdition, IntegrityZone, Worksheet, WorksheetItem
from assessments.permissions import can_write_plan, opens_worksheets
from assessments.queries.worksheet_opening import is_source_for
from assessments.sheet_beginning import begin_sheet
from assessments.sheet_keeping import locked_sheet
from assessments.sheet_news import tell_step
from assessments.workflow import WORKSHEET
from integrity_portal.core import ledger
from opd.enums import Role
from opd.models import Membership
from opd.transitions import StepRefused, perform


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
    existing = Worksheet.objects.current().filter(zone=row, year=year).first()
    if existing is not None:
        return existing
    _refuse_year(row, year, edition, timezone.localdate(now))
    if copied_from is not None:
        _refuse_source(row, year, copied_from)
    sheet = Worksheet.objects.create(
        government_id=row.government_id,
        zone=row,
        year=year,
        instrument=edition,
        copied_from=copied_from,
        opened_at=now,
        is_sample=row.is_sample,
    )
    carried = begin_sheet(sheet, by=by, now=now)
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


def _refuse_source(zone: IntegrityZone, year: int, source: Worksheet) -> None:
    if not is_source_for(zone, source):
        raise StepRefused(_("Only a sheet of the same unit or of a road it continues comes along."))
    if source.year > year:
        raise StepRefused(_("Answers of a later year cannot begin an earlier one."))


@transaction.atomic
def move_worksheet(
    *, sheet: Worksheet, edition: InstrumentEdition, by: Membership, now: datetime
) -> Worksheet:
    """A sheet that is still being filled goes on under a newer edition; the old one stays to read.

    Answers whose question reads and weighs as before stand, the others are marked as to be
    reviewed. Raises PermissionDenied and StepRefused.
    """
    row = locked_sheet(sheet.pk)
    if not opens_worksheets(by) or not _may_open(by, row.zone):
        raise PermissionDenied(_("Only the unit itself or the ZI secretariat moves its sheet."))
    if edition.pk == row.instrument_id:
        raise StepRefused(_("The sheet is already filled by this edition."))
    _refuse_year(row.zone, row.year, edition, timezone.localdate(now))
    replaced = perform(WORKSHEET, "replace", row, by=by, now=now)
    tell_step(sheet=replaced, name="replace", now=now)
    fresh = Worksheet.objects.create(
        government_id=row.government_id,
        zone=row.zone,
        year=row.year,
        instrument=edition,
        copied_from=row,
        opened_at=now,
        is_sample=row.is_sample,
    )
    carried = begin_sheet(fresh, by=by, now=now)
    ledger.record("worksheet.moved", fresh, by=by, codes={"from": row.pk, "carried": carried})
    return fresh


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
