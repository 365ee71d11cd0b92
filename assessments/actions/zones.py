"""Zones: opened and moved on by acts; the stage is always the newest step of the workflow."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments import zoning
from assessments.actions.handovers import pass_on
from assessments.enums import Predicate, ZoneStage
from assessments.guards import UnitBuilds
from assessments.models import Declaration, IntegrityZone, NamingDecree, ZonePredicate
from assessments.permissions import can_manage_acts, can_start_building, may_start_building
from assessments.queries.attempts import (
    first_day_to_build,
    has_left_for_award,
    predicates_in_force,
    walked_here,
)
from assessments.queries.handovers import everybody_after
from assessments.queries.zones import (
    checks_on,
    lacks_decree,
    no_decree,
    zones_about,
    zones_on_decrees,
    zones_standing_by,
)
from assessments.workflow import ZONE
from assessments.zoning import held, open_zone, zones_of_act
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd.models import Membership, Unit
from opd.transitions import Missing, StepRefused, perform


def declare_units(*, declaration: Declaration, by: Membership | None, now: datetime) -> None:
    """Effect of closing: zones that are only committed become declared, later ones stay."""
    day = declaration.held_on or timezone.localdate(now)
    ids = list(declaration.units.values_list("unit_id", flat=True))
    for unit in _held_with_heirs(ids, declaration.government_id):
        for zone in zones_of_act(unit, on=day, by=by):
            if zone.stage == ZoneStage.COMMITTED:
                zoning.perform("declare", zone, by=by, now=now)
        pass_on(unit=unit, by=by, now=now)


def name_units(*, decree: NamingDecree, by: Membership | None, now: datetime) -> None:
    """Effect of registering a decree: zones not yet building become named."""
    ids = list(decree.units.values_list("unit_id", flat=True))
    for unit in _held_with_heirs(ids, decree.government_id):
        for zone in zones_of_act(unit, on=decree.decided_on, by=by):
            if zone.stage in (ZoneStage.COMMITTED, ZoneStage.DECLARED):
                zoning.perform("name", zone, by=by, now=now)
        pass_on(unit=unit, by=by, now=now)


def take_zones_back(*, declaration: Declaration, by: Membership | None, now: datetime) -> None:
    """Effect of reopening: zones that stood at declared by this act alone are committed again."""
    for zone in zones_standing_by(declaration, timezone.localdate(now)):
        zoning.perform("take_back", zone, by=by, now=now)


def unname_units(*, unit_ids: Iterable[int], by: Membership, now: datetime) -> None:
    """Units struck from a decree: zones that were named by it alone go back, later ones stay."""
    today = timezone.localdate(now)
    ids = [*unit_ids]
    _held_with_heirs(ids, by.government_id)
    _refuse_building(ids, by.government_id, today)
    for zone in zones_about(ids, by.government_id, stage=ZoneStage.NAMED):
        checks = checks_on(today)
        if checks["no_decree"](zone):
            continue
        name = "unname" if not checks["no_declaration"](zone) else "unname_declared"
        zoning.perform(name, zone, by=by, now=now)


def _refuse_building(unit_ids: list[int], government_id: int, today: date) -> None:
    """Building stands on its decree: the last one that names the unit is not taken from under it."""
    bare = [zone for zone in zones_on_decrees(unit_ids, government_id) if lacks_decree(zone, today)]
    if bare:
        sentence = _("%(units)s already builds by this decree; it cannot be struck from it.")
        raise UnitBuilds(sentence % {"units": ", ".join(zone.unit.name for zone in bare)})


def _held_with_heirs(unit_ids: list[int], government_id: int) -> list[Unit]:
    """The units themselves; those that represent them by now are locked as well."""
    rows = held({*unit_ids, *everybody_after(unit_ids, government_id)})
    return [unit for pk, unit in rows.items() if pk in set(unit_ids)]


@transaction.atomic
def start_building(
    *, zone: IntegrityZone, by: Membership | None, now: datetime, since: date | None = None
) -> IntegrityZone:
    """By the ZI secretariat or the unit's head. The year that is asked for counts from `since`.

    Only a unit that a decree names builds; whatever other acts declared it before or after.
    """
    today = timezone.localdate(now)
    if zone.stage in (ZoneStage.COMMITTED, ZoneStage.DECLARED):
        _refuse_unnamed(zone, by)
    since = since or today
    _refuse_since(zone, since, today)
    return perform(
        ZONE,
        "start_building",
        zone,
        by=by,
        now=now,
        state_field="stage",
        may=may_start_building,
        checks=checks_on(today),
        values={"building_since": since},
    )


def _refuse_since(zone: IntegrityZone, since: date, today: date) -> None:
    if since > today:
        raise StepRefused(_("The first day of building lies ahead. Enter today or an earlier day."))
    bound = first_day_to_build(zone, today)
    if bound is not None and since < bound[0]:
        raise StepRefused(bound[1])


@transaction.atomic
def correct_building_since(
    *, zone: IntegrityZone, since: date, reason: str, by: Membership | None, now: datetime
) -> IntegrityZone:
    """A first day that was entered wrongly, while no proposal has gone with it. Secretariat only.

    The step keeps the reason and what stood there, the ledger both days.
    """
    today = timezone.localdate(now)
    row = IntegrityZone.objects.select_for_update(of=("self",), no_key=True).get(pk=zone.pk)
    if not reason.strip():
        raise StepRefused(_("Write the reason of the correction."))
    if since == row.building_since:
        raise StepRefused(_("Nothing is different yet. Change what is wrong, then save."))
    before = row.building_since
    corrected = zoning.perform(
        "correct_building",
        row,
        by=by,
        now=now,
        note=f"{reason.strip()}\n{_said_before(before)}",
        values={"building_since": since},
    )
    # After the step: whoever may not take it is told only that.
    _refuse_since(row, since, today)
    codes: dict[str, ledger.Code] = {
        "before": before.isoformat() if before else "",
        "since": since.isoformat(),
    }
    ledger.record(
        "zone.building_since_corrected", row, by=by, government_id=row.government_id, codes=codes
    )
    return corrected


def _said_before(day: date | None) -> str:
    """What stood there, for the history. In Indonesian."""
    with translation.override("id"):
        return _("Before: %(said)s") % {"said": date_id(day) if day else "-"}


def _refuse_unnamed(zone: IntegrityZone, by: Membership | None) -> None:
    """With what is missing, to whoever may start; a stale page is answered by the step itself."""
    if by is not None and not (can_start_building(by) and may_start_building(by, zone)):
        return
    sentence = _("A decree of the regional head names the units that build.")
    raise StepRefused(sentence, [no_decree()])


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
    if not decree_number.strip() and not source.strip():
        raise StepRefused(
            _("Enter the number of the decree, or where the predicate is known from.")
        )
    held_unit = held([unit.pk])[unit.pk]
    _refuse_award(held_unit, predicate, year, timezone.localdate(now))
    zone = open_zone(held_unit, on=date(year, 1, 1), by=by, target=predicate)
    row, made = ZonePredicate.objects.real().get_or_create(
        zone=zone,
        predicate=predicate,
        year=year,
        defaults={
            "government_id": unit.government_id,
            "printed_name": unit.name,
            "decree_number": decree_number,
            "source": source,
            "is_sample": unit.is_sample,
        },
    )
    if not made:
        raise StepRefused(_("This predicate is already recorded."))
    codes: dict[str, ledger.Code] = {"zone": zone.pk, "predicate": predicate, "year": year}
    ledger.record("predicate.recorded", row, by=by, government_id=unit.government_id, codes=codes)
    if zone.stage in ZONE.get("record_award").sources:
        zoning.perform("record_award", zone, by=by, now=now, values={"target": predicate})
    return row


def _refuse_award(unit: Unit, predicate: str, year: int, today: date) -> None:
    """Only what is older than the unit's road here; WBBM presupposes an earlier WBK."""
    if year > today.year:
        raise StepRefused(_("The year lies in the future."))
    _refuse_own_road(unit, year, today)
    known = predicates_in_force(unit, today)
    other = Predicate.WBK if predicate == Predicate.WBBM else Predicate.WBBM
    if known.filter(predicate=other, year=year).exists():
        raise StepRefused(_("WBK and WBBM are not awarded in one year. Check the year."))
    wbk = known.filter(predicate=Predicate.WBK, year__lt=year)
    if predicate == Predicate.WBBM and not wbk.exists():
        raise StepRefused(_("Only a holder of WBK is awarded WBBM: record its WBK first."))


def _refuse_own_road(unit: Unit, year: int, today: date) -> None:
    """Who builds here, or walks the road here this year, is awarded by a proposal's decision."""
    sentence = _("This unit is on its road here: its predicate is recorded with its proposal.")
    place = Missing(_("A decision is recorded at the proposal it answers."), "proposals")
    zone = IntegrityZone.objects.filter(unit=unit, closed_on=None).first()
    if zone is not None and has_left_for_award(zone):
        raise StepRefused(sentence, [place])
    if year == today.year and walked_here(unit):
        raise StepRefused(sentence, [place])
