"""Places: added, changed, taken out of use, written from a list, and counted when opened."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd import posters
from opd.enums import ImportSubject
from opd.import_steps import keep_rows, mark_applied, mark_discarded, pending
from opd.models import Government, Membership, Place, Unit, UnitImport
from opd.permissions import manages_places, may_write_place
from opd.place_rows import HEADINGS, PlaceLine, PlacePlan
from opd.posters import GENERAL
from opd.queries.places import plan_of
from opd.registry import RegistryRefused, check_row

BATCH = 500


@dataclass(frozen=True)
class PlaceFacts:
    name: str
    kind: str
    address: str = ""
    npsn: str = ""
    region: Unit | None = None
    unit: Unit | None = None


def _refused() -> PermissionDenied:
    return PermissionDenied(_("Your role does not include this place."))


def _check_units(facts: PlaceFacts, by: Membership) -> None:
    for unit in (facts.region, facts.unit):
        if unit is not None and unit.government_id != by.government_id:
            raise RegistryRefused(_("Choose one of the units shown."))


@transaction.atomic
def add_place(*, facts: PlaceFacts, by: Membership) -> Place:
    """Raises PermissionDenied, RegistryRefused."""
    _check_units(facts, by)
    row = Place(
        government=by.government,
        is_sample=by.government.is_sample,
        **vars(facts),
    )
    if not may_write_place(by, row):
        raise _refused()
    _refuse_twin(row)
    check_row(row)
    row.save()
    ledger.record("place.added", row, by=by, codes={"kind": row.kind, "unit": row.unit_id})
    return row


@transaction.atomic
def edit_place(*, place: Place, facts: PlaceFacts, by: Membership) -> Place:
    """The token stays: it is printed. Raises PermissionDenied, RegistryRefused."""
    row = _mine(place, by)
    _check_units(facts, by)
    changed = [name for name, value in vars(facts).items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, getattr(facts, name))
    if not may_write_place(by, row):
        raise _refused()
    _refuse_twin(row)
    check_row(row)
    row.save(update_fields=changed)
    ledger.record("place.edited", row, by=by, codes=dict.fromkeys(sorted(changed), True))
    return row


@transaction.atomic
def set_place_active(*, place: Place, is_active: bool, by: Membership) -> Place:
    """Out of use, or again in use. Its page answers for ever."""
    row = _mine(place, by)
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        ledger.record("place.activated" if is_active else "place.deactivated", row, by=by)
    return row


def _mine(place: Place, by: Membership) -> Place:
    row = (
        Place.objects.select_related("unit", "government")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=place.pk)
    )
    if not may_write_place(by, row):
        raise _refused()
    return row


def _refuse_twin(row: Place) -> None:
    """A second place of one kind and name needs a name of its own: people choose by it."""
    same = Place.objects.of(row.government_id).filter(kind=row.kind, name__iexact=row.name)
    if same.exclude(pk=row.pk).exists():
        raise RegistryRefused(_("Another place of this kind has this name."), field="name")


# --- lists from a file ---


def _lock(by: Membership) -> None:
    if not manages_places(by):
        raise PermissionDenied(_("Your role does not include lists of places."))
    Government.objects.select_for_update(no_key=True).get(pk=by.government_id)


@transaction.atomic
def receive_places(*, by: Membership, data: bytes, now: datetime) -> UnitImport:
    """Read the file and keep its rows for the preview. No place is written."""
    _lock(by)
    upload = keep_rows(by, data, ImportSubject.PLACES, HEADINGS, now)
    ledger.record("place_import.received", upload, by=by, codes={"rows": upload.row_count})
    return upload


@transaction.atomic
def apply_places(*, by: Membership, upload: UnitImport, seen: str, now: datetime) -> PlacePlan:
    """Write all good rows, or none. `seen` is the fingerprint of the preview that was confirmed."""
    _lock(by)
    row = pending(by, upload, ImportSubject.PLACES, now)
    plan = plan_of(row)
    if plan.fingerprint != seen:
        raise RegistryRefused(
            _("The places have changed since this preview. Look at it again, then confirm.")
        )
    if not plan.good():
        raise RegistryRefused(_("There is nothing to write: no row is new or changed."))
    try:
        with transaction.atomic():
            _write(by, plan)
    except IntegrityError as error:
        raise RegistryRefused(
            _("Two rows exchange an NPSN. Change one of them first, then the other.")
        ) from error
    refused = {line.number: " ".join(line.problems) for line in plan.lines if line.problems}
    codes = mark_applied(row, plan.count(), refused, now)
    ledger.record("place_import.applied", row, by=by, codes=codes)
    return plan


@transaction.atomic
def discard_places(*, by: Membership, upload: UnitImport, now: datetime) -> None:
    _lock(by)
    row = pending(by, upload, ImportSubject.PLACES, now)
    mark_discarded(row)
    ledger.record("place_import.discarded", row, by=by)


def _write(by: Membership, plan: PlacePlan) -> None:
    good = plan.good()
    added = [_new(by, line) for line in good if line.place is None]
    Place.objects.bulk_create(added, batch_size=BATCH)
    for place in added:
        ledger.record("place.added", place, by=by, codes={"kind": place.kind, "imported": True})
    changed = [line for line in good if line.place is not None]
    rows = Place.objects.in_bulk([line.place.pk for line in changed if line.place])
    for line in changed:
        row = rows[line.place.pk] if line.place else None
        if row is None:
            continue
        for change in line.changes:
            setattr(row, change.field, change.after)
        names: dict[str, ledger.Code] = {change.field: True for change in line.changes}
        ledger.record("place.edited", row, by=by, codes={**names, "imported": True})
    columns = ["name", "kind", "address", "npsn", "region", "unit"]
    Place.objects.bulk_update(rows.values(), columns, batch_size=BATCH)


def _new(by: Membership, line: PlaceLine) -> Place:
    return Place(government_id=by.government_id, is_sample=by.government.is_sample, **line.values)


# --- the page behind the QR code ---


def count_scan(*, place: Place, today: date, kind: str = GENERAL) -> None:
    """One more opening on this day: a number, no address, no time, nobody's deed."""
    if not posters.kind(kind).counts_scans:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO opd_placescan (government_id, place_id, day, count) "
            "VALUES (%s, %s, %s, 1) ON CONFLICT (place_id, day) "
            "DO UPDATE SET count = opd_placescan.count + 1",
            [place.government_id, place.pk, today],
        )
