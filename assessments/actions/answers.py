"""Answering a question of a work-sheet: one verb for unit, TPI and TPN; totals in the same breath."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.answering import MOST, Said
from assessments.editing import write
from assessments.enums import Assessor, ItemMark, WorksheetState
from assessments.guards import refuse_other_assessors
from assessments.instrument import QuestionText
from assessments.models import Answer, TpnLetter, Worksheet, WorksheetItem
from assessments.queries.reviewers import (
    records_for_tpn,
    tpn_may_write,
    unit_may_write,
    writes_for_unit,
)
from assessments.queries.worksheets import given, is_answered
from assessments.scoring import ScaleKind, Sheet, ZeroRule
from assessments.sheet_keeping import keep_score, locked_item, locked_sheet
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused


@dataclass(frozen=True)
class Saved:
    """The answer as it stands now and the totals with it; `changed` is False on a repeat."""

    answer: Answer
    item: WorksheetItem
    sheet: Sheet
    changed: bool


class AnswerRefused(StepRefused):
    """The sentence belongs to this field of the form."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name


@transaction.atomic
def save_answer(
    *,
    item: WorksheetItem,
    assessor: Assessor,
    said: Said,
    version: int,
    by: Membership,
    now: datetime,
) -> Saved:
    """Write one answer over the version that the person saw (0: none stood there).

    Raises Conflict with what stands there now, AnswerRefused naming the field, PermissionDenied,
    StepRefused when the question is closed to this side.
    """
    row = locked_item(item.pk)
    sheet = row.worksheet
    _refuse_closed(sheet, row, assessor, by, timezone.localdate(now))
    letter = _letter(sheet, by) if assessor == Assessor.TPN else None
    question = sheet.instrument.instrument.questions[row.code]
    said = _checked(question, said)
    standing = _standing(sheet, assessor)
    here = {each.assessor: each for each in standing if each.item_id == row.pk}
    if assessor == Assessor.TPN and letter and _is_reviewers_own(here.get(assessor)):
        raise StepRefused(_("The reviewer of the TPN scored this question himself; it stands."))
    if assessor != Assessor.UNIT:
        _refuse_silent_difference(question, said, here.get(Assessor.UNIT))
    answer, changed = _write(row, assessor, said, version, here.get(assessor), by, now, letter)
    settled = {Assessor.UNIT: ItemMark.CARRIED, Assessor.TPI: ItemMark.REPAIRED}.get(assessor)
    if settled and row.mark == settled:
        row.mark = ItemMark.NONE
        row.save(update_fields=["mark"])
    own = {each.item.code: given(each) for each in standing if each.assessor == assessor}
    totals = keep_score(sheet, assessor, {**own, row.code: given(answer)})
    if changed:
        codes: dict[str, ledger.Code] = {"code": row.code, "assessor": assessor.value}
        ledger.record("worksheet.answered", sheet, by=by, codes=codes)
    return Saved(answer, row, totals, changed)


def _standing(sheet: Worksheet, assessor: Assessor) -> list[Answer]:
    """All answers of this side and of the unit, in one query: for totals and for comparison."""
    rows = Answer.objects.filter(item__worksheet=sheet, assessor__in=[assessor, Assessor.UNIT])
    return list(rows.select_related("item", "changed_by__user"))


@transaction.atomic
def agree(
    *, sheet: Worksheet, items: Sequence[WorksheetItem], by: Membership, now: datetime
) -> int:
    """The TPI takes over the unit's own answer where it has none yet; how many questions.

    Raises PermissionDenied, StepRefused.
    """
    row = locked_sheet(sheet.pk)
    refuse_other_assessors(row, by, timezone.localdate(now), states=(WorksheetState.SUBMITTED,))
    rows = WorksheetItem.objects.filter(worksheet=row, pk__in=[item.pk for item in items])
    unanswered = rows.exclude(answers__assessor=Assessor.TPI).filter(mark=ItemMark.NONE)
    questions = row.instrument.instrument.questions
    own = Answer.objects.filter(item__in=unanswered, assessor=Assessor.UNIT)
    fresh = [
        Answer(
            government_id=row.government_id,
            item_id=each.item_id,
            assessor=Assessor.TPI,
            **each.value_columns,
            changed_by=by,
            changed_at=now,
        )
        for each in own.select_related("item")
        if is_answered(questions[each.item.code], each)
    ]
    Answer.objects.bulk_create(fresh)
    keep_score(row, Assessor.TPI)
    ledger.record("worksheet.agreed", row, by=by, codes={"count": len(fresh)})
    return len(fresh)


