"""What a directive may be about besides zones and activities: pages of monev, assessors, papers.

Each resolves to the unit that the page is about; one query for any number.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from assessments.models import (
    AssessmentEvent,
    AssessorQuestion,
    FollowUp,
    IntegrityZone,
    MonevMeeting,
    Paper,
    PlanFreeze,
    WorkPlan,
    Worksheet,
)
from integrity_portal.core.formatting import date_id
from opd.models import Membership, Unit
from opd.subjects import Subject, numbers


def _found(
    rows: QuerySet[Any], ids: list[str], page: str, said: Callable[[Any], tuple[str, Unit]]
) -> dict[str, Subject]:
    found = {}
    for row in rows.filter(pk__in=numbers(ids)):
        label, unit = said(row)
        found[str(row.pk)] = Subject(
            f"{label} · {unit.label}", reverse(f"assessments:{page}", args=[row.pk]), unit.pk
        )
    return found


def workplans(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = WorkPlan.objects.visible_to(membership).select_related("zone__unit")
    return _found(rows, ids, "workplan", lambda row: (row.year_text, row.zone.unit))


def worksheets(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = Worksheet.objects.visible_to(membership).with_names()
    return _found(rows, ids, "worksheet", lambda row: (f"LKE {row.year_text}", row.zone.unit))


def reviews(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """The review page of a work-sheet, by the sheet's key."""
    rows = Worksheet.objects.visible_to(membership).with_names()
    return _found(
        rows, ids, "worksheet_review", lambda row: (f"LKE {row.year_text}", row.zone.unit)
    )


def teams(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """The work team of a zone, by the zone's key: its page is of the zone."""
    rows = IntegrityZone.objects.visible_to(membership).select_related("unit")
    return {
        str(row.pk): Subject(
            row.unit.name, reverse("assessments:team", kwargs={"zone_pk": row.pk}), row.unit_id
        )
        for row in rows.filter(pk__in=numbers(ids))
    }


def periods(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = PlanFreeze.objects.visible_to(membership).defer("snapshot")
    return _found(
        rows.select_related("plan__zone__unit"),
        ids,
        "plan_period",
        lambda row: (f"{row.period} {row.plan.year_text}", row.plan.zone.unit),
    )


def meetings(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = MonevMeeting.objects.visible_to(membership).defer("freeze__snapshot")
    return _found(
        rows.select_related("freeze__plan__zone__unit"),
        ids,
        "meeting",
        lambda row: (date_id(row.held_on), row.freeze.plan.zone.unit),
    )


def follow_ups(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = FollowUp.objects.visible_to(membership).defer("meeting__freeze__snapshot")
    return _found(
        rows.select_related("meeting__freeze__plan__zone__unit"),
        ids,
        "follow_up",
        lambda row: (row.what[:120], row.meeting.freeze.plan.zone.unit),
    )


def events(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = AssessmentEvent.objects.visible_to(membership).select_related("zone__unit")
    return _found(
        rows,
        ids,
        "event",
        lambda row: (f"{row.get_kind_display()} {row.get_team_display()}", row.zone.unit),
    )


def questions(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = AssessorQuestion.objects.visible_to(membership).select_related("event__zone__unit")
    return _found(
        rows,
        ids,
        "question",
        lambda row: (
            f"{row.event.get_team_display()} {row.event.year_text}, {row.position}",
            row.event.zone.unit,
        ),
    )


def papers(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """Only papers of one unit: a decree on many is no unit's."""
    rows = Paper.objects.visible_to(membership).filter(unit__isnull=False)
    return _found(
        rows.select_related("unit").defer("content", "text", "blocks"),
        ids,
        "paper",
        lambda row: (f"{row.get_kind_display()} {row.year_text}", row.unit),
    )
