"""Reads of innovations. The same few queries however many there are."""

from django.db.models import Prefetch, QuerySet

from opd.enums import InnovationArea, InnovationState
from opd.models import Innovation, InnovationFile, Membership, Unit


def innovations(
    membership: Membership, *, area: str = "", state: str = "", unit: Unit | None = None
) -> QuerySet[Innovation]:
    """What the caller may see: the government's for central roles, the branch's for units."""
    rows = Innovation.objects.filter(unit__in=Unit.objects.visible_to(membership))
    if unit is not None:
        rows = rows.filter(unit=unit)
    if area in InnovationArea.values:
        rows = rows.filter(area=area)
    if state in InnovationState.values:
        rows = rows.filter(state=state)
    return rows.select_related("unit").order_by("-started_on", "title", "pk")


def innovation_of(membership: Membership, pk: int) -> Innovation | None:
    standing = InnovationFile.objects.filter(removed_at=None).select_related("stored")
    return (
        innovations(membership)
        .filter(pk=pk)
        .prefetch_related(Prefetch("files", standing.order_by("pk"), to_attr="standing"))
        .first()
    )


def file_of(innovation: Innovation, pk: int) -> InnovationFile | None:
    rows = innovation.files.filter(pk=pk, removed_at=None)
    return rows.select_related("stored", "innovation__unit").first()


def running_count(government_id: int) -> int:
    """For figures of the whole government."""
    return Innovation.objects.filter(
        government_id=government_id, state=InnovationState.RUNNING
    ).count()
