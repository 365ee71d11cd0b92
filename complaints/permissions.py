"""Who may do what with complaints. Pure: no queries.

Coordinator: everything before a unit has it. Liaison officer and head: what was passed on to their
unit (or below, when they act for those below). Inspectorate, regional head and Sekda read. Who
reported is seen only by liaison officer and head of the handling unit, with a recorded reason.
"""

from complaints.enums import AT_UNIT, ENDED, ComplaintState, Disclosure
from complaints.models import Complaint
from complaints.workflow import COMPLAINT, UNIT
from integrity_portal.core.workflow import Transition
from opd.enums import Role
from opd.models import Membership
from opd.permissions import may_write_unit

READERS = frozenset({Role.COMPLAINT_COORDINATOR, *UNIT, Role.INSPECTORATE, Role.MAYOR, Role.SEKDA})


def can_read_complaints(membership: Membership) -> bool:
    """Coordinator, liaison officers, heads of units, inspectorate, regional head, Sekda."""
    return membership.role in READERS


def can_file_for_citizen(membership: Membership) -> bool:
    """Whoever meets citizens and answers for complaints: coordinator, liaison officer, head."""
    return membership.role == Role.COMPLAINT_COORDINATOR or membership.role in UNIT


def may_handle(membership: Membership, complaint: Complaint) -> bool:
    """Liaison officer or head of the unit that has it."""
    unit = complaint.unit
    return membership.role in UNIT and unit is not None and may_write_unit(membership, unit)


def may_take_step(membership: Membership, complaint: Complaint) -> bool:
    """The coordinator in the whole government, others where they handle."""
    if membership.government_id != complaint.government_id:
        return False
    return membership.role == Role.COMPLAINT_COORDINATOR or may_handle(membership, complaint)


def open_steps(membership: Membership, complaint: Complaint) -> list[Transition]:
    """The steps this person may take now."""
    if not may_take_step(membership, complaint):
        return []
    return COMPLAINT.open_to(state=complaint.state, role=membership.role)


def may_write_note(membership: Membership, complaint: Complaint) -> bool:
    """Whoever may take a step, as long as the complaint is not at its end."""
    return complaint.state not in ENDED and may_take_step(membership, complaint)


def may_write_to_citizen(membership: Membership, complaint: Complaint) -> bool:
    """The handling unit while it works on it."""
    return complaint.state in AT_UNIT and may_handle(membership, complaint)


def may_open_identity(membership: Membership, complaint: Complaint) -> bool:
    """The handling unit, and only where the citizen chose to be known to it."""
    return complaint.disclosure == Disclosure.KNOWN and may_handle(membership, complaint)


def citizen_may_write(complaint: Complaint) -> bool:
    """Until it is answered; after that "not settled yet" is the way to write."""
    return complaint.state not in ENDED and complaint.state != ComplaintState.ANSWERED


CHANNEL_KEEPERS = frozenset({Role.IT_TEAM, Role.ADMINISTRATOR})


def can_keep_channels(membership: Membership) -> bool:
    """IT team and administrators: they put in secrets and read the webhook's address."""
    return membership.role in CHANNEL_KEEPERS


def can_read_channels(membership: Membership) -> bool:
    """Whoever keeps them, and the coordinator, whose reports come through them."""
    return can_keep_channels(membership) or membership.role == Role.COMPLAINT_COORDINATOR
