"""Reads of people and their offices, scoped to the caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull

from opd.enums import SEATS, IdentifierKind, Role
from opd.models import (
    EmployeePost,
    Government,
    Invitation,
    LoginIdentifier,
    Membership,
    TpiAssignment,
    Unit,
    User,
)
from opd.models.people import MembershipQuerySet
from opd.permissions import sees_whole_government
from opd.queries.inbox import unread_of_office


def memberships_around(user_id: int, *, since: date, until: date) -> list[Membership]:
    """Memberships of one person that touch the days between: own ones, newest first, then stand-ins.

    Each with how many items are unread in it, which every page shows.
    """
    return list(
        Membership.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=since),
            user_id=user_id,
            valid_from__lte=until,
        )
        .select_related("government", "unit")
        .annotate(unread=unread_of_office())
        .order_by(IsNull(F("substitutes_for_id"), False), "-valid_from", "pk")
    )


def own_offices(user_id: int, *, today: date) -> list[Membership]:
    """All offices of one's own, present, coming and past, newest first.

    Each with `stand_ins`: who substitutes in it, now or later.
    """
    stand_ins = Membership.objects.filter(valid_to__gte=today).select_related("user")
    return list(
        Membership.objects.filter(user_id=user_id)
        .select_related("government", "unit", "substitutes_for")
        .prefetch_related(
            Prefetch(
                "substitutes", queryset=stand_ins.order_by("valid_from", "pk"), to_attr="stand_ins"
            )
        )
        .order_by("-valid_from", "-pk")
    )


def holds_office_in_branch(user_id: int, unit: Unit, *, today: date) -> bool:
    """Any office that is not over, in the unit itself, above or below it; one for the whole
    government is held where its role has its seat."""
    offices = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), user_id=user_id)
    branch = Q(unit__in=unit.lineage) | Q(unit__lineage__contains=[unit.pk])
    own = Unit.objects.filter(Q(pk__in=unit.lineage) | Q(lineage__contains=[unit.pk]))
    for role in SEATS:
        seats = own.seats_of(role).filter(government=OuterRef("government"))
        branch |= Q(Exists(seats), role=role)
    return offices.filter(branch).exists()


def own_units(user_id: int, *, today: date) -> list[Unit]:
    """Where the person belongs today: by an office, by the seat of one for the whole government,
    or by the roster, which knows him by his NIP. One query."""
    offices = Membership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), user_id=user_id)
    numbers = LoginIdentifier.objects.filter(user_id=user_id, kind=IdentifierKind.NIP)
    posts = EmployeePost.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), employee__nip__in=numbers.values("value")
    )
    found = Q(pk__in=offices.filter(unit__isnull=False).values("unit"))
    found |= Q(pk__in=posts.values("unit"))
    for role in SEATS:
        held = offices.filter(role=role).values("government")
        found |= Q(pk__in=Unit.objects.seats_of(role).filter(government__in=held).values("pk"))
    return list(Unit.objects.filter(found))


def units_by_user(
    offices: Iterable[Membership], government_id: int, *, since: date
) -> dict[int, list[Unit]]:
    """Of everybody who holds these offices, where he belonged at some day since then; as
    `own_units`, in two queries. `offices` are all that they ever held, with their units."""
    found: dict[int, list[Unit]] = {}
    seated: dict[str, set[int]] = {}
    for office in offices:
        own = found.setdefault(office.user_id, [])
        if office.valid_to is not None and office.valid_to < since:
            continue
        if office.unit is not None:
            own.append(office.unit)
        if office.role in SEATS:
            seated.setdefault(office.role, set()).add(office.user_id)
    for unit in _seats(seated, government_id):
        for user in seated[unit.seat_of]:  # type: ignore[attr-defined]
            found[user].append(unit)
    numbers = LoginIdentifier.objects.filter(
        kind=IdentifierKind.NIP, value=OuterRef("employee__nip"), user__in=found
    )
    posts = EmployeePost.objects.filter(Q(valid_to=None) | Q(valid_to__gte=since))
    held = posts.annotate(person=Subquery(numbers.values("user")[:1])).exclude(person=None)
    for post in held.select_related("unit"):
        found[post.person].append(post.unit)  # type: ignore[attr-defined]
    return found


def _seats(roles: Iterable[str], government_id: int) -> Iterable[Unit]:
    """Where holders of these roles work, each unit with the role as `seat_of`."""
    seats = Unit.objects.filter(government=government_id)
    rows = [
        seats.filter(pk__in=Unit.objects.seats_of(Role(role)).values("pk")).annotate(
            seat_of=Value(role)
        )
        for role in roles
    ]
    return rows[0].union(*rows[1:], all=True) if rows else []


def share_a_branch(unit: Unit, own: Iterable[Unit]) -> bool:
    """Whether one of these units is the unit itself, above or below it."""
    return any(each.pk in unit.lineage or unit.pk in each.lineage for each in own)


def tpi_in_branch(user_id: int, units: Iterable[Unit], *, today: date) -> TpiAssignment | None:
    """What the person assesses this year or later in one of the units, above or below it."""
    branches = Q(pk=None)
    for unit in units:
        branches |= Q(unit__in=unit.lineage) | Q(unit__lineage__contains=[unit.pk])
    return (
        TpiAssignment.objects.filter(membership__user_id=user_id, year__gte=today.year)
        .filter(branches)
        .select_related("unit")
        .order_by("year", "unit__name", "pk")
        .first()
    )


def offices_in_scope(by: Membership) -> MembershipQuerySet:
    """Offices of the government; for a unit's membership those of its branch."""
    rows = Membership.objects.filter(government_id=by.government_id)
    if not sees_whole_government(by):
        rows = rows.filter(unit__lineage__contains=[by.unit_id])
    return rows.select_related("government", "unit", "user")


