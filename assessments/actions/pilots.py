"""Choosing pilots: open a round, score, record what the meeting decided, correct it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import PilotRoundState
from assessments.factor_sets import factor_set_on
from assessments.models import (
    ChosenUnit,
    PilotCandidate,
    PilotDecision,
    PilotRound,
    PilotScore,
)
from assessments.permissions import decides_pilots, scores_pilots
from assessments.pilots import LEAST, MOST, Placement, against_order
from assessments.queries.pilots import candidates_of, matrix_of, set_of
from assessments.workflow import PILOT_ROUND
from integrity_portal.core import ledger
from integrity_portal.core.partial_dates import Precision
from opd.models import Membership
from opd.queries.units import counted_units
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


@dataclass(frozen=True)
class Cell:
    """What a person typed over what he saw; `note` None leaves the note as it is."""

    value: int | None
    seen: int | None
    note: str | None = None
    seen_note: str = ""


@dataclass(frozen=True)
class Saved:
    """How many cells changed, and the present rows where somebody else was faster."""

    changed: int
    conflicts: dict[tuple[int, str], PilotScore]


@transaction.atomic
def open_round(
    *,
    title: str,
    year: int,
    unit_ids: Sequence[int],
    scored: bool,
    form_key: UUID,
    by: Membership,
    now: datetime,
) -> PilotRound:
    """Open a round with its candidates; a second press finds the first one's."""
    _refuse_undeciding(by)
    existing = PilotRound.objects.filter(form_key=form_key).first()
    if existing is not None:
        if existing.government_id != by.government_id:
            raise StepRefused(_("This form is used up. Open it again."))
        return existing
    if not title.strip():
        raise StepRefused(_("Give the choice of pilots a title."))
    today = timezone.localdate(now)
    units = list(counted_units(by.government_id, on=today).filter(pk__in=list(unit_ids)))
    if not units or len(units) != len(set(unit_ids)):
        raise StepRefused(_("Choose units of your government that count."))
    factors = factor_set_on(today)
    row = PilotRound.objects.create(
        government_id=by.government_id,
        title=title.strip(),
        year=year,
        factor_set=factors.code,
        factor_set_sha256=factors.sha256,
        scored=scored,
        form_key=form_key,
        opened_by=by,
        opened_at=now,
        is_sample=by.government.is_sample,
    )
    PilotCandidate.objects.bulk_create(
        PilotCandidate(
            government_id=row.government_id, round=row, unit=unit, printed_name=unit.name
        )
        for unit in sorted(units, key=lambda unit: unit.name.casefold())
    )
    codes: dict[str, ledger.Code] = {
        "year": year,
        "units": len(units),
        "factors": factors.code,
        "scored": scored,
    }
    ledger.record("pilot_round.opened", row, by=by, codes=codes)
    return row


@transaction.atomic
def score_units(
    *,
    round_: PilotRound,
    cells: Mapping[tuple[int, str], Cell],
    by: Membership,
    now: datetime,
) -> Saved:
    """Write the cells that a person changed; of the others nothing is touched.

    Keys are (unit, factor). A cell that somebody else changed meanwhile stays as it is and is
    told. Raises StepRefused when the round is closed, or a cell lies outside of it.
    """
    if not scores_pilots(by):
        raise StepRefused(_("Only the ZI secretariat, planners and the inspectorate give scores."))
    row = _locked_open(round_, by)
    _refuse_cells(row, cells)
    units = {unit for unit, _factor in cells}
    factors = {factor for _unit, factor in cells}
    found = PilotScore.objects.filter(round=row, unit__in=units, factor__in=factors)
    standing = {(score.unit_id, score.factor): score for score in found.select_for_update()}
    saved = Saved(0, {})
    fresh: list[PilotScore] = []
    changed: list[PilotScore] = []
    for key, cell in cells.items():
        score = standing.get(key)
        if not _is_touched(cell) or _stands(score, cell):
            continue
        if score is not None and _seen_differs(score, cell):
            saved.conflicts[key] = score
            continue
        (changed if score else fresh).append(_filled(score, row, key, cell, by, now))
    PilotScore.objects.bulk_create(fresh)
    PilotScore.objects.bulk_update(changed, ["value", "note", "scored_by", "scored_at"])
    number = len(fresh) + len(changed)
    if number:
        only = next(iter(factors)) if len(factors) == 1 else None
        codes: dict[str, ledger.Code] = {"cells": number, "factor": only, "units": len(units)}
        ledger.record("pilot_round.scored", row, by=by, codes=codes)
    return Saved(number, saved.conflicts)


