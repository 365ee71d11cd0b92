"""What units did in declarations and decrees."""

from datetime import date

from django.db.models import Max

from assessments.enums import DeclarationState
from assessments.models import DeclarationUnit, NamedUnit


def newest_act(unit_ids: list[int]) -> date | None:
    """The day of the last declaration or decree that holds one of these units."""
    held = DeclarationUnit.objects.filter(unit__in=unit_ids).exclude(
        declaration__state=DeclarationState.DISCARDED
    )
    named = NamedUnit.objects.filter(unit__in=unit_ids)
    days = [
        held.aggregate(day=Max("declaration__held_on"))["day"],
        named.aggregate(day=Max("decree__decided_on"))["day"],
    ]
    return max((day for day in days if day is not None), default=None)
