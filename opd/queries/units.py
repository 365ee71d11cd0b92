"""Reads of the registry: tree, one unit, what counts. Constant in queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Max, Min, Q, QuerySet

from integrity_portal.core.partial_dates import last_day
from opd.coverage import KindRule, Standing, standing
from opd.enums import LEAF_KINDS, SuccessionKind, UnitKind
from opd.models import (
    Duty,
    Membership,
    Service,
    StandingFact,
    Unit,
    UnitKindRule,
    UnitName,
    UnitSuccession,
)
from opd.models.units import UnitQuerySet
from opd.permissions import may_read_unit
from opd.registry import oldest_acts
from opd.unit_rows import Known

KIND_ORDER = {kind: place for place, kind in enumerate(UnitKind.values)}


def counted_units(government_id: int, *, on: date) -> UnitQuerySet:
    """The distinct units that count towards "all units" on a day.

    Of a kind that counts, active, and not below an active unit of a kind that covers those below:
    these are counted through the one above.
    """
    active = Unit.objects.filter(government_id=government_id).active_on(on)
    covering = active.filter(
        government__kind_rules__unit_kind=F("kind"), government__kind_rules__covers_below=True
    )
    return active.counted().exclude(parent__lineage__overlap=ArraySubquery(covering.values("pk")))


def kind_rules(government_id: int) -> dict[str, KindRule]:
    rows = UnitKindRule.objects.filter(government_id=government_id)
    return {row.unit_kind: KindRule(row.counts, row.covers_below) for row in rows}


@dataclass
class Node:
    """A unit in its place. `below` counts the active units under it, `depth` begins at 0."""

    unit: Unit
    depth: int
    above: str = ""
    below: int = 0
    counts: bool = False


def unit_tree(membership: Membership, *, today: date) -> list[Node]:
    """All active units the person may see, from the top down, siblings by kind and name."""
    units = list(
        Unit.objects.visible_to(membership)
        .active_on(today)
        .only("kind", "code", "name", "short_name", "parent_id", "lineage", "active_to")
        .order_by("name", "pk")
    )
    rules = kind_rules(membership.government_id)
    by_id = {unit.pk: unit for unit in units}
    children: dict[int | None, list[Unit]] = defaultdict(list)
    below: Counter[int] = Counter()
    for unit in sorted(units, key=lambda unit: KIND_ORDER[unit.kind]):
        children[unit.parent_id if unit.parent_id in by_id else None].append(unit)
        below.update(unit.lineage[:-1])
    nodes: list[Node] = []
    stack = [(unit, 0) for unit in reversed(children[None])]
    while stack:
        unit, depth = stack.pop()
        above = by_id.get(unit.parent_id or 0)
        nodes.append(
            Node(
                unit,
                depth,
                above=above.label if above else "",
                below=below[unit.pk],
                counts=_standing(unit, by_id, rules).counts,
            )
        )
        stack += [(child, depth + 1) for child in reversed(children[unit.pk])]
    return nodes


def _standing(unit: Unit, by_id: Mapping[int, Unit], rules: Mapping[str, KindRule]) -> Standing:
    above = [(pk, by_id[pk].kind) for pk in unit.lineage[:-1] if pk in by_id]
    return standing(unit.kind, above, rules)


@dataclass(frozen=True)
class UnitPage:
    """Everything the page of one unit shows."""

    unit: Unit
    names: list[UnitName]
    above: list[Unit]
    children: list[Unit]
    duties: list[Duty]
    services: list[Service]
    facts: list[StandingFact]
    predecessors: list[UnitSuccession]
    successors: list[UnitSuccession]
    standing: Standing
    covered_by: Unit | None
    readable: set[int] = field(default_factory=set)


def visible_unit(membership: Membership, unit_id: int) -> Unit | None:
    return Unit.objects.visible_to(membership).select_related("parent").filter(pk=unit_id).first()


def unit_page(membership: Membership, unit: Unit, *, today: date) -> UnitPage:
    """Nine queries whatever the unit holds."""
    related = Unit.objects.filter(
        Q(pk__in=unit.lineage[:-1]) | Q(parent=unit), government_id=unit.government_id
    ).order_by("name", "pk")
    by_id = {row.pk: row for row in related}
    above = [by_id[pk] for pk in unit.lineage[:-1] if pk in by_id]
    successions = list(
        UnitSuccession.objects.filter(Q(predecessor=unit) | Q(successor=unit))
        .select_related("predecessor", "successor")
        .order_by("happened_on", "pk")
    )
    rules = kind_rules(unit.government_id)
    active_above = [(row.pk, row.kind) for row in above if not row.is_closed(today)]
    place = standing(unit.kind, active_above, rules)
    return UnitPage(
        unit=unit,
        names=list(unit.names.order_by("end_unknown", F("valid_to").desc(nulls_first=True), "-pk")),
        above=above,
        children=sorted(
            (row for row in by_id.values() if row.parent_id == unit.pk),
            key=lambda row: (row.is_closed(today), KIND_ORDER[row.kind]),
        ),
        duties=list(unit.duties.order_by("position")),
        services=list(unit.services.order_by("name")),
        facts=list(unit.facts.order_by("-year", "key")),
        predecessors=[row for row in successions if row.successor_id == unit.pk],
        successors=[row for row in successions if row.predecessor_id == unit.pk],
        standing=place,
        covered_by=by_id.get(place.covered_by or 0),
        readable={row.pk for row in above if may_read_unit(membership, row)},
    )


def possible_parents(
    membership: Membership, *, today: date, unit: Unit | None = None
) -> list[Unit]:
    """Active units under which one may stand: not itself, nothing below it, no leaf kinds."""
    rows = Unit.objects.visible_to(membership).active_on(today).order_by("name", "pk")
    keep = Q(pk=unit.parent_id) if unit and unit.parent_id else Q(pk=0)
    rows = rows.filter(~Q(kind__in=LEAF_KINDS) | keep)
    if unit is not None:
        rows = rows.exclude(lineage__contains=[unit.pk])
    return sorted(rows, key=lambda row: KIND_ORDER[row.kind])


def chosen_units(membership: Membership, unit_ids: Iterable[int], *, today: date) -> list[Unit]:
    """Active units of the person's view among these ids, in the order of their names."""
    rows = Unit.objects.visible_to(membership).active_on(today)
    return list(rows.filter(pk__in=list(unit_ids)).select_related("parent").order_by("name", "pk"))


