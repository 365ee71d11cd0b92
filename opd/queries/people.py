"""Reads about people and their offices, scoped to the caller."""

from datetime import date

from django.db.models import Q

from opd.models import Membership


def memberships_around(user_id: int, *, since: date, until: date) -> list[Membership]:
    """Memberships of one person that touch the days between, newest office first."""
    return list(
        Membership.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=since),
            user_id=user_id,
            valid_from__lte=until,
        )
        .select_related("government", "unit")
        .order_by("substitutes_for_id", "-valid_from", "pk")
    )
