"""What the year calendar and the directives of `opd` may know of zones, activities, proposals."""

from datetime import date

from django.urls import reverse

from assessments.models import Activity, IntegrityZone, Proposal
from opd.models import Membership
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
