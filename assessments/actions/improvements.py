"""What a unit makes of the plan of improvements: its own estimates, and activities of the year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.actions.workplans import ActivityTexts, add_activity, open_plan
from assessments.models import WorkPlan, Worksheet
from assessments.queries.planning import keys_of
from assessments.queries.reviewers import writes_for_unit
from assessments.sheet_keeping import locked_sheet
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused

# More than this for one step is no estimate but a slip of the finger.
MOST_DAYS = 250


@dataclass(frozen=True)
class Effort:
    """What somebody wants to stand at a question, and what stood there when he looked."""

    code: str
    days: int | None
    seen: int | None


@dataclass(frozen=True)
class EffortsSaved:
    """How many changed; questions where somebody else saved another number meanwhile, with it."""

    changed: int
    conflicts: dict[str, int | None]


@dataclass(frozen=True)
class Wish:
    """One improvement as it goes into the work plan; `goal` is the level that it reaches."""

    code: str
    goal: str
    area: str
    title: str
    milestone: str


@dataclass(frozen=True)
class Taken:
    plan: WorkPlan
    added: int
    known: int


@transaction.atomic
def set_efforts(*, sheet: Worksheet, rows: Sequence[Effort], by: Membership) -> EffortsSaved:
    """The unit's own estimates, row by row; what somebody else changed meanwhile stays.

    Raises PermissionDenied and StepRefused.
    """
    locked = locked_sheet(sheet.pk)
    if not writes_for_unit(by, locked):
        raise PermissionDenied(_("Only the operator and the head of the unit estimate its effort."))
    if any(row.days is not None and not 1 <= row.days <= MOST_DAYS for row in rows):
        sentence = _("Enter whole working days from 1 to %(most)d.") % {"most": MOST_DAYS}
        raise StepRefused(sentence)
    items = {item.code: item for item in locked.items.filter(code__in=[row.code for row in rows])}
    conflicts: dict[str, int | None] = {}
    changed = 0
    for row in rows:
        item = items.get(row.code)
        if item is None or item.effort == row.days:
            continue
        if row.days == row.seen:
            continue
        if item.effort != row.seen:
            conflicts[row.code] = item.effort
            continue
        item.effort = row.days
        item.save(update_fields=["effort"])
        changed += 1
    if changed:
        ledger.record("worksheet.effort_estimated", locked, by=by, codes={"count": changed})
    return EffortsSaved(changed, conflicts)


@transaction.atomic
def take_into_plan(
    *,
    sheet: Worksheet,
    wishes: Sequence[Wish],
    due_on: date,
    responsible: str,
    by: Membership,
    now: datetime,
) -> Taken:
    """Activities in the unit's work plan of the sheet's year, each improvement once until it is dropped.

    Raises PermissionDenied and StepRefused.
    """
    if not writes_for_unit(by, sheet):
        raise PermissionDenied(_("Only the operator and the head of the unit write its work plan."))
    if not wishes:
        raise StepRefused(_("Tick at least one improvement."))
    plan = open_plan(zone=sheet.zone, year=sheet.year, by=by)
    found = keys_of(sheet, {wish.code: wish.goal for wish in wishes})
    known = [code for code, (_key, activity) in found.items() if activity is not None]
    for wish in wishes:
        key, _known = found[wish.code]
        texts = ActivityTexts(wish.area, wish.title, wish.milestone, due_on, responsible)
        add_activity(plan=plan, texts=texts, form_key=key, by=by)
    codes: dict[str, ledger.Code] = {"plan": plan.pk, "count": len(wishes) - len(known)}
    ledger.record("worksheet.improvements_planned", sheet, by=by, codes=codes)
    return Taken(plan, len(wishes) - len(known), len(known))
