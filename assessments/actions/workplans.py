"""Work plans and their activities: open, copy, write, drop and take up again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from assessments import locking, progress
from assessments.enums import ActivityState, ReportState
from assessments.models import Activity, IntegrityZone, WorkPlan, ZoneHandover
from assessments.progress import ARROW, HISTORY_OF, PROMISED
from assessments.queries.workplans import is_settled
from assessments.workflow import ACTIVITY
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused, perform


class EditConflict(Exception):
    """Somebody saved something else meanwhile; `current` is what stands there now."""

    def __init__(self, current: Activity) -> None:
        super().__init__("version")
        self.current = current


@dataclass(frozen=True)
class ActivityTexts:
    """What a person writes about an activity. Without a position it goes to the end of its area."""

    area: str
    title: str
    milestone: str
    due_on: date
    responsible: str = ""
    position: int | None = None


@transaction.atomic
def open_plan(
    *, zone: IntegrityZone, year: int, by: Membership, copy_from: WorkPlan | None = None
) -> WorkPlan:
    """Open the plan of a year, empty or with the activities of another year of the same zone.

    Of a unit that was taken over, what is not finished yet is copied.
    A second press finds the plan of the first. Raises StepRefused for a closed zone and
    PermissionDenied for somebody who does not write for the unit.
    """
    zone = locking.writable_zone(zone, by)
    own = copy_from is None or copy_from.zone_id == zone.pk
    if copy_from is not None and not own and not _continues(zone, copy_from):
        raise StepRefused(_("Choose a plan of the same unit to copy from."))
    existing = WorkPlan.objects.filter(zone=zone, year=year).first()
    if existing:
        return existing
    plan = WorkPlan.objects.create(
        government_id=zone.government_id,
        zone=zone,
        year=year,
        copied_from=copy_from,
        is_sample=zone.is_sample,
    )
    copied = _copy_activities(copy_from, plan, only_open=not own) if copy_from else 0
    ledger.record(
        "work_plan.opened",
        plan,
        by=by,
        codes={
            "zone": zone.pk,
            "year": year,
            "copied_from": copy_from.pk if copy_from else None,
            "activities": copied,
        },
    )
    return plan


def _continues(zone: IntegrityZone, plan: WorkPlan) -> bool:
    return ZoneHandover.objects.filter(predecessor=plan.zone_id, successor=zone).exists()


def _copy_activities(source: WorkPlan, plan: WorkPlan, *, only_open: bool) -> int:
    """What was not dropped, planned anew on the same day of the new year."""
    activities = source.activities.counted().order_by("pk")
    if only_open:
        open_ones = Q(confirmed_percent=None) | Q(confirmed_percent__lt=100)
        activities = activities.with_facts().filter(open_ones)
    rows = [
        Activity(
            government_id=plan.government_id,
            plan=plan,
            area=old.area,
            title=old.title,
            milestone=old.milestone,
            due_on=progress.same_day(old.due_on, plan.year),
            responsible=old.responsible,
            position=old.position,
            form_key=uuid4(),
            is_sample=plan.is_sample,
        )
        for old in activities
    ]
    return len(Activity.objects.bulk_create(rows))


@transaction.atomic
def add_activity(
    *, plan: WorkPlan, texts: ActivityTexts, form_key: UUID, by: Membership
) -> Activity:
    """Add an activity; a second press of the same form finds the first one's."""
    plan = locking.writable_plan(plan, by)
    existing = Activity.objects.filter(form_key=form_key).first()
    if existing:
        if existing.plan_id != plan.pk:
            raise StepRefused(_("This form belongs to another plan. Open it again."))
        return existing
    _refuse_other_year(plan, texts.due_on)
    activity = Activity.objects.create(
        government_id=plan.government_id,
        plan=plan,
        area=texts.area,
        title=texts.title,
        milestone=texts.milestone,
        due_on=texts.due_on,
        responsible=texts.responsible,
        position=texts.position or _last_position(plan, texts.area) + 1,
        form_key=form_key,
        is_sample=plan.is_sample,
    )
    ledger.record("activity.added", activity, by=by, codes=_codes(activity))
    return activity


