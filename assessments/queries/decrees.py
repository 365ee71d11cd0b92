"""Reads of decrees."""

from django.db.models import Count, Prefetch, QuerySet

from assessments.models import NamedUnit, NamingDecree
from opd.models import Membership


def decree_list(membership: Membership) -> QuerySet[NamingDecree]:
    rows = NamingDecree.objects.visible_to(membership)
    return rows.annotate(unit_count=Count("units")).order_by("-decided_on", "-pk")


def decree_of(membership: Membership, pk: int) -> NamingDecree | None:
    units = NamedUnit.objects.select_related("unit").order_by("position")
    return (
        NamingDecree.objects.visible_to(membership)
        .select_related("scan")
        .prefetch_related(Prefetch("units", units))
        .filter(pk=pk)
        .first()
    )
