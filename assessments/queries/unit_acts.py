"""What units did in declarations and decrees."""

from datetime import date

from django.db.models import Max, Min, QuerySet

from assessments.enums import DeclarationState
from assessments.models import DeclarationUnit, NamedUnit


def newest_act(unit_ids: list[int]) -> date | None:
    """The day of the last declaration or decree that holds one of these units."""
    held, named = _held(unit_ids), NamedUnit.objects.filter(unit__in=unit_ids)
    days = [
        held.aggregate(day=Max("declaration__held_on"))["day"],
        named.aggregate(day=Max("decree__decided_on"))["day"],
    ]
    return max((day for day in days if day is not None), default=None)


def oldest_acts(unit_ids: list[int]) -> dict[int, date]:
    """Per unit the day of the first declaration or decree that holds it."""
    held = _held(unit_ids).values_list("unit_id").annotate(day=Min("declaration__held_on"))
    named = NamedUnit.objects.filter(unit__in=unit_ids).values_list("unit_id")
    found: dict[int, date] = {}
    for pk, day in [*held.order_by(), *named.annotate(day=Min("decree__decided_on")).order_by()]:
        if day is not None:
            found[pk] = min(day, found.get(pk, day))
    return found


def _held(unit_ids: list[int]) -> QuerySet[DeclarationUnit]:
    return DeclarationUnit.objects.filter(unit__in=unit_ids).exclude(
        declaration__state=DeclarationState.DISCARDED
    )
