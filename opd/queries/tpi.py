"""Reads of the internal assessment team: who is in it, who assesses what, who could."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from opd.enums import SEATS, IdentifierKind, TpiFunction
from opd.models import (
    EmployeePost,
    LoginIdentifier,
    Membership,
    TpiAssignment,
    TpiMember,
    TpiTeam,
    Unit,
)
from opd.queries.units import counted_units

FUNCTION_ORDER = {name: place for place, name in enumerate(TpiFunction.values)}
# Who assesses; the one who answers for the team and its technical controller do not.
ASSESSING = (TpiFunction.KETUA, TpiFunction.ANGGOTA)

Assessed = Callable[[int, int, date], Iterable[int]]
_assessed: list[Assessed] = []


def register_assessed(unit_ids: Assessed) -> None:
    """`unit_ids(government_id, year, today)`: units that are to be assessed in a year."""
    if unit_ids not in _assessed:
        _assessed.append(unit_ids)


def team_of(government_id: int, year: int) -> TpiTeam | None:
    return (
        TpiTeam.objects.filter(government_id=government_id, year=year)
        .select_related("scan")
        .first()
    )


def team_years(government_id: int) -> list[int]:
    """Years whose team is recorded."""
    rows = TpiTeam.objects.filter(government_id=government_id).order_by("year")
    return list(rows.values_list("year", flat=True))


def team_in_scope(by: Membership, pk: int) -> TpiTeam | None:
    rows = TpiTeam.objects.filter(government_id=by.government_id, pk=pk)
    return rows.select_related("scan").first()


def members_of(team: TpiTeam | None) -> list[TpiMember]:
    """In the order of their functions, then by name."""
    if team is None:
        return []
    rows = team.members.select_related("membership__user", "membership__unit")
    return sorted(
        rows, key=lambda row: (FUNCTION_ORDER[row.function], row.membership.user.name, row.pk)
    )


def member_in_scope(by: Membership, pk: int) -> TpiMember | None:
    rows = TpiMember.objects.filter(government_id=by.government_id, pk=pk)
    return rows.select_related("team", "membership__user").first()


@dataclass(frozen=True)
class Load:
    """One assessor: his units of the year. `in_team` is False for who was assigned without."""

    membership: Membership
    function: str
    assignments: list[TpiAssignment]
    in_team: bool

    @property
    def count(self) -> int:
        return len(self.assignments)


@dataclass(frozen=True)
class UnitNeed:
    """A unit to assess, who does, and who of the team could without a conflict, least loaded first."""

    unit: Unit
    assignments: list[TpiAssignment]
    possible: list[Membership] = field(default_factory=list)


@dataclass(frozen=True)
class TpiYear:
    team: TpiTeam | None
    members: list[TpiMember]
    loads: list[Load]
    needs: list[UnitNeed]
    # Units that are to be assessed come from the zones; without any, all that count.
    is_by_zones: bool

    @property
    def without(self) -> list[UnitNeed]:
        return [need for need in self.needs if not need.assignments]


def tpi_year(government_id: int, year: int, *, today: date) -> TpiYear:
    """Nine queries and one per role that has a seat, however many units and members there are."""
    team = team_of(government_id, year)
    members = members_of(team)
    assignments = list(
        TpiAssignment.objects.filter(government_id=government_id, year=year)
        .select_related("unit", "membership__user", "membership__unit")
        .order_by("unit__name", "unit_id", "membership__user__name", "pk")
    )
    units, is_by_zones = _units_to_assess(government_id, year, today, assignments)
    loads = _loads(members, assignments)
    able = [load for load in loads if load.in_team and load.function in ASSESSING]
    own = _own_units([load.membership for load in able], government_id, today)
    by_unit: dict[int, list[TpiAssignment]] = defaultdict(list)
    for row in assignments:
        by_unit[row.unit_id].append(row)
    needs = [
        UnitNeed(unit, by_unit[unit.pk], _possible(unit, able, own, by_unit[unit.pk]))
        for unit in units
    ]
    return TpiYear(team, members, loads, needs, is_by_zones)


def _units_to_assess(
    government_id: int, year: int, today: date, assignments: list[TpiAssignment]
) -> tuple[list[Unit], bool]:
    wanted = {pk for each in _assessed for pk in each(government_id, year, today)}
    is_by_zones = bool(wanted)
    wanted |= {row.unit_id for row in assignments}
    rows: QuerySet[Unit] = Unit.objects.filter(government_id=government_id, pk__in=wanted)
    if not is_by_zones:
        rows = rows | counted_units(government_id, on=today)
    return list(rows.order_by("name", "pk")), is_by_zones


def _loads(members: list[TpiMember], assignments: list[TpiAssignment]) -> list[Load]:
    """Every member, and everybody who is assigned without being one; the least loaded first."""
    rows: dict[int, list[TpiAssignment]] = defaultdict(list)
    known = {row.membership_id: row.membership for row in assignments}
    for row in assignments:
        rows[row.membership_id].append(row)
    functions = {row.membership_id: row.function for row in members}
    known |= {row.membership_id: row.membership for row in members}
    loads = [
        Load(membership, functions.get(pk, ""), rows[pk], pk in functions)
        for pk, membership in known.items()
    ]
    return sorted(
        loads, key=lambda load: (load.count, load.membership.user.name, load.membership.pk)
    )


def _own_units(
    members: list[Membership], government_id: int, today: date
) -> dict[int, list[tuple[int, list[int]]]]:
    """By user: the units to which he belongs, by an office (also one for the whole government
    that has its seat there) or by the roster, with their lineage."""
    users = {member.user_id for member in members}
    now = Q(valid_to=None) | Q(valid_to__gte=today)
    found: dict[int, list[tuple[int, list[int]]]] = defaultdict(list)
    offices = Membership.objects.filter(now, user__in=users)
    of_units = offices.filter(unit__isnull=False)
    for user, pk, lineage in of_units.values_list("user_id", "unit_id", "unit__lineage"):
        found[user].append((pk or 0, lineage))
    central = offices.filter(role__in=SEATS, government_id=government_id)
    units = Unit.objects.filter(government_id=government_id)
    seats: dict[str, list[tuple[int, list[int]]]] = {}
    for user, role in central.values_list("user_id", "role"):
        if role not in seats:
            seats[role] = list(units.seats_of(role).values_list("pk", "lineage"))
        found[user] += seats[role]
    logins = LoginIdentifier.objects.filter(user__in=users, kind=IdentifierKind.NIP)
    by_nip = dict(logins.values_list("value", "user_id"))
    posts = EmployeePost.objects.filter(now, government_id=government_id, employee__nip__in=by_nip)
    for nip, pk, lineage in posts.values_list("employee__nip", "unit_id", "unit__lineage"):
        found[by_nip[nip]].append((pk, lineage))
    return found


def _possible(
    unit: Unit,
    able: list[Load],
    own: dict[int, list[tuple[int, list[int]]]],
    assigned: list[TpiAssignment],
) -> list[Membership]:
    """`able` comes least loaded first. A conflict is his own unit, one above or one below it."""
    taken = {row.membership_id for row in assigned}
    return [
        load.membership
        for load in able
        if load.membership.pk not in taken
        and not any(
            pk in unit.lineage or unit.pk in lineage for pk, lineage in own[load.membership.user_id]
        )
    ]
