"""What people do to units: add, edit, rename, merge, close. Nothing is ever deleted.

All of them lock the government's row first, so that moves cannot make a circle and two people
cannot take the same name.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from integrity_portal.core.partial_dates import PartialDate
from opd.enums import MOST_LEVELS, SuccessionKind
from opd.models import Membership, Unit, UnitName, UnitSuccession
from opd.registry import (
    RegistryRefused,
    TakeOver,
    check,
    fresh,
    lock_registry,
    newest_act,
    taken_over,
)


@dataclass(frozen=True)
class UnitFacts:
    """What somebody says about a unit; `parent` is one of the same government or none."""

    kind: str
    name: str
    short_name: str = ""
    code: str = ""
    parent: Unit | None = None
    active_from: date | None = None


@dataclass(frozen=True)
class Merged:
    into: Unit
    ended: list[Unit] = field(default_factory=list)


@transaction.atomic
def add_unit(*, by: Membership, facts: UnitFacts) -> Unit:
    lock_registry(by)
    return _add(by, facts)


@transaction.atomic
def edit_unit(
    *,
    by: Membership,
    unit: Unit,
    kind: str,
    code: str,
    parent: Unit | None,
    active_from: date | None,
) -> Unit:
    """Kind, code, place and first day; a new place takes everything below along."""
    lock_registry(by)
    unit = fresh(by, unit)
    moved = (parent.pk if parent else None) != unit.parent_id
    if moved:
        _check_parent(by, unit, parent)
    before = {"kind": unit.kind, "parent": unit.parent_id, "code": unit.code}
    unit.kind, unit.code, unit.active_from = kind, code, active_from
    unit.parent = parent
    check(unit)
    unit.save(update_fields=["kind", "code", "active_from", "parent"])
    if moved:
        _move_branch(unit, [*(parent.lineage if parent else []), unit.pk])
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
    if (name, short_name) == (unit.name, unit.short_name):
        raise RegistryRefused(
            _("This is the name it already has. Write the new one."), field="name"
        )
    if changed_on.date > today:
        raise RegistryRefused(
            _("The day lies ahead. Record the new name when it is in force."), field="changed_on"
        )
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

    People, services and everything else stay where they are: `loose_ends` shows them. Other apps
    go on with what they registered (`registry.taken_over`).
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
        _check_successor(by, into, ending, happened_on)
    for unit in ending:
        _check_may_end(unit, last_day, today, besides=[other.pk for other in ending])
        _check_not_before_acts(unit, last_day, field="happened_on")
        _end(unit, last_day)
    if isinstance(into, UnitFacts):
        into = _add(by, UnitFacts(**{**into.__dict__, "active_from": happened_on}))
    for unit in ending:
        UnitSuccession.objects.create(
            government_id=by.government_id,
            predecessor=unit,
            successor=into,
            kind=SuccessionKind.MERGED,
            happened_on=happened_on,
            basis=basis,
        )
        ledger.record("unit.merged", unit, by=by, codes={"into": into.pk})
        taken_over(TakeOver(unit, [into], happened_on, basis, by, now))
    return Merged(into, ending)


@transaction.atomic
def close_unit(*, by: Membership, unit: Unit, last_day: date, basis: str, today: date) -> Unit:
    """The last day may lie ahead; until then it can be changed by closing again."""
    lock_registry(by)
    unit = fresh(by, unit)
    _check_may_end(unit, last_day, today)
    _check_not_before_acts(unit, last_day, field="last_day")
    unit.close_basis = basis
    _end(unit, last_day)
    ledger.record("unit.closed", unit, by=by, codes={"last_day": last_day.isoformat()})
    return unit


# Steps of the above


def _rename_to(
    unit: Unit, *, name: str, short_name: str, changed_on: PartialDate, basis: str
) -> None:
    unit.name, unit.short_name = name, short_name
    check(unit)
    unit.save(update_fields=["name", "short_name"])
    unit.names.present().update(
        valid_to=changed_on.date, valid_to_precision=changed_on.precision, basis=basis
    )
    UnitName.objects.create(
        government_id=unit.government_id, unit=unit, name=name, short_name=short_name
    )


def _move_branch(unit: Unit, lineage: list[int]) -> None:
    """Give the unit its new path and everything below the same beginning: one statement."""
    path: ArrayField[list[int], list[int]] = ArrayField(BigIntegerField())
    rest = Func(F("lineage"), template=f"(%(expressions)s)[{len(unit.lineage) + 1}:]")
    Unit.objects.filter(government_id=unit.government_id).at_or_below(unit.pk).update(
        lineage=Func(
            Value(lineage, output_field=path), rest, function="array_cat", output_field=path
        )
    )
    unit.lineage = lineage


def _add(by: Membership, facts: UnitFacts) -> Unit:
    unit = Unit(
        government_id=by.government_id,
        kind=facts.kind,
        name=facts.name,
        short_name=facts.short_name,
        code=facts.code,
        active_from=facts.active_from,
        is_sample=by.government.is_sample,
    )
    _check_parent(by, unit, facts.parent)
    unit.parent = facts.parent
    check(unit)
    unit.save()
    unit.lineage = [*(facts.parent.lineage if facts.parent else []), unit.pk]
    unit.save(update_fields=["lineage"])
    UnitName.objects.create(
        government_id=by.government_id, unit=unit, name=unit.name, short_name=unit.short_name
    )
    ledger.record("unit.added", unit, by=by, codes={"kind": unit.kind, "parent": unit.parent_id})
    return unit


def _check_parent(by: Membership, unit: Unit, parent: Unit | None) -> None:
    if parent is None:
        return
    parent.refresh_from_db(fields=["government", "lineage", "active_to"])
    if parent.government_id != by.government_id:
        raise RegistryRefused(_("Choose a unit of your own government."), field="parent")
    if parent.active_to is not None:
        raise RegistryRefused(
            _("“%(unit)s” ends on %(day)s. Choose a unit that goes on.")
            % {"unit": parent, "day": date_id(parent.active_to)},
            field="parent",
        )
    if unit.pk is not None and unit.pk in parent.lineage:
        raise RegistryRefused(
            _("A unit cannot stand under itself or under a unit below it."), field="parent"
        )
    deepest = 1
    if unit.pk is not None:
        paths = Unit.objects.filter(government_id=by.government_id).at_or_below(unit.pk)
        deepest += max(len(row.lineage) for row in paths.only("lineage")) - len(unit.lineage)
    if len(parent.lineage) + deepest > MOST_LEVELS:
        raise RegistryRefused(
            _("Units stand at most %(most)s levels deep.") % {"most": MOST_LEVELS}, field="parent"
        )


def _check_may_end(
    unit: Unit, last_day: date, today: date, besides: list[int] | None = None
) -> None:
    if unit.successors.exists():
        raise RegistryRefused(_("“%(unit)s” already ends by a merger.") % {"unit": unit})
    if unit.is_closed(today):
        raise RegistryRefused(_("“%(unit)s” is already closed.") % {"unit": unit})
    going_on = list(
        unit.children.filter(Q(active_to=None) | Q(active_to__gt=last_day))
        .exclude(pk__in=besides or [])
        .order_by("name", "pk")
    )
    if going_on:
        raise RegistryRefused(
            _("Units still stand under “%(unit)s”. Move or close them first.") % {"unit": unit},
            units=going_on,
        )


def _check_not_before_acts(unit: Unit, last_day: date, *, field: str) -> None:
    newest = newest_act([unit.pk])
    if newest is not None and last_day < newest:
        raise RegistryRefused(
            _("“%(unit)s” still has an entry of %(day)s, so it cannot end before that day.")
            % {"unit": unit, "day": date_id(newest)},
            field=field,
        )


def _check_successor(by: Membership, into: Unit, ending: list[Unit], day: date) -> None:
    into.refresh_from_db()
    if into.government_id != by.government_id:
        raise RegistryRefused(_("Choose a unit of your own government."))
    if into.pk in {unit.pk for unit in ending}:
        raise RegistryRefused(_("A unit cannot end and go on at once. Choose another one."))
    if into.is_closed(day) or (into.active_from and into.active_from > day):
        raise RegistryRefused(_("“%(unit)s” is not active on that day.") % {"unit": into})


def _end(unit: Unit, last_day: date) -> None:
    unit.active_to = last_day
    check(unit)
    unit.save(update_fields=["active_to", "close_basis"])
