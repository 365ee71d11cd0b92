"""What inbox items and directives about figures lead to."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Indicator, Plan
from assessments.permissions import keeps_rpjmd, reads_plan_figures
from assessments.queries.unit_figures import due_on, reporting
from assessments.series import quarter_of
from opd.enums import Role
from opd.models import Government, Membership, Unit
from opd.reminders import Due, Owner
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


def due_figures(government: Government, today: date) -> Iterable[Due]:
    """Units that still owe figures of the quarter that ended last, where a plan sets a day.

    Theirs to do; it does not go up to the Sekda, who sees on one page who has reported.
    """
    quarter = quarter_of(today) - 1
    year, quarter = (today.year, quarter) if quarter else (today.year - 1, 4)
    plans = Plan.objects.filter(government=government, report_days__isnull=False)
    for plan in plans.in_force().covering(year):
        day = due_on(plan, year, quarter)
        for row in reporting(plan, year, quarter, today):
            if day is not None and row.reported < row.total:
                roles = (Role.OPD_OPERATOR, Role.OPD_HEAD)
                yield Due(
                    link_id=str(row.unit.pk),
                    due_on=day,
                    owners=tuple(Owner(role=role, unit_id=row.unit.pk) for role in roles),
                    escalate_after=None,
                    is_sample=plan.is_sample,
                )
