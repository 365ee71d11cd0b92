"""What the meeting decided about pilots: recorded once, corrected by a further decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import PilotRoundState
from assessments.guards import refuse_undeciding
from assessments.locking import held_round
from assessments.models import ChosenUnit, PilotDecision, PilotRound
from assessments.pilots import Placement, against_order, without_ground
from assessments.queries.pilots import candidates_of, matrix_of
from assessments.workflow import PILOT_ROUND
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from integrity_portal.core.partial_dates import Precision
from opd.models import Membership
from opd.transitions import Missing, StepRefused, perform


@dataclass(frozen=True)
class DecisionFacts:
    """What the meeting decided, as its decree says it."""

    decree_number: str
    decided_on: date
    unit_ids: Sequence[int]
    precision: str = Precision.DAY
    against_reason: str = ""
    statement: str = ""
    source: str = ""


@transaction.atomic
def decide_round(
    *, round_: PilotRound, facts: DecisionFacts, by: Membership, now: datetime
) -> PilotDecision:
    """Record the decision and close the round; a second press finds the first one's."""
    refuse_undeciding(by)
    row = held_round(round_, by)
    last = row.decisions.order_by("-number").first()
    if last is not None and _is_same(last, facts):
        return last
    places = _placements(row)
    perform(
        PILOT_ROUND,
        "decide",
        row,
        by=by,
        now=now,
        checks={"decision": lambda _row: _lacks(row, facts, places, now)},
    )
    return _write_decision(row, facts, places, by=by, now=now, number=1)


@transaction.atomic
def correct_decision(
    *, round_: PilotRound, facts: DecisionFacts, reason: str, by: Membership, now: datetime
) -> PilotDecision:
    """A further decision that replaces the last one; both stay readable, the round as it was."""
    refuse_undeciding(by)
    row = held_round(round_, by)
    if row.state != PilotRoundState.DECIDED:
        raise StepRefused(_("Only a decided choice of pilots is corrected."))
    if not reason.strip():
        raise StepRefused(_("Write the reason of the correction."))
    last = row.decisions.order_by("-number")[0]
    if _is_same(last, facts):
        if last.reason == reason.strip():
            return last
        raise StepRefused(_("Nothing is different yet. Change what is wrong, then save."))
    places = _placements(row)
    missing = _lacks(row, facts, places, now)
    if missing:
        raise StepRefused(_("Something is still missing."), missing)
    return _write_decision(
        row, facts, places, by=by, now=now, number=last.number + 1, reason=reason.strip()
    )


def _placements(row: PilotRound) -> dict[int, Placement]:
    return {each.placement.unit: each.placement for each in matrix_of(row).rows}


def _against(row: PilotRound, places: Mapping[int, Placement], unit_ids: Sequence[int]) -> set[int]:
    """Chosen units that need a reason; nobody where no scores are recorded."""
    if not row.scored:
        return set()
    return against_order(places.values(), unit_ids) | without_ground(places.values(), unit_ids)


def _lacks(
    row: PilotRound, facts: DecisionFacts, places: Mapping[int, Placement], now: datetime
) -> list[Missing]:
    known = set(row.candidates.values_list("unit_id", flat=True))
    missing = []
    if not facts.unit_ids or not set(facts.unit_ids) <= known:
        missing.append(Missing(_("Choose at least one of the candidates."), "units"))
    elif not facts.against_reason.strip() and row.scored:
        missing += _lacks_reason(row, facts, places)
    if facts.decided_on > timezone.localdate(now):
        missing.append(Missing(_("The decision lies in the future."), "decided"))
    return missing + _lacks_decree(row, facts) + _decided_too_early(row, facts)


def _lacks_decree(row: PilotRound, facts: DecisionFacts) -> list[Missing]:
    """By which paper and on which day; of a round of the past without scores both may be unknown."""
    if not row.scored:
        return []
    missing = []
    if not facts.decree_number.strip():
        sentence = _("Write the number of the decree, or of the minutes of the meeting.")
        missing.append(Missing(sentence, "decree_number"))
    if facts.precision != Precision.DAY:
        missing.append(Missing(_("Write the whole day of the decision."), "decided"))
    return missing