def _refuse_cells(row: PilotRound, cells: Mapping[tuple[int, str], Cell]) -> None:
    factors = set_of(row)
    codes = {factor.code for factor in factors.factors} if factors else set()
    units = set(row.candidates.values_list("unit_id", flat=True))
    for (unit, factor), cell in cells.items():
        if unit not in units or factor not in codes:
            raise StepRefused(_("This unit or factor does not belong to the choice of pilots."))
        if cell.value is not None and not LEAST <= cell.value <= MOST:
            raise StepRefused(_("A score is a whole number from 1 to 5."))


def _is_touched(cell: Cell) -> bool:
    return cell.value != cell.seen or (cell.note is not None and cell.note != cell.seen_note)


def _stands(score: PilotScore | None, cell: Cell) -> bool:
    """What was typed is there already, as after a second press."""
    value, note = (score.value, score.note) if score else (None, "")
    return value == cell.value and cell.note in (None, note)


def _seen_differs(score: PilotScore, cell: Cell) -> bool:
    note = cell.note is not None and score.note != cell.seen_note
    return score.value != cell.seen or note


def _filled(
    score: PilotScore | None,
    row: PilotRound,
    key: tuple[int, str],
    cell: Cell,
    by: Membership,
    now: datetime,
) -> PilotScore:
    unit, factor = key
    filled = score or PilotScore(
        government_id=row.government_id, round=row, unit_id=unit, factor=factor
    )
    filled.value = cell.value
    filled.note = filled.note if cell.note is None else cell.note
    filled.scored_by, filled.scored_at = by, now
    return filled


@transaction.atomic
def decide_round(
    *, round_: PilotRound, facts: DecisionFacts, by: Membership, now: datetime
) -> PilotDecision:
    """Record the decision and close the round; a second press finds the first one's."""
    _refuse_undeciding(by)
    row = _locked(round_, by)
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
    _refuse_undeciding(by)
    row = _locked(round_, by)
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


@transaction.atomic
def discard_round(*, round_: PilotRound, by: Membership, now: datetime) -> PilotRound:
    """Throw an open round away; it stays readable."""
    _refuse_undeciding(by)
    return perform(PILOT_ROUND, "discard", _locked(round_, by), by=by, now=now)


def _refuse_undeciding(by: Membership) -> None:
    if not decides_pilots(by):
        raise StepRefused(_("Only the ZI secretariat opens and closes a choice of pilots."))


def _locked(round_: PilotRound, by: Membership) -> PilotRound:
    return PilotRound.objects.select_for_update(of=("self",), no_key=True).get(
        pk=round_.pk, government_id=by.government_id
    )


def _locked_open(round_: PilotRound, by: Membership) -> PilotRound:
    row = _locked(round_, by)
    if row.state != PilotRoundState.OPEN or not row.scored:
        raise StepRefused(_("This choice of pilots is closed; its scores stay as they are."))
    return row


def _placements(row: PilotRound) -> dict[int, Placement]:
    return {each.placement.unit: each.placement for each in matrix_of(row).rows}


def _against(row: PilotRound, places: Mapping[int, Placement], unit_ids: Sequence[int]) -> set[int]:
    """Chosen units that need a reason; nobody where no scores are recorded."""
    return against_order(places.values(), unit_ids) if row.scored else set()


def _lacks(
    row: PilotRound, facts: DecisionFacts, places: Mapping[int, Placement], now: datetime
) -> list[Missing]:
    known = set(row.candidates.values_list("unit_id", flat=True))
    missing = []
    if not facts.unit_ids or not set(facts.unit_ids) <= known:
        missing.append(Missing(_("Choose at least one of the candidates."), "units"))
    elif not facts.against_reason.strip() and _against(row, places, facts.unit_ids):
        missing.append(
            Missing(
                _("Units were chosen that the order does not put first: write why."),
                "against_reason",
            )
        )
    if facts.decided_on > timezone.localdate(now):
        missing.append(Missing(_("The decision lies in the future."), "decided"))
    return missing


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
    needs_reason = _against(row, places, facts.unit_ids)
    chosen = [each for each in candidates_of(row) if each.unit_id in set(facts.unit_ids)]
    named = {pk: number for number, pk in enumerate(facts.unit_ids)}
    chosen.sort(
        key=lambda each: (_place(places, each.unit_id) or len(places) + 1, named[each.unit_id])
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
    verb = "pilot_round.decision_recorded" if number == 1 else "pilot_round.decision_corrected"
    codes: dict[str, ledger.Code] = {
        "decision": number,
        "units": len(chosen),
        "against": len(needs_reason),
    }
    ledger.record(verb, row, by=by, codes=codes)
    return decision


def _place(places: Mapping[int, Placement], unit_id: int) -> int | None:
    return places[unit_id].place if unit_id in places else None