# --- who may ---


def _refuse_closed(
    sheet: Worksheet,
    item: WorksheetItem,
    assessor: Assessor,
    by: Membership,
    today: date,
) -> None:
    if assessor == Assessor.TPI:
        refuse_other_assessors(sheet, by, today, states=(WorksheetState.SUBMITTED,))
    elif assessor == Assessor.TPN:
        if not tpn_may_write(by, sheet) and not records_for_tpn(by, sheet):
            raise PermissionDenied(_("Only the TPN reviewer of this unit scores here."))
    else:
        if not writes_for_unit(by, sheet):
            raise PermissionDenied(_("Only the operator and the head of the unit answer here."))
        if not unit_may_write(sheet, item):
            raise StepRefused(
                _("The TPI has this question. Ask there to open it; your text is still below.")
            )


def _letter(sheet: Worksheet, by: Membership) -> TpnLetter | None:
    """From which the inspectorate records; a reviewer's own scores stand on no letter."""
    if tpn_may_write(by, sheet):
        return None
    newest = sheet.tpn_letters.order_by("-pk").first()
    if newest is None:
        raise StepRefused(_("Record the letter of the TPN first; its scores stand on it."))
    return newest


def _is_reviewers_own(answer: Answer | None) -> bool:
    return answer is not None and answer.letter_id is None


# --- what may stand there ---


def _checked(question: QuestionText, said: Said) -> Said:
    """Only what the scale knows, in one form. Raises AnswerRefused."""
    kind = question.scale.kind
    kept = Said(note=said.note.strip(), reason=said.reason.strip())
    if kind is ScaleKind.OPTIONS:
        if said.option and said.option not in question.scale.options:
            raise AnswerRefused("option", _("Choose one of the answers of this question."))
        return replace(kept, option=said.option)
    if kind is ScaleKind.INDEX:
        highest = question.scale.highest
        if said.index is not None and not 0 <= said.index <= highest:
            sentence = _("Enter a number from 0 to %(highest)s.") % {"highest": highest.normalize()}
            raise AnswerRefused("index", sentence)
        return replace(kept, index=said.index)
    counts = {key: _count(key, text) for key, text in said.counts.items() if text}
    if unknown := counts.keys() - {each.key for each in question.counts}:
        raise AnswerRefused(min(unknown), _("This question does not ask for that count."))
    zero_as = said.zero_as if said.zero_as in (ZeroRule.FULL, ZeroRule.NONE) else ""
    return replace(kept, counts=counts, zero_as=zero_as)


def _count(key: str, text: str) -> str:
    if not text.isascii() or not text.isdigit() or int(text) > MOST:
        raise AnswerRefused(key, _("Enter a whole number, for example 12."))
    return str(int(text))


def _refuse_silent_difference(question: QuestionText, said: Said, own: Answer | None) -> None:
    """An assessor who sees it otherwise says why."""
    if said.reason or own is None:
        return
    mine = scoring.Given(
        said.option, {k: Decimal(v) for k, v in said.counts.items()}, said.index, said.zero_as
    )
    if scoring.value_of(question.asked, mine) != scoring.value_of(question.asked, given(own)):
        raise AnswerRefused("reason", _("Your score differs from the unit's. Write why."))


def _write(
    item: WorksheetItem,
    assessor: Assessor,
    said: Said,
    version: int,
    standing: Answer | None,
    by: Membership,
    now: datetime,
    letter: TpnLetter | None,
) -> tuple[Answer, bool]:
    wanted: dict[str, Any] = asdict(said)
    if assessor == Assessor.TPN:
        wanted["letter"] = letter
    if standing is None and version:
        raise StepRefused(_("This page is older than the work-sheet. Reload it."))
    if standing is None:
        answer = Answer.objects.create(
            government_id=item.government_id,
            item=item,
            assessor=assessor,
            changed_by=by,
            changed_at=now,
            **wanted,
        )
        return answer, True
    changed = write(standing, wanted, version, also={"changed_by": by, "changed_at": now})
    return standing, bool(changed)
