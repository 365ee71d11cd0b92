"""What everybody may know of zones: who has declared and which predicates stand. Two queries."""

from dataclasses import dataclass

from assessments.enums import DeclarationState
from assessments.models import DeclarationUnit, ZonePredicate
from integrity_portal.core.partial_dates import PartialDate


@dataclass(frozen=True)
class DeclaredUnit:
    """A unit by the name it declared under, with the day of its first closed declaration."""

    name: str
    on: PartialDate | None
    is_sample: bool


@dataclass(frozen=True)
class StandingPredicate:
    unit: str
    predicate: str
    year: int


def declared_units(government_id: int) -> list[DeclaredUnit]:
    """Each unit once, the earliest first."""
    rows = (
        DeclarationUnit.objects.filter(
            declaration__government_id=government_id, declaration__state=DeclarationState.CLOSED
        )
        .select_related("declaration")
        .order_by("declaration__held_on", "declaration_id", "position")
    )
    found: dict[int, DeclaredUnit] = {}
    for row in rows:
        act = row.declaration
        found.setdefault(row.unit_id, DeclaredUnit(row.printed_name, act.held, act.is_sample))
    return list(found.values())


def standing_predicates(government_id: int) -> list[StandingPredicate]:
    """Awarded by the ministry and not revoked, the newest first."""
    rows = (
        ZonePredicate.objects.in_force()
        .filter(government_id=government_id)
        .select_related("zone__unit")
        .order_by("-year", "zone__unit__name", "pk")
    )
    return [
        StandingPredicate(row.zone.unit.name, row.get_predicate_display(), row.year) for row in rows
    ]
