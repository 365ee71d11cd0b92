"""Choosing pilots: open a round, score it, throw it away. What the meeting decides is in
`actions/pilot_decisions.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import PilotRoundState
from assessments.factor_sets import factor_set_on
from assessments.guards import refuse_undeciding
from assessments.locking import held_round
from assessments.models import (
    PilotCandidate,
    PilotRound,
    PilotScore,
)
from assessments.permissions import scores_pilots
from assessments.pilots import LEAST, MOST
from assessments.queries.pilots import set_of
from assessments.workflow import PILOT_ROUND
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.queries.units import counted_units
from opd.transitions import StepRefused, perform


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
    refuse_undeciding(by)
    if (existing := _found_by(form_key, by.government_id)) is not None:
        return existing
    if not title.strip():
        raise StepRefused(_("Give the choice of pilots a title."))
    today = timezone.localdate(now)
    units = _candidates(unit_ids, by.government_id, today)
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
    _write_candidates(row, units)
    codes: dict[str, ledger.Code] = {
        "year": year,
        "units": len(units),
        "factors": factors.code,
        "scored": scored,
    }
    ledger.record("pilot_round.opened", row, by=by, codes=codes)
    return row


def _write_candidates(row: PilotRound, units: Sequence[Unit]) -> None:
    PilotCandidate.objects.bulk_create(
        PilotCandidate(
            government_id=row.government_id, round=row, unit=unit, printed_name=unit.name
        )
        for unit in units
    )


def _found_by(form_key: UUID, government_id: int) -> PilotRound | None:
    """What a first press of the same form opened."""
    existing = PilotRound.objects.filter(form_key=form_key).first()
    if existing is not None and existing.government_id != government_id:
        raise StepRefused(_("This form is used up. Open it again."))
    return existing


def _candidates(unit_ids: Sequence[int], government_id: int, today: date) -> list[Unit]:
    """By name; each of them counts today."""
    units = list(counted_units(government_id, on=today).filter(pk__in=list(unit_ids)))
    if not units or len(units) != len(set(unit_ids)):
        raise StepRefused(_("Choose units of your government that count."))
    return sorted(units, key=lambda unit: unit.name.casefold())


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
def discard_round(*, round_: PilotRound, by: Membership, now: datetime) -> PilotRound:
    """Throw an open round away; it stays readable."""
    refuse_undeciding(by)
    return perform(PILOT_ROUND, "discard", held_round(round_, by), by=by, now=now)


def _locked_open(round_: PilotRound, by: Membership) -> PilotRound:
    row = held_round(round_, by)
    if row.state != PilotRoundState.OPEN or not row.scored:
        raise StepRefused(_("This choice of pilots is closed; its scores stay as they are."))
    return row
