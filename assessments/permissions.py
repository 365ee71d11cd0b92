"""Who may do what with declarations, decrees and zones. Pure: no queries.

The ZI secretariat manages; everybody with an office reads, units what concerns the whole
government and zones of their own branch, TPN reviewers only the acts of their unit's branch.
"""

from assessments.models import IntegrityZone, Signatory
from opd.enums import Role
from opd.models import Membership
from opd.permissions import is_member, may_write_unit


def can_read_acts(membership: Membership) -> bool:
    """Everybody with an office; which acts, the queries narrow."""
    return membership.role in Role.values


def can_see_coverage(membership: Membership) -> bool:
    """All members of the government, not the ministry's reviewers."""
    return is_member(membership)


def can_manage_acts(membership: Membership) -> bool:
    """The ZI secretariat: declarations, signatures on paper, decrees, earlier predicates."""
    return membership.role == Role.ZI_SECRETARIAT


def may_sign(membership: Membership, signatory: Signatory) -> bool:
    """Only the very office that stands in the list."""
    return signatory.membership_id is not None and signatory.membership_id == membership.pk


def can_start_building(membership: Membership) -> bool:
    """The ZI secretariat and heads of units; for which zone, `may_start_building` says."""
    return membership.role in (Role.ZI_SECRETARIAT, Role.OPD_HEAD)


def may_start_building(membership: Membership, zone: IntegrityZone) -> bool:
    """The ZI secretariat for every unit, a head for his own (or those he acts for)."""
    if membership.role == Role.ZI_SECRETARIAT:
        return True
    return may_write_unit(membership, zone.unit)
