"""What calendar, reminders and directives of `opd` may know of zones, activities and their kin."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse

from assessments.enums import (
    OPEN_MARKS,
    Assessor,
    ItemMark,
    RecommendationState,
    WorksheetState,
)
from assessments.models import (
    Activity,
    Answer,
    IntegrityZone,
    Proposal,
    Recommendation,
    WorksheetItem,
)
from opd.enums import Role
from opd.models import Government, Membership, Unit
from opd.reminders import Due, Owner
from opd.subjects import Subject, numbers


def proposal_sent_on(government_id: int, year: int) -> date | None:
    """The day on which the year's proposal went to the ministry."""
    rows = Proposal.objects.filter(government=government_id, year=year, sent_on__isnull=False)
    return rows.values_list("sent_on", flat=True).first()


def units_on_the_road(government_id: int) -> list[int]:
    """Units with an open zone that has begun and is not decided: the year's tasks are theirs."""
    rows = IntegrityZone.objects.filter(government=government_id, closed_on=None)
    return sorted(rows.on_the_road().values_list("unit_id", flat=True))


def zones(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = IntegrityZone.objects.visible_to(membership).select_related("unit")
    return {
        str(row.pk): Subject(
            row.unit.name, reverse("assessments:zone", kwargs={"pk": row.pk}), row.unit_id
        )
        for row in rows.filter(pk__in=numbers(ids))
    }


def activities(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = Activity.objects.visible_to(membership).select_related("plan__zone")
    return {
        str(row.pk): Subject(
            row.title, reverse("assessments:activity", kwargs={"pk": row.pk}), row.plan.zone.unit_id
        )
        for row in rows.filter(pk__in=numbers(ids))
    }


def requirements(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """The requirements of a unit, by the unit's key."""
    rows = Unit.objects.visible_to(membership).filter(pk__in=numbers(ids))
    return {
        str(row.pk): Subject(
            row.name, reverse("assessments:unit_eligibility", kwargs={"unit_id": row.pk}), row.pk
        )
        for row in rows
    }


def recommendations(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = Recommendation.objects.visible_to(membership).select_related("zone__unit")
    return {
        str(row.pk): Subject(
            f"{row.get_team_display()} {row.number} · {row.zone.unit.label}",
            reverse("assessments:recommendation", kwargs={"pk": row.pk}),
            row.zone.unit_id,
        )
        for row in rows.filter(pk__in=numbers(ids))
    }


def due_recommendations(government: Government, today: date) -> Iterable[Due]:
    """Open or returned: the move of the unit's operator, then of its head."""
    rows = Recommendation.objects.filter(
        government=government,
        state__in=[RecommendationState.OPEN, RecommendationState.RETURNED],
        zone__closed_on=None,
    )
    for row in rows.select_related("zone").order_by("pk"):
        yield Due(
            link_id=str(row.pk),
            due_on=row.due_on,
            owners=tuple(
                Owner(role=role, unit_id=row.zone.unit_id)
                for role in (Role.OPD_OPERATOR, Role.OPD_HEAD)
            ),
            is_sample=row.is_sample,
        )


def due_questions(government: Government, today: date) -> Iterable[Due]:
    """Work-sheets of which questions that were shared out with a day are open: the soonest day.

    The unit's own affair: it does not go up to the Sekda.
    """
    said = Answer.objects.filter(item=OuterRef("pk"), assessor=Assessor.UNIT)
    is_draft = Q(worksheet__state=WorksheetState.DRAFT)
    to_answer = is_draft & (~Exists(said) | Q(mark=ItemMark.CARRIED))
    open_items = WorksheetItem.objects.filter(
        to_answer | Q(mark__in=OPEN_MARKS),
        ~Q(worksheet__state=WorksheetState.REPLACED),
        government=government,
        worksheet__zone__closed_on=None,
        due_on__isnull=False,
    )
    rows = open_items.values("worksheet", "worksheet__zone__unit", "worksheet__is_sample").annotate(
        soonest=Min("due_on")
    )
    for row in rows.order_by("worksheet"):
        yield Due(
            link_id=str(row["worksheet"]),
            due_on=row["soonest"],
            owners=tuple(
                Owner(role=role, unit_id=row["worksheet__zone__unit"])
                for role in (Role.OPD_OPERATOR, Role.OPD_HEAD)
            ),
            escalate_after=None,
            is_sample=row["worksheet__is_sample"],
        )
