"""What a new work-sheet begins with: its questions, and what an earlier sheet hands on."""

from collections.abc import Collection
from datetime import datetime

from assessments.enums import Assessor, ItemMark
from assessments.instrument import QuestionText
from assessments.instrument_diff import unchanged
from assessments.models import Answer, EvidenceUse, Worksheet, WorksheetItem
from assessments.scoring import ScaleKind
from assessments.sheet_keeping import keep_score, locked_sheet
from opd.models import Membership


def begin_sheet(sheet: Worksheet, *, by: Membership, now: datetime) -> int:
    """All questions, with the answers and proofs of the sheet it was copied from; how many
    answers came along.

    From another year every answer is to be reviewed; within the year only those whose question
    reads or weighs differently in the new edition.
    """
    items = _make_items(sheet)
    source = sheet.copied_from
    count = 0
    if source is not None:
        before, after = source.instrument.instrument, sheet.instrument.instrument
        stands = unchanged(before, after) if _is_moved(sheet) else frozenset()
        count = _hand_on(sheet, items, source, stands)
        _hand_on_proofs(sheet, items, source, by, now)
    keep_score(locked_sheet(sheet.pk), Assessor.UNIT)
    return count


def _is_moved(sheet: Worksheet) -> bool:
    """Whether it goes on with the same year of the same zone under another edition."""
    source = sheet.copied_from
    return source is not None and (source.zone_id, source.year) == (sheet.zone_id, sheet.year)


def _make_items(sheet: Worksheet) -> dict[str, WorksheetItem]:
    """With who answers until when, within the year, and the unit's own estimate of effort."""
    source = sheet.copied_from
    earlier = {row.code: row for row in source.items.all()} if source else {}
    same_year = _is_moved(sheet)
    rows = []
    for question in sheet.instrument.instrument.questions.values():
        before = earlier.get(question.code)
        rows.append(
            WorksheetItem(
                government_id=sheet.government_id,
                worksheet=sheet,
                code=question.code,
                sub_aspect=question.sub_aspect,
                position=question.position,
                effort=before.effort if before else None,
                assignee_id=before.assignee_id if before and same_year else None,
                due_on=before.due_on if before and same_year else None,
            )
        )
    return {row.code: row for row in WorksheetItem.objects.bulk_create(rows)}


def _hand_on(
    sheet: Worksheet,
    items: dict[str, WorksheetItem],
    source: Worksheet,
    stands: Collection[str],
) -> int:
    """The unit's answers with who gave them, as far as the question still takes them. An index
    was measured in its year: it does not come along into another one."""
    questions = sheet.instrument.instrument.questions
    rows = Answer.objects.filter(item__worksheet=source, assessor=Assessor.UNIT)
    fitting = [
        row
        for row in rows.select_related("item")
        if row.item.code in items
        and _still_fits(questions[row.item.code], row)
        and (source.year == sheet.year or not _is_measured(questions[row.item.code]))
    ]
    Answer.objects.bulk_create(
        Answer(
            government_id=sheet.government_id,
            item=items[row.item.code],
            assessor=Assessor.UNIT,
            **row.value_columns,
            note=row.note,
            changed_by_id=row.changed_by_id,
            changed_at=row.changed_at,
        )
        for row in fitting
    )
    stood = {row.item.code for row in fitting if row.item.mark != ItemMark.CARRIED}
    to_review = {row.item.code for row in fitting} - (stood & set(stands))
    marked = sheet.items.filter(code__in=to_review)
    marked.update(mark=ItemMark.CARRIED)
    return len(fitting)


def _is_measured(question: QuestionText) -> bool:
    return question.scale.kind is ScaleKind.INDEX


def _still_fits(question: QuestionText, row: Answer) -> bool:
    if row.option:
        return row.option in question.scale.options
    if row.index is not None:
        return bool(row.index <= question.scale.highest)
    return set(row.counts) <= {count.key for count in question.counts}


def _hand_on_proofs(
    sheet: Worksheet,
    items: dict[str, WorksheetItem],
    source: Worksheet,
    by: Membership,
    now: datetime,
) -> None:
    uses = EvidenceUse.objects.filter(item__worksheet=source).select_related("item")
    EvidenceUse.objects.bulk_create(
        EvidenceUse(
            government_id=sheet.government_id,
            item=items[use.item.code],
            evidence_id=use.evidence_id,
            pages=use.pages,
            added_by=by,
            added_at=now,
        )
        for use in uses
        if use.item.code in items
    )
