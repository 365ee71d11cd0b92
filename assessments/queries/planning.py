"""Reads for plan and what-if of a work-sheet: few queries, the arithmetic is pure."""

from collections.abc import Iterable, Mapping
from uuid import NAMESPACE_URL, UUID, uuid5

from assessments import scoring
from assessments.instrument import QuestionText
from assessments.models import Activity, Answer, Worksheet
from assessments.queries.worksheet_pages import shown_assessors
from assessments.queries.worksheets import given
from assessments.scoring import Given
from integrity_portal.core.formatting import number_id, percent_id
from opd.models import Membership


def answers_by(sheet: Worksheet, assessor: str) -> dict[str, Given]:
    """By question, in one query."""
    rows = Answer.objects.filter(item__worksheet=sheet, assessor=assessor)
    return {row.item.code: given(row) for row in rows.select_related("item")}


def standing_words(question: QuestionText, said: Given) -> str:
    """An answer in a word or two."""
    if said.option:
        return said.option
    if said.index is not None:
        return number_id(said.index)
    if said.counts:
        share = scoring.value_of(question.asked, said).share
        return "–" if share is None else percent_id(share * 100, 0)
    return "–"


def efforts_of(sheet: Worksheet) -> dict[str, int]:
    """Working days for one step, where the unit has estimated them."""
    rows = sheet.items.exclude(effort=None).values_list("code", "effort")
    return {code: days for code, days in rows if days is not None}


def bases_of(sheet: Worksheet, membership: Membership) -> list[str]:
    """Whose answers a plan may start from: the unit's, and those of assessors that are shown."""
    shown = shown_assessors(sheet, membership)
    known = set(sheet.scores.values_list("assessor", flat=True)) | {"unit"}
    return [name for name in ("unit", "tpi", "tpn") if name in shown & known]


def known_activities(keys: Mapping[str, UUID]) -> dict[str, Activity]:
    """By question: improvements that already stand in a work plan."""
    rows: Iterable[Activity] = Activity.objects.filter(form_key__in=list(keys.values()))
    found = {row.form_key: row for row in rows}
    return {code: found[key] for code, key in keys.items() if key in found}


def key_of(sheet: Worksheet, code: str, goal: str) -> UUID:
    """The same improvement has the same key, so a second press finds the first one's activity."""
    return uuid5(NAMESPACE_URL, f"worksheet/{sheet.zone_id}/{sheet.year}/{code}/{goal}")
