"""Which reports could be of the same thing, and who reads the answer to one of them."""

import re
from datetime import date, timedelta

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q

from complaints.models import Complaint
from complaints.models.complaints import SEARCH_CONFIG
from complaints.permissions import may_be_answered_with
from opd.models import Membership

WINDOW = timedelta(days=90)
MOST_WORDS = 25
SHORTEST = 4


def similar_to(
    government_id: int,
    story: str,
    unit_id: int | None,
    region_id: int | None,
    today: date,
    limit: int,
) -> list[Complaint]:
    """Open complaints of the last months that share words, those of the same place first."""
    tokens = [word for word in re.findall(r"[^\W_]+", story) if len(word) >= SHORTEST]
    if not tokens:
        return []
    query = SearchQuery(" | ".join(tokens[:MOST_WORDS]), config=SEARCH_CONFIG, search_type="raw")
    rows = Complaint.objects.of(government_id).open().filter(filed_on__gte=today - WINDOW)
    rows = rows.filter(search=query)
    if unit_id:
        rows = rows.filter(Q(named_unit=unit_id) | Q(unit=unit_id) | Q(named_unit=None))
    return list(rows.annotate(rank=SearchRank(F("search"), query)).order_by("-rank", "-pk")[:limit])


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
        limit + 1,
    )
    seen = set(
        Complaint.objects.visible_to(membership)
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
