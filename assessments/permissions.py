"""Who may do what in assessments. Pure: no queries."""

from opd.enums import GOVERNMENT_ROLES, UNIT_ROLES, Role
from opd.models import Membership, Unit
from opd.permissions import may_read_unit, may_write_unit

PLAN_READERS = GOVERNMENT_ROLES | UNIT_ROLES
PLAN_WRITERS = frozenset({Role.OPD_OPERATOR, Role.OPD_HEAD})


def reads_plans(membership: Membership) -> bool:
    """Central roles and everybody of a unit; administrators have no part in it."""
    return membership.role in PLAN_READERS


def writes_plans(membership: Membership) -> bool:
    """Operators and heads of units: for some unit; which one is asked of `can_write_plan`."""
    return membership.role in PLAN_WRITERS


def decides_reports(membership: Membership) -> bool:
    """Heads of units, and whoever stands in for one."""
    return membership.role == Role.OPD_HEAD


def can_read_plan(membership: Membership, unit: Unit) -> bool:
    """Central roles: all units; units: their branch; a TPN reviewer: his one unit."""
    if not reads_plans(membership) or not may_read_unit(membership, unit):
        return False
    return membership.role != Role.TPN_REVIEWER or membership.unit_id == unit.pk


def can_write_plan(membership: Membership, unit: Unit) -> bool:
    """Operator and head of the unit itself, or of a unit above that acts for those below."""
    return writes_plans(membership) and may_write_unit(membership, unit)


def can_decide(membership: Membership, unit: Unit) -> bool:
    """The head of the unit, or a head above who acts for the units below."""
    return decides_reports(membership) and may_write_unit(membership, unit)


def is_another_person(membership: Membership, submitted_by: Membership) -> bool:
    """Four eyes: not whoever submitted, in whatever office he did it."""
    return membership.user_id != submitted_by.user_id
