"""What is missing: questions answered above the lowest option whose proof does not hold."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.enums import Assessor, UseVerdict, Validity
from assessments.instrument import QuestionText
from assessments.models import Answer, Worksheet, WorksheetItem
from assessments.queries.evidence import Proof, proofs_of
from assessments.queries.worksheets import given


@dataclass(frozen=True)
class Gap:
    """One question, and what its proofs lack."""

    item: WorksheetItem
    question: QuestionText
    lacking: tuple[str, ...]
    proofs: tuple[Proof, ...]

    @property
    def is_bare(self) -> bool:
        return not self.proofs


def gaps_of(sheet: Worksheet, today: date) -> list[Gap]:
    """In the order of the sheet; four queries."""
    own = Answer.objects.filter(assessor=Assessor.UNIT)
    items = list(
        WorksheetItem.objects.filter(worksheet=sheet)
        .prefetch_related(Prefetch("answers", queryset=own, to_attr="own_answers"))
        .order_by("position")
    )
    questions = sheet.instrument.instrument.questions
    claimed = [item for item in items if _claims(item, questions[item.code])]
    proofs = proofs_of(claimed, sheet, today)
    found = [
        Gap(
            item,
            questions[item.code],
            _lacking(proofs.get(item.pk, [])),
            tuple(proofs.get(item.pk, ())),
        )
        for item in claimed
    ]
    return [gap for gap in found if gap.lacking]


def _claims(item: WorksheetItem, question: QuestionText) -> bool:
    """Answered above the lowest option."""
    answers: list[Answer] = item.own_answers  # type: ignore[attr-defined]
    if not answers:
        return False
    share = scoring.value_of(question.asked, given(answers[0])).share
    return share is not None and share > 0


def _lacking(proofs: list[Proof]) -> tuple[str, ...]:
    if not proofs:
        return (_("no proof"),)
    found = []
    if any(proof.validity == Validity.EXPIRED for proof in proofs):
        found.append(_("expired proof"))
    if any(proof.validity == Validity.NOT_YET for proof in proofs):
        found.append(_("proof that is not valid yet"))
    if any(proof.verdict == UseVerdict.RETURNED for proof in proofs):
        found.append(_("returned proof"))
    if any(proof.health for proof in proofs):
        found.append(_("proof that changed or cannot be reached"))
    return tuple(found)
