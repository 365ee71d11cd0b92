"""Who may do what in the registry and with people. Pure: no queries.

Central roles read the whole government. A unit's membership reads its unit and all below, and
writes only its own unit unless `acts_below`.
"""

from collections.abc import Collection

from opd.enums import BRANCH_ROLES, GOVERNMENT_ROLES, Role
from opd.models import Directive, Membership, Place, Promise, Unit, User
from opd.workflow import CARRIERS, GIVERS, POSTER_KEEPERS, PROMISE_KEEPERS

DIRECTIVE_READERS = GIVERS | BRANCH_ROLES


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


def can_manage_facts(membership: Membership) -> bool:
    """Who manages units, and the inspectorate: it knows audits, SPIP and LHKPN first."""
    return can_manage_units(membership) or membership.role == Role.INSPECTORATE


def can_manage_people(membership: Membership) -> bool:
    """Administrators: of the government for everybody, of a unit for its branch."""
    return membership.role == Role.ADMINISTRATOR


def is_government_administrator(membership: Membership) -> bool:
    return membership.role == Role.ADMINISTRATOR and membership.unit_id is None


def may_grant(membership: Membership, role: str, unit: Unit | None) -> bool:
    """The government's administrator: every office of his government.

    A unit's administrator: head, operator and liaison officer of his unit and those below.
    """
    if membership.role != Role.ADMINISTRATOR:
        return False
    if unit is not None and unit.government_id != membership.government_id:
        return False
    if membership.unit_id is None:
        return True
    return role in BRANCH_ROLES and unit is not None and membership.unit_id in unit.lineage


def may_manage_office(membership: Membership, office: Membership) -> bool:
    """Whoever may grant the office, except for his own offices."""
    if membership.user_id == office.user_id or membership.government_id != office.government_id:
        return False
    return may_grant(membership, office.role, office.unit)


def may_manage_account(
    membership: Membership, person: User, offices: Collection[Membership]
) -> bool:
    """Administrators who manage every office that decides about the account, but not their own.

    `offices` are the person's offices in the whole portal (`queries.deciding_offices`): who holds
    one elsewhere cannot be reset or shut out from here. Accounts of the admin site: nobody.
    """
    if membership.user_id == person.pk or person.is_staff or person.is_superuser or not offices:
        return False
    return all(may_manage_office(membership, office) for office in offices)


def may_remove_second_factor(
    membership: Membership, person: User, offices: Collection[Membership]
) -> bool:
    """The government's administrator, for people whose account he manages."""
    return is_government_administrator(membership) and may_manage_account(
        membership, person, offices
    )


def can_assign_tpi(membership: Membership) -> bool:
    """The inspectorate and the government's administrator."""
    return membership.role == Role.INSPECTORATE or is_government_administrator(membership)


def can_see_tpi(membership: Membership) -> bool:
    """Who assigns TPI, and the ZI secretariat, Sekda and mayor."""
    return can_assign_tpi(membership) or membership.role in (
        Role.ZI_SECRETARIAT,
        Role.SEKDA,
        Role.MAYOR,
    )


def can_see_status(membership: Membership) -> bool:
    """IT team and the government's administrator."""
    if membership.role == Role.ADMINISTRATOR:
        return membership.unit_id is None
    return membership.role == Role.IT_TEAM


# --- services, innovations, employees ---

UNIT_WRITERS = frozenset({Role.OPD_HEAD, Role.OPD_OPERATOR})


def writes_services(membership: Membership) -> bool:
    """Heads and operators of units, the ZI secretariat and the government's administrator."""
    return membership.role in UNIT_WRITERS or can_manage_units(membership)


def may_write_services(membership: Membership, unit: Unit) -> bool:
    """Head and operator for their own unit (or those they act for), the managers for every unit.

    The same for innovations.
    """
    if unit.government_id != membership.government_id:
        return False
    if can_manage_units(membership):
        return True
    return membership.role in UNIT_WRITERS and may_write_unit(membership, unit)


# Whom the roster concerns by office: integrity of people is their task.
ROSTER_ROLES = frozenset({Role.INSPECTORATE, Role.ZI_SECRETARIAT})


def reads_rosters(membership: Membership) -> bool:
    """Everybody who may see the names of some unit; of which, `may_read_roster` says."""
    return is_member(membership) and (
        membership.unit_id is not None or membership.role in ROSTER_ROLES
    )


