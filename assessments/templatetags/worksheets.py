"""Words for answers and scores of a work-sheet."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from assessments.excel.layout import Filled
from assessments.instrument import QuestionText
from assessments.models import Answer
from integrity_portal.core.formatting import number_id, percent_id

register = template.Library()


@register.simple_tag
def answer_words(question: QuestionText, answer: Answer) -> str:
    """What was answered, with the criterion or the counts."""
    if answer.option:
        text = next((str(row.text) for row in question.options if row.code == answer.option), "")
        return f"{answer.option}. {text}" if text != answer.option else text
    if answer.index is not None:
        return number_id(answer.index, 2)
    return "; ".join(
        f"{count.text}: {number_id(Decimal(answer.counts[count.key]), 0)}"
        for count in question.counts
        if count.key in answer.counts
    )


@register.simple_tag
def flag_words(flag: str) -> str:
    """Why a ratio counts as it does."""
    words: dict[str, Any] = {
        "settle": _("All counts are 0; how that counts is not settled, so it counts as 0."),
        "settled": _("All counts are 0; somebody settled how that counts."),
        "no_cases": _("All counts are 0; the instrument says how that counts."),
        "no_whole": _("There is nothing to divide by: look at the counts again."),
        "over": _("More than the whole: counted as 100%."),
        "under": _("Less than nothing: counted as 0%."),
    }
    return str(words.get(flag, ""))


@register.filter
def percent_share(share: Decimal) -> str:
    return percent_id(share * 100, 0)


def key_of(user_id: int, item_id: int, side: str) -> str:
    """Under which a device keeps what could not be sent: one person, one question, one side."""
    return f"lke-{user_id}-{item_id}-{side}"


@register.simple_tag(takes_context=True)
def draft_key(context: template.Context, item_id: int, side: str) -> str:
    return key_of(context["request"].user.pk, item_id, side)


@register.simple_tag
def filled_words(question: QuestionText, filled: Filled) -> str:
    """An answer of a file or beside it, in short: the letter, the counts or the index."""
    if filled.option:
        return filled.option
    if filled.index is not None:
        return number_id(filled.index, 2)
    counts = dict(filled.counts)
    return "; ".join(
        f"{count.text}: {number_id(Decimal(counts[count.key]), 0)}"
        for count in question.counts
        if count.key in counts
    )
