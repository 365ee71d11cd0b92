"""What the verbs of the registry share: their refusal, their lock, their checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from integrity_portal.core.formatting import date_id
from opd.models import Government, Membership, Unit
from opd.permissions import can_manage_units


class RegistryRefused(Exception):
    """The sentence for the person is the message; `field` names the box it belongs to, if any;
    `units` are those that stand in the way."""

    def __init__(self, sentence: str, *, field: str = "", units: list[Unit] | None = None) -> None:
        super().__init__(sentence)
        self.field = field
        self.units = units or []


def lock_registry(by: Membership) -> None:
    """Raises PermissionDenied with a sentence for whoever may not change the registry."""
    if not can_manage_units(by):
        raise PermissionDenied(_("Your role does not include changing the registry of units."))
    Government.objects.select_for_update(no_key=True).get(pk=by.government_id)


def fresh(by: Membership, unit: Unit) -> Unit:
    """The row as it is now, in the caller's own government."""
    return Unit.objects.select_for_update(of=("self",), no_key=True).get(
        pk=unit.pk, government_id=by.government_id
    )


def check(unit: Unit) -> None:
    """Limits and constraints; their sentence is the refusal."""
    try:
        unit.clean_fields(exclude=["government", "parent", "public_id", "lineage"])
        unit.validate_constraints()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise RegistryRefused(messages[0], field="" if name == "__all__" else name) from error


def check_row(row: models.Model, taken: str = "") -> None:
    """The first sentence of what limits and constraints say; `taken` for a plain unique one."""
    try:
        row.clean_fields(exclude=["government", "unit"])
        row.validate_constraints()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        if name == "__all__":
            raise RegistryRefused(taken or messages[0]) from error
        raise RegistryRefused(messages[0], field=name) from error


def remove_rows(rows: "models.QuerySet[models.Model]") -> None:
    try:
        rows.delete()
    except ProtectedError as error:
        raise RegistryRefused(
            _("Something else in the portal still refers to this, so it stays.")
        ) from error


NotBefore = Callable[[list[int]], date | None]
_not_before: list[NotBefore] = []


def register_not_before(newest: NotBefore) -> None:
    """`newest(unit_ids)`: the last day on which one of them did something, so still existed."""
    if newest not in _not_before:
        _not_before.append(newest)


def newest_act(unit_ids: list[int]) -> date | None:
    days = [newest(unit_ids) for newest in _not_before]
    return max((day for day in days if day is not None), default=None)


OldestActs = Callable[[list[int]], Mapping[int, date]]
_oldest: list[OldestActs] = []


def register_not_after(oldest: OldestActs) -> None:
    """`oldest(unit_ids)`: per unit the first day on which it did something, so already existed."""
    if oldest not in _oldest:
        _oldest.append(oldest)


def oldest_acts(unit_ids: list[int]) -> dict[int, date]:
    found: dict[int, date] = {}
    for oldest in _oldest:
        for pk, day in oldest(unit_ids).items():
            found[pk] = min(day, found.get(pk, day))
    return found


def begins_too_late(unit: object, oldest: date) -> str:
    """The sentence for a first day that lies after something the unit did."""
    return _("“%(unit)s” already has an entry of %(day)s, so it cannot begin after that day.") % {
        "unit": unit,
        "day": date_id(oldest),
    }


@dataclass(frozen=True)
class TakeOver:
    """A unit ended and others go on for it: one by a merger, those that the act names by a split.

    `happened_on` may lie ahead; `source` ends on the day before.
    """

    source: Unit
    successors: list[Unit]
    happened_on: date
    basis: str
    by: Membership
    now: datetime


FollowUp = Callable[[TakeOver], None]
_on_taken_over: dict[str, FollowUp] = {}


def register_on_taken_over(name: str, follow_up: FollowUp) -> None:
    """`follow_up(event)` runs in the transaction of the merger or the split; it may refuse it."""
    _on_taken_over[name] = follow_up


def taken_over(event: TakeOver) -> None:
    """Tell everybody who registered, in the order of their names."""
    for name in sorted(_on_taken_over):
        _on_taken_over[name](event)
