"""The register of recommendations: record, follow up, close or return, move the due date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.editing import attach, write
from assessments.enums import RecommendationState, ReplyState
from assessments.models import (
    AssessmentEvent,
    IntegrityZone,
    Recommendation,
    RecommendationReply,
    ReplyFile,
)
from assessments.pasted import RecommendationLine
from assessments.permissions import can_write_plan, records_assessments
from assessments.queries.recommendations import may_decide
from assessments.workflow import RECOMMENDATION
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import StepRefused, perform


@dataclass(frozen=True)
class Source:
    """Who recommends, for which year, and where it is written."""

    team: str
    year: int
    event: AssessmentEvent | None = None
    letter: str = ""


@dataclass(frozen=True)
class Recorded:
    """`is_new` is False when the very same recommendation already stood there."""

    row: Recommendation
    is_new: bool


@transaction.atomic
def record_recommendation(
    *,
    zone: IntegrityZone,
    source: Source,
    line: RecommendationLine,
    by: Membership,
    now: datetime,
) -> Recorded:
    """Enter one recommendation. Its number is its key: the same row twice is once.

    Raises StepRefused when the number belongs to another recommendation.
    """
    locked = IntegrityZone.objects.select_for_update(of=("self",), no_key=True).get(pk=zone.pk)
    _require_recorder(by, locked.government_id)
    _refuse_strange_event(locked, source)
    existing = Recommendation.objects.filter(
        zone=locked, year=source.year, team=source.team, number=line.number
    ).first()
    if existing is not None:
        if (existing.area, existing.text) == (line.area, line.text):
            _refuse_another_due_date(existing, line)
            return Recorded(existing, is_new=False)
        raise StepRefused(
            _("Number %(number)s is already in the register with another text.")
            % {"number": line.number}
        )
    row = Recommendation.objects.create(
        government_id=locked.government_id,
        zone=locked,
        recorded_at=now,
        is_sample=locked.is_sample,
        **vars(source),
        **vars(line),
    )
    ledger.record("recommendation.recorded", row, by=by, codes=_codes(row))
    return Recorded(row, is_new=True)


@transaction.atomic
def edit_recommendation(
    *,
    recommendation: Recommendation,
    source: Source,
    line: RecommendationLine,
    version: int,
    by: Membership,
) -> Recommendation:
    """Put an entry right while the unit has not answered it. The due date has its own verb."""
    row = _locked(recommendation)
    _require_recorder(by, row.government_id)
    if row.state != RecommendationState.OPEN:
        raise StepRefused(_("The unit has answered it already; its text stays as it is."))
    _refuse_strange_event(row.zone, source)
    wanted = {**vars(source), **vars(line), "due_on": row.due_on}
    twin = Recommendation.objects.filter(
        zone=row.zone, year=source.year, team=source.team, number=line.number
    ).exclude(pk=row.pk)
    if twin.exists():
        raise StepRefused(
            _("Number %(number)s is already in the register with another text.")
            % {"number": line.number}
        )
    if write(row, wanted, version):
        ledger.record("recommendation.edited", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def move_due_date(
    *,
    recommendation: Recommendation,
    due_on: date,
    reason: str,
    by: Membership,
    now: datetime,
) -> Recommendation:
    """Another due date, with its reason; the earlier ones stay in the history."""
    row = _locked(recommendation)
    _require_recorder(by, row.government_id)
    if row.state == RecommendationState.CLOSED:
        raise StepRefused(_("This recommendation is closed; its due date no longer matters."))
    if due_on == row.due_on:
        newest = row.moves.order_by("-pk").first()
        if newest is not None and (newest.to_day, newest.reason) == (due_on, reason):
            return row
        raise StepRefused(_("That is the due date already. Enter another day."))
    if due_on < _own_day(row):
        raise StepRefused(_("That day lies before the recommendation itself. Enter a later one."))
    if not reason.strip():
        raise StepRefused(_("Write why the due date moves."))
    row.moves.create(
        government_id=row.government_id,
        from_day=row.due_on,
        to_day=due_on,
        reason=reason,
        by=by,
        at=now,
    )
    before, row.due_on = row.due_on, due_on
    row.save(update_fields=["due_on"])
    codes = {"from": before.isoformat(), "to": due_on.isoformat()}
    ledger.record("recommendation.due_date_moved", row, by=by, codes=codes)
    return row


@transaction.atomic
def follow_up(
    *,
    recommendation: Recommendation,
    text: str,
    files: Sequence[StoredFile],
    form_key: UUID,
    by: Membership,
    now: datetime,
) -> RecommendationReply:
    """The unit reports what it did; what was sent stays. A second press sends once."""
    row = _locked(recommendation)
    if not can_write_plan(by, row.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit report this."))
    existing = RecommendationReply.objects.filter(form_key=form_key).first()
    if existing:
        if existing.recommendation_id != row.pk:
            raise StepRefused(_("This form belongs to another page. Open it again."))
        return existing
    if not text.strip():
        raise StepRefused(_("Write what was done."))
    if row.state == RecommendationState.FOLLOWED_UP:
        raise StepRefused(_("A report already waits for the assessor. Your text is still below."))
    reply = row.replies.create(
        government_id=row.government_id,
        text=text,
        sent_by=by,
        sent_at=now,
        form_key=form_key,
        is_sample=row.is_sample,
    )
    attach(ReplyFile, "reply", reply, files)
    perform(RECOMMENDATION, "follow_up", row, by=by, now=now)
    return reply


@transaction.atomic
def close_recommendation(
    *,
    recommendation: Recommendation,
    reply: int,
    by: Membership,
    now: datetime,
    today: date,
    message: str = "",
) -> Recommendation:
    """An assessor who is nobody of the unit closes it on the reply that he read.

    The reply brings a proof, or the assessor writes why none is needed.
    """
    decision = _Decision("close", ReplyState.ACCEPTED, reply, message)
    return _decide(decision, recommendation, by, now, today)


@transaction.atomic
def return_recommendation(
    *,
    recommendation: Recommendation,
    reply: int,
    message: str,
    by: Membership,
    now: datetime,
    today: date,
) -> Recommendation:
    """An assessor returns the reply that he read and says what is still missing."""
    if not message.strip():
        raise StepRefused(_("Write what is still missing."))
    decision = _Decision("return", ReplyState.RETURNED, reply, message)
    return _decide(decision, recommendation, by, now, today)


@dataclass(frozen=True)
class _Decision:
    step: str
    target: ReplyState
    reply: int
    message: str


def _decide(
    decision: _Decision,
    recommendation: Recommendation,
    by: Membership,
    now: datetime,
    today: date,
) -> Recommendation:
    row = _locked(recommendation)
    if not may_decide(by, row, today):
        raise PermissionDenied(
            _(
                "Only the inspectorate and TPI members assigned to this unit decide, and never "
                "somebody of the unit itself."
            )
        )
    read = row.replies.filter(pk=decision.reply).first()
    if read and (read.state, read.decided_by_id) == (decision.target, by.pk):
        return row
    waiting = row.replies.filter(state=ReplyState.SENT).first()
    if waiting is None or read is None or waiting.pk != read.pk:
        raise StepRefused(_("This is no longer the report that waits. Read the newest one below."))
    if decision.step == "close" and not decision.message.strip() and not waiting.files.exists():
        raise StepRefused(_("The report has no proof. Return it, or write why no proof is needed."))
    waiting.state, waiting.decided_by, waiting.decided_at = decision.target, by, now
    waiting.message = decision.message
    waiting.save(update_fields=["state", "decided_by", "decided_at", "message"])
    return perform(RECOMMENDATION, decision.step, row, by=by, now=now, note=decision.message)


def _locked(recommendation: Recommendation) -> Recommendation:
    return (
        Recommendation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__unit", "government")
        .get(pk=recommendation.pk)
    )


def _own_day(row: Recommendation) -> date:
    """The first day of its event; else the day of entry, or the first due date if that is older."""
    if row.event is not None:
        return row.event.starts_on
    first = row.moves.order_by("pk").first()
    return min(timezone.localdate(row.recorded_at), first.from_day if first else row.due_on)


def _refuse_another_due_date(row: Recommendation, line: RecommendationLine) -> None:
    """The same row once more is no mistake, unless it brings another day."""
    if line.due_on == row.due_on or row.moves.filter(from_day=line.due_on).exists():
        return
    raise StepRefused(
        _(
            "Number %(number)s is already in the register, due %(day)s. Move the due date on its "
            "own page, with the reason."
        )
        % {"number": line.number, "day": date_id(row.due_on)}
    )


def _require_recorder(by: Membership, government_id: int) -> None:
    if not records_assessments(by) or by.government_id != government_id:
        raise PermissionDenied(_("Only the ZI secretariat and the inspectorate write this."))


def _refuse_strange_event(zone: IntegrityZone, source: Source) -> None:
    if source.event is not None and source.event.zone_id != zone.pk:
        raise StepRefused(_("Choose an event of this unit."))


def _codes(row: Recommendation) -> dict[str, Any]:
    return {
        "zone": row.zone_id,
        "year": row.year,
        "team": row.team,
        "area": row.area,
        "due": row.due_on.isoformat(),
    }
