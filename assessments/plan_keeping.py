"""Rows of a plan under a lock, for somebody who may write them: how verbs of the RPJMD begin."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.enums import PlanState
from assessments.models import Indicator, Plan, PlanNode, PlanRevision
from assessments.permissions import keeps_rpjmd
from assessments.target_rules import Edition, TargetRules
from opd.models import Membership
from opd.transitions import StepRefused


def held_plan(plan: Plan, by: Membership) -> Plan:
    """Locked for a planner of its government; every verb on its tree takes this lock first."""
    if not keeps_rpjmd(by):
        raise PermissionDenied(_("Only planners keep the plan."))
    rows = Plan.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("government").get(pk=plan.pk, government_id=by.government_id)


def open_plan_of(plan: Plan, by: Membership) -> Plan:
    """The same, for a plan that is not closed."""
    row = held_plan(plan, by)
    if row.state == PlanState.CLOSED:
        raise StepRefused(_("This plan is closed. Open it again before you change it."))
    return row


def held_node(node: PlanNode, by: Membership) -> PlanNode:
    plan = open_plan_of(node.plan, by)
    row = PlanNode.objects.select_for_update(of=("self",), no_key=True).get(pk=node.pk)
    row.plan = plan
    return row


def held_indicator(indicator: Indicator, by: Membership) -> Indicator:
    node = held_node(indicator.node, by)
    rows = Indicator.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("unit").get(pk=indicator.pk)
    row.node = node
    return row


def open_revision_of(plan: Plan) -> PlanRevision | None:
    """The one that is being written: the plan itself while it is a draft."""
    return plan.revisions.filter(adopted_on=None).first()


def is_fresh(row: PlanNode | Indicator, plan: Plan) -> bool:
    """Written into a draft, or added by the revision that is being written: nobody relies on it."""
    if plan.state == PlanState.DRAFT:
        return True
    revision = open_revision_of(plan)
    return revision is not None and row.since_id == revision.pk


def rules_of(plan: Plan) -> TargetRules:
    """What may be written into its targets."""
    rows = plan.revisions.order_by("-number")
    return TargetRules(
        plan.all_years,
        tuple(Edition(row.number, row.from_year, row.adopted_on is None) for row in rows),
    )
