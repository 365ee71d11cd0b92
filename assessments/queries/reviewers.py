"""Who may answer for whom on a work-sheet: the unit's writers, tiers of the TPI, the ministry's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.enums import OPEN_MARKS, Assessor, WorksheetState
from assessments.models import Worksheet, WorksheetItem
from assessments.papers import is_inspector
from assessments.permissions import can_write_plan, may_assess, records_tpn_scores
from assessments.review_tiers import Tier, tiers
from opd.enums import Role, UnitKind
from opd.models import Membership, TpiAssignment, TpiMember, Unit
from opd.queries.people import own_units, share_a_branch


def tiers_of(membership: Membership, sheet: Worksheet, today: date) -> list[Tier]:
    """The tiers that this person holds for this unit: none in his own branch."""
    return tiers_by_sheet(membership, [sheet], today)[sheet.pk]


def tiers_by_sheet(
    membership: Membership, sheets: Iterable[Worksheet], today: date
) -> dict[int, list[Tier]]:
    """The same for many sheets, in three queries at most."""
    rows = [sheet for sheet in sheets if sheet.government_id == membership.government_id]
    found: dict[int, list[Tier]] = {sheet.pk: [] for sheet in sheets}
    if not rows or not may_assess(membership):
        return found
    team = _team(membership.government_id, rows, membership.user_id)
    is_head = membership.role == Role.INSPECTORATE and is_inspector(membership.title)
    for sheet in rows:
        found[sheet.pk] = [
            tier for tier in tiers() if team.holds(tier, sheet) or (tier.is_inspector and is_head)
        ]
    if any(found.values()):
        own = list(own_units(membership.user_id, today=today))
        for sheet in rows:
            if _is_his_own(membership, sheet, own):
                found[sheet.pk] = []
    return found


def _is_his_own(membership: Membership, sheet: Worksheet, own: Iterable[Unit]) -> bool:
    unit = sheet.zone.unit
    if membership.role == Role.INSPECTORATE and unit.kind == UnitKind.INSPEKTORAT:
        return True
    return share_a_branch(unit, own)


def holders(sheet: Worksheet) -> set[str]:
    """The tiers that somebody holds for this unit; the others are passed over. Two queries."""
    return holders_by_sheet([sheet])[sheet.pk]


def holders_by_sheet(sheets: Sequence[Worksheet]) -> dict[int, set[str]]:
    """The same for many sheets of one government, in two queries."""
    if not sheets:
        return {}
    team = _team(sheets[0].government_id, sheets)
    return {
        sheet.pk: {tier.code for tier in tiers() if tier.is_inspector or team.holds(tier, sheet)}
        for sheet in sheets
    }


@dataclass(frozen=True)
class Team:
    """Functions in the TPI by person and year, and the units that each person is assigned to."""

    functions: Mapping[int, Mapping[int, frozenset[str]]]
    assigned: frozenset[tuple[int, int, int]]

    def holds(self, tier: Tier, sheet: Worksheet) -> bool:
        """Whether somebody of the team has this tier for the unit of the sheet."""
        people = self.functions.get(sheet.year, {})
        return any(
            names & tier.functions
            and (not tier.is_assigned or (user, sheet.year, sheet.zone.unit_id) in self.assigned)
            for user, names in people.items()
        )


def _team(government_id: int, sheets: Iterable[Worksheet], user_id: int | None = None) -> Team:
    """Of the years of these sheets; of one person or of everybody."""
    years = {sheet.year for sheet in sheets}
    whose = {"membership__user": user_id} if user_id is not None else {}
    members = TpiMember.objects.filter(government=government_id, team__year__in=years, **whose)
    functions: dict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    for year, user, name in members.values_list("team__year", "membership__user", "function"):
        functions[year][user] = functions[year].get(user, frozenset()) | {name}
    units = {sheet.zone.unit_id for sheet in sheets}
    assigned = TpiAssignment.objects.filter(
        government=government_id, year__in=years, unit__in=units, **whose
    )
    rows = assigned.values_list("membership__user", "year", "unit")
    return Team(functions, frozenset(rows))


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
