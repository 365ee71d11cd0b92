"""Reads of pakta integritas: counts for everybody, names for whom the roster's rule allows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.models import IntegrityPact, PactBatch
from assessments.pact_rules import PactCount, counting_day, leads
from opd.enums import IdentifierKind, Role
from opd.models import Employee, EmployeePost, Membership, Unit
from opd.permissions import ROSTER_ROLES, may_write_roster, reads_rosters
from opd.queries.employees import employee_of_user, posts_in_scope

ONE_PACT = "pact.one"
UNIT_LIST = "pact.unit"


@dataclass(frozen=True)
class UnitPacts:
    unit: Unit
    count: PactCount
    is_sample: bool = False


@dataclass(frozen=True)
class PactOverview:
    """Units with employees on record, those that lack most first; then those without any."""

    units: list[UnitPacts]
    total: PactCount
    without: list[Unit] = field(default_factory=list)


def overview(membership: Membership, *, year: int, today: date) -> PactOverview:
    """Two queries, however many units and employees there are."""
    day = counting_day(year, today)
    units = list(Unit.objects.visible_to(membership).active_on(day).order_by("name", "pk"))
    counts = _counts(Q(unit__in=[unit.pk for unit in units]), year, day)
    rows = [
        UnitPacts(unit, count, sample)
        for unit in units
        if (found := counts.get(unit.pk)) is not None
        for count, sample in (found,)
    ]
    rows.sort(key=lambda row: (-row.count.missing, row.unit.name))
    return PactOverview(
        units=rows,
        total=sum((row.count for row in rows), PactCount()),
        without=[unit for unit in units if unit.pk not in counts],
    )


def government_count(government_id: int, *, year: int, today: date) -> PactCount:
    """For figures of the whole government."""
    rows = _counts(Q(government_id=government_id), year, counting_day(year, today))
    return sum((count for count, _sample in rows.values()), PactCount())


def unit_count(unit: Unit, *, year: int, today: date) -> PactCount:
    rows = _counts(Q(unit=unit), year, counting_day(year, today))
    return rows.get(unit.pk, (PactCount(), False))[0]


def _counts(which: Q, year: int, day: date) -> dict[int, tuple[PactCount, bool]]:
    rows = (
        EmployeePost.objects.filter(which)
        .active_on(day)
        .annotate(has_signed=Exists(_standing(year).filter(employee=OuterRef("employee"))))
        .values("unit_id")
        .order_by()
        .annotate(
            expected=Count("employee_id", distinct=True),
            signed=Count("employee_id", distinct=True, filter=Q(has_signed=True)),
            sample=Count("pk", filter=Q(employee__is_sample=True)),
        )
    )
    return {
        row["unit_id"]: (PactCount(row["expected"], row["signed"]), row["sample"] > 0)
        for row in rows
    }


def _standing(year: int) -> QuerySet[IntegrityPact]:
    return IntegrityPact.objects.filter(year=year, withdrawn_at=None)


@dataclass(frozen=True)
class Signer:
    """`is_handed_out` as a PDF and `is_withdrawn_here` by whoever looks at the list."""

    post: EmployeePost
    pact: IntegrityPact | None
    is_handed_out: bool = False
    is_withdrawn_here: bool = False


def signers(unit: Unit, *, year: int, today: date, missing: bool = False) -> QuerySet[EmployeePost]:
    """Who is asked for a pact in this unit; `standing` holds the pact, if there is one."""
    rows = (
        EmployeePost.objects.filter(unit=unit)
        .active_on(counting_day(year, today))
        .annotate(has_signed=Exists(_standing(year).filter(employee=OuterRef("employee"))))
        .select_related("employee")
        .prefetch_related(
            Prefetch(
                "employee__pacts",
                _standing(year).select_related("batch__scan", "recorded_by"),
                to_attr="standing",
            )
        )
    )
    if missing:
        rows = rows.filter(has_signed=False)
    return rows.order_by("has_signed", "employee__name", "pk")


def heads_among(unit: Unit, posts: Sequence[EmployeePost], *, first: date, last: date) -> set[int]:
    """Which of these posts may sign the head's wording: by title, or because the employee's
    account holds the office of head there on one of these days. One query."""
    offices = Membership.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=first),
        valid_from__lte=last,
        unit=unit,
        role=Role.OPD_HEAD,
        user__identifiers__kind=IdentifierKind.NIP,
    )
    numbers = set(offices.values_list("user__identifiers__value", flat=True))
    names, regional = (unit.name, unit.short_name), unit.government.head_title
    return {
        post.pk
        for post in posts
        if (post.employee.nip and post.employee.nip in numbers)
        or leads(post.title, kind=unit.kind, names=names, regional_head=regional)
    }


def as_signers(posts: list[EmployeePost]) -> list[Signer]:
    return [Signer(post, next(iter(post.employee.standing), None)) for post in posts]  # type: ignore[attr-defined]


def for_office(
    membership: Membership, unit: Unit, rows: Sequence[Signer], today: date
) -> list[Signer]:
    """The list of a unit with what this office does with each pact; one query. Who worked there
    in another year and went elsewhere stands in the list, his pact is no longer this unit's."""
    if not may_write_roster(membership, unit):
        return list(rows)
    pks = [row.pact.pk for row in rows if row.pact]
    found = set(pacts_in_scope(membership, today).filter(pk__in=pks).values_list("pk", flat=True))
    central = membership.role == Role.ZI_SECRETARIAT
    return [
        replace(row, is_handed_out=True, is_withdrawn_here=central or row.pact.batch_id is not None)
        if row.pact and row.pact.pk in found
        else row
        for row in rows
    ]


