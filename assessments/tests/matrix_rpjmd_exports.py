"""The doors of what leaves the portal about a plan: every member reads."""

from typing import Any

from assessments.enums import IndicatorKind
from assessments.models import Plan
from assessments.tests.factories_rpjmd import plan_in_force
from opd.tests.doors import MEMBERS, Door
from opd.tests.fixtures import Cast


def plan(cast: Cast) -> dict[str, Any]:
    """One plan of a government, with a key indicator."""
    rows = Plan.objects.filter(
        government=cast.home, nodes__indicators__kind=IndicatorKind.PERFORMANCE
    )
    return {"pk": (rows.first() or plan_in_force(cast)).pk}


def door(name: str, *, method: str = "get", is_page: bool = True) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=MEMBERS,
        kwargs=plan,
        method=method,
        is_page=is_page,
        # E.81 asks for a unit that was not chosen.
        answer=frozenset({200, 302, 422}),
    )


MATRIX = [
    door("rpjmd_exports"),
    door("rpjmd_e81", is_page=False),
    door("rpjmd_e60", is_page=False),
    door("rpjmd_e58", is_page=False),
    door("rpjmd_lkpj"),
    door("rpjmd_lkpj_xlsx", is_page=False),
    door("rpjmd_lkpj_pdf", method="post", is_page=False),
]
