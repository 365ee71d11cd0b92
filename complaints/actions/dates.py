"""A day off that is declared later moves the dates of open complaints; never forward."""

import hashlib
from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from complaints import deadlines, sla
from complaints.deadlines import Happened
from complaints.enums import OPEN, ComplaintState
from complaints.models import Complaint, ComplaintCounter, ComplaintStep
from complaints.queries.clock import days_off_from
from complaints.stepping import locked
from integrity_portal.core import ledger
from opd.models import Government, Holiday

TURNS = ("verify", "give_back", "recall", "reopen", "pause", "resume")


def recount_due(now: datetime) -> None:
    """Governments whose days off changed. Called by the portal's tick; idempotent."""
    own: dict[int, list[str]] = defaultdict(list)
    rows = Holiday.objects.order_by("day").values_list("government_id", "day")
    for government_id, day in rows:
        own[government_id].append(day.isoformat())
    for counter in ComplaintCounter.objects.select_related("government").order_by("pk"):
        days = ",".join(own[counter.pk])
        mark = hashlib.sha256(days.encode()).hexdigest()
        if mark != counter.days_off_mark:
            with transaction.atomic():
                recount_dates(government=counter.government, now=now)
                ComplaintCounter.objects.filter(pk=counter.pk).update(days_off_mark=mark)


@transaction.atomic
def recount_dates(*, government: Government, now: datetime) -> int:
    """Count the dates of open and answered complaints anew; how many complaints moved.

    A date only moves to a later day: what was promised to a citizen may come sooner, and nobody
    becomes late who was not.
    """
    rows = Complaint.objects.of(government.pk).filter(state__in=[*OPEN, ComplaintState.ANSWERED])
    moved = 0
    for complaint in rows.order_by("pk").only("pk"):
        moved += _recount(locked(complaint))
    return moved


def _recount(row: Complaint) -> bool:
    off = days_off_from(row.government, row.filed_on)
    steps = _steps_of(row)
    fresh = deadlines.replay(sla.current(), row.sla_class, row.filed_on, steps, off)
    dates: dict[str, date | None] = {
        "verify_by": fresh.verify_by,
        "answer_by": fresh.answer_by,
        "far_late_after": fresh.far_late_after,
        "respond_by": fresh.respond_by if row.respond_by else None,
    }
    if row.answered_on:
        dates["close_on"] = deadlines.close_on(sla.current(), row.answered_on, off)
    later = {
        name: day
        for name, day in dates.items()
        if day and (getattr(row, name) is None or day > getattr(row, name))
    }
    if not later:
        return False
    for name, day in later.items():
        setattr(row, name, day)
    row.save(update_fields=list(later))
    ledger.record(
        "complaint.dates_moved",
        row,
        by=None,
        government_id=row.government_id,
        codes={name: day.isoformat() for name, day in later.items()},
    )
    return True


def _steps_of(row: Complaint) -> list[Happened]:
    zone = ZoneInfo(row.government.time_zone)
    steps = ComplaintStep.objects.filter(subject=row, name__in=TURNS).order_by("pk")
    found = steps.values_list("name", "happened_at")
    return [Happened(name, at.astimezone(zone).date()) for name, at in found]
