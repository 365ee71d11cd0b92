"""When the weekly report arrives: its reader decides.

Every week in which it runs has one report. A change never looks back: what was due before it is
asked for first, and a week whose report would fall between the old hour and the new one gets it
at once. Weeks that come due while it is paused have none.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd.models import Membership
from reports import queries
from reports.actions.reports import ask_for_week
from reports.models import ReportSchedule
from reports.permissions import variant_of


@dataclass(frozen=True)
class Scheduled:
    """`made_now`: the change left no later moment in this week, so its report is made now."""

    schedule: ReportSchedule
    made_now: bool = False


@transaction.atomic
def set_schedule(*, by: Membership, weekday: int, hour: int, now: datetime) -> Scheduled:
    """The first schedule, or another day and hour for it."""
    schedule = _lock(by)
    if schedule is None:
        return Scheduled(_first(by, weekday, hour, now))
    if (schedule.weekday, schedule.hour) == (weekday, hour):
        return Scheduled(schedule)
    this_week = queries.week_at(schedule, now)
    was_to_come = schedule.is_active and queries.next_moment(schedule, now).period == this_week
    _ask_for_what_is_owed(schedule, now)
    schedule.weekday, schedule.hour, schedule.starts_at = weekday, hour, now
    schedule.save(update_fields=["weekday", "hour", "starts_at"])
    _record("schedule.changed", schedule, by)
    is_to_come = queries.next_moment(schedule, now).period == this_week
    made_now = was_to_come and not is_to_come and not queries.is_made(schedule, this_week)
    if made_now:
        ask_for_week(schedule=schedule, period=this_week, now=now)
    return Scheduled(schedule, made_now)


@transaction.atomic
def pause_schedule(*, by: Membership, now: datetime) -> ReportSchedule | None:
    """Until it is resumed no report arrives by itself."""
    schedule = _lock(by)
    if schedule is not None and schedule.is_active:
        _ask_for_what_is_owed(schedule, now)
        schedule.is_active = False
        schedule.save(update_fields=["is_active"])
        _record("schedule.paused", schedule, by)
    return schedule


@transaction.atomic
def resume_schedule(*, by: Membership, now: datetime) -> ReportSchedule | None:
    """From its next moment on."""
    schedule = _lock(by)
    if schedule is not None and not schedule.is_active:
        schedule.is_active, schedule.starts_at = True, now
        schedule.save(update_fields=["is_active", "starts_at"])
        _record("schedule.resumed", schedule, by)
    return schedule


def _lock(by: Membership) -> ReportSchedule | None:
    variant = variant_of(by)
    if variant is None:
        raise PermissionDenied(_("Only the reader of a report decides when it arrives."))
    rows = ReportSchedule.objects.select_for_update(of=("self",), no_key=True)
    return (
        rows.select_related("government")
        .filter(government_id=by.government_id, variant=variant)
        .first()
    )


def _first(by: Membership, weekday: int, hour: int, now: datetime) -> ReportSchedule:
    """The second of two presses finds the first one's row."""
    schedule, is_new = ReportSchedule.objects.select_related("government").get_or_create(
        government_id=by.government_id,
        variant=variant_of(by),
        defaults={"weekday": weekday, "hour": hour, "starts_at": now},
    )
    if is_new:
        _record("schedule.set", schedule, by)
    return schedule


def _ask_for_what_is_owed(schedule: ReportSchedule, now: datetime) -> None:
    """Due by the old schedule, and no tick has come by yet."""
    due = queries.last_moment(schedule, now)
    if schedule.is_active and due.moment >= schedule.starts_at:
        ask_for_week(schedule=schedule, period=due.period, now=now)


def _record(verb: str, schedule: ReportSchedule, by: Membership) -> None:
    codes: dict[str, str | int] = {
        "variant": str(schedule.variant),
        "weekday": int(schedule.weekday),
        "hour": schedule.hour,
    }
    ledger.record(verb, schedule, by=by, codes=codes)
