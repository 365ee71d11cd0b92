"""Which reports could be of the same thing, and who reads the answer to one of them."""

from datetime import date

from complaints.models import Complaint
from complaints.permissions import may_be_answered_with
from complaints.queries.similar import similar_to
from opd.models import Membership


def candidates_for(
    membership: Membership, complaint: Complaint, today: date, limit: int = 5
) -> list[Complaint]:
    """What this one may be joined with, as far as the person sees it."""
    found = similar_to(
        complaint.government_id,
        complaint.story,
        complaint.named_unit_id,
        complaint.region_id,
        today,
        3 * limit,
    )
    seen = set(
        Complaint.objects.visible_to(membership)
        .open()
        .filter(pk__in=[row.pk for row in found])
        .values_list("pk", flat=True)
    )
    return [
        row
        for row in found
        if row.pk in seen and row.pk != complaint.pk and may_be_answered_with(complaint, row)
    ][:limit]


def main_by_number(membership: Membership, number: int) -> Complaint | None:
    return Complaint.objects.visible_to(membership).filter(number=number).first()


def main_of(complaint: Complaint) -> Complaint:
    """The one whose state, dates and answers its citizen reads."""
    return complaint.merged_into or complaint


def answered_with(complaint: Complaint) -> list[Complaint]:
    """The complaint and those that were joined with it: all whose citizens read its answer."""
    return [complaint, *complaint.joined.select_related("government").order_by("pk")]