def people_in_scope(by: Membership) -> QuerySet[User]:
    """Who ever held an office that the caller sees."""
    return User.objects.filter(Exists(offices_in_scope(by).filter(user_id=OuterRef("pk"))))


@dataclass(frozen=True)
class PeopleFilter:
    """What the list shows. `login` is a whole identifier: parts would give masked ones away."""

    text: str = ""
    login: tuple[IdentifierKind, str] | None = None
    unit: Unit | None = None
    role: str = ""
    state: str = "today"  # today, all, closed


def people(by: Membership, wanted: PeopleFilter, *, today: date) -> QuerySet[User]:
    """The list: five queries for any number of people on a page."""
    shown = offices_in_scope(by)
    held = shown
    if wanted.state == "today":
        held = held.valid_on(today)
    if wanted.unit is not None:
        held = held.filter(unit__lineage__contains=[wanted.unit.pk])
    if wanted.role:
        held = held.filter(role=wanted.role)
    rows = User.objects.filter(Exists(held.filter(user_id=OuterRef("pk"))))
    if wanted.state == "closed":
        rows = rows.filter(is_active=False)
    if wanted.login is not None:
        kind, value = wanted.login
        rows = rows.filter(identifiers__kind=kind, identifiers__value=value)
    elif wanted.text:
        titled = shown.filter(user_id=OuterRef("pk"), title__icontains=wanted.text)
        rows = rows.filter(Q(name__icontains=wanted.text) | Exists(titled))
    return rows.prefetch_related(
        Prefetch("memberships", queryset=shown.order_by("-valid_from", "-pk"), to_attr="shown"),
        "identifiers",
    ).order_by("name", "pk")


def deciding_offices(user_ids: Iterable[int], *, today: date) -> dict[int, list[Membership]]:
    """By person: the offices, anywhere, that are not over; else the one that ended last."""
    rows = (
        Membership.objects.filter(user_id__in=list(user_ids))
        .select_related("unit")
        .order_by("user_id", F("valid_to").desc(nulls_first=True), "-pk")
    )
    found: dict[int, list[Membership]] = {}
    for row in rows:
        known = found.setdefault(row.user_id, [])
        if row.valid_to is None or row.valid_to >= today or not known:
            known.append(row)
    return found


