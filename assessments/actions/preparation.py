"""A unit answers the steps of its preparation; nothing that was answered is lost."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.checklists import checklist_on
from assessments.enums import PreparationState
from assessments.models import PreparationAnswer, PreparationChange
from assessments.permissions import can_write_preparation
from assessments.queries.preparation import open_zone_of, why_closed
from assessments.zoning import held
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership, Unit
from opd.transitions import StepRefused


class AnswerConflict(Exception):
    """Somebody saved something else meanwhile; `current` is what stands there now."""

    def __init__(self, current: PreparationAnswer) -> None:
        super().__init__("version")
        self.current = current


@dataclass(frozen=True)
class AnswerContent:
    """Without a new proof the present one stays, unless `drop_proof`."""

    state: str
    happened_on: date | None = None
    note: str = ""
    proof: StoredFile | None = None
    drop_proof: bool = False


@transaction.atomic
def answer_step(
    *,
    unit: Unit,
    step: str,
    content: AnswerContent,
    version: int,
    by: Membership,
    now: datetime,
) -> PreparationAnswer:
    """Save how far the unit is with a step, over the `version` that the person saw (0: none).

    Raises AnswerConflict when somebody else saved another answer meanwhile; the same once more is
    no conflict. StepRefused while the unit is closed, builds already, or the step is unknown.
    """
    if not can_write_preparation(by, unit):
        raise PermissionDenied(_("Only the unit itself or the ZI secretariat writes this."))
    locked = held([unit.pk])[unit.pk]
    today = timezone.localdate(now)
    _refuse(locked, step, content, today)
    answer = PreparationAnswer.objects.filter(unit=locked, step=step).first()
    proof = _proof_of(answer, content)
    if answer is not None and _is_same(answer, content, proof):
        return answer
    if answer is not None and answer.version != version:
        raise AnswerConflict(answer)
    answer = _write(answer or _new(locked, step, now), content, proof, by, now)
    if content.proof is not None:
        files.keep(content.proof)
    codes: dict[str, ledger.Code] = {
        "unit": unit.pk,
        "step": step,
        "state": answer.state,
        "version": answer.version,
        "proof": answer.proof_id,
    }
    ledger.record("preparation.answered", answer, by=by, codes=codes)
    return answer


def _refuse(unit: Unit, step: str, content: AnswerContent, today: date) -> None:
    if checklist_on(today).step(step) is None:
        raise StepRefused(_("The checklist has no such step. Reload the page."))
    closed = why_closed(unit, open_zone_of(unit), today)
    if closed:
        raise StepRefused(closed)
    if content.state == PreparationState.DONE and content.happened_on is None:
        raise StepRefused(_("Write the day on which the step was done."))
    if content.happened_on is not None and content.happened_on > today:
        raise StepRefused(_("The day lies in the future; write when it really happened."))


def _proof_of(answer: PreparationAnswer | None, content: AnswerContent) -> StoredFile | None:
    if content.proof is not None:
        return content.proof
    if answer is None or content.drop_proof:
        return None
    return answer.proof


def _is_same(answer: PreparationAnswer, content: AnswerContent, proof: StoredFile | None) -> bool:
    same_file = (answer.proof.sha256 if answer.proof else "") == (proof.sha256 if proof else "")
    return same_file and (answer.state, answer.happened_on, answer.note) == (
        content.state,
        content.happened_on,
        content.note,
    )


def _new(unit: Unit, step: str, now: datetime) -> PreparationAnswer:
    return PreparationAnswer(
        government_id=unit.government_id,
        unit=unit,
        step=step,
        version=0,
        answered_at=now,
        is_sample=unit.is_sample or unit.government.is_sample,
    )


def _write(
    answer: PreparationAnswer,
    content: AnswerContent,
    proof: StoredFile | None,
    by: Membership,
    now: datetime,
) -> PreparationAnswer:
    checklist = checklist_on(timezone.localdate(now))
    answer.checklist, answer.checklist_sha256 = checklist.code, checklist.sha256
    answer.state, answer.happened_on = content.state, content.happened_on
    answer.note, answer.proof = content.note, proof
    answer.answered_by, answer.answered_at = by, now
    answer.version += 1
    answer.save()
    PreparationChange.objects.create(
        government_id=answer.government_id,
        answer=answer,
        version=answer.version,
        state=answer.state,
        happened_on=answer.happened_on,
        note=answer.note,
        proof=answer.proof,
        membership=by,
        changed_at=now,
    )
    return answer
