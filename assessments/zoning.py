"""The steps of zones under lock, for every verb that moves them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils import timezone

from assessments.models import IntegrityZone, ZoneHandover
from assessments.queries.zones import checks_on
from assessments.workflow import ZONE
from integrity_portal.core import ledger
from opd import transitions
from opd.models import Membership, Unit


def held(unit_ids: Iterable[int]) -> dict[int, Unit]:
    """Units locked in one order, so that two acts at once neither cross nor open two zones."""
    rows = Unit.objects.filter(pk__in=set(unit_ids)).order_by("pk")
    return {unit.pk: unit for unit in rows.select_for_update(of=("self",), no_key=True)}


def open_zone(
    unit: Unit, *, on: date, by: Membership | None, target: str | None = None
) -> IntegrityZone:
    """The unit's open zone; made when there is none. The caller holds the unit's row."""
    zone = IntegrityZone.objects.filter(unit=unit, closed_on=None).first()
    if zone is None:
        zone = IntegrityZone.objects.create(
            government_id=unit.government_id,
            unit=unit,
            opened_on=on,
            is_sample=unit.is_sample,
            **({"target": target} if target else {}),
        )
        ledger.record(
            "zone.opened", zone, by=by, government_id=unit.government_id, codes={"unit": unit.pk}
        )
    return zone


def zones_of_act(unit: Unit, *, on: date, by: Membership | None) -> list[IntegrityZone]:
    """Where an act about this unit counts: its own open zone, or those that continue its road.

    The zone that ended when the unit was taken over says what the unit had reached: it too.
    """
    handed = ZoneHandover.objects.filter(
        predecessor__unit=unit, successor__isnull=False, successor__closed_on=None
    )
    if not IntegrityZone.objects.filter(unit=unit, closed_on=None).exists():
        rows = list(handed.select_related("predecessor", "successor").order_by("pk"))
        if rows:
            ended = {row.predecessor_id: row.predecessor for row in rows}
            return [*ended.values(), *(row.successor for row in rows if row.successor is not None)]
    return [open_zone(unit, on=on, by=by)]


def perform(
    name: str,
    zone: IntegrityZone,
    *,
    by: Membership | None,
    now: datetime,
    note: str = "",
    values: Mapping[str, object] | None = None,
) -> IntegrityZone:
    return transitions.perform(
        ZONE,
        name,
        zone,
        by=by,
        now=now,
        note=note,
        state_field="stage",
        checks=checks_on(timezone.localdate(now)),
        values=values,
    )