@transaction.atomic
def edit_activity(
    *, activity: Activity, texts: ActivityTexts, version: int, by: Membership, now: datetime
) -> Activity:
    """Write the texts over the version that the person saw, and what they replace in the history.

    While a report waits for the head, what it is measured against stays as he sees it; once he has
    confirmed something, only he changes it. Raises EditConflict when somebody else saved other
    texts meanwhile; the same texts once more are no conflict.
    """
    locked = locking.writable_activity(activity, by)
    if locked.state == ActivityState.DROPPED:
        raise StepRefused(_("This activity was dropped. Take it up again before you change it."))
    wanted = {
        "area": texts.area,
        "title": texts.title,
        "milestone": texts.milestone,
        "due_on": texts.due_on,
        "responsible": texts.responsible,
        "position": texts.position or locked.position,
    }
    if all(getattr(locked, name) == value for name, value in wanted.items()):
        return locked
    if locked.version != version:
        raise EditConflict(locked)
    if texts.due_on != locked.due_on:
        _refuse_other_year(locked.plan, texts.due_on)
    _refuse_promised(locked, wanted, by)
    _write_history(locked, wanted, by, now)
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*wanted, "version"])
    ledger.record("activity.edited", locked, by=by, codes=_codes(locked))
    return locked


@transaction.atomic
def drop_activity(*, activity: Activity, reason: str, by: Membership, now: datetime) -> Activity:
    """Drop with a reason; dropped ones no longer count, but stay readable."""
    locked = locking.writable_activity(activity, by)
    if locked.state == ActivityState.DROPPED and locked.drop_reason == reason:
        return locked
    if not reason.strip():
        raise StepRefused(_("Write why the activity is dropped."))
    return perform(
        ACTIVITY, "drop", locked, by=by, now=now, note=reason, values={"drop_reason": reason}
    )


@transaction.atomic
def restore_activity(*, activity: Activity, by: Membership, now: datetime) -> Activity:
    """Take a dropped activity up again; its reports and its history are still there."""
    locked = locking.writable_activity(activity, by)
    if locked.state != ActivityState.DROPPED:
        return locked
    return perform(ACTIVITY, "restore", locked, by=by, now=now, values={"drop_reason": ""})


def _refuse_other_year(plan: WorkPlan, due_on: date) -> None:
    if due_on.year != plan.year:
        raise StepRefused(
            _("The due date must lie in %(year)s, the year of this plan.")
            % {"year": plan.year_text}
        )


def _refuse_promised(activity: Activity, wanted: dict[str, Any], by: Membership) -> None:
    """Area, title, milestone and due date belong to what the head reads and has confirmed."""
    if all(wanted[name] == getattr(activity, name) for name in PROMISED):
        return
    if activity.reports.filter(state=ReportState.SUBMITTED).exists():
        raise StepRefused(
            _(
                "A report waits for the head: until it is decided or taken back, area, title, "
                "milestone and due date stay as they are."
            )
        )
    if is_settled(activity, by):
        raise StepRefused(
            _(
                "The head has confirmed progress on this activity, so only the head changes its "
                "area, title, milestone or due date. Ask the head, or add a new activity."
            )
        )


def _write_history(
    activity: Activity, wanted: dict[str, Any], by: Membership, now: datetime
) -> None:
    """One step row per changed text, from the old to the new one; the state stays."""
    for name in HISTORY_OF:
        old, new = getattr(activity, name), wanted[name]
        if old != new:
            activity.steps.create(
                name=f"edit_{name}",
                from_state=activity.state,
                to_state=activity.state,
                membership=by,
                note=f"{old}{ARROW}{new}",
                happened_at=now,
            )


def _last_position(plan: WorkPlan, area: str) -> int:
    return plan.activities.filter(area=area).aggregate(last=Max("position"))["last"] or 0


def _codes(activity: Activity) -> dict[str, str | int]:
    return {
        "plan": activity.plan_id,
        "area": activity.area,
        "due": activity.due_on.isoformat(),
        "version": activity.version,
    }
