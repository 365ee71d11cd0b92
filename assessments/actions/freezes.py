"""Freeze a period of a work plan."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments import locking, monev
from assessments.enums import PeriodState
from assessments.models import PlanFreeze, WorkPlan
from assessments.monev_periods import calendar
from assessments.permissions import can_freeze
from assessments.queries.monev import freeze_of_now
from integrity_portal.core import ledger
from integrity_portal.core.formatting import date_id
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def freeze_plan(
    *, plan: WorkPlan, period: str, by: Membership, now: datetime, today: date
) -> PlanFreeze:
    """Keep the plan as it stands now under the name of a period; once, for ever.

    The head alone freezes: every percent in it is one that he has confirmed, so a second round of
    sending and confirming would decide nothing. A second press finds the first one's.
    """
    locked = locking.writable_plan(plan, by)
    if not can_freeze(by, locked.zone.unit):
        raise PermissionDenied(_("Only the head of the unit freezes a period of its plan."))
    existing = locked.freezes.filter(period=period).first()
    if existing:
        return existing
    _refuse_early(locked, period, today)
    # Whoever confirms or edits waits here: all activities are of one instant.
    list(locked.activities.select_for_update(of=("self",), no_key=True).order_by("pk"))
    snapshot = freeze_of_now(locked, today).to_json()
    row = PlanFreeze.objects.create(
        government_id=locked.government_id,
        plan=locked,
        period=period,
        taken_at=now,
        taken_on=today,
        by=by,
        snapshot=snapshot,
        sha256=monev.fingerprint(snapshot),
        is_sample=locked.is_sample,
    )
    codes: dict[str, ledger.Code] = {
        "plan": locked.pk,
        "period": period,
        "late": _is_late(locked, period, today),
        "sha256": row.sha256,
    }
    ledger.record("plan.frozen", row, by=by, codes=codes)
    return row


def _refuse_early(plan: WorkPlan, period: str, today: date) -> None:
    days = calendar()
    wanted = days.period(period)
    if days.may_freeze(wanted, plan.year, today=today):
        return
    opens_on = date_id(days.opens_on(wanted, plan.year))
    raise StepRefused(
        _("%(period)s of %(year)s can be frozen from %(day)s on.")
        % {"period": period, "year": plan.year_text, "day": opens_on}
    )


def _is_late(plan: WorkPlan, period: str, today: date) -> bool:
    days = calendar()
    state = days.state(days.period(period), plan.year, today=today, taken_on=today)
    return state == PeriodState.FROZEN_LATE
