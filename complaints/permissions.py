"""Who may do what with complaints. Pure: no queries.

Coordinator: everything before a unit has it. Liaison officer and head: what was passed on to their
unit (or below, when they act for those below). Inspectorate, regional head and Sekda read. Who
reported is seen only by liaison officer and head of the handling unit, with a recorded reason.
"""

from complaints.enums import AT_COORDINATOR, AT_UNIT, ENDED, OPEN, ComplaintState, Disclosure
from complaints.models import AnswerTemplate, Complaint
from complaints.workflow import COMPLAINT, UNIT
from integrity_portal.core.workflow import Transition
from opd.enums import Role
from opd.models import Membership, Unit
from opd.permissions import may_read_unit, may_write_unit

READERS = frozenset({Role.COMPLAINT_COORDINATOR, *UNIT, Role.INSPECTORATE, Role.MAYOR, Role.SEKDA})


def can_read_complaints(membership: Membership) -> bool:
    """Coordinator, liaison officers, heads of units, inspectorate, regional head, Sekda."""
    return membership.role in READERS


def can_file_for_citizen(membership: Membership) -> bool:
    """Whoever meets citizens: coordinator, liaison officer, head; an operator for his own unit."""
    return membership.role in UNIT | {Role.COMPLAINT_COORDINATOR, Role.OPD_OPERATOR}


def files_for_own_unit_only(membership: Membership) -> bool:
    """The operator of a unit: about that unit and those below it."""
    return membership.role == Role.OPD_OPERATOR


def may_file_about(membership: Membership, unit: Unit | None) -> bool:
    """Everybody who files about any unit; an operator about his own branch alone."""
    if not files_for_own_unit_only(membership):
        return can_file_for_citizen(membership)
    return unit is not None and may_read_unit(membership, unit)


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


def may_title(membership: Membership, complaint: Complaint) -> bool:
    """Whoever may take a step, as long as there is a text."""
    return complaint.erased_at is None and may_take_step(membership, complaint)


def may_write_to_citizen(membership: Membership, complaint: Complaint) -> bool:
    """The handling unit while it works on it."""
    return complaint.state in AT_UNIT and may_handle(membership, complaint)


# Who reads what could tell who an anonymous reporter is: neither is of the unit complained of.
TRACE_READERS = frozenset({Role.COMPLAINT_COORDINATOR, Role.INSPECTORATE})


def sees_traces(membership: Membership, complaint: Complaint) -> bool:
    """Who typed it, where the phone stood, contacts: of somebody anonymous nothing for units."""
    return complaint.disclosure == Disclosure.KNOWN or membership.role in TRACE_READERS


def sees_hidden_files(membership: Membership) -> bool:
    """Coordinator and inspectorate."""
    return membership.role in TRACE_READERS


def may_hide_files(membership: Membership, complaint: Complaint) -> bool:
    """Whoever may take a step: the coordinator, and who handles it."""
    return may_take_step(membership, complaint)


def may_see_stories_in_bulk(membership: Membership) -> bool:
    """In a file that leaves the portal: coordinator and inspectorate."""
    return membership.role in TRACE_READERS


def may_set_class(membership: Membership, complaint: Complaint) -> bool:
    """The coordinator, while nobody has answered and the clock runs."""
    return _coordinates(membership, complaint) and complaint.state in AT_COORDINATOR | AT_UNIT


def may_release(membership: Membership, complaint: Complaint) -> bool:
    """The coordinator, out of quarantine."""
    return _coordinates(membership, complaint) and complaint.is_quarantined


def _coordinates(membership: Membership, complaint: Complaint) -> bool:
    return (
        membership.role == Role.COMPLAINT_COORDINATOR
        and membership.government_id == complaint.government_id
    )


def works_in_bulk(membership: Membership) -> bool:
    """Whoever takes steps: coordinator, liaison officer, head."""
    return can_file_for_citizen(membership)


def keeps_templates(membership: Membership) -> bool:
    """The coordinator for the whole government, liaison officer and head for their unit."""
    return can_file_for_citizen(membership)


def may_keep_template(membership: Membership, template: AnswerTemplate) -> bool:
    """Those of the whole government: the coordinator; those of a unit: its people."""
    if membership.government_id != template.government_id:
        return False
    if template.unit is None:
        return membership.role == Role.COMPLAINT_COORDINATOR
    return membership.role in UNIT and may_write_unit(membership, template.unit)


def is_far_from_accused(complaint: Complaint, unit: Unit) -> bool:
    """The unit is neither the accused one nor above nor below it."""
    accused = complaint.named_unit
    if not complaint.accuses_officer or accused is None:
        return True
    return unit.pk not in accused.lineage and accused.pk not in unit.lineage


def may_be_answered_with(complaint: Complaint, main: Complaint) -> bool:
    """What accuses an officer never comes to a unit by way of another report."""
    if not complaint.accuses_officer:
        return True
    return main.accuses_officer and main.named_unit_id == complaint.named_unit_id


def may_say_contentment(complaint: Complaint) -> bool:
    """Once there is an answer: of its own, or of the report that it was joined with."""
    main = complaint.merged_into or complaint
    return main.state in (ComplaintState.ANSWERED, ComplaintState.CLOSED)


def may_open_identity(membership: Membership, complaint: Complaint) -> bool:
    """The handling unit, and only where the citizen chose to be known to it."""
    return complaint.disclosure == Disclosure.KNOWN and may_handle(membership, complaint)


def citizen_may_write(complaint: Complaint) -> bool:
    """Until it is answered; after that "not settled yet" is the way to write.

    Whose report was joined with another may write as long as that one is open.
    """
    if complaint.state == ComplaintState.MERGED and complaint.merged_into:
        return complaint.merged_into.state in OPEN
    return complaint.state not in ENDED and complaint.state != ComplaintState.ANSWERED


def may_link_cases(membership: Membership, complaint: Complaint) -> bool:
    """Numbers in other systems: the coordinator, and liaison officer or head where they handle."""
    return may_take_step(membership, complaint)


def keeps_other_systems(membership: Membership) -> bool:
    """Exports of SP4N-LAPOR! and what differs between both: the coordinator."""
    return membership.role == Role.COMPLAINT_COORDINATOR


def reads_monthly_report(membership: Membership) -> bool:
    """Who answers for the complaints of the whole government: coordinator, inspectorate, regional
    head, Sekda."""
    return membership.role in READERS - UNIT


CHANNEL_KEEPERS = frozenset({Role.IT_TEAM, Role.ADMINISTRATOR})


def can_keep_channels(membership: Membership) -> bool:
    """IT team and administrators: they put in secrets and read the webhook's address."""
    return membership.role in CHANNEL_KEEPERS


def can_read_channels(membership: Membership) -> bool:
    """Whoever keeps them, and the coordinator, whose reports come through them."""
    return can_keep_channels(membership) or membership.role == Role.COMPLAINT_COORDINATOR
