"""Who goes on with whose road, after mergers and splits."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F, Q

from assessments.models import IntegrityZone, ZoneHandover
from opd.enums import SuccessionKind
from opd.models import UnitSuccession


def heirs_of(government_id: int, *, until: date | None = None) -> dict[int, list[int]]:
    """unit → the units that represent it once it has ended (`until` a day). One query.

    A merged unit goes on in its successor; of a split one only those that took its road over.
    """
    by_then = {"happened_on__lte": until} if until else {}
    merged = (
        UnitSuccession.objects.filter(
            government_id=government_id, kind=SuccessionKind.MERGED, **by_then
        )
        .order_by()
        .values_list("predecessor_id", "successor_id")
    )
    handed = (
        ZoneHandover.objects.filter(government_id=government_id, **by_then)
        .order_by()
        .annotate(old=F("predecessor__unit_id"))
        .values_list("old", "heir_id")
    )
    heirs: dict[int, list[int]] = {}
    for old, new in merged.union(handed):
        heirs.setdefault(old, []).append(new)
    return heirs


def everybody_after(unit_ids: Iterable[int], government_id: int) -> set[int]:
    """Whoever represents one of these units, or ever will."""
    return after(unit_ids, heirs_of(government_id))


def after(unit_ids: Iterable[int], heirs: Mapping[int, list[int]]) -> set[int]:
    """The same from `heirs_of` that were read already, for many units at once."""
    return _closure(unit_ids, heirs)


def line_of(unit_id: int, government_id: int, today: date) -> set[int]:
    """The unit and everybody whose road it continues today. One query."""
    before: dict[int, list[int]] = {}
    for old, heirs in heirs_of(government_id, until=today).items():
        for heir in heirs:
            before.setdefault(heir, []).append(old)
    return {unit_id} | _closure([unit_id], before)


def _closure(start: Iterable[int], edges: Mapping[int, list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(start)
    while waiting:
        for unit in edges.get(waiting.pop(), ()):
            if unit not in found:
                found.add(unit)
                waiting.append(unit)
    return found


def handovers_of(zone: IntegrityZone) -> list[ZoneHandover]:
    """Of this zone and into it, in one query; the latest first."""
    rows = ZoneHandover.objects.filter(Q(predecessor=zone) | Q(successor=zone))
    return list(
        rows.select_related("predecessor__unit", "successor", "heir").order_by("-happened_on", "pk")
    )