def _lacks_reason(
    row: PilotRound, facts: DecisionFacts, places: Mapping[int, Placement]
) -> list[Missing]:
    """Units without ground by name first: whatever their place, somebody must say why."""
    groundless = without_ground(places.values(), facts.unit_ids)
    if groundless:
        names = row.candidates.filter(unit_id__in=groundless).order_by("printed_name")
        sentence = _("%(units)s: neither vulnerable nor ready. Write why they are chosen.")
        named = ", ".join(names.values_list("printed_name", flat=True))
        return [Missing(sentence % {"units": named}, "against_reason")]
    if not _against(row, places, facts.unit_ids):
        return []
    sentence = _("Units were chosen that the order does not put first: write why.")
    return [Missing(sentence, "against_reason")]


def _decided_too_early(row: PilotRound, facts: DecisionFacts) -> list[Missing]:
    """Nobody decides by scores before the first of them; past decisions have no scores here."""
    if not row.scored:
        return []
    first = row.scores.aggregate(first=Min("scored_at"))["first"] or row.opened_at
    began = timezone.localdate(first)
    if facts.precision != Precision.DAY or facts.decided_on >= began:
        return []
    sentence = _("The units were scored from %(day)s on: the decision cannot lie before that day.")
    return [Missing(sentence % {"day": date_id(began)}, "decided")]


def _is_same(last: PilotDecision, facts: DecisionFacts) -> bool:
    units = set(last.units.values_list("unit_id", flat=True))
    return units == set(facts.unit_ids) and (
        last.decree_number,
        last.decided_on,
        last.decided_on_precision,
        last.against_reason,
        last.statement,
        last.source,
    ) == (
        facts.decree_number,
        facts.decided_on,
        facts.precision,
        facts.against_reason,
        facts.statement,
        facts.source,
    )


def _write_decision(
    row: PilotRound,
    facts: DecisionFacts,
    places: Mapping[int, Placement],
    *,
    by: Membership,
    now: datetime,
    number: int,
    reason: str = "",
) -> PilotDecision:
    decision = PilotDecision.objects.create(
        government_id=row.government_id,
        round=row,
        number=number,
        decree_number=facts.decree_number,
        decided_on=facts.decided_on,
        decided_on_precision=facts.precision,
        against_reason=facts.against_reason,
        reason=reason,
        statement=facts.statement,
        source=facts.source,
        recorded_by=by,
        recorded_at=now,
    )
    needs_reason = _write_chosen(decision, facts.unit_ids, places)
    verb = "pilot_round.decision_recorded" if number == 1 else "pilot_round.decision_corrected"
    codes: dict[str, ledger.Code] = {
        "decision": number,
        "units": len(set(facts.unit_ids)),
        "against": len(needs_reason),
    }
    ledger.record(verb, row, by=by, codes=codes)
    return decision


def _write_chosen(
    decision: PilotDecision, unit_ids: Sequence[int], places: Mapping[int, Placement]
) -> set[int]:
    """The chosen units by their place; those of them that needed a reason."""
    row = decision.round
    needs_reason = _against(row, places, unit_ids)
    named = {pk: number for number, pk in enumerate(unit_ids)}
    chosen = sorted(
        (each for each in candidates_of(row) if each.unit_id in named),
        key=lambda each: (_place(places, each.unit_id) or len(places) + 1, named[each.unit_id]),
    )
    ChosenUnit.objects.bulk_create(
        ChosenUnit(
            government_id=row.government_id,
            decision=decision,
            unit_id=each.unit_id,
            position=position,
            printed_name=each.printed_name,
            place=_place(places, each.unit_id),
            is_against=each.unit_id in needs_reason,
        )
        for position, each in enumerate(chosen, start=1)
    )
    return needs_reason


def _place(places: Mapping[int, Placement], unit_id: int) -> int | None:
    return places[unit_id].place if unit_id in places else None
