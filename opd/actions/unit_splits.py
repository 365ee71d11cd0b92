"""Splitting a unit, and handing over what a merged or split unit still holds.

Both lock the government's row first, as the other verbs of the registry do.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd import unit_steps
from opd.enums import SuccessionKind
from opd.models import Duty, Membership, Service, Unit
from opd.registry import RegistryRefused, TakeOver, fresh, lock_registry, taken_over
from opd.unit_steps import UnitFacts

MOST_PARTS = 10
Part = Unit | UnitFacts
# Where the units directly below an ending unit go: one of the parts, or the unit above.
Below = int | Literal["stay", "above"]


@dataclass(frozen=True)
class Split:
    source: Unit
    successors: list[Unit]


@transaction.atomic
def split_unit(
    *,
    by: Membership,
    unit: Unit,
    parts: list[Part],
    goes_on: bool,
    happened_on: date,
    basis: str,
    today: date,
    now: datetime,
    below: Below = "stay",
) -> Split:
    """Each part begins, or takes over, on that day; the unit goes on or ends on the eve.

    A unit that goes on keeps its road to the predicate; of one that ends, each part continues it
    (`registry.taken_over`). People, services and duties stay where they are until `hand_over` and
    the offices' own verbs move them. The same split sent twice is one split. A refusal about a
    part names its box with the part's place: `name_1`.
    """
    lock_registry(by)
    unit = fresh(by, unit)
    known = _recorded(unit, parts, goes_on, happened_on)
    if known:
        return Split(unit, known)
    _check_parts(by, unit, parts, goes_on, happened_on)
    staying = _end_source(unit, goes_on, below, happened_on, today)
    successors = [_take_part(by, part, place, happened_on) for place, part in enumerate(parts)]
    for successor in successors:
        unit_steps.succeed(unit, successor, SuccessionKind.SPLIT, happened_on, basis)
        codes: dict[str, ledger.Code] = {"into": successor.pk, "goes_on": goes_on}
        ledger.record("unit.split", unit, by=by, codes=codes)
    _move_below(by, unit, staying, successors[below] if isinstance(below, int) else unit.parent)
    if not goes_on:
        taken_over(TakeOver(unit, successors, happened_on, basis, by, now))
    return Split(unit, successors)


@transaction.atomic
def hand_over(
    *,
    by: Membership,
    unit: Unit,
    services: Mapping[int, Unit],
    duties: Mapping[int, Unit],
    today: date,
) -> int:
    """Services and duties, by key, go to units that took over from this one; how many moved."""
    lock_registry(by)
    unit = fresh(by, unit)
    begun = unit.successors.filter(happened_on__lte=today, government_id=by.government_id)
    takers = set(begun.values_list("successor_id", flat=True))
    if not {taker.pk for taker in (*services.values(), *duties.values())} <= takers:
        raise RegistryRefused(_("Choose a unit that took over from this one."))
    moved: Counter[int] = Counter()
    held = list(unit.services.filter(pk__in=services).order_by("pk"))
    for service in held:
        _move_service(by, service, services[service.pk])
    for duty in unit.duties.filter(pk__in=duties).order_by("position"):
        _move_duty(duty, duties[duty.pk])
        moved[duty.unit_id] += 1
    for taker, count in moved.items():
        codes: dict[str, ledger.Code] = {"to": taker, "count": count}
        ledger.record("unit.duties_handed_over", unit, by=by, codes=codes)
    return len(held) + sum(moved.values())


# Steps of the above


def _recorded(unit: Unit, parts: list[Part], goes_on: bool, day: date) -> list[Unit]:
    """The successors of exactly this split when it is on record already."""
    if goes_on != (unit.active_to != day - timedelta(days=1)):
        return []
    rows = unit.successors.filter(happened_on=day, kind=SuccessionKind.SPLIT)
    found = [row.successor for row in rows.select_related("successor").order_by("pk")]
    wanted = [part.pk if isinstance(part, Unit) else (part.kind, part.name) for part in parts]
    for successor in found:
        for key in (successor.pk, (successor.kind, successor.name)):
            if key in wanted:
                wanted.remove(key)
                break
    return found if len(found) == len(parts) and not wanted else []


def _check_parts(by: Membership, unit: Unit, parts: list[Part], goes_on: bool, day: date) -> None:
    if not parts:
        raise RegistryRefused(_("Name the unit that takes over."), field="name_0")
    if len(parts) > MOST_PARTS:
        raise RegistryRefused(_("A split has at most %(most)s successors.") % {"most": MOST_PARTS})
    if len(parts) < 2 and not goes_on:
        raise RegistryRefused(
            _("A unit that ends is split into at least two. Name the second, or use a merger."),
            field="name_1",
        )
    if goes_on and (unit.is_closed(day) or (unit.active_from and unit.active_from > day)):
        raise RegistryRefused(
            _("“%(unit)s” is not active on that day.") % {"unit": unit}, field="happened_on"
        )
    chosen = [part.pk for part in parts if isinstance(part, Unit)]
    for place, part in enumerate(parts):
        if not isinstance(part, Unit):
            continue
        if chosen.count(part.pk) > 1 and chosen.index(part.pk) < place:
            raise RegistryRefused(_("This unit is chosen twice."), field=f"unit_{place}")
        if unit.successors.filter(successor=part, happened_on=day).exists():
            raise RegistryRefused(
                _("“%(unit)s” already takes over from this unit on that day.") % {"unit": part},
                field=f"unit_{place}",
            )
        with _at(place, "unit"):
            unit_steps.check_successor(by, part, [unit], day)


@contextmanager
def _at(place: int, box: str = "") -> Iterator[None]:
    """A refusal about one part names the box of that part."""
    try:
        yield
    except RegistryRefused as refused:
        name = box or refused.field
        field = f"{name}_{place}" if name else ""
        raise RegistryRefused(str(refused), field=field, units=refused.units) from refused


def _end_source(unit: Unit, goes_on: bool, below: Below, day: date, today: date) -> list[Unit]:
    """The units directly below that have to move, when the source ends."""
    if goes_on:
        return []
    last_day = day - timedelta(days=1)
    children = unit_steps.children_after(unit, last_day)
    besides = [] if below == "stay" else [child.pk for child in children]
    unit_steps.check_may_end(unit, last_day, today, besides=besides)
    if besides and day > today:
        raise RegistryRefused(
            _("The units below move on the day itself. Move them first, or record this then."),
            field="happened_on",
        )
    unit_steps.check_not_before_acts(unit, last_day, field="happened_on")
    unit_steps.end(unit, last_day)
    return children


def _take_part(by: Membership, part: Part, place: int, day: date) -> Unit:
    if isinstance(part, Unit):
        return part
    with _at(place):
        unit = unit_steps.add(by, replace(part, active_from=day))
    ledger.record("unit.added", unit, by=by, codes=unit_steps.codes(unit))
    return unit


def _move_below(by: Membership, unit: Unit, children: list[Unit], to: Unit | None) -> None:
    for child in children:
        # The part that takes over may itself stand below: it moves up.
        parent = unit.parent if child == to else to
        try:
            unit_steps.move(by, child, parent)
        except RegistryRefused as refused:
            raise RegistryRefused(str(refused), field="below", units=[child]) from refused
        codes: dict[str, ledger.Code] = {"parent_from": unit.pk, "parent_to": child.parent_id}
        ledger.record("unit.edited", child, by=by, codes=codes)


def _move_service(by: Membership, service: Service, taker: Unit) -> None:
    if taker.services.filter(name=service.name).exists():
        raise RegistryRefused(
            _("“%(unit)s” already has a service of this name. Leave this one, or rename one first.")
            % {"unit": taker},
            field=f"service_{service.pk}",
        )
    codes: dict[str, ledger.Code] = {"from": service.unit_id, "to": taker.pk}
    service.unit = taker
    service.save(update_fields=["unit"])
    ledger.record("service.handed_over", service, by=by, codes=codes)


def _move_duty(duty: Duty, taker: Unit) -> None:
    if taker.duties.filter(text=duty.text).exists():
        raise RegistryRefused(
            _(
                "“%(unit)s” already has this duty. Leave it, or take it off the list of the old unit."
            )
            % {"unit": taker},
            field=f"duty_{duty.pk}",
        )
    last = taker.duties.aggregate(last=Max("position"))["last"] or 0
    duty.unit, duty.position = taker, last + 1
    duty.save(update_fields=["unit", "position"])
