"""Who answers what of a work-sheet until when: shares of a sheet, and what waits for one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from assessments.enums import Assessor
from assessments.models import Answer, Worksheet, WorksheetItem
from opd.enums import Role
from opd.models import Membership


def my_items(membership: Membership) -> list[WorksheetItem]:
    """Questions that this person was asked to answer and that are still open, soonest first."""
    said = Answer.objects.filter(assessor=Assessor.UNIT).values("item")
    rows = (
        WorksheetItem.objects.filter(assignee__user=membership.user_id)
        .filter(worksheet__in=Worksheet.objects.visible_to(membership))
        .filter(
            Q(worksheet__state="draft") & ~Q(pk__in=said) | Q(mark__in=["returned", "unlocked"])
        )
        .select_related("worksheet__zone__unit", "worksheet__instrument")
        .defer("worksheet__instrument__content")
    )
    return list(rows.order_by("due_on", "worksheet_id", "position"))


def people_to_ask(sheet: Worksheet, today: date) -> list[Membership]:
    """Operators and heads who write for the unit."""
    unit = sheet.zone.unit
    rows = (
        Membership.objects.valid_on(today)
        .filter(government_id=sheet.government_id, role__in=[Role.OPD_OPERATOR, Role.OPD_HEAD])
        .filter(Q(unit=unit) | Q(unit__in=unit.lineage, acts_below=True))
        .select_related("user", "unit")
    )
    return list(rows.order_by("user__name", "pk"))


@dataclass(frozen=True)
class Task:
    """Open questions of one person in one part of one sheet."""

    sheet: Worksheet
    part: str
    title: str
    codes: list[str]
    due_on: date | None
    is_late: bool


def my_tasks(membership: Membership, today: date) -> list[Task]:
    """Soonest first, what has no date at the end."""
    groups: dict[tuple[int, str, date | None], list[WorksheetItem]] = {}
    for item in my_items(membership):
        groups.setdefault((item.worksheet_id, item.sub_aspect, item.due_on), []).append(item)
    return [
        Task(
            sheet=rows[0].worksheet,
            part=part,
            title=str(rows[0].worksheet.instrument.instrument.titles[part]),
            codes=[row.code for row in rows],
            due_on=due_on,
            is_late=due_on is not None and due_on < today,
        )
        for (_sheet, part, due_on), rows in groups.items()
    ]


@dataclass(frozen=True)
class Share:
    """One part with who answers it; `mixed`: its questions are shared out differently."""

    part: str
    title: str
    questions: list[WorksheetItem]
    assignee: Membership | None
    due_on: date | None
    mixed: bool


def names_in(shares: Iterable[Share]) -> list[str]:
    """Everybody who was asked to answer something in these parts."""
    asked = (item.assignee for share in shares for item in share.questions)
    return list(dict.fromkeys(one.user.name for one in asked if one is not None))


def shares_of(sheet: Worksheet) -> list[Share]:
    """Every part in order, in one query."""
    titles = sheet.instrument.instrument.titles
    parts: dict[str, list[WorksheetItem]] = {}
    for item in sheet.items.select_related("assignee__user").order_by("position"):
        parts.setdefault(item.sub_aspect, []).append(item)
    return [
        Share(
            part,
            str(titles[part]),
            rows,
            rows[0].assignee,
            rows[0].due_on,
            mixed=len({(row.assignee_id, row.due_on) for row in rows}) > 1,
        )
        for part, rows in parts.items()
    ]