def service_of(membership: Membership, service_id: int) -> Service | None:
    units = Unit.objects.visible_to(membership)
    return Service.objects.filter(pk=service_id, unit__in=units).select_related("unit").first()


def fact_of(membership: Membership, fact_id: int) -> StandingFact | None:
    rows = StandingFact.objects.filter(pk=fact_id, government_id=membership.government_id)
    return rows.select_related("unit").first()


def readable_fact(membership: Membership, fact_id: int) -> StandingFact | None:
    """Of the government for every member, of a unit for whoever sees the unit."""
    fact = fact_of(membership, fact_id)
    if fact is None or fact.unit_id is None:
        return fact
    return fact if visible_unit(membership, fact.unit_id) else None


def government_facts(government_id: int) -> QuerySet[StandingFact]:
    """Facts of the government itself, the latest year first."""
    return StandingFact.objects.filter(government_id=government_id, unit=None).order_by(
        "-year", "key"
    )


def registry(
    government_id: int, *, today: date, first_days: bool = True
) -> tuple[list[Known], list[tuple[str, int]]]:
    """All units as the import compares them, and their former names.

    `first_days`: the list names first days, so each unit's oldest act is wanted.
    """
    rows = list(Unit.objects.filter(government_id=government_id).order_by("pk"))
    oldest = oldest_acts([row.pk for row in rows]) if first_days else {}
    known = [
        Known(
            pk=row.pk,
            code=row.code,
            kind=row.kind,
            name=row.name,
            short_name=row.short_name,
            parent_id=row.parent_id,
            active_from=row.active_from,
            active_to=row.active_to,
            is_closed=row.is_closed(today),
            oldest_act=oldest.get(row.pk),
        )
        for row in rows
    ]
    former = UnitName.objects.former().filter(government_id=government_id)
    rows_of = former.values_list("name", "short_name", "unit_id")
    names = [(text, pk) for name, short, pk in rows_of for text in (name, short) if text]
    return known, names


def duty_texts(unit: Unit) -> list[str]:
    return list(unit.duties.order_by("position").values_list("text", flat=True))


def offices_after(unit_ids: list[int], day: date) -> dict[int, int]:
    """Memberships of these units that go on after a day."""
    rows = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), unit__in=unit_ids)
    return _per_unit(rows.values_list("unit_id", flat=True))


def newest_entry(unit_ids: list[int]) -> date | None:
    """The last change of a name, take-over, split or beginning of an office of these units."""
    days = [
        UnitName.objects.filter(unit__in=unit_ids).aggregate(day=Max("valid_to"))["day"],
        UnitSuccession.objects.filter(
            Q(successor__in=unit_ids) | Q(predecessor__in=unit_ids, kind=SuccessionKind.SPLIT)
        ).aggregate(day=Max("happened_on"))["day"],
        Membership.objects.filter(unit__in=unit_ids).aggregate(day=Max("valid_from"))["day"],
    ]
    return max((day for day in days if day is not None), default=None)


def oldest_entries(unit_ids: list[int]) -> dict[int, date]:
    """Per unit the first change of a name, take-over, split, moved service or office.

    Of a month or a year the last day counts: nobody knows that it was earlier.
    """
    names = UnitName.objects.filter(unit__in=unit_ids).exclude(valid_to=None)
    services = Service.objects.filter(unit__in=unit_ids).exclude(moved_on=None)
    offices = Membership.objects.filter(unit__in=unit_ids).values_list("unit_id")
    dated = names.values_list("unit_id", "valid_to", "valid_to_precision").union(
        services.values_list("unit_id", "moved_on", "moved_on_precision")
    )
    days: list[tuple[int | None, date]] = [
        *((pk, last_day(day, precision)) for pk, day, precision in dated if day),
        *offices.annotate(day=Min("valid_from")).order_by(),
    ]
    for row in UnitSuccession.objects.filter(
        Q(successor__in=unit_ids) | Q(predecessor__in=unit_ids)
    ):
        days += [(pk, row.happened_on) for pk in (row.successor_id, row.predecessor_id)]
    found: dict[int, date] = {}
    wanted = set(unit_ids)
    for pk, day in days:
        if pk in wanted:
            found[pk] = min(day, found.get(pk, day))
    return found


def duties_of(unit_ids: list[int], day: date) -> dict[int, int]:
    return _per_unit(Duty.objects.filter(unit__in=unit_ids).values_list("unit_id", flat=True))


def services_after(unit_ids: list[int], day: date) -> dict[int, int]:
    return _per_unit(Service.objects.filter(unit__in=unit_ids).values_list("unit_id", flat=True))


def _per_unit(unit_ids: Iterable[int | None]) -> dict[int, int]:
    return dict(Counter(pk for pk in unit_ids if pk is not None))
