"""Reads for splitting a unit and for handing over what it held."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from opd.models import Duty, Membership, Service, Unit
from opd.models.people import MembershipQuerySet
from opd.queries.units import possible_parents


@dataclass(frozen=True)
class SplitChoices:
    """Who may take over, under what a new unit may stand, whether units below must move."""

    others: list[Unit]
    parents: list[Unit]
    has_below: bool


def split_choices(membership: Membership, unit: Unit, *, today: date) -> SplitChoices:
    others = Unit.objects.visible_to(membership).active_on(today).exclude(pk=unit.pk)
    return SplitChoices(
        others=list(others.order_by("name", "pk")),
        parents=possible_parents(membership, today=today),
        has_below=unit.children.active_on(today).exists(),  # type: ignore[attr-defined]
    )


@dataclass(frozen=True)
class Holdings:
    services: list[Service]
    duties: list[Duty]
    offices: list[Membership]
    employees: int = 0

    def __bool__(self) -> bool:
        return bool(self.services or self.duties or self.offices or self.employees)


def holdings(unit: Unit, *, today: date) -> Holdings:
    """What somebody else may take over: four queries."""
    offices: MembershipQuerySet = unit.memberships.all()  # type: ignore[assignment]
    going_on = offices.exclude(valid_to__lt=today).select_related("user")
    return Holdings(
        services=list(unit.services.order_by("name")),
        duties=list(unit.duties.order_by("position")),
        offices=list(going_on.order_by("title", "pk")),
        employees=unit.posts.filter(Q(valid_to=None) | Q(valid_to__gte=today)).count(),  # type: ignore[attr-defined]
    )


def takers(unit: Unit, *, today: date) -> list[Unit]:
    """Units that took over from this one, wholly or a part, and exist today."""
    rows = Unit.objects.active_on(today).filter(
        government_id=unit.government_id,
        predecessors__predecessor=unit,
        predecessors__happened_on__lte=today,
    )
    return list(rows.distinct().order_by("name", "pk"))
