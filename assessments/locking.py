"""Rows under a lock, for somebody who may write them: how every verb of a work plan begins."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.models import Activity, IntegrityZone, WorkPlan
from assessments.permissions import can_write_plan
from opd.models import Membership
from opd.transitions import StepRefused


def writable_zone(zone: IntegrityZone, by: Membership) -> IntegrityZone:
    locked = (
        IntegrityZone.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .get(pk=zone.pk)
    )
    _require(locked, by)
    return locked


def writable_plan(plan: WorkPlan, by: Membership) -> WorkPlan:
    locked = (
        WorkPlan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__unit")
        .get(pk=plan.pk)
    )
    _require(locked.zone, by)
    return locked


def writable_activity(activity: Activity, by: Membership) -> Activity:
    locked = (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__zone__unit")
        .get(pk=activity.pk)
    )
    _require(locked.plan.zone, by)
    return locked


def _require(zone: IntegrityZone, by: Membership) -> None:
    """The right person, and a zone that is still open."""
    if not can_write_plan(by, zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write its work plan."))
    if zone.closed_on is not None:
        raise StepRefused(_("The integrity zone of this unit is closed; its plans can be read."))
