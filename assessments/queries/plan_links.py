"""What inbox items and directives about figures lead to."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Indicator
from assessments.permissions import keeps_rpjmd, reads_plan_figures
from opd.models import Membership, Unit
from opd.subjects import Subject, numbers


def own_figures(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """The page of a unit's own figures, by the unit's key."""
    if not reads_plan_figures(membership):
        return {}
    rows = Unit.objects.visible_to(membership).filter(pk__in=numbers(ids))
    return {
        str(row.pk): Subject(
            _("Indicators of %(unit)s") % {"unit": row.label},
            reverse("assessments:figures_of_unit", args=[row.pk]),
            row.pk,
        )
        for row in rows
    }


def queue(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """Where planners decide what a unit has sent, by the unit's key."""
    if not keeps_rpjmd(membership):
        return {}
    rows = Unit.objects.visible_to(membership).filter(pk__in=numbers(ids))
    return {
        str(row.pk): Subject(
            _("Figures of %(unit)s") % {"unit": row.label},
            f"{reverse('assessments:figures_queue')}?unit={row.pk}",
            row.pk,
        )
        for row in rows
    }


def indicators(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """A directive may be about one indicator."""
    if not reads_plan_figures(membership):
        return {}
    rows = Indicator.objects.visible_to(membership).filter(pk__in=numbers(ids))
    return {
        str(row.pk): Subject(row.name, reverse("assessments:indicator", args=[row.pk]), row.unit_id)
        for row in rows
    }
