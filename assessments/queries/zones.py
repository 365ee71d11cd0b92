"""Reads of zones: the caller's list, one zone with its history, and what its next steps lack."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from assessments.enums import DeclarationState, Predicate, ZoneStage
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
from assessments.queries.attempts import checks_of_attempts
from assessments.queries.handovers import everybody_after, line_of
from assessments.workflow import AHEAD, ZONE
from integrity_portal.core.formatting import date_id
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
    predicates = ZonePredicate.objects.real().order_by("-year", "pk")
    return rows.prefetch_related(Prefetch("predicates", predicates)).order_by("unit__name", "pk")


def zone_of(membership: Membership, pk: int) -> IntegrityZone | None:
    steps = ZoneStep.objects.select_related("membership").order_by("-happened_at", "-pk")
    predicates = ZonePredicate.objects.real().order_by("-year", "pk")
    return (
        IntegrityZone.objects.visible_to(membership)
        .select_related("unit", "unit__parent", "government")
        .prefetch_related(Prefetch("steps", steps), Prefetch("predicates", predicates))
        .filter(pk=pk)
        .first()
    )


def declarations_about(unit_ids: Collection[int], membership: Membership) -> list[Declaration]:
    rows = Declaration.objects.visible_to(membership).filter(units__unit_id__in=unit_ids)
    return list(rows.distinct().order_by("held_on", "pk"))


def decrees_about(unit_ids: Collection[int], membership: Membership) -> list[NamingDecree]:
    rows = NamingDecree.objects.visible_to(membership).filter(units__unit_id__in=unit_ids)
    return list(rows.distinct().order_by("decided_on", "pk"))


def units_of_government(membership: Membership) -> QuerySet[Unit]:
    return Unit.objects.filter(government_id=membership.government_id).order_by("name", "pk")


def lacks_closed_declaration(zone: IntegrityZone, today: date) -> list[Missing]:
    """Of the unit itself or of one whose road it continues."""
    if _closed_acts(zone, today).exists():
        return []
    return [_no_declaration()]


def _no_declaration() -> Missing:
    return Missing(_("The unit stands in no closed declaration yet."), "declarations")


def _closed_acts(zone: IntegrityZone, today: date) -> QuerySet[DeclarationUnit]:
    return DeclarationUnit.objects.filter(
        unit_id__in=line_of(zone.unit_id, zone.government_id, today),
        declaration__state=DeclarationState.CLOSED,
    )


def lacks_decree(zone: IntegrityZone, today: date) -> list[Missing]:
    if _decrees(zone, today).exists():
        return []
    return [no_decree()]


def no_decree() -> Missing:
    return Missing(_("No registered decree names the unit yet."), "decrees")


def _decrees(zone: IntegrityZone, today: date) -> QuerySet[NamedUnit]:
    return NamedUnit.objects.filter(unit_id__in=line_of(zone.unit_id, zone.government_id, today))


def stands_in_declaration(zone: IntegrityZone, today: date) -> list[Missing]:
    if not _closed_acts(zone, today).exists():
        return []
    return [Missing(_("The unit still stands in a closed declaration."), "declarations")]


def stands_in_decree(zone: IntegrityZone, today: date) -> list[Missing]:
    if not _decrees(zone, today).exists():
        return []
    return [Missing(_("A registered decree still names the unit."), "decrees")]


def lacks_handover(zone: IntegrityZone) -> list[Missing]:
    if zone.taken_over.exists():
        return []
    return [Missing(_("This zone continues no other one."), "unit")]


def zones_about(unit_ids: Iterable[int], government_id: int, *, stage: str) -> list[IntegrityZone]:
    """Zones at this stage of the units, ended ones as well, or of whoever continues their roads.

    An ended zone says what its unit had reached, so it follows the acts like any other.
    """
    ids = [*unit_ids]
    rows = IntegrityZone.objects.filter(
        unit_id__in={*ids, *everybody_after(ids, government_id)}, stage=stage
    )
    return list(rows.select_related("unit").order_by("unit__name", "pk"))


def zones_on_decrees(unit_ids: Iterable[int], government_id: int) -> list[IntegrityZone]:
    """Open zones of these units, or of who continues their roads, that build towards WBK or wait
    for its decision: that they may, a decree says. Towards WBBM a WBK says it."""
    return [
        zone
        for stage in (ZoneStage.BUILDING, ZoneStage.PROPOSED, ZoneStage.NATIONAL_REVIEW)
        for zone in zones_about(unit_ids, government_id, stage=stage)
        if zone.closed_on is None and zone.target == Predicate.WBK
    ]


def zones_standing_by(declaration: Declaration, today: date) -> list[IntegrityZone]:
    """Zones at declared that no other closed act holds there."""
    ids = list(declaration.units.values_list("unit_id", flat=True))
    found = zones_about(ids, declaration.government_id, stage=ZoneStage.DECLARED)
    return [
        zone
        for zone in found
        if not _closed_acts(zone, today).exclude(declaration=declaration).exists()
    ]


def ended_zone(zone: IntegrityZone) -> list[Missing]:
    """An ended zone is history. Acts about its unit and corrections still follow; nothing new."""
    if zone.closed_on is None:
        return []
    sentence = _("This zone ended on %(day)s; no further step is taken on it.")
    return [Missing(sentence % {"day": date_id(zone.closed_on)}, "zones")]


def closed_unit(zone: IntegrityZone, today: date) -> list[Missing]:
    """A closed unit builds nothing: its zone goes on with the unit that took it over."""
    if zone.unit.active_to is None or zone.unit.active_to >= today:
        return []
    return [Missing(_("The unit is closed; its successor goes on."), "unit")]


def checks_on(today: date) -> dict[str, Callable[[IntegrityZone], list[Missing]]]:
    """What the steps of a zone ask for, by the names in the table."""
    return {
        "closed_declaration": lambda zone: lacks_closed_declaration(zone, today),
        "decree": lambda zone: lacks_decree(zone, today),
        "open_zone": ended_zone,
        "active_unit": lambda zone: closed_unit(zone, today),
        "no_declaration": lambda zone: stands_in_declaration(zone, today),
        "no_decree": lambda zone: stands_in_decree(zone, today),
        "handover": lacks_handover,
        **checks_of_attempts(today),
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
    produces: Any = ""


@dataclass(frozen=True)
class Acts:
    """What a page has read about a zone already, so that it is not asked again."""

    declarations: list[Declaration]
    decrees: list[NamingDecree]

    def checks(self, today: date) -> dict[str, Callable[[IntegrityZone], list[Missing]]]:
        known = checks_on(today)
        if any(act.state == DeclarationState.CLOSED for act in self.declarations):
            known["closed_declaration"] = lambda zone: []
        else:
            known["closed_declaration"] = lambda zone: [_no_declaration()]
        known["decree"] = lambda zone: [] if self.decrees else [no_decree()]
        return known


# Steps that are taken where the zone is shown; those of an attempt are taken at the attempt.
ON_THE_PAGE = frozenset({"start_building", "build_again"})


def next_steps(
    zone: IntegrityZone,
    membership: Membership,
    today: date,
    *,
    acts: Acts | None = None,
) -> list[NextStep]:
    """What lies ahead; nothing for a zone that is closed."""
    checks = acts.checks(today) if acts else checks_on(today)
    steps: list[NextStep] = []
    for step in ZONE.transitions:
        if zone.stage not in step.sources or step.name not in AHEAD or zone.closed_on:
            continue
        missing = [item for key in step.requires for item in checks[key](zone)]
        by_button = step.name in ON_THE_PAGE
        mine = membership.role in step.roles and may_start_building(membership, zone)
        roles = tuple(sorted(str(Role(role).label) for role in step.roles))
        steps.append(
            NextStep(
                step.name,
                step.label,
                roles,
                tuple(missing),
                by_button,
                mine and by_button,
                step.produces,
            )
        )
    return steps


def zones_of_units(membership: Membership, unit_ids: list[int]) -> dict[int, IntegrityZone]:
    """The open zones of these units that the caller may see."""
    rows = IntegrityZone.objects.visible_to(membership).filter(unit_id__in=unit_ids, closed_on=None)
    return {zone.unit_id: zone for zone in rows}


def plans_of(*zones: IntegrityZone) -> list[WorkPlan]:
    """Of the zone and of those whose road it continues, the newest year first."""
    rows = WorkPlan.objects.filter(zone__in=zones).select_related("zone__unit")
    return list(rows.order_by("-year", "zone__unit__name", "pk"))


def units_to_assess(government_id: int, year: int, today: date) -> list[int]:
    """Units with an open zone on its road: those that the TPI assesses (opd.queries.tpi)."""
    rows = IntegrityZone.objects.filter(government_id=government_id).open_on(today).on_the_road()
    return list(rows.values_list("unit_id", flat=True))
