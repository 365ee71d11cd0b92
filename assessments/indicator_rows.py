"""Rows of a plan as they begin, not saved yet: the same from a form and from a table of many."""

from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from assessments.enums import Consolidation, IndicatorKind
from assessments.models import Indicator, PlanNode, PlanRevision, Target
from assessments.target_rules import Wanted


def fresh_indicator(
    node: PlanNode,
    columns: dict[str, Any],
    revision: PlanRevision | None,
    position: int,
    form_key: UUID,
) -> Indicator:
    """`revision`: the open one; it has added what the plan as enacted did not have."""
    return Indicator(
        government_id=node.government_id,
        node=node,
        position=position,
        since=revision if revision and revision.number else None,
        form_key=form_key,
        is_sample=node.is_sample,
        **columns,
    )


def fresh_budget(node: PlanNode, unit_id: int | None) -> Indicator:
    """The money of a unit at a node."""
    return Indicator(
        government_id=node.government_id,
        node=node,
        kind=IndicatorKind.BUDGET,
        name=_("Budget"),
        unit_of_measure="Rp",
        consolidation=Consolidation.SUM,
        unit_id=unit_id,
        form_key=uuid4(),
        is_sample=node.is_sample,
    )


def fresh_target(
    indicator: Indicator, revision: PlanRevision, year: int, quarter: int, wanted: Wanted
) -> Target:
    return Target(
        government_id=indicator.government_id,
        indicator=indicator,
        revision=revision,
        year=year,
        quarter=quarter,
        is_sample=indicator.is_sample,
        **wanted._asdict(),
    )
