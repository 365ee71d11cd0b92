"""Reads for plan and what-if of a work-sheet: few queries, the arithmetic is pure."""

from collections.abc import Mapping
from uuid import NAMESPACE_URL, UUID, uuid5

from assessments import scoring
from assessments.enums import ActivityState
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


def known_activities(sheet: Worksheet, goals: Mapping[str, str]) -> dict[str, Activity]:
    """By question: improvements, as question → goal, that stand in the work plan of its year."""
    found = keys_of(sheet, goals)
    return {code: row for code, (_key, row) in found.items() if row is not None}


def keys_of(sheet: Worksheet, goals: Mapping[str, str]) -> dict[str, tuple[UUID, Activity | None]]:
    """By question: the key of the improvement's activity, and the activity if it is there.

    The same improvement has the same key, so a second press finds the first one's activity. One
    that was dropped counts no more: the next has a key of its own, made of the dropped one's.
    """
    keys = {
        code: uuid5(NAMESPACE_URL, f"worksheet/{sheet.zone_id}/{sheet.year}/{code}/{goal}")
        for code, goal in goals.items()
    }
    found: dict[str, tuple[UUID, Activity | None]] = {}
    while keys:
        rows = {row.form_key: row for row in Activity.objects.filter(form_key__in=keys.values())}
        dropped = {}
        for code, key in keys.items():
            row = rows.get(key)
            if row is not None and row.state == ActivityState.DROPPED:
                dropped[code] = uuid5(key, "again")
            else:
                found[code] = (key, row)
        keys = dropped
    return found
