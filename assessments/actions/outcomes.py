"""What becomes of an attempt: the national review, the decision, and what follows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.enums import AttemptOutcome, Predicate, PredicateState, ZoneStage
from assessments.models import IntegrityZone, ZoneAttempt, ZonePredicate
from assessments.permissions import may_start_building
from assessments.queries.attempts import first_day_to_build, lacks_wbk, pending_attempt
from assessments.queries.handovers import everybody_after
from assessments.queries.predicates import left_without_wbk
from assessments.queries.zones import checks_on
from assessments.workflow import PREDICATE, ZONE
from assessments.zoning import held, open_zone
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd import transitions
from opd.models import Membership, Unit
from opd.transitions import StepRefused

STEPS = {
    AttemptOutcome.AWARDED: "award",
    AttemptOutcome.NOT_AWARDED: "not_award",
    AttemptOutcome.DROPPED: "drop",
}


@dataclass(frozen=True)
class Decision:
    """Of the ministry, or of whoever let the unit drop out. `number`: decree or letter."""

    outcome: str
    decided_on: date
    number: str = ""
    reason: str = ""


def _step(
    name: str,
    zone: IntegrityZone,
    *,
    by: Membership | None,
    now: datetime,
    note: str = "",
    may: Callable[[Membership, IntegrityZone], bool] | None = None,
    values: dict[str, object] | None = None,
) -> IntegrityZone:
    return transitions.perform(
        ZONE,
        name,
        zone,
        by=by,
        now=now,
        note=note,
        state_field="stage",
        may=may,
        checks=checks_on(timezone.localdate(now)),
        values=values,
    )


@transaction.atomic
def start_review(*, zone: IntegrityZone, by: Membership | None, now: datetime) -> IntegrityZone:
    """The ministry took the unit up. By the ZI secretariat."""
    return _step("start_review", zone, by=by, now=now)


@transaction.atomic
def decide(
    *, attempt: ZoneAttempt, decision: Decision, by: Membership | None, now: datetime
) -> ZoneAttempt:
    """Record the decision; an award enters the register. Raises StepRefused."""
    zone = _locked_zone(attempt.zone_id)
    row = ZoneAttempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.pk)
    outcome = AttemptOutcome(decision.outcome)
    _refuse_decision(row, decision, timezone.localdate(now))
    # The step first: it checks role, stage and that this attempt waits.
    _step(STEPS[outcome], zone, by=by, now=now)
    row.outcome, row.decided_on = outcome, decision.decided_on
    row.decree_number, row.reason = decision.number, decision.reason
    row.save(update_fields=["outcome", "decided_on", "decree_number", "reason"])
    ledger.record(
        "attempt.decided",
        row,
        by=by,
        government_id=row.government_id,
        codes={"outcome": str(outcome), "on": decision.decided_on.isoformat()},
    )
    if outcome == AttemptOutcome.AWARDED:
        _enter(row, decision.decided_on.year, by=by)
    return row


def _refuse_decision(row: ZoneAttempt, decision: Decision, today: date) -> None:
    if row.outcome != AttemptOutcome.PENDING:
        raise StepRefused(_("Somebody has already moved this on. Reload the page."))
    if decision.decided_on > today:
        raise StepRefused(
            _("%(day)s lies ahead. Record the decision when it was taken.")
            % {"day": date_id(decision.decided_on)}
        )
    if decision.decided_on < row.proposed_on:
        raise StepRefused(
            _("The unit was proposed on %(day)s; the decision cannot lie before.")
            % {"day": date_id(row.proposed_on)}
        )
    if decision.outcome == AttemptOutcome.AWARDED and not decision.number.strip():
        raise StepRefused(_("Enter the number of the ministry's decree."))
    if decision.outcome != AttemptOutcome.AWARDED and not decision.reason.strip():
        raise StepRefused(_("Write why the unit was not awarded."))


def _enter(attempt: ZoneAttempt, year: int, *, by: Membership | None) -> None:
    try:
        with transaction.atomic():
            row = ZonePredicate.objects.create(
                government_id=attempt.government_id,
                zone_id=attempt.zone_id,
                attempt=attempt,
                predicate=attempt.target,
                year=year,
                printed_name=attempt.zone.unit.name,
                decree_number=attempt.decree_number,
                is_sample=attempt.is_sample,
            )
    except IntegrityError:
        raise StepRefused(_("This predicate is already recorded.")) from None
    codes: dict[str, ledger.Code] = {
        "zone": row.zone_id,
        "predicate": row.predicate,
        "year": row.year,
    }
    ledger.record("predicate.recorded", row, by=by, government_id=row.government_id, codes=codes)


@transaction.atomic
def correct_decision(
    *, attempt: ZoneAttempt, reason: str, by: Membership | None, now: datetime
) -> ZoneAttempt:
    """A decision that was recorded wrongly: the attempt waits again, its predicate is struck."""
    zone = _locked_zone(attempt.zone_id)
    row = ZoneAttempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt.pk)
    if not reason.strip():
        raise StepRefused(_("Write what was wrong."))
    if row.outcome == AttemptOutcome.PENDING or row.number != _newest(zone):
        raise StepRefused(_("Only the newest decision of a unit is taken back."))
    _step("correct_decision", zone, by=by, now=now, note=f"{reason}\n{_former(row)}")
    entered = ZonePredicate.objects.filter(attempt=row).first()
    if entered is not None:
        lacking = left_without_wbk(entered, timezone.localdate(now))
        if lacking:
            raise StepRefused(_("Another predicate stands on this entry."), lacking)
        transitions.perform(
            PREDICATE,
            "void",
            entered,
            by=by,
            now=now,
            note=reason,
            values={"reason": reason, "attempt": None, "revoked_on": None},
        )
    row.outcome, row.decided_on = AttemptOutcome.PENDING, None
    row.decree_number, row.reason = "", ""
    row.save(update_fields=["outcome", "decided_on", "decree_number", "reason"])
    send_back(unit=zone.unit, reason=reason, by=by, now=now)
    ledger.record("attempt.decision_corrected", row, by=by, government_id=row.government_id)
    return row


def _former(row: ZoneAttempt) -> str:
    """What stood there, for the history: outcome, day, number, reason. In Indonesian."""
    with translation.override("id"):
        day = date_id(row.decided_on) if row.decided_on else ""
        said = [row.get_outcome_display(), day, row.decree_number, row.reason]
        return _("Before: %(said)s") % {"said": ", ".join(part for part in said if part)}


def _newest(zone: IntegrityZone) -> int:
    newest = zone.attempts.order_by("-number").first()
    return newest.number if newest else 0


def _locked_zone(pk: int) -> IntegrityZone:
    zone = IntegrityZone.objects.select_related("unit").get(pk=pk)
    held([zone.unit_id])
    return IntegrityZone.objects.select_related("unit").get(pk=pk)


@transaction.atomic
def build_again(*, zone: IntegrityZone, by: Membership | None, now: datetime) -> IntegrityZone:
    """Not awarded, dropped or revoked: the road goes on, the attempts stay. Secretariat or head.

    Who lost a predicate begins the year of building anew; for the others it has counted on. Who
    lost WBK with WBBM builds towards WBK.
    """
    today = timezone.localdate(now)
    was_revoked = zone.predicates.filter(state=PredicateState.REVOKED).exists()
    since = today if was_revoked else zone.building_since or today
    target = Predicate.WBK if lacks_wbk(zone, today) else zone.target
    return _step(
        "build_again",
        zone,
        by=by,
        now=now,
        may=may_start_building,
        values={"building_since": since, "target": target},
    )


@transaction.atomic
def open_wbbm(*, unit: Unit, since: date, by: Membership | None, now: datetime) -> IntegrityZone:
    """A WBK holder builds towards WBBM: its WBK zone is closed, a new one opens as building.

    The predicate stays in force and is monitored. Raises StepRefused.
    """
    today = timezone.localdate(now)
    row = held([unit.pk])[unit.pk]
    before = IntegrityZone.objects.filter(unit=row, closed_on=None).first()
    if before is not None and before.target == Predicate.WBBM:
        raise StepRefused(_("This unit already builds towards WBBM."))
    if before is not None and before.stage != ZoneStage.DECIDED:
        raise StepRefused(_("This unit is still on its road to WBK."))
    if since > today:
        raise StepRefused(_("The first day of building lies ahead. Enter today or an earlier day."))
    road = IntegrityZone(unit=row, government_id=row.government_id, target=Predicate.WBBM)
    bound = first_day_to_build(road, today)
    if bound is not None and since < bound[0]:
        raise StepRefused(bound[1])
    if before is not None:
        lacking = lacks_wbk(before, today)
        if lacking:
            raise StepRefused(_("Something is still missing."), lacking)
        before.closed_on = max(since, before.opened_on)
        before.save(update_fields=["closed_on"])
        ledger.record("zone.closed", before, by=by, government_id=before.government_id)
    zone = open_zone(row, on=since, by=by, target=Predicate.WBBM)
    return _step(
        "start_wbbm", zone, by=by, now=now, may=may_start_building, values={"building_since": since}
    )


def send_back(
    *, unit: Unit, reason: str, by: Membership | None, now: datetime
) -> list[IntegrityZone]:
    """Zones on their way to WBBM whose WBK is gone: revoked, struck, or its decision taken back."""
    today = timezone.localdate(now)
    zones = IntegrityZone.objects.filter(
        unit_id__in={unit.pk, *everybody_after([unit.pk], unit.government_id)},
        target=Predicate.WBBM,
        closed_on=None,
        stage__in=[ZoneStage.BUILDING, ZoneStage.PROPOSED, ZoneStage.NATIONAL_REVIEW],
    )
    found = []
    for zone in zones.select_related("unit").order_by("pk"):
        if lacks_wbk(zone, today):
            fall_back(zone=zone, reason=reason, by=by, now=now)
            found.append(zone)
    return found


def fall_back(*, zone: IntegrityZone, reason: str, by: Membership | None, now: datetime) -> None:
    """WBK was revoked while the unit was on its way to WBBM: it builds towards WBK again.

    What waited for a decision is dropped with that reason. Part of revoking, in its transaction.
    """
    today = timezone.localdate(now)
    attempt = pending_attempt(zone)
    if attempt is not None:
        attempt.outcome, attempt.decided_on = AttemptOutcome.DROPPED, today
        attempt.reason = reason
        attempt.save(update_fields=["outcome", "decided_on", "reason"])
        ledger.record(
            "attempt.decided",
            attempt,
            by=by,
            government_id=attempt.government_id,
            codes={"outcome": "dropped", "on": today.isoformat()},
        )
    _step(
        "fall_back",
        zone,
        by=by,
        now=now,
        note=reason,
        values={"target": Predicate.WBK, "building_since": today},
    )
