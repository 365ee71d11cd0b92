"""Questions that assessors ask at an event, and the unit's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.editing import attach, write
from assessments.enums import EventState, QuestionState
from assessments.models import AnswerFile, AssessmentEvent, AssessorQuestion, QuestionAnswer
from assessments.permissions import can_write_plan, records_assessments
from assessments.workflow import QUESTION
from integrity_portal.core import ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import StepRefused, perform


@dataclass(frozen=True)
class QuestionTexts:
    text: str
    asked_by: str
    owner: str = ""
    due_on: date | None = None


@transaction.atomic
def ask_question(
    *, event: AssessmentEvent, texts: QuestionTexts, form_key: UUID, by: Membership
) -> AssessorQuestion:
    """Write down what was asked; a second press finds the first one's."""
    row = AssessmentEvent.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
    _require(by, row.government_id)
    existing = AssessorQuestion.objects.filter(form_key=form_key).first()
    if existing:
        if existing.event_id != row.pk:
            raise StepRefused(_("This form belongs to another page. Open it again."))
        return existing
    if row.state == EventState.CANCELLED:
        raise StepRefused(_("This event is cancelled; nothing is asked at it."))
    last = row.questions.aggregate(last=Max("position"))["last"] or 0
    question = row.questions.create(
        government_id=row.government_id,
        position=last + 1,
        form_key=form_key,
        is_sample=row.is_sample,
        **vars(texts),
    )
    ledger.record("assessor_question.asked", question, by=by, codes={"event": row.pk})
    return question


@transaction.atomic
def edit_question(
    *, question: AssessorQuestion, texts: QuestionTexts, version: int, by: Membership
) -> AssessorQuestion:
    """Write over the version that the person saw, while nobody has answered. Raises Conflict."""
    row = _locked(question)
    _require(by, row.government_id)
    if row.answers.exists():
        raise StepRefused(_("It was answered already; ask again or write a new question."))
    if write(row, vars(texts), version):
        ledger.record("assessor_question.edited", row, by=by, codes={"event": row.event_id})
    return row


@transaction.atomic
def answer_question(
    *,
    question: AssessorQuestion,
    text: str,
    files: Sequence[StoredFile],
    form_key: UUID,
    by: Membership,
    now: datetime,
) -> QuestionAnswer:
    """Operator or head of the unit answer; what was sent stays. A second press sends once."""
    row = _locked(question)
    if not can_write_plan(by, row.event.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit answer."))
    existing = QuestionAnswer.objects.filter(form_key=form_key).first()
    if existing:
        if existing.question_id != row.pk:
            raise StepRefused(_("This form belongs to another page. Open it again."))
        return existing
    if not text.strip():
        raise StepRefused(_("Write the answer."))
    if row.state == QuestionState.ANSWERED:
        raise StepRefused(
            _("Somebody of your unit has already answered. Your text is still below.")
        )
    answer = row.answers.create(
        government_id=row.government_id,
        text=text,
        by=by,
        at=now,
        form_key=form_key,
        is_sample=row.is_sample,
    )
    attach(AnswerFile, "answer", answer, files)
    perform(QUESTION, "answer", row, by=by, now=now)
    return answer


@transaction.atomic
def ask_again(
    *, question: AssessorQuestion, message: str, by: Membership, now: datetime
) -> AssessorQuestion:
    """The answer does not do; it stays readable, and the unit sends another one."""
    row = _locked(question)
    _require(by, row.government_id)
    if not message.strip():
        raise StepRefused(_("Write what is still missing."))
    if row.state == QuestionState.OPEN and row.steps.filter(name="ask_again", note=message):
        return row
    return perform(QUESTION, "ask_again", row, by=by, now=now, note=message)


def _locked(question: AssessorQuestion) -> AssessorQuestion:
    return (
        AssessorQuestion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("event__zone__unit")
        .get(pk=question.pk)
    )


def _require(by: Membership, government_id: int) -> None:
    if not records_assessments(by) or by.government_id != government_id:
        raise PermissionDenied(_("Only the ZI secretariat and the inspectorate write this."))
