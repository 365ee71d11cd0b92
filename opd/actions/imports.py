"""Uploaded lists of units (and, shared, of places): keep the rows, write them after confirmation, throw them away."""

from collections import defaultdict
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.partial_dates import Precision
from opd import unit_steps
from opd.enums import ImportState, ImportSubject
from opd.import_steps import keep_rows, mark_applied, mark_discarded, pending
from opd.models import Membership, Unit, UnitImport, UnitName
from opd.queries.imports import plan_of
from opd.registry import RegistryRefused, lock_registry
from opd.unit_csv import HEADINGS
from opd.unit_plan import Plan
from opd.unit_rows import Line

BATCH = 500


@transaction.atomic
def receive_units(*, by: Membership, data: bytes, now: datetime) -> UnitImport:
    """Read the file and keep its rows for the preview. Nothing reaches the registry."""
    lock_registry(by)
    upload = keep_rows(by, data, ImportSubject.UNITS, HEADINGS, now)
    ledger.record("unit_import.received", upload, by=by, codes={"rows": upload.row_count})
    return upload


@transaction.atomic
def apply_import(
    *, by: Membership, upload: UnitImport, seen: str, now: datetime, today: date
) -> Plan:
    """Write all good rows, or none. `seen` is the fingerprint of the preview that was confirmed."""
    lock_registry(by)
    upload = pending(by, upload, ImportSubject.UNITS, now)
    plan = plan_of(upload, today=today)
    if plan.fingerprint != seen:
        raise RegistryRefused(
            _("The registry has changed since this preview. Look at it again, then confirm.")
        )
    if not plan.good():
        raise RegistryRefused(_("There is nothing to write: no row is new or changed."))
    try:
        with transaction.atomic():
            _write(by, plan, today)
    except IntegrityError as error:
        if unit_steps.moves_to_assessor(error):
            raise RegistryRefused(unit_steps.assessor_in_the_way()) from error
        raise RegistryRefused(
            _("Two rows exchange a name or a code. Change one of them first, then the other.")
        ) from error
    refused = {line.number: " ".join(line.problems) for line in plan.lines if line.problems}
    codes = mark_applied(upload, plan.count(), refused, now)
    ledger.record("unit_import.applied", upload, by=by, codes=codes)
    return plan


@transaction.atomic
def discard_import(*, by: Membership, upload: UnitImport, now: datetime) -> None:
    lock_registry(by)
    upload = pending(by, upload, ImportSubject.UNITS, now)
    mark_discarded(upload)
    ledger.record("unit_import.discarded", upload, by=by)


@transaction.atomic
def empty_expired(*, now: datetime) -> int:
    """Rows of lists that nobody confirmed in time, and refused rows nobody fetched."""
    rows = UnitImport.objects.expired(now).select_for_update(of=("self",), skip_locked=True)
    emptied = 0
    for upload in rows[:BATCH]:
        if upload.state == ImportState.PENDING:
            upload.state = ImportState.DISCARDED
        upload.rows, upload.reasons = [], {}
        upload.save(update_fields=["state", "rows", "reasons"])
        ledger.record("unit_import.expired", upload, by=None, government_id=upload.government_id)
        emptied += 1
    return emptied


def _write(by: Membership, plan: Plan, today: date) -> None:
    added = _write_new(by, plan)
    changed = [line for line in plan.good() if line.unit is not None]
    _write_changed(by, changed, {number: unit.pk for number, unit in added.items()}, today)
    _put_in_line(by.government_id)
    for unit in added.values():
        ledger.record(
            "unit.added", unit, by=by, codes={"kind": unit.kind, "parent": unit.parent_id}
        )


def _write_new(by: Membership, plan: Plan) -> dict[int, Unit]:
    """Level by level, because a row needs the key of the one above it."""
    written: dict[int, Unit] = {}
    waiting: dict[int | None, list[Line]] = defaultdict(list)
    for line in plan.good():
        if line.unit is None:
            waiting[line.above.row if line.above else None].append(line)
    level = waiting.pop(None, [])
    while level:
        units = [_new_unit(by, line, written) for line in level]
        Unit.objects.bulk_create(units, batch_size=BATCH)
        UnitName.objects.bulk_create(
            [
                UnitName(
                    government_id=by.government_id,
                    unit=unit,
                    name=unit.name,
                    short_name=unit.short_name,
                )
                for unit in units
            ],
            batch_size=BATCH,
        )
        for line, unit in zip(level, units, strict=True):
            written[line.number] = unit
        level = [child for line in level for child in waiting.pop(line.number, [])]
    return written


def _new_unit(by: Membership, line: Line, written: dict[int, Unit]) -> Unit:
    parent_id = None
    if line.above is not None:
        row = line.above.row
        parent_id = written[row].pk if row is not None else line.above.unit_id
    return Unit(
        government_id=by.government_id,
        parent_id=parent_id,
        is_sample=by.government.is_sample,
        **line.values,
    )


def _write_new_names(by: Membership, renamed: list[Unit], today: date) -> None:
    """The present names end today; the names that the units have now follow."""
    UnitName.objects.present().filter(unit__in=renamed).update(
        valid_to=today, valid_to_precision=Precision.DAY
    )
    UnitName.objects.bulk_create(
        [
            UnitName(
                government_id=by.government_id,
                unit=unit,
                name=unit.name,
                short_name=unit.short_name,
            )
            for unit in renamed
        ],
        batch_size=BATCH,
    )


def _write_changed(by: Membership, lines: list[Line], new_ids: dict[int, int], today: date) -> None:
    rows = Unit.objects.in_bulk([line.unit.pk for line in lines if line.unit])
    renamed: list[Unit] = []
    for line in lines:
        unit = rows[line.unit.pk] if line.unit else None
        if unit is None:
            continue
        fields = {change.field for change in line.changes}
        for name in fields - {"parent"}:
            setattr(unit, name, line.values[name])
        if "parent" in fields and line.above is not None:
            row = line.above.row
            unit.parent_id = new_ids[row] if row is not None else line.above.unit_id
        if fields & {"name", "short_name"}:
            renamed.append(unit)
    Unit.objects.bulk_update(
        rows.values(),
        ["kind", "code", "name", "short_name", "parent", "active_from"],
        batch_size=BATCH,
    )
    _write_new_names(by, renamed, today)
    for line in lines:
        unit = rows[line.unit.pk] if line.unit else None
        if unit is not None:
            fields = {change.field for change in line.changes}
            codes: dict[str, ledger.Code] = dict.fromkeys(sorted(fields), True)
            ledger.record("unit.edited", unit, by=by, codes={**codes, "imported": True})


def _put_in_line(government_id: int) -> None:
    """Every path of ids anew; only those that differ are written."""
    rows = list(Unit.objects.filter(government_id=government_id).only("parent_id", "lineage"))
    parents = {row.pk: row.parent_id for row in rows}
    wrong = []
    for row in rows:
        path: list[int] = []
        here: int | None = row.pk
        while here is not None:
            path.insert(0, here)
            here = parents[here]
        if row.lineage != path:
            row.lineage = path
            wrong.append(row)
    Unit.objects.bulk_update(wrong, ["lineage"], batch_size=BATCH)
