"""Reads of the register of recommendations, scoped to the caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
)

from assessments.enums import RecommendationState
from assessments.models import (
    AssessmentEvent,
    IntegrityZone,
    Recommendation,
    RecommendationReply,
    ReplyFile,
)
from assessments.models.workplans import branch
from assessments.permissions import may_assess
from opd.enums import Role, UnitKind
from opd.models import Membership, TpiAssignment
from opd.queries.people import own_units, share_a_branch

PROOF_KIND = "recommendation"


@dataclass(frozen=True)
class OpenRecommendations:
    """What is not closed, and how much of it is past its due date."""

    count: int
    late: int


@dataclass(frozen=True)
class RecommendationFilter:
    """What the list shows; empty values do not narrow it."""

    team: str = ""
    year: int | None = None
    state: str = ""
    area: str = ""
    text: str = ""
    late: bool = False


def is_neutral(row: Recommendation) -> bool:
    return bool(row.is_sample and not row.government.is_sample)


def is_late(row: Recommendation, today: date) -> bool:
    """Not closed and past its day; a neutral sample of a real government never is."""
    if row.state == RecommendationState.CLOSED or is_neutral(row):
        return False
    return row.due_on < today


def late_on(today: date) -> Q:
    """The same as a condition of the database."""
    neutral = Q(is_sample=True, government__is_sample=False)
    return Q(due_on__lt=today) & ~Q(state=RecommendationState.CLOSED) & ~neutral


def open_recommendations(zone: IntegrityZone, year: int, today: date) -> OpenRecommendations:
    """How many recommendations of a zone and year are not closed, and how many of them are late.

    For dashboards and for the step "propose"; the caller has authorised the zone. One query.
    """
    return open_by_zone([zone.pk], year, today).get(zone.pk, OpenRecommendations(0, 0))


def open_by_zone(zones: Iterable[int], year: int, today: date) -> dict[int, OpenRecommendations]:
    """The same for many zones, in one query; zones without any are left out."""
    rows = (
        Recommendation.objects.unfinished()
        .filter(zone__in=list(zones), year=year)
        .order_by()
        .values("zone")
        .annotate(count=Count("pk"), late=Count("pk", filter=late_on(today)))
    )
    return {row["zone"]: OpenRecommendations(row["count"], row["late"]) for row in rows}


def register(
    membership: Membership, wanted: RecommendationFilter, today: date, zone: Any = None
) -> Any:
    """The recommendations that this person reads, what presses most first; lazy, for a paginator."""
    rows = Recommendation.objects.visible_to(membership)
    if zone is not None:
        rows = rows.filter(zone=zone)
    exact = {"team": wanted.team, "year": wanted.year, "state": wanted.state, "area": wanted.area}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.text:
        words = Q(text__icontains=wanted.text) | Q(number__iexact=wanted.text)
        rows = rows.filter(words | Q(zone__unit__name__icontains=wanted.text))
    if wanted.late:
        rows = rows.filter(late_on(today))
    closed = ExpressionWrapper(Q(state=RecommendationState.CLOSED), output_field=BooleanField())
    return (
        rows.select_related("zone__unit", "government")
        .annotate(is_closed=closed)
        .order_by("is_closed", "due_on", "zone__unit__name", "number", "pk")
    )


def years(membership: Membership) -> list[int]:
    rows = Recommendation.objects.visible_to(membership).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def recommendation(membership: Membership, pk: int) -> Recommendation | None:
    rows = Recommendation.objects.visible_to(membership)
    return rows.select_related("zone__unit", "government", "event").filter(pk=pk).first()


def replies_of(recommendation: Recommendation) -> list[RecommendationReply]:
    """The newest first, with proof and decision; two queries."""
    rows = recommendation.replies.select_related("sent_by__unit", "decided_by__unit")
    files = Prefetch("files", ReplyFile.objects.select_related("stored").order_by("pk"))
    return list(rows.prefetch_related(files).order_by("-sent_at", "-pk"))


def moves_of(recommendation: Recommendation) -> list[Any]:
    return list(recommendation.moves.select_related("by").order_by("-at", "-pk"))


def reply_file(membership: Membership, pk: int) -> ReplyFile | None:
    visible = Recommendation.objects.visible_to(membership)
    rows = ReplyFile.objects.filter(reply__recommendation__in=visible)
    return rows.select_related("stored").filter(pk=pk).first()


def may_decide(membership: Membership, row: Recommendation, today: date) -> bool:
    """The inspectorate, or a TPI member of this unit for that year or later; never the unit's own.

    "Own" is any office or post of the roster that is not over, in the unit itself, above or below
    it (`own_units`); the inspectorate's role is of the Inspektorat itself.
    """
    unit = row.zone.unit
    if not may_assess(membership) or membership.government_id != row.government_id:
        return False
    if membership.role == Role.INSPECTORATE:
        if unit.kind == UnitKind.INSPEKTORAT:
            return False
    elif not is_assigned(membership, row):
        return False
    return not share_a_branch(unit, own_units(membership.user_id, today=today))


def is_assigned(membership: Membership, row: Recommendation) -> bool:
    return TpiAssignment.objects.filter(
        membership__user_id=membership.user_id,
        government_id=row.government_id,
        unit=row.zone.unit_id,
        year__gte=row.year,
    ).exists()


def assessed_zone(membership: Membership, pk: int) -> IntegrityZone | None:
    """A zone of the own branch, or of a unit that this person assesses as TPI now."""
    rows = IntegrityZone.objects.filter(branch(membership, "unit"), pk=pk)
    return rows.select_related("unit", "government").first()


def events_to_name(zone: IntegrityZone) -> list[AssessmentEvent]:
    """Events at which a recommendation of this zone may have been given."""
    return list(zone.assessment_events.exclude(state="cancelled").order_by("-starts_on", "-pk"))


def waiting_for_assessor(membership: Membership, today: date) -> list[Recommendation]:
    """What this person may close or return now, the longest waiting first."""
    if not may_assess(membership):
        return []
    sent = RecommendationReply.objects.filter(recommendation=OuterRef("pk"), state="sent")
    rows = (
        Recommendation.objects.visible_to(membership)
        .filter(state=RecommendationState.FOLLOWED_UP)
        .annotate(sent_at=Subquery(sent.values("sent_at")[:1]))
        .select_related("zone__unit", "government")
        .order_by(F("sent_at").asc(nulls_last=True), "pk")
    )
    if membership.role == Role.INSPECTORATE:
        rows = rows.exclude(zone__unit__kind=UnitKind.INSPEKTORAT)
    else:
        tasks = TpiAssignment.objects.filter(
            membership__user_id=membership.user_id,
            government_id=membership.government_id,
            unit=OuterRef("zone__unit"),
            year__gte=OuterRef("year"),
        )
        rows = rows.filter(Exists(tasks))
    own = own_units(membership.user_id, today=today)
    return [row for row in rows if not share_a_branch(row.zone.unit, own)]
