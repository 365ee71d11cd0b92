"""The doors of the pages that read a plan."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import MEMBERS, Door
from opd.tests.fixtures import Cast


def plan(cast: Cast) -> dict[str, Any]:
    from assessments.tests.factories_rpjmd import plan_in_force

    return {"pk": plan_in_force(cast).pk}


def indicator(cast: Cast) -> dict[str, Any]:
    from assessments.tests.factories_rpjmd import indicator_of, plan_in_force

    return {"pk": indicator_of(plan_in_force(cast), "Indeks contoh").pk}


def node(cast: Cast) -> dict[str, Any]:
    from assessments.tests.factories_rpjmd import indicator_of, plan_in_force

    row = plan_in_force(cast)
    return {"pk": row.pk, "node": indicator_of(row, "Indeks contoh").node_id}


MATRIX = [
    Door("assessments:rpjmd", allowed=MEMBERS),
    Door("assessments:rpjmd_plan", allowed=MEMBERS, kwargs=plan),
    Door("assessments:rpjmd_node", allowed=MEMBERS, kwargs=node),
    Door("assessments:rpjmd_compare", allowed=MEMBERS, kwargs=plan),
    Door("assessments:rpjmd_gaps", allowed={Role.PLANNER}, kwargs=plan),
    Door("assessments:indicator", allowed=MEMBERS, kwargs=indicator),
]
