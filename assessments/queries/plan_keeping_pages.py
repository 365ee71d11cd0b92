"""What planners choose from while they keep a plan."""

from collections.abc import Iterable

from assessments.models import Indicator, Plan, PlanDocument, PlanNode, PlanRevision, Target
from assessments.queries.performance import known
from assessments.series import Period
from opd.models import Duty, Membership, Unit


def plan_of(membership: Membership, pk: int) -> Plan | None:
    """Any plan of the government, drafts too: for planners."""
    return Plan.objects.visible_to(membership).filter(pk=pk).first()


def node_of(membership: Membership, pk: int) -> PlanNode | None:
    rows = PlanNode.objects.visible_to(membership).select_related("plan", "parent")
    return rows.prefetch_related("owner_rows__unit").filter(pk=pk).first()


def indicator_to_keep(membership: Membership, pk: int) -> Indicator | None:
    rows = Indicator.objects.visible_to(membership)
    return rows.select_related("node__plan", "unit", "duty").filter(pk=pk).first()


def revision_of(membership: Membership, pk: int) -> PlanRevision | None:
    rows = PlanRevision.objects.filter(government_id=membership.government_id)
    return rows.select_related("plan").filter(pk=pk).first()


def paper_of(membership: Membership, pk: int) -> PlanDocument | None:
    rows = PlanDocument.objects.visible_to(membership)
    return rows.select_related("plan", "unit", "stored").filter(pk=pk).first()


def papers_of(plan: Plan) -> list[PlanDocument]:
    rows = plan.documents.select_related("unit", "stored").prefetch_related("indicators")
    return list(rows.order_by("kind", "year", "unit__name", "pk"))


def units_to_choose(membership: Membership, also: Iterable[int | None] = ()) -> list[Unit]:
    """Units that exist today, and those that stand there already though they are closed."""
    rows = Unit.objects.filter(government_id=membership.government_id)
    keep = {pk for pk in also if pk is not None}
    return [unit for unit in rows.order_by("name") if unit.active_to is None or unit.pk in keep]


def duties_to_choose(membership: Membership, unit_id: int | None) -> list[Duty]:
    if unit_id is None:
        return []
    rows = Duty.objects.filter(government_id=membership.government_id, unit_id=unit_id)
    return list(rows.select_related("unit").order_by("position"))


def indicators_to_support(node: PlanNode, but: Indicator | None = None) -> list[Indicator]:
    """Of the same plan, those that stand at the nodes above first."""
    rows = Indicator.objects.filter(node__plan=node.plan).of_performance().standing()
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    above = set(node.lineage)
    found = rows.select_related("node").order_by("node__code", "position", "pk")
    return sorted(found, key=lambda row: row.node_id not in above)


def indicators_of_plan(plan: Plan) -> list[Indicator]:
    rows = Indicator.objects.filter(node__plan=plan).of_performance().standing()
    return list(rows.select_related("unit").order_by("unit__name", "node__code", "position", "pk"))


def targets_to_write(indicator: Indicator) -> dict[Period, Target]:
    """What counts or shall count once the open revision is adopted."""
    (one,) = known([indicator], with_open=True)
    return one.targets
