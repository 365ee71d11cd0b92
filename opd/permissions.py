"""Who may do what in the registry and with people. Pure: no queries.

Central roles read the whole government. A unit's membership reads its unit and all below, and
writes only its own unit unless `acts_below`.
"""

from opd.enums import GOVERNMENT_ROLES, Role
from opd.models import Membership, Unit


def holds_office(membership: Membership) -> bool:
    """Anybody who holds an office today, the ministry's reviewers too."""
    return True


def is_member(membership: Membership) -> bool:
    """Anybody who holds an office today, except the ministry's reviewers."""
    return membership.role != Role.TPN_REVIEWER


def sees_whole_government(membership: Membership) -> bool:
    return membership.unit_id is None or membership.role in GOVERNMENT_ROLES


def may_read_unit(membership: Membership, unit: Unit) -> bool:
    """Central roles: all units of the government; others: their own unit and those below."""
    if unit.government_id != membership.government_id:
        return False
    return sees_whole_government(membership) or membership.unit_id in unit.lineage


def may_write_unit(membership: Membership, unit: Unit) -> bool:
    """Members of the unit itself; members of a unit above only when they act for those below."""
    if unit.government_id != membership.government_id or membership.unit_id is None:
        return False
    if membership.unit_id == unit.pk:
        return True
    return membership.acts_below and membership.unit_id in unit.lineage


def can_manage_units(membership: Membership) -> bool:
    """The government's administrator and the ZI secretariat."""
    if membership.role == Role.ADMINISTRATOR:
        return membership.unit_id is None
    return membership.role == Role.ZI_SECRETARIAT


def can_manage_people(membership: Membership) -> bool:
    """Administrators: of the government for everybody, of a unit for its branch."""
    return membership.role == Role.ADMINISTRATOR


def can_see_status(membership: Membership) -> bool:
    """IT team and the government's administrator."""
    if membership.role == Role.ADMINISTRATOR:
        return membership.unit_id is None
    return membership.role == Role.IT_TEAM