def may_read_roster(membership: Membership, unit: Unit) -> bool:
    """Names and NIP: people of the unit, of its branch above, inspectorate, ZI secretariat."""
    if unit.government_id != membership.government_id or not reads_rosters(membership):
        return False
    return membership.role in ROSTER_ROLES or membership.unit_id in unit.lineage


def writes_rosters(membership: Membership) -> bool:
    """Heads and operators of units, and the ZI secretariat."""
    return membership.role in UNIT_WRITERS or membership.role == Role.ZI_SECRETARIAT


def may_write_roster(membership: Membership, unit: Unit) -> bool:
    """Head and operator for their own unit (or those they act for), the secretariat for every."""
    if unit.government_id != membership.government_id:
        return False
    if membership.role == Role.ZI_SECRETARIAT:
        return True
    return membership.role in UNIT_WRITERS and may_write_unit(membership, unit)


# --- calendar, directives, promises ---


def can_read_calendar(membership: Membership) -> bool:
    """Every member of the government, not the ministry's reviewers."""
    return is_member(membership)


def can_edit_calendar(membership: Membership) -> bool:
    """The ZI secretariat."""
    return membership.role == Role.ZI_SECRETARIAT


def can_see_late(membership: Membership) -> bool:
    """What went up: the Sekda, the mayor and the ZI secretariat."""
    return membership.role in (Role.SEKDA, Role.MAYOR, Role.ZI_SECRETARIAT)


def can_give_directives(membership: Membership) -> bool:
    """The regional head and the Sekda."""
    return membership.role in GIVERS


def can_read_directives(membership: Membership) -> bool:
    """Who gives them; heads, operators and liaison officers of units."""
    return membership.role in DIRECTIVE_READERS


def may_carry_out(membership: Membership, directive: Directive) -> bool:
    """Head and operator of the unit itself, or of a unit above that acts for those below."""
    return membership.role in CARRIERS and may_write_unit(membership, directive.unit)


def may_settle(membership: Membership, directive: Directive) -> bool:
    """The office that gave it, whoever holds it now; the regional head every one."""
    if membership.government_id != directive.government_id:
        return False
    return membership.role == Role.MAYOR or (
        membership.role in GIVERS and membership.role == directive.given_by.role
    )


def can_read_promises(membership: Membership) -> bool:
    """Every member of the government: what was promised in public is no secret."""
    return is_member(membership)


def can_keep_promises(membership: Membership) -> bool:
    """The regional head and the ZI secretariat."""
    return membership.role in PROMISE_KEEPERS


def may_keep_promise(membership: Membership, promise: Promise) -> bool:
    return can_keep_promises(membership) and membership.government_id == promise.government_id


# --- places, posters, public meetings ---

PLACE_MANAGERS = frozenset({Role.COMPLAINT_COORDINATOR, Role.ZI_SECRETARIAT})
PLACE_READERS = POSTER_KEEPERS | {
    Role.MAYOR,
    Role.SEKDA,
    Role.INSPECTORATE,
    Role.LIAISON_OFFICER,
}
MEETING_KEEPERS = PROMISE_KEEPERS | {Role.COMPLAINT_COORDINATOR}


def can_read_places(membership: Membership) -> bool:
    """Coordinator, ZI secretariat, mayor, Sekda, inspectorate; units their own places."""
    return membership.role in PLACE_READERS


def manages_places(membership: Membership) -> bool:
    """Every place, lists and series of posters: the coordinator and the ZI secretariat."""
    return membership.role in PLACE_MANAGERS


def writes_places(membership: Membership) -> bool:
    """Some place: who manages them all, heads and operators of units."""
    return membership.role in POSTER_KEEPERS


def may_write_place(membership: Membership, place: Place) -> bool:
    """Coordinator and ZI secretariat: every place; head and operator: those of their own unit."""
    if membership.government_id != place.government_id:
        return False
    if manages_places(membership):
        return True
    unit = place.unit
    return writes_places(membership) and unit is not None and may_write_unit(membership, unit)


def can_read_meetings(membership: Membership) -> bool:
    """Every member of the government: what was said in public is no secret."""
    return is_member(membership)


def can_keep_meetings(membership: Membership) -> bool:
    """The regional head, the ZI secretariat and the coordinator."""
    return membership.role in MEETING_KEEPERS
