"""The page of one question: its answers, what is said there, how it stood before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.enums import Audience
from assessments.models import Answer, ItemMessage, Worksheet, WorksheetItem
from assessments.queries.worksheet_pages import QuestionRow, reads_assessors, rows_of
from opd.models import Membership


@dataclass(frozen=True)
class Page:
    row: QuestionRow
    messages: list[ItemMessage] = field(default_factory=list)
    past: list[Any] = field(default_factory=list)
    before: str = ""
    after: str = ""


def question_page(sheet: Worksheet, code: str, side: str, membership: Membership) -> Page | None:
    instrument = sheet.instrument.instrument
    if code not in instrument.questions:
        return None
    reads_all = reads_assessors(membership, sheet)
    rows = rows_of(sheet, instrument, [code], side, membership, reads_all)
    if not rows:
        return None
    order = list(instrument.questions)
    place = order.index(code)
    return Page(
        rows[0],
        thread_of(rows[0].item, reads_all) if rows[0].messages else [],
        past_of(rows[0].item, rows[0].answers),
        order[place - 1] if place else "",
        order[place + 1] if place + 1 < len(order) else "",
    )


def past_of(item: WorksheetItem, shown: Mapping[str, Answer]) -> list[Any]:
    """How the answers to this question stood before, newest first: who, when, what, why. No query
    while none of them was changed."""
    if all(row.version == 1 for row in shown.values()):
        return []
    events: Any = Answer._meta.get_field("history_events").related_model
    events = events.objects.filter(item=item.pk, assessor__in=shown)
    rows = list(events.select_related("changed_by__user").order_by("-pgh_id"))
    newest: set[str] = set()
    past = []
    for row in rows:
        if row.assessor in newest:
            past.append(row)
        newest.add(row.assessor)
    return past


def thread_of(item: WorksheetItem, reads_all: bool) -> list[ItemMessage]:
    """What is said at the question, oldest first; `reads_all`: also what the TPI says to itself."""
    rows = item.messages.select_related("by__user", "by__unit").order_by("at", "pk")
    if not reads_all:
        rows = rows.filter(audience=Audience.EVERYBODY)
    return list(rows)
