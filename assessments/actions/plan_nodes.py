"""The tree of a plan: nodes added, changed, dropped by a revision, and who owns them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.editing import write
from assessments.enums import NodeLevel
from assessments.models import Indicator, NodeName, NodeOwner, Plan, PlanNode
from assessments.plan_keeping import held_node, is_fresh, open_plan_of, open_revision_of
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.transitions import StepRefused


@dataclass(frozen=True)
class NodeTexts:
    level: NodeLevel
    code: str
    name: str


@dataclass(frozen=True)
class Owners:
    """Units that carry a node; `lead` is one of them or None."""

    units: Sequence[Unit] = ()
    lead: Unit | None = None


@transaction.atomic
def add_node(
    *,
    plan: Plan,
    parent: PlanNode | None,
    texts: NodeTexts,
    form_key: UUID,
    by: Membership,
    owners: Owners | None = None,
) -> PlanNode:
    """Add a line; a second press of the same form finds the first one's.

    In a plan in force it belongs to the open revision, or simply to the year's work below it.
    Raises StepRefused for a level that cannot stand there and a code that stands there already.
    """
    row = open_plan_of(plan, by)
    existing = PlanNode.objects.filter(form_key=form_key, plan=row).first()
    if existing:
        return existing
    _refuse_parent(row, parent)
    _refuse_level(texts.level, parent)
    _refuse_code(row, parent, texts.code)
    revision = open_revision_of(row)
    last = row.nodes.filter(parent=parent).aggregate(last=Max("position"))["last"]
    node = PlanNode.objects.create(
        government_id=row.government_id,
        plan=row,
        parent=parent,
        position=(last or 0) + 1,
        since=revision if revision and revision.number else None,
        form_key=form_key,
        is_sample=row.is_sample,
        **vars(texts),
    )
    node.lineage = [*(parent.lineage if parent else []), node.pk]
    node.save(update_fields=["lineage"])
    if owners is not None:
        _own(node, owners)
    codes: dict[str, ledger.Code] = {"plan": row.pk, "level": texts.level.value}
    ledger.record("plan_node.added", node, by=by, codes=codes)
    return node


@transaction.atomic
def edit_node(
    *,
    node: PlanNode,
    texts: NodeTexts,
    owners: Owners,
    version: int,
    by: Membership,
    now: datetime,
) -> PlanNode:
    """Write over the version that the planner saw; what it was called stays readable.

    Raises Conflict, StepRefused.
    """
    row = held_node(node, by)
    parent = row.parent
    _refuse_level(texts.level, parent)
    deepest = min((NodeLevel(each).rank for each in _levels_below(row)), default=None)
    if deepest is not None and texts.level.rank > deepest:
        raise StepRefused(_("Lines below it stand on a higher level. Change those first."))
    if texts.code != row.code:
        _refuse_code(row.plan, parent, texts.code)
    before = NodeName(
        government_id=row.government_id,
        node=row,
        code=row.code,
        name=row.name,
        changed_at=now,
        changed_by=by,
    )
    changed = write(row, vars(texts), version)
    if {"code", "name"} & set(changed) and not is_fresh(row, row.plan):
        before.save()
    moved = _own(row, owners)
    if changed or moved:
        names = sorted([*changed, *(["owners"] if moved else [])])
        ledger.record("plan_node.edited", row, by=by, codes=dict.fromkeys(names, True))
    return row


@transaction.atomic
def drop_node(*, node: PlanNode, by: Membership) -> None:
    """Remove what nothing hangs on while it is new; else the open revision drops it and all below.

    Raises StepRefused for a line in force without an open revision.
    """
    row = held_node(node, by)
    if row.until_id is not None:
        return
    revision = open_revision_of(row.plan)
    below = PlanNode.objects.at_or_below(row.pk)
    codes: dict[str, ledger.Code] = {"plan": row.plan_id, "level": row.level}
    if is_fresh(row, row.plan):
        if row.children.exists() or row.indicators.exists():
            raise StepRefused(_("Lines or indicators hang below it. Remove those first."))
        ledger.record("plan_node.removed", row, by=by, codes=codes)
        row.delete()
        return
    if revision is None:
        raise StepRefused(_("The plan is in force: open a revision to drop this line."))
    below.filter(until=None).update(until=revision)
    Indicator.objects.filter(node__in=below, until=None).update(until=revision)
    ledger.record("plan_node.dropped", row, by=by, codes={**codes, "revision": revision.number})


def _levels_below(node: PlanNode) -> list[str]:
    return list(node.children.values_list("level", flat=True))


def _refuse_parent(plan: Plan, parent: PlanNode | None) -> None:
    if parent is None:
        return
    if not plan.nodes.filter(pk=parent.pk, until=None).exists():
        raise StepRefused(_("The line above it is not part of this plan any more."))


def _refuse_level(level: NodeLevel, parent: PlanNode | None) -> None:
    if parent is None:
        return
    if level.rank < NodeLevel(parent.level).rank or level == NodeLevel.VISION:
        raise StepRefused(
            _("%(level)s cannot stand under %(above)s. Choose the same or a lower level.")
            % {"level": level.label, "above": NodeLevel(parent.level).label}
        )


def _refuse_code(plan: Plan, parent: PlanNode | None, code: str) -> None:
    if plan.nodes.filter(parent=parent, code=code, until=None).exists():
        raise StepRefused(
            _("The code %(code)s already stands in the same place. Choose another one.")
            % {"code": code}
        )


def _own(node: PlanNode, owners: Owners) -> bool:
    """Make the owners exactly these; whether anything changed."""
    wanted = {
        unit.pk: unit.pk == (owners.lead.pk if owners.lead else None) for unit in owners.units
    }
    if owners.lead is not None:
        wanted[owners.lead.pk] = True
    standing = {row.unit_id: row.is_lead for row in node.owner_rows.all()}
    if wanted == standing:
        return False
    units = [*owners.units, *([owners.lead] if owners.lead else [])]
    if any(unit.government_id != node.government_id for unit in units):
        raise StepRefused(_("Choose units of this government."))
    node.owner_rows.all().delete()
    rows = [
        NodeOwner(government_id=node.government_id, node=node, unit_id=pk, is_lead=lead)
        for pk, lead in wanted.items()
    ]
    NodeOwner.objects.bulk_create(rows)
    return True