@dataclass(frozen=True)
class MyPact:
    """`employee` None: the roster has nobody with this person's NIP."""

    employee: Employee | None
    post: EmployeePost | None
    pact: IntegrityPact | None


def my_pact(membership: Membership, *, year: int, today: date) -> MyPact:
    employee = employee_of_user(membership.user_id, membership.government_id)
    if employee is None:
        return MyPact(None, None, None)
    post = employee.posts.active_on(counting_day(year, today)).select_related("unit").first()  # type: ignore[attr-defined]
    pact = employee.pacts.filter(year=year, withdrawn_at=None).first()
    return MyPact(employee, post, pact)


def pacts_in_scope(membership: Membership, today: date) -> QuerySet[IntegrityPact]:
    """Pacts of people whom the caller may see by name where they work now, those that his unit
    recorded on paper, and his own. The inspectorate and the ZI secretariat: of everybody."""
    mine = employee_of_user(membership.user_id, membership.government_id)
    seen = posts_in_scope(membership)
    found = Q(employee=mine) if mine else Q(pk__in=[])
    if membership.role not in ROSTER_ROLES:
        seen = seen.filter(pk__in=EmployeePost.objects.active_on(today))
        if reads_rosters(membership):
            found |= Q(batch__unit__lineage__contains=[membership.unit_id])
    return (
        IntegrityPact.objects.filter(government_id=membership.government_id)
        .filter(Exists(seen.filter(employee=OuterRef("employee"))) | found)
        .select_related("employee", "recorded_by", "batch__unit")
    )


def batch_of(membership: Membership, pk: int) -> PactBatch | None:
    return (
        PactBatch.objects.filter(government_id=membership.government_id, pk=pk)
        .select_related("unit", "scan")
        .first()
    )


def batch_by_key(membership: Membership, form_key: UUID) -> PactBatch | None:
    return PactBatch.objects.filter(
        government_id=membership.government_id, form_key=form_key
    ).first()


def batch_by_key_text(membership: Membership, text: str) -> PactBatch | None:
    """The same for what a form sent; None for what is no key."""
    try:
        return batch_by_key(membership, UUID(text))
    except ValueError:
        return None


def units_of(pact: IntegrityPact) -> list[Unit]:
    """Where the employee works and worked, the newest first."""
    posts = pact.employee.posts.select_related("unit").order_by("-valid_from", "-pk")
    return [post.unit for post in posts]


def may_withdraw(membership: Membership, pact: IntegrityPact, today: date) -> bool:
    """The ZI secretariat; of a list on paper also the unit where the employee works now, and the
    unit that recorded it while he worked there. Nobody else takes back a person's own signature."""
    if membership.role == Role.ZI_SECRETARIAT:
        return membership.government_id == pact.government_id
    if pact.batch is None:
        return False
    posts = pact.employee.posts.active_on(today).select_related("unit")  # type: ignore[attr-defined]
    units = [pact.batch.unit, *(post.unit for post in posts)]
    return any(may_write_roster(membership, unit) for unit in units)


def not_withdrawn(pact: IntegrityPact) -> str:
    """Why somebody may not withdraw it: who may."""
    if pact.batch_id is None:
        return _(
            "The employee signed this pact himself in the portal: only the ZI secretariat "
            "withdraws it."
        )
    return _(
        "A pact from a list on paper is withdrawn by the unit where the employee works now, by "
        "the unit that recorded it, or by the ZI secretariat."
    )
