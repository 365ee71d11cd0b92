"""What people do to units: add, edit, rename, merge, close. Nothing is ever deleted.

All of them lock the government's row first, so that moves cannot make a circle and two people
cannot take the same name.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from integrity_portal.core.partial_dates import PartialDate, last_day
from opd import unit_steps
from opd.enums import SuccessionKind
from opd.models import Membership, Unit, UnitName
from opd.registry import (
    RegistryRefused,
    TakeOver,
    check,
    fresh,
    lock_registry,
    taken_over,
)
from opd.unit_steps import UnitFacts


@dataclass(frozen=True)
class Merged:
    into: Unit
    ended: list[Unit] = field(default_factory=list)


@transaction.atomic
def add_unit(*, by: Membership, facts: UnitFacts) -> Unit:
    lock_registry(by)
    unit = unit_steps.add(by, facts)
    ledger.record("unit.added", unit, by=by, codes=unit_steps.codes(unit))
    return unit


@transaction.atomic
def edit_unit(
    *,
    by: Membership,
    unit: Unit,
    kind: str,
    code: str,
    parent: Unit | None,
    active_from: date | None,
    today: date,
) -> Unit:
    """Kind, code, place and first day; a new place takes everything below along.

    A closed unit stays where it stood; its code, kind and first day can be corrected.
    """
    lock_registry(by)
    unit = fresh(by, unit)
    moved = (parent.pk if parent else None) != unit.parent_id
    if moved:
        unit_steps.check_open(unit, today)
        unit_steps.check_parent(by, unit, parent)
    if active_from is not None and active_from != unit.active_from:
        unit_steps.check_not_after_acts(unit, active_from)
    before = {"kind": unit.kind, "parent": unit.parent_id, "code": unit.code}
    unit.kind, unit.code, unit.active_from = kind, code, active_from
    unit.parent = parent
    check(unit)
    with unit_steps.assessors_refused("kind"):
        unit.save(update_fields=["kind", "code", "active_from", "parent"])
    if moved:
        unit_steps.move_branch(unit, [*(parent.lineage if parent else []), unit.pk])
    codes: dict[str, ledger.Code] = {"code_changed": before["code"] != unit.code}
    if before["kind"] != kind:
        codes |= {"kind_from": before["kind"], "kind_to": kind}
    if moved:
        codes |= {"parent_from": before["parent"], "parent_to": unit.parent_id}
    ledger.record("unit.edited", unit, by=by, codes=codes)
    return unit


@transaction.atomic
def rename_unit(
    *,
    by: Membership,
    unit: Unit,
    name: str,
    short_name: str,
    changed_on: PartialDate,
    basis: str,
    today: date,
) -> Unit:
    """The old name stays on record and is found by the search."""
    lock_registry(by)
    unit = fresh(by, unit)
    unit_steps.check_open(unit, today)
    if (name, short_name) == (unit.name, unit.short_name):
        raise RegistryRefused(
            _("This is the name it already has. Write the new one."), field="name"
        )
    if changed_on.date > today:
        raise RegistryRefused(
            _("The day lies ahead. Record the new name when it is in force."), field="changed_on"
        )
    _refuse_before_first_day(unit, changed_on, field="changed_on")
    last = unit.names.exclude(valid_to=None).order_by("-valid_to").first()
    if last and last.valid_to and changed_on.date < last.valid_to:
        raise RegistryRefused(
            _("The name before that ended on %(day)s; this change must be later.")
            % {"day": date_id(last.valid_to)},
            field="changed_on",
        )
    _rename_to(unit, name=name, short_name=short_name, changed_on=changed_on, basis=basis)
    ledger.record("unit.renamed", unit, by=by, codes={"precision": str(changed_on.precision)})
    return unit


@transaction.atomic
def correct_unit_name(*, by: Membership, unit: Unit, name: str, short_name: str) -> Unit:
    """A spelling mistake put right: nobody was ever called that, so no former name is kept."""
    lock_registry(by)
    unit = fresh(by, unit)
    if (name, short_name) == (unit.name, unit.short_name):
        raise RegistryRefused(
            _("This is the name it already has. Write the new one."), field="name"
        )
    unit.name, unit.short_name = name, short_name
    check(unit)
    with unit_steps.assessors_refused("name"):
        unit.save(update_fields=["name", "short_name"])
    unit.names.present().update(name=name, short_name=short_name)
    ledger.record("unit.name_corrected", unit, by=by)
    return unit


@transaction.atomic
def add_former_name(
    *,
    by: Membership,
    unit: Unit,
    name: str,
    short_name: str,
    ended: PartialDate,
    basis: str,
    today: date,
) -> UnitName:
    """A name from before the oldest one on record, so that old papers find the unit."""
    lock_registry(by)
    unit = fresh(by, unit)
    if ended.date > today:
        raise RegistryRefused(_("A former name ended in the past."), field="ended")
    _refuse_before_first_day(unit, ended, field="ended")
    oldest = unit.names.exclude(valid_to=None).order_by("valid_to").first()
    if oldest and oldest.valid_to and ended.date >= oldest.valid_to:
        raise RegistryRefused(
            _("The oldest name on record ended on %(day)s; this one must have ended before.")
            % {"day": date_id(oldest.valid_to)},
            field="ended",
        )
    row = UnitName.objects.create(
        government_id=unit.government_id,
        unit=unit,
        name=name,
        short_name=short_name,
        valid_to=ended.date,
        valid_to_precision=ended.precision,
        basis=basis,
    )
    ledger.record("unit.former_name_added", unit, by=by, codes={"precision": str(ended.precision)})
    return row


@transaction.atomic
def merge_units(
    *,
    by: Membership,
    units: list[Unit],
    into: Unit | UnitFacts,
    happened_on: date,
    basis: str,
    today: date,
    now: datetime,
) -> Merged:
    """The units end on the day before; `into` goes on, or begins on that day.

    Employees go along: their posts end with the unit and go on in `into`. Offices, services and
    everything else stay where they are: `loose_ends` shows them. Other apps go on with what they
    registered (`registry.taken_over`).
    """
    lock_registry(by)
    ending = [fresh(by, unit) for unit in units]
    last_day = happened_on - timedelta(days=1)
    if not ending:
        raise RegistryRefused(_("Choose the units that end."))
    if isinstance(into, UnitFacts) and len(ending) < 2:
        raise RegistryRefused(
            _("One unit alone cannot merge into a new one: give it a new name instead.")
        )
    if isinstance(into, Unit):
        unit_steps.check_successor(by, into, ending, happened_on)
    for unit in ending:
        unit_steps.check_may_end(unit, last_day, today, besides=[other.pk for other in ending])
        unit_steps.check_not_before_acts(unit, last_day, field="happened_on")
        unit_steps.end(unit, last_day)
    if isinstance(into, UnitFacts):
        into = unit_steps.add(by, replace(into, active_from=happened_on))
        ledger.record("unit.added", into, by=by, codes=unit_steps.codes(into))
    for unit in ending:
        unit_steps.succeed(unit, into, SuccessionKind.MERGED, happened_on, basis)
        carried = unit_steps.carry_posts(unit, into, happened_on)
        codes: dict[str, ledger.Code] = {"into": into.pk, "employees": carried}
        ledger.record("unit.merged", unit, by=by, codes=codes)
        taken_over(TakeOver(unit, [into], happened_on, basis, by, now))
    return Merged(into, ending)


@transaction.atomic
def close_unit(*, by: Membership, unit: Unit, last_day: date, basis: str, today: date) -> Unit:
    """The last day may lie ahead; until then it can be changed by closing again."""
    lock_registry(by)
    unit = fresh(by, unit)
    unit_steps.check_may_end(unit, last_day, today)
    unit_steps.check_not_before_acts(unit, last_day, field="last_day")
    unit.close_basis = basis
    unit_steps.end(unit, last_day)
    ledger.record("unit.closed", unit, by=by, codes={"last_day": last_day.isoformat()})
    return unit


# Steps of the above


def _refuse_before_first_day(unit: Unit, changed: PartialDate, *, field: str) -> None:
    """A month or a year lies before the first day only when all of it does."""
    first = unit.active_from
    if first is not None and last_day(changed.date, changed.precision) < first:
        raise RegistryRefused(
            _("The unit begins on %(day)s; its name did not change before that day.")
            % {"day": date_id(first)},
            field=field,
        )


def _rename_to(
    unit: Unit, *, name: str, short_name: str, changed_on: PartialDate, basis: str
) -> None:
    unit.name, unit.short_name = name, short_name
    check(unit)
    with unit_steps.assessors_refused("name"):
        unit.save(update_fields=["name", "short_name"])
    unit.names.present().update(
        valid_to=changed_on.date, valid_to_precision=changed_on.precision, basis=basis
    )
    UnitName.objects.create(
        government_id=unit.government_id, unit=unit, name=name, short_name=short_name
    )
