"""What the verbs of the registry share: their refusal, their lock, their checks."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

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


NotBefore = Callable[[list[int]], date | None]
_not_before: list[NotBefore] = []


def register_not_before(newest: NotBefore) -> None:
    """`newest(unit_ids)`: the last day on which one of them did something, so still existed."""
    if newest not in _not_before:
        _not_before.append(newest)


def newest_act(unit_ids: list[int]) -> date | None:
    days = [newest(unit_ids) for newest in _not_before]
    return max((day for day in days if day is not None), default=None)