def factor_counts(user_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """By person: how many second factors of which type."""
    rows = (
        Authenticator.objects.filter(user_id__in=list(user_ids))
        .values("user_id", "type")
        .annotate(count=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["user_id"], {})[row["type"]] = row["count"]
    return found


def person_with_login(kind: IdentifierKind, value: str) -> User | None:
    row = LoginIdentifier.objects.filter(kind=kind, value=value).select_related("user").first()
    return row.user if row else None


def visible_offices(by: Membership, person: User) -> list[Membership]:
    """One person's offices over time, as far as the caller sees them, newest first."""
    return list(
        offices_in_scope(by)
        .filter(user=person)
        .select_related("substitutes_for__user")
        .order_by("-valid_from", "-pk")
    )


def tpi_of(by: Membership, person: User) -> list[TpiAssignment]:
    return list(
        TpiAssignment.objects.filter(government_id=by.government_id, membership__user=person)
        .select_related("unit", "membership")
        .order_by("-year", "unit__name", "pk")
    )


def tpi_in_scope(by: Membership) -> QuerySet[TpiAssignment]:
    return (
        TpiAssignment.objects.filter(government_id=by.government_id)
        .select_related("unit", "membership__user", "membership__unit")
        .order_by("unit__name", "unit_id", "membership__user__name", "pk")
    )


def invitations(by: Membership) -> QuerySet[Invitation]:
    """Invitations that the caller could have written, newest first."""
    rows = Invitation.objects.filter(government_id=by.government_id)
    if not sees_whole_government(by):
        rows = rows.filter(unit__lineage__contains=[by.unit_id])
    return rows.select_related("unit", "government", "invited_by__user").order_by("-pk")


def invitation_by_hash(token_hash: str) -> Invitation | None:
    return (
        Invitation.objects.filter(token_hash=token_hash)
        .select_related("government", "unit", "invited_by__government", "invited_by__user")
        .first()
    )


def units_to_choose(by: Membership, *, today: date) -> list[Unit]:
    """Active units in the caller's scope, by name."""
    return list(Unit.objects.visible_to(by).active_on(today).order_by("name", "pk"))


def offices_of_login(government_id: int, kind: str, value: str, *, on: date) -> list[Membership]:
    """What the person who signs in with this holds in that government on a day."""
    rows = Membership.objects.valid_on(on).filter(
        government_id=government_id,
        user__identifiers__kind=kind,
        user__identifiers__value=value,
    )
    return list(rows.select_related("government", "unit", "user").order_by("pk"))


@dataclass(frozen=True)
class OfficeHolder:
    """Who held an office on a day, as it is printed: name and title with Pj., Plt. or Plh."""

    membership_id: int
    name: str
    printed_title: str
    office_status: str


def office_holder(
    government: Government, role: str, on: date, unit: Unit | None = None
) -> OfficeHolder | None:
    """The holder on that day; a substitute goes before the one he stands in for.

    Without `unit` it is the office of the whole government, wherever its holder is placed.
    """
    rows = Membership.objects.filter(government=government, role=role).valid_on(on)
    if unit is not None:
        rows = rows.filter(unit=unit)
    row = (
        rows.select_related("user")
        .order_by(F("substitutes_for_id").desc(nulls_last=True), "-valid_from", "-pk")
        .first()
    )
    if row is None:
        return None
    return OfficeHolder(row.pk, row.user.name, row.printed_title, row.office_status)


def head_of_government(government: Government, on: date) -> OfficeHolder | None:
    """Wali Kota, Bupati or Gubernur, or who acted as one."""
    return office_holder(government, Role.MAYOR, on)


def open_invitation_for(
    government: Government, kind: str, value: str, *, role: str, unit: Unit | None, now: datetime
) -> QuerySet[Invitation]:
    return Invitation.objects.open_at(now).filter(
        government=government,
        identifier_kind=kind,
        identifier_value=value,
        role=role,
        unit=unit,
    )
