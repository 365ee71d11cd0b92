"""Who may answer for whom on a work-sheet: the unit's writers, the TPI, the ministry's."""

from datetime import date

from assessments.enums import OPEN_MARKS, Assessor, WorksheetState
from assessments.models import Worksheet, WorksheetItem
from assessments.permissions import can_write_plan, records_tpn_scores
from opd.enums import Role
from opd.models import Membership


def writes_for_unit(membership: Membership, sheet: Worksheet) -> bool:
    """Operator and head of the unit while its zone is open and the sheet is the current one."""
    is_open = sheet.zone.closed_on is None and sheet.state != WorksheetState.REPLACED
    return is_open and can_write_plan(membership, sheet.zone.unit)


def unit_may_write(sheet: Worksheet, item: WorksheetItem) -> bool:
    """All questions of a draft; afterwards only what was returned or unlocked."""
    return sheet.state == WorksheetState.DRAFT or item.mark in OPEN_MARKS


def side_of(membership: Membership, sheet: Worksheet, today: date) -> Assessor:
    """Whose side this person is on when he writes a message."""
    if membership.role == Role.TPN_REVIEWER:
        return Assessor.TPN
    if can_write_plan(membership, sheet.zone.unit):
        return Assessor.UNIT
    return Assessor.TPI


def tpn_may_write(membership: Membership, sheet: Worksheet) -> bool:
    """The invited reviewer of this one unit, once the TPI has approved the sheet."""
    return (
        membership.role == Role.TPN_REVIEWER
        and membership.unit_id == sheet.zone.unit_id
        and sheet.state == WorksheetState.APPROVED
    )


def records_for_tpn(membership: Membership, sheet: Worksheet) -> bool:
    """The inspectorate, from the ministry's letter, once the TPI has approved the sheet."""
    return (
        records_tpn_scores(membership)
        and membership.government_id == sheet.government_id
        and sheet.state == WorksheetState.APPROVED
    )
