"""Who may answer for whom on a work-sheet: the unit's writers, tiers of the TPI, the ministry's."""

from datetime import date

from django.db.models import Exists, OuterRef

from assessments.enums import OPEN_MARKS, Assessor, WorksheetState
from assessments.models import Worksheet, WorksheetItem
from assessments.papers import is_inspector
from assessments.permissions import can_write_plan, may_assess, records_tpn_scores
from assessments.review_tiers import Tier, tiers
from opd.enums import Role, UnitKind
from opd.models import Membership, TpiAssignment, TpiMember
from opd.queries.people import own_units, share_a_branch


def tiers_of(membership: Membership, sheet: Worksheet, today: date) -> list[Tier]:
    """The tiers that this person holds for this unit: none in his own branch. Two queries."""
    if not may_assess(membership) or membership.government_id != sheet.government_id:
        return []
    assigned = TpiAssignment.objects.filter(
        membership__user_id=membership.user_id,
        government_id=sheet.government_id,
        unit=sheet.zone.unit_id,
        year=sheet.year,
    )
    held = TpiMember.objects.filter(
        membership__user_id=membership.user_id,
        government_id=sheet.government_id,
        team__year=sheet.year,
    ).values_list("function", Exists(assigned))
    functions = dict(held)
    is_head = membership.role == Role.INSPECTORATE and is_inspector(membership.title)
    found = [
        tier
        for tier in tiers()
        if any(not tier.is_assigned or functions[name] for name in tier.functions & set(functions))
        or (tier.is_inspector and is_head)
    ]
    if not found or _is_his_own(membership, sheet, today):
        return []
    return found


def _is_his_own(membership: Membership, sheet: Worksheet, today: date) -> bool:
    unit = sheet.zone.unit
    if membership.role == Role.INSPECTORATE and unit.kind == UnitKind.INSPEKTORAT:
        return True
    return share_a_branch(unit, own_units(membership.user_id, today=today))


def holders(sheet: Worksheet) -> set[str]:
    """The tiers that somebody holds for this unit; the others are passed over. One query."""
    assigned = TpiAssignment.objects.filter(
        membership__user=OuterRef("membership__user"),
        government_id=sheet.government_id,
        unit=sheet.zone.unit_id,
        year=sheet.year,
    )
    in_team = set(
        TpiMember.objects.filter(
            government_id=sheet.government_id, team__year=sheet.year
        ).values_list("function", Exists(assigned))
    )
    return {
        tier.code
        for tier in tiers()
        if tier.is_inspector
        or any(
            name in tier.functions and (is_assigned or not tier.is_assigned)
            for name, is_assigned in in_team
        )
    }


def writes_for_unit(membership: Membership, sheet: Worksheet) -> bool:
    """Operator and head of the unit while its zone is open."""
    return sheet.zone.closed_on is None and can_write_plan(membership, sheet.zone.unit)


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
