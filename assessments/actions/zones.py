"""Zones: opened and moved on by acts; the stage is always the newest step of the workflow."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import ZoneStage
from assessments.models import Declaration, IntegrityZone, NamingDecree, ZonePredicate
from assessments.permissions import can_manage_acts, may_start_building
from assessments.queries.zones import checks_on
from assessments.workflow import ZONE
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.transitions import StepRefused, perform


def _open_zone(unit: Unit, *, on: date, by: Membership | None) -> IntegrityZone:
    """The unit's open zone; made when there is none. The caller holds the unit's row."""
    zone = IntegrityZone.objects.filter(unit=unit, closed_on=None).first()
    if zone is None:
        zone = IntegrityZone.objects.create(
            government_id=unit.government_id, unit=unit, opened_on=on, is_sample=unit.is_sample
        )
        ledger.record(
            "zone.opened", zone, by=by, government_id=unit.government_id, codes={"unit": unit.pk}
        )
    return zone


def declare_units(*, declaration: Declaration, by: Membership | None, now: datetime) -> None:
    """Effect of closing: zones that are only committed become declared, later ones stay."""
    day = declaration.held_on or timezone.localdate(now)
    for unit in _held(row.unit_id for row in declaration.units.all()):
        zone = _open_zone(unit, on=day, by=by)
        if zone.stage == ZoneStage.COMMITTED:
            _step("declare", zone, by=by, now=now)


def name_units(*, decree: NamingDecree, by: Membership | None, now: datetime) -> None:
    """Effect of registering a decree: zones not yet building become named."""
    for unit in _held(row.unit_id for row in decree.units.all()):
        zone = _open_zone(unit, on=decree.decided_on, by=by)
        if zone.stage in (ZoneStage.COMMITTED, ZoneStage.DECLARED):
            _step("name", zone, by=by, now=now)


def _held(unit_ids: Iterable[int]) -> list[Unit]:
    """Units locked in one order, so that two acts at once neither cross nor open two zones."""
    rows = Unit.objects.filter(pk__in=list(unit_ids)).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _step(name: str, zone: IntegrityZone, *, by: Membership | None, now: datetime) -> None:
    perform(
        ZONE,
        name,
        zone,
        by=by,
        now=now,
        state_field="stage",
        checks=checks_on(timezone.localdate(now)),
    )


@transaction.atomic
def start_building(*, zone: IntegrityZone, by: Membership | None, now: datetime) -> IntegrityZone:
    """By the ZI secretariat or the unit's head."""
    return perform(
        ZONE,
        "start_building",
        zone,
        by=by,
        now=now,
        state_field="stage",
        may=may_start_building,
        checks=checks_on(timezone.localdate(now)),
    )


@transaction.atomic
def record_award(
    *,
    unit: Unit,
    predicate: str,
    year: int,
    by: Membership | None,
    now: datetime,
    decree_number: str = "",
    source: str = "",
) -> ZonePredicate:
    """A predicate from before the portal. Opens the unit's zone where it had none."""
    if by is not None and (not can_manage_acts(by) or by.government_id != unit.government_id):
        raise StepRefused(_("Only the ZI secretariat manages declarations and decrees."))
    (held,) = _held([unit.pk])
    zone = _open_zone(held, on=date(year, 1, 1), by=by)
    row, made = ZonePredicate.objects.get_or_create(
        zone=zone,
        predicate=predicate,
        year=year,
        defaults={
            "government_id": unit.government_id,
            "decree_number": decree_number,
            "source": source,
        },
    )
    if not made:
        raise StepRefused(_("This predicate is already recorded."))
    codes: dict[str, ledger.Code] = {"zone": zone.pk, "predicate": predicate, "year": year}
    ledger.record("predicate.recorded", row, by=by, government_id=unit.government_id, codes=codes)
    if zone.stage in ZONE.get("record_award").sources:
        _step("record_award", zone, by=by, now=now)
    return row
