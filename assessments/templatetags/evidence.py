"""What stands beside a question: proofs that passed elsewhere, and why others were returned."""

from django import template

from assessments.models import Worksheet, WorksheetItem
from assessments.queries.evidence import Elsewhere, elsewhere_at

register = template.Library()


@register.simple_tag
def passed_elsewhere(sheet: Worksheet, item: WorksheetItem) -> Elsewhere | None:
    """One query for all questions of a part: the page keeps the answer at its sheet."""
    kept: dict[str, dict[str, Elsewhere]] = sheet.__dict__.setdefault("_elsewhere", {})
    if item.sub_aspect not in kept:
        questions = sheet.instrument.instrument.questions_of(item.sub_aspect)
        kept[item.sub_aspect] = elsewhere_at([question.code for question in questions], sheet)
    return kept[item.sub_aspect].get(item.code)
