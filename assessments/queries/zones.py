"""Reads of zones: the caller's list, one zone with its history, and what its next steps lack."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from assessments.enums import DeclarationState, ZoneStage
from assessments.models import (
    Declaration,
    DeclarationUnit,
    IntegrityZone,
    NamedUnit,
    NamingDecree,
    WorkPlan,
    ZonePredicate,
    ZoneStep,
)
from assessments.permissions import may_start_building
from assessments.workflow import ZONE
from opd.enums import Role
from opd.models import Membership, Unit
from opd.transitions import Missing


def zone_list(
    membership: Membership, *, stage: str = "", text: str = ""
) -> QuerySet[IntegrityZone]:
    rows = IntegrityZone.objects.visible_to(membership).select_related("unit", "unit__parent")
    if stage in ZoneStage.values:
        rows = rows.filter(stage=stage)
    if text:
        rows = rows.filter(unit__name__icontains=text) | rows.filter(
            unit__short_name__icontains=text
        )
    predicates = ZonePredicate.objects.order_by("-year", "pk")
    return rows.prefetch_related(Prefetch("predicates", predicates)).order_by("unit__name", "pk")


def zone_of(membership: Membership, pk: int) -> IntegrityZone | None:
    steps = ZoneStep.objects.select_related("membership").order_by("-happened_at", "-pk")
    predicates = ZonePredicate.objects.order_by("-year", "pk")
    return (
        IntegrityZone.objects.visible_to(membership)
        .select_related("unit", "unit__parent", "government")
        .prefetch_related(Prefetch("steps", steps), Prefetch("predicates", predicates))
        .filter(pk=pk)
        .first()
    )


def declarations_about(zone: IntegrityZone, membership: Membership) -> list[Declaration]:
    rows = Declaration.objects.visible_to(membership).filter(units__unit_id=zone.unit_id)
    return list(rows.order_by("held_on", "pk"))


def decrees_about(zone: IntegrityZone, membership: Membership) -> list[NamingDecree]:
    rows = NamingDecree.objects.visible_to(membership).filter(units__unit_id=zone.unit_id)
    return list(rows.order_by("decided_on", "pk"))


def units_of_government(membership: Membership) -> QuerySet[Unit]:
    return Unit.objects.filter(government_id=membership.government_id).order_by("name", "pk")


def lacks_closed_declaration(zone: IntegrityZone) -> list[Missing]:
    rows = DeclarationUnit.objects.filter(
        unit_id=zone.unit_id, declaration__state=DeclarationState.CLOSED
    )
    if rows.exists():
        return []
    return [Missing(_("The unit stands in no closed declaration yet."), "declarations")]


def lacks_decree(zone: IntegrityZone) -> list[Missing]:
    if NamedUnit.objects.filter(unit_id=zone.unit_id).exists():
        return []
    return [Missing(_("No registered decree names the unit yet."), "decrees")]


def closed_unit(zone: IntegrityZone, today: date) -> list[Missing]:
    """A closed unit builds nothing: its zone goes on with the unit that took it over."""
    if zone.unit.active_to is None or zone.unit.active_to >= today:
        return []
    return [Missing(_("The unit is closed; its successor goes on."), "unit")]


def checks_on(today: date) -> dict[str, Callable[[IntegrityZone], list[Missing]]]:
    """What the steps of a zone ask for, by the names in the table."""
    return {
        "closed_declaration": lacks_closed_declaration,
        "decree": lacks_decree,
        "active_unit": lambda zone: closed_unit(zone, today),
    }


@dataclass(frozen=True)
class NextStep:
    """`by_button`: taken on the zone's page; the others follow from an act."""

    name: str
    label: Any
    roles: tuple[str, ...]
    missing: tuple[Missing, ...]
    by_button: bool
    is_mine: bool


def next_steps(zone: IntegrityZone, membership: Membership, today: date) -> list[NextStep]:
    checks = checks_on(today)
    steps = []
    for step in ZONE.transitions:
        if zone.stage not in step.sources or step.name == "record_award":
            continue
        missing = [item for key in step.requires for item in checks[key](zone)]
        by_button = step.name == "start_building"
        mine = membership.role in step.roles and may_start_building(membership, zone)
        roles = tuple(sorted(str(Role(role).label) for role in step.roles))
        steps.append(
            NextStep(step.name, step.label, roles, tuple(missing), by_button, mine and by_button)
        )
    return steps


def zones_of_units(membership: Membership, unit_ids: list[int]) -> dict[int, IntegrityZone]:
    """The open zones of these units that the caller may see."""
    rows = IntegrityZone.objects.visible_to(membership).filter(unit_id__in=unit_ids, closed_on=None)
    return {zone.unit_id: zone for zone in rows}


def plans_of(zone: IntegrityZone) -> list[WorkPlan]:
    return list(zone.plans.order_by("-year"))
