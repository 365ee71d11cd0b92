"""Reads of pakta integritas: counts for everybody, names for whom the roster's rule allows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from assessments.models import IntegrityPact, PactBatch
from assessments.pact_rules import PactCount, counting_day, leads
from opd.enums import IdentifierKind, Role
from opd.models import Employee, EmployeePost, Membership, Unit
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
    post: EmployeePost
    pact: IntegrityPact | None


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


def pacts_in_scope(membership: Membership) -> QuerySet[IntegrityPact]:
    """Pacts of people whom the caller may see by name, and his own."""
    mine = employee_of_user(membership.user_id, membership.government_id)
    seen = Exists(posts_in_scope(membership).filter(employee=OuterRef("employee")))
    own = Q(employee=mine) if mine else Q(pk__in=[])
    return (
        IntegrityPact.objects.filter(government_id=membership.government_id)
        .filter(seen | own)
        .select_related("employee", "recorded_by")
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
