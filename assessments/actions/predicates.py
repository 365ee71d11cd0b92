"""The register of predicates: watched, checked, revoked by the ministry's decree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import zoning
from assessments.actions.outcomes import send_back
from assessments.enums import CheckAnswer, Predicate, PredicateState, ZoneStage
from assessments.models import IntegrityZone, PredicateCheck, ZonePredicate
from assessments.monitoring import checklist
from assessments.permissions import can_watch_predicates
from assessments.queries.handovers import everybody_after
from assessments.queries.predicates import left_without_wbk, standing_on
from assessments.workflow import PREDICATE
from assessments.zoning import held
from integrity_portal.core import files, ledger
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import StoredFile
from opd import transitions
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def watch(
    *, predicate: ZonePredicate, reason: str, by: Membership | None, now: datetime
) -> ZonePredicate:
    """Under special monitoring, with the reason. Inspectorate or ZI secretariat."""
    return _step("watch", predicate, reason, by, now, {"reason": _written(reason)})


@transaction.atomic
def clear(
    *, predicate: ZonePredicate, reason: str, by: Membership | None, now: datetime
) -> ZonePredicate:
    return _step("clear", predicate, _written(reason), by, now, {"reason": ""})


@transaction.atomic
def revoke(
    *,
    predicate: ZonePredicate,
    revoked_on: date,
    number: str,
    reason: str,
    by: Membership | None,
    now: datetime,
) -> ZonePredicate:
    """By the ministry's decree. Whoever built on towards WBBM builds towards WBK again; a WBBM
    that this WBK carries is revoked with it, by the same decree and as a step of its own."""
    today = timezone.localdate(now)
    if revoked_on > today:
        raise StepRefused(
            _("%(day)s lies ahead. Record the revocation when it was decided.")
            % {"day": date_id(revoked_on)}
        )
    if revoked_on.year < predicate.year:
        raise StepRefused(_("The revocation lies before the award."))
    values = {"revoked_on": revoked_on, "revocation_number": number, "reason": _written(reason)}
    unit_id = predicate.zone.unit_id
    held([unit_id, *everybody_after([unit_id], predicate.government_id)])
    carried = standing_on(predicate, today)
    _refuse_before_wbbm(carried, revoked_on)
    row = _step("revoke", predicate, reason, by, now, values)
    for each in carried:
        _step("revoke", each, reason, by, now, values)
    if row.predicate == Predicate.WBK:
        send_back(unit=row.zone.unit, reason=reason, by=by, now=now)
    return row


def _refuse_before_wbbm(carried: Iterable[ZonePredicate], revoked_on: date) -> None:
    for row in carried:
        if revoked_on.year < row.year:
            raise StepRefused(
                _("The unit was awarded WBBM in %(year)s: WBK cannot have been revoked before.")
                % {"year": row.year_text}
            )


@transaction.atomic
def strike(
    *, predicate: ZonePredicate, reason: str, by: Membership | None, now: datetime
) -> ZonePredicate:
    """An entry that was wrong. One that came from a decision is corrected at the decision."""
    if predicate.attempt_id is not None:
        raise StepRefused(_("This predicate follows from a decision: take the decision back."))
    unit_id = predicate.zone.unit_id
    held([unit_id, *everybody_after([unit_id], predicate.government_id)])
    lacking = left_without_wbk(predicate, timezone.localdate(now))
    if lacking:
        raise StepRefused(_("Another predicate stands on this entry."), lacking)
    row = _step("void", predicate, reason, by, now, {"reason": _written(reason)})
    if row.predicate == Predicate.WBK:
        send_back(unit=row.zone.unit, reason=reason, by=by, now=now)
    _put_back(row.zone, by=by, now=now)
    return row


def _put_back(zone: IntegrityZone, *, by: Membership | None, now: datetime) -> None:
    """A zone that was decided by the struck entry alone stands where it stood before."""
    last = zone.steps.order_by("-pk").first()
    if zone.stage != ZoneStage.DECIDED or last is None or last.name != "record_award":
        return
    if zone.predicates.real().exists():
        return
    zoning.perform(f"award_struck_{last.from_state}", zone, by=by, now=now)


def _step(
    name: str,
    predicate: ZonePredicate,
    note: str,
    by: Membership | None,
    now: datetime,
    values: Mapping[str, object],
) -> ZonePredicate:
    return transitions.perform(PREDICATE, name, predicate, by=by, now=now, note=note, values=values)


def _written(reason: str) -> str:
    if not reason.strip():
        raise StepRefused(_("Write the reason."))
    return reason


@dataclass(frozen=True)
class Round:
    """One round of monitoring; `answers` holds one answer for each point of the checklist."""

    checked_on: date
    answers: Mapping[str, str]
    note: str = ""
    proof: StoredFile | None = None


@transaction.atomic
def record_check(
    *, predicate: ZonePredicate, entered: Round, by: Membership | None, now: datetime
) -> PredicateCheck:
    """By the inspectorate or the ZI secretariat. Raises StepRefused."""
    if by is not None and (
        not can_watch_predicates(by) or by.government_id != predicate.government_id
    ):
        raise StepRefused(_("Only the inspectorate and the ZI secretariat monitor predicates."))
    points = checklist()
    if set(entered.answers) != {point.code for point in points.points} or not set(
        entered.answers.values()
    ) <= set(CheckAnswer.values):
        raise StepRefused(_("Answer every point of the checklist."))
    predicate = ZonePredicate.objects.select_for_update(of=("self",), no_key=True).get(
        pk=predicate.pk
    )
    _refuse_check(predicate, entered.checked_on, timezone.localdate(now))
    if "concern" in entered.answers.values() and not entered.note.strip():
        raise StepRefused(_("Write what needs attention."))
    if entered.proof is not None:
        files.keep(entered.proof)
    row = PredicateCheck.objects.create(
        government_id=predicate.government_id,
        predicate=predicate,
        checked_on=entered.checked_on,
        checklist=points.code,
        answers=dict(entered.answers),
        note=entered.note,
        proof=entered.proof,
        checked_by=by,
        recorded_at=now,
        is_sample=predicate.is_sample,
    )
    codes: dict[str, ledger.Code] = {"predicate": predicate.pk, "concerns": row.concerns}
    ledger.record("predicate.checked", row, by=by, government_id=row.government_id, codes=codes)
    return row


def _refuse_check(predicate: ZonePredicate, day: date, today: date) -> None:
    """Only what is in force is monitored, from its year on."""
    if predicate.state not in (PredicateState.ACTIVE, PredicateState.WATCHED):
        raise StepRefused(_("This predicate is no longer in force; it is not monitored any more."))
    if day > today:
        raise StepRefused(_("The day lies ahead. Enter the day of the check."))
    if day.year < predicate.year:
        raise StepRefused(
            _("The predicate was awarded in %(year)s; a check cannot lie before.")
            % {"year": predicate.year_text}
        )
