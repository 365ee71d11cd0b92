"""Reads of rosters. Names and NIP only for whom `permissions.may_read_roster` allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from opd.employee_rows import EmployeeRow
from opd.enums import IdentifierKind
from opd.models import Employee, EmployeePost, LoginIdentifier, Membership, Unit
from opd.permissions import ROSTER_ROLES, reads_rosters


def posts_in_scope(membership: Membership) -> QuerySet[EmployeePost]:
    """Posts of the units whose people the caller may see."""
    rows = EmployeePost.objects.filter(government_id=membership.government_id)
    if not reads_rosters(membership):
        return rows.none()
    if membership.role not in ROSTER_ROLES:
        rows = rows.filter(unit__lineage__contains=[membership.unit_id])
    return rows.select_related("employee", "unit", "government")


def roster(unit: Unit, *, today: date, past: bool = False) -> QuerySet[EmployeePost]:
    """Who works in the unit today or will; or who has left."""
    rows = EmployeePost.objects.filter(unit=unit).select_related("employee")
    if past:
        rows = rows.filter(valid_to__lt=today)
    else:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=today))
    return rows.order_by("employee__name", "pk")


def employee_of_user(user_id: int, government_id: int) -> Employee | None:
    """The employee whose NIP the person signs in with; None for who has no NIP or no row."""
    numbers = LoginIdentifier.objects.filter(user_id=user_id, kind=IdentifierKind.NIP)
    return (
        Employee.objects.filter(government_id=government_id, nip__in=numbers.values("value"))
        .exclude(nip="")
        .first()
    )


def works_in_branch(user_id: int, unit: Unit, *, today: date) -> bool:
    """Whether the roster has the person in the unit itself, above or below it."""
    numbers = LoginIdentifier.objects.filter(user_id=user_id, kind=IdentifierKind.NIP)
    return (
        EmployeePost.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=today),
            government_id=unit.government_id,
            employee__nip__in=numbers.values("value"),
        )
        .filter(Q(unit__in=unit.lineage) | Q(unit__lineage__contains=[unit.pk]))
        .exists()
    )


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class PlannedRow:
    row: EmployeeRow
    outcome: Outcome
    problem: str = ""
    post: EmployeePost | None = None


def plan_of(unit: Unit, rows: Sequence[EmployeeRow], *, today: date) -> list[PlannedRow]:
    """What would become of each row; one query however many there are."""
    numbers = [row.nip for row in rows if row.nip and not row.problem]
    names = [row.name for row in rows if not row.nip and not row.problem]
    posts = list(
        EmployeePost.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today))
        .filter(
            Q(employee__nip__in=numbers) | Q(employee__nip="", employee__name__in=names, unit=unit),
            government_id=unit.government_id,
        )
        .select_related("employee")
        .order_by("valid_from", "pk")
    )
    by_nip = {post.employee.nip: post for post in posts if post.employee.nip}
    by_name = {post.employee.name: post for post in posts if not post.employee.nip}
    return [_planned(row, by_nip, by_name, unit, today) for row in rows]


def _planned(
    row: EmployeeRow,
    by_nip: dict[str, EmployeePost],
    by_name: dict[str, EmployeePost],
    unit: Unit,
    today: date,
) -> PlannedRow:
    if row.problem:
        return PlannedRow(row, Outcome.REFUSED, row.problem)
    if row.first_day and row.first_day > today:
        return PlannedRow(row, Outcome.REFUSED, _("The first day lies ahead."))
    known = by_nip.get(row.nip) if row.nip else by_name.get(row.name)
    if known is None:
        return PlannedRow(row, Outcome.NEW)
    if known.unit_id != unit.pk:
        sentence = _("This NIP works in another unit. That unit, or the ZI secretariat, moves it.")
        return PlannedRow(row, Outcome.REFUSED, sentence)
    same = known.employee.name == row.name and (not row.title or known.title == row.title)
    return PlannedRow(row, Outcome.SAME if same else Outcome.CHANGED, post=known)


def known_without_post(government_id: int, numbers: Sequence[str]) -> dict[str, Employee]:
    """Employees of the past by NIP: who comes back keeps his row and his pacts."""
    rows = Employee.objects.filter(government_id=government_id, nip__in=list(numbers))
    return {row.nip: row for row in rows if row.nip}


def employee_loose_ends(unit_ids: list[int], day: date) -> dict[int, int]:
    """How many people of the roster each unit still has after a day."""
    rows = EmployeePost.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), unit__in=unit_ids)
    found: dict[int, int] = {}
    for pk in rows.values_list("unit_id", flat=True):
        found[pk] = found.get(pk, 0) + 1
    return found
