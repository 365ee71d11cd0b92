"""Who of the TPI holds which tier of a review, and whose turn it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone

from assessments.models import Worksheet
from assessments.papers import is_inspector
from assessments.permissions import may_assess
from assessments.review_tiers import Tier, tiers
from opd.enums import Role
from opd.models import Membership, TpiAssignment, TpiMember, Unit
from opd.queries.people import own_units, share_a_branch, units_by_user


def tiers_of(membership: Membership, sheet: Worksheet, today: date) -> list[Tier]:
    """The tiers that this person holds for this unit: none where he belongs or belonged since the
    beginning of the year that is assessed. Two queries."""
    if not may_assess(membership) or membership.government_id != sheet.government_id:
        return []
    team = _team(sheet.government_id, {sheet.year}, membership.user_id)
    is_head = is_head_of_inspectorate(membership)
    found = [tier for tier in tiers() if team.holds(tier, sheet) or (tier.is_inspector and is_head)]
    if not found:
        return []
    own = own_units(membership.user_id, today=_since(sheet))
    return [] if share_a_branch(sheet.zone.unit, own) else found


def is_head_of_inspectorate(membership: Membership) -> bool:
    return membership.role == Role.INSPECTORATE and is_inspector(membership.title)


def holders(sheet: Worksheet, today: date) -> set[str]:
    """The tiers that somebody can take up for this unit; the others are passed over."""
    return reviewers_of([sheet], today).held(sheet)


def turn(sheet: Worksheet, held: Collection[str]) -> str:
    """The tier whose turn it is: where the sheet lies, or when nobody can take it up there any
    more the next one above, else the nearest below. Empty when nobody is left."""
    order = [tier.code for tier in tiers()]
    if sheet.tier in held or sheet.tier not in order:
        return sheet.tier if sheet.tier in held else ""
    place = order.index(sheet.tier)
    near = [*order[place + 1 :], *reversed(order[:place])]
    return next((code for code in near if code in held), "")


def is_turn_of(membership: Membership, sheet: Worksheet, today: date) -> bool:
    """Whether this person may act on a sheet under review now."""
    mine = {tier.code for tier in tiers_of(membership, sheet, today)}
    if not mine or sheet.tier in mine:
        return bool(mine)
    return turn(sheet, holders(sheet, today)) in mine


def _since(sheet: Worksheet) -> date:
    """From this day on nobody may have belonged to a unit that he assesses on this sheet."""
    return date(min(sheet.year, timezone.localdate(sheet.opened_at).year), 1, 1)


# --- everybody of the TPI ---


@dataclass(frozen=True)
class Team:
    """Functions in the TPI by year and person, and the units that each person is assigned to."""

    functions: Mapping[int, Mapping[int, frozenset[str]]]
    assigned: frozenset[tuple[int, int, int]]

    def holds(self, tier: Tier, sheet: Worksheet, among: Collection[int] | None = None) -> bool:
        """Whether somebody of the team (of these people) has this tier for the unit of the sheet."""
        people = self.functions.get(sheet.year, {})
        return any(
            names & tier.functions
            and (among is None or user in among)
            and (not tier.is_assigned or (user, sheet.year, sheet.zone.unit_id) in self.assigned)
            for user, names in people.items()
        )


def _team(government_id: int, years: Collection[int], user_id: int | None = None) -> Team:
    """Of these years; of one person or of everybody. One query."""
    whose = {"membership__user": user_id} if user_id is not None else {}
    members = TpiMember.objects.filter(government=government_id, team__year__in=years, **whose)
    units = TpiAssignment.objects.filter(
        government=government_id,
        membership__user=OuterRef("membership__user"),
        year=OuterRef("team__year"),
    )
    functions: dict[int, dict[int, frozenset[str]]] = defaultdict(dict)
    assigned: set[tuple[int, int, int]] = set()
    rows = members.annotate(units=ArraySubquery(units.values("unit")))
    for year, user, name, own in rows.values_list(
        "team__year", "membership__user", "function", "units"
    ):
        functions[year][user] = functions[year].get(user, frozenset()) | {name}
        assigned |= {(user, year, unit) for unit in own}
    return Team(functions, frozenset(assigned))


@dataclass(frozen=True)
class Reviewers:
    """All who could review some sheets: the team, heads of the inspectorate, where each belongs."""

    team: Team
    offices: tuple[Membership, ...]
    active: frozenset[int]
    heads: frozenset[int]
    units: Mapping[date, Mapping[int, Sequence[Unit]]]

    def strange(self, sheet: Worksheet) -> frozenset[int]:
        """Whoever holds an office now and does not belong to the unit."""
        own = self.units[_since(sheet)]
        unit = sheet.zone.unit
        return frozenset(user for user in self.active if not share_a_branch(unit, own[user]))

    def held(self, sheet: Worksheet, among: Collection[int] | None = None) -> set[str]:
        """The tiers that somebody (of these people) can take up."""
        people = self.strange(sheet)
        if among is not None:
            people &= frozenset(among)
        return {
            tier.code
            for tier in tiers()
            if (tier.is_inspector and self.heads & people) or self.team.holds(tier, sheet, people)
        }

    def last(self, sheet: Worksheet) -> str:
        """The tier that approves; empty when nobody is there."""
        held = self.held(sheet)
        return next((tier.code for tier in reversed(tiers()) if tier.code in held), "")

    def offices_of(self, tier: str, sheet: Worksheet) -> list[Membership]:
        """Of everybody who holds this tier for the unit, one office each."""
        people = {user for user in self.strange(sheet) if tier and tier in self.held(sheet, {user})}
        return list(
            {each.user_id: each for each in self.offices if each.user_id in people}.values()
        )


def reviewers_of(sheets: Sequence[Worksheet], today: date) -> Reviewers:
    """Of sheets of one government, in four queries for those of one year."""
    if not sheets:
        return Reviewers(Team({}, frozenset()), (), frozenset(), frozenset(), {})
    government_id = sheets[0].government_id
    team = _team(government_id, {sheet.year for sheet in sheets})
    in_team = [user for people in team.functions.values() for user in people]
    offices = list(
        Membership.objects.filter(
            Q(user__in=in_team) | Q(role=Role.INSPECTORATE), government=government_id
        ).select_related("unit")
    )
    valid = [office for office in offices if _is_valid(office, today) and may_assess(office)]
    return Reviewers(
        team,
        tuple(valid),
        frozenset(office.user_id for office in valid),
        frozenset(office.user_id for office in valid if is_head_of_inspectorate(office)),
        {
            since: units_by_user(offices, government_id, since=since)
            for since in {_since(sheet) for sheet in sheets}
        },
    )


def _is_valid(office: Membership, today: date) -> bool:
    return office.valid_from <= today and (office.valid_to is None or office.valid_to >= today)


def tiers_by_sheet(
    membership: Membership, sheets: Iterable[Worksheet], found: Reviewers
) -> dict[int, set[str]]:
    """The codes of the tiers that this person holds, without a query."""
    if not may_assess(membership):
        return {sheet.pk: set() for sheet in sheets}
    return {sheet.pk: found.held(sheet, {membership.user_id}) for sheet in sheets}
