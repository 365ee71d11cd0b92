"""Late steps are told upwards, each level once: head of the unit, Sekda, regional head."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from complaints import deadlines, sla
from complaints.enums import AT_COORDINATOR, OPEN, Escalated
from complaints.models import Complaint
from complaints.queries.clock import local_day
from complaints.queries.escalation import keeps_away
from complaints.stepping import KIND, locked
from integrity_portal.core import ledger
from opd.actions.inbox import notify
from opd.enums import Role
from opd.models import Government
from opd.queries.calendar import days_off
from opd.reminders import Due, Owner

SENTENCE = "complaint.late"
BATCH = 200


def escalate_due(now: datetime) -> None:
    """What is late by so many working days. Called by the portal's tick; idempotent."""
    for government in Government.objects.filter(complaints__state__in=OPEN).distinct():
        today = local_day(government, now)
        rows = Complaint.objects.of(government.pk).filter(_is_due(government, today))
        for complaint in rows.order_by("due_on", "pk")[:BATCH]:
            escalate(complaint=complaint, today=today, now=now)


@transaction.atomic
def escalate(*, complaint: Complaint, today: date, now: datetime) -> Complaint:
    """Tell whoever belongs to a level that has been reached and was not told yet."""
    row = locked(complaint)
    reached = _reached(row, today)
    for level in range(row.escalation + 1, reached + 1):
        owner = _told(row, level)
        due_on = row.due_on
        if owner is None or due_on is None:
            continue
        notify(
            government=row.government,
            owner=owner,
            key=f"{KIND}:{row.pk}:{due_on:%Y%m%d}:level{level}",
            link=(KIND, str(row.pk)),
            sentence=SENTENCE,
            now=now,
            due=Due(str(row.pk), due_on, (owner,), is_sample=row.is_sample),
        )
    if reached > row.escalation:
        ledger.record(
            "complaint.escalated",
            row,
            by=None,
            government_id=row.government_id,
            codes={"from": row.escalation, "to": reached},
        )
        row.escalation = reached
        row.save(update_fields=["escalation"])
    return row


def _is_due(government: Government, today: date) -> Q:
    """Late enough for a level that was not told yet."""
    off = _days_off(government, today)
    due = Q(far_late_after__lt=today, due_on__lt=today, escalation__lt=Escalated.MAYOR)
    for step in sla.current().escalation:
        since = deadlines.late_since(today, step.late_days, off)
        due |= Q(due_on__lte=since, escalation__lt=step.level)
    return due


def _reached(row: Complaint, today: date) -> int:
    if row.due_on is None or row.due_on >= today:
        return 0
    if row.is_far_late_on(today):
        return Escalated.MAYOR
    off = _days_off(row.government, today)
    late = deadlines.days_late(row.due_on, today, off)
    return max((s.level for s in sla.current().escalation if late >= s.late_days), default=0)


def _days_off(government: Government, today: date) -> frozenset[date]:
    return days_off(government.pk, since=today - timedelta(days=1000), until=today)


def _told(row: Complaint, level: int) -> Owner | None:
    """None where that office sits in the branch complained of: the next level is told then."""
    if level == Escalated.MAYOR:
        return Owner(role=Role.MAYOR)
    if level == Escalated.SEKDA:
        return None if keeps_away(row, Role.SEKDA) else Owner(role=Role.SEKDA)
    if row.accuses_officer:
        return None if keeps_away(row, Role.INSPECTORATE) else Owner(role=Role.INSPECTORATE)
    if row.state in AT_COORDINATOR:
        return Owner(role=Role.COMPLAINT_COORDINATOR)
    return Owner(role=Role.OPD_HEAD, unit_id=row.unit_id)
