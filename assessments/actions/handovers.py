"""When a unit is taken over, its road goes on with whoever took it over (docs/adr/0031)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments import zoning
from assessments.enums import AttemptOutcome, ZoneStage
from assessments.models import IntegrityZone, ZoneAttempt, ZoneHandover
from assessments.zoning import held, open_zone
from integrity_portal.core import ledger
from opd.models import Membership, Unit, UnitSuccession
from opd.registry import TakeOver

STAGES = list(ZoneStage)


@transaction.atomic
def hand_over(
    *,
    source: Unit,
    successors: Sequence[Unit],
    happened_on: date,
    basis: str,
    by: Membership | None,
    now: datetime,
) -> list[ZoneHandover]:
    """Follow-up of a merger or a split, in its transaction. Without an open zone: nothing.

    Each successor goes on with the road. A day that lies ahead waits for `complete_due`.
    """
    rows = held([source.pk, *(unit.pk for unit in successors)])
    zone = _open_zone_held(source)
    if zone is None:
        return []
    found = [
        ZoneHandover.objects.get_or_create(
            predecessor=zone,
            heir=rows[unit.pk],
            defaults={
                "government_id": zone.government_id,
                "happened_on": happened_on,
                "basis": basis,
                "recorded_by": by,
            },
        )[0]
        for unit in successors
    ]
    ledger.record(
        "zone.handover_recorded",
        zone,
        by=by,
        government_id=zone.government_id,
        codes={"heirs": len(found), "on": happened_on.isoformat()},
    )
    if happened_on <= timezone.localdate(now):
        _complete(zone, found, by=by, now=now)
    return found


def _open_zone_held(source: Unit) -> IntegrityZone | None:
    return (
        IntegrityZone.objects.select_for_update(of=("self",), no_key=True)
        .filter(unit=source, closed_on=None)
        .first()
    )


def follow(event: TakeOver) -> None:
    """What the registry of units calls by name."""
    hand_over(
        source=event.source,
        successors=event.successors,
        happened_on=event.happened_on,
        basis=event.basis,
        by=event.by,
        now=event.now,
    )


@transaction.atomic
def pass_on(*, unit: Unit, by: Membership | None, now: datetime) -> None:
    """An act recorded after the unit's end: its road goes on at once with who took it over."""
    if unit.active_to is None or not unit.is_closed(timezone.localdate(now)):
        return
    # Not those who took a part from it while it went on.
    rows = list(
        UnitSuccession.objects.filter(
            predecessor=unit, happened_on=unit.active_to + timedelta(days=1)
        )
        .select_related("successor")
        .order_by("pk")
    )
    if not rows:
        return
    hand_over(
        source=unit,
        successors=[row.successor for row in rows],
        happened_on=rows[0].happened_on,
        basis=rows[0].basis,
        by=by,
        now=now,
    )


def complete_due(*, now: datetime) -> int:
    """Mergers and splits whose day has come where the government is; idempotent."""
    due = IntegrityZone.objects.filter(
        handed_over__successor=None, handed_over__happened_on__lte=(now + timedelta(days=1)).date()
    )
    number = 0
    for zone in due.select_related("government").distinct().order_by("pk"):
        today = timezone.localdate(now, ZoneInfo(zone.government.time_zone))
        number += _complete_one(zone.pk, today, now)
    return number


@transaction.atomic
def _complete_one(pk: int, today: date, now: datetime) -> int:
    heirs = ZoneHandover.objects.filter(predecessor=pk, successor=None, happened_on__lte=today)
    ids = list(heirs.values_list("heir", "predecessor__unit"))
    held({unit for pair in ids for unit in pair})
    zone = IntegrityZone.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    rows = list(heirs.select_related("heir").order_by("pk"))
    if not rows:
        return 0
    _complete(zone, rows, by=None, now=now)
    return 1


def _complete(
    zone: IntegrityZone, rows: Iterable[ZoneHandover], *, by: Membership | None, now: datetime
) -> None:
    """The successors' zones first, then the end of this one. All units are locked."""
    for row in rows:
        if row.successor_id is not None:
            continue
        heir = open_zone(row.heir, on=row.happened_on, by=by, target=zone.target)
        row.successor = heir
        row.save(update_fields=["successor"])
        _inherit_earlier(zone, row)
        if _follows(heir) and STAGES.index(ZoneStage(heir.stage)) < STAGES.index(
            ZoneStage(zone.stage)
        ):
            zoning.perform(
                f"inherit_{zone.stage}",
                heir,
                by=by,
                now=now,
                values={"building_since": zone.building_since},
            )
            _carry_attempt(zone, heir, by=by, now=now)
        ledger.record(
            "zone.taken_over",
            heir,
            by=by,
            government_id=heir.government_id,
            codes={"from": zone.pk, "stage": str(zone.stage)},
        )
        if zone.closed_on is None:
            zone.closed_on = row.happened_on - timedelta(days=1)
            zone.save(update_fields=["closed_on"])
    _end_attempts(zone, by=by, now=now)


def _carry_attempt(
    zone: IntegrityZone, heir: IntegrityZone, *, by: Membership | None, now: datetime
) -> None:
    """What waits for a decision waits for the successor; the row of the ended unit says so."""
    waiting = zone.attempts.filter(outcome=AttemptOutcome.PENDING).first()
    if waiting is None:
        return
    ZoneAttempt.objects.create(
        government_id=heir.government_id,
        zone=heir,
        proposal_id=waiting.proposal_id,
        number=1,
        target=waiting.target,
        year=waiting.year,
        proposed_on=waiting.proposed_on,
        findings=waiting.findings,
        exception_id=waiting.exception_id,
        carried_from=waiting,
        is_sample=waiting.is_sample,
    )


def _end_attempts(zone: IntegrityZone, *, by: Membership | None, now: datetime) -> None:
    """Once everybody who goes on has his own row."""
    for attempt in zone.attempts.filter(outcome=AttemptOutcome.PENDING):
        attempt.outcome = AttemptOutcome.DROPPED
        attempt.decided_on = max(timezone.localdate(now), attempt.proposed_on)
        with translation.override("id"):
            attempt.reason = _("The unit was taken over; its successor goes on with the proposal.")
        attempt.save(update_fields=["outcome", "decided_on", "reason"])
        ledger.record("attempt.handed_over", attempt, by=by, government_id=attempt.government_id)


def _follows(zone: IntegrityZone) -> bool:
    """Whether it has no road of its own: one's own is never moved by somebody else's."""
    if zone.stage == ZoneStage.COMMITTED:
        return True
    names = list(zone.steps.values_list("name", flat=True))
    return bool(names) and all(name.startswith("inherit_") for name in names)


def _inherit_earlier(zone: IntegrityZone, row: ZoneHandover) -> None:
    """Whatever the ended zone continued, its successor continues as well."""
    for earlier in ZoneHandover.objects.filter(successor=zone).order_by("pk"):
        ZoneHandover.objects.get_or_create(
            predecessor_id=earlier.predecessor_id,
            heir=row.heir,
            defaults={
                "government_id": row.government_id,
                "successor": row.successor,
                "happened_on": row.happened_on,
                "basis": row.basis,
                "recorded_by": row.recorded_by,
            },
        )
