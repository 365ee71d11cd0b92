"""The staff's lists and the one complaint they work on; already scoped to the caller."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.enums import ComplaintState, Disclosure
from complaints.models import Complaint, ComplaintStep, IdentityOpening
from complaints.models.complaints import ComplaintQuerySet
from complaints.permissions import can_read_complaints
from opd.models import Membership, Unit
from opd.subjects import Subject, numbers

OPEN, LATE, ALL = "open", "late", "all"


@dataclass(frozen=True)
class Filters:
    """`state` is open, late, all or one state."""

    state: str = OPEN
    unit: int | None = None
    words: str = ""


def complaints_for(membership: Membership, filters: Filters, today: date) -> ComplaintQuerySet:
    """Worst first: oldest deadline on top, then those without one, newest first."""
    rows = Complaint.objects.visible_to(membership).select_related("unit", "named_unit")
    if filters.state == OPEN:
        rows = rows.open()
    elif filters.state == LATE:
        rows = rows.late_on(today)
    elif filters.state in ComplaintState.values:
        rows = rows.filter(state=filters.state)
    if filters.unit:
        rows = rows.filter(
            Q(unit__lineage__contains=[filters.unit])
            | Q(unit=None, named_unit__lineage__contains=[filters.unit])
        )
    for word in filters.words.split()[:6]:
        rows = rows.filter(_mentions(word))
    return rows.order_by(F("due_on").asc(nulls_last=True), "-pk")


def _mentions(word: str) -> Q:
    found = Q(story__icontains=word) | Q(where_text__icontains=word)
    number = word.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        found |= Q(number=int(number))
    return found


def complaint_for(membership: Membership, pk: int) -> Complaint | None:
    rows = Complaint.objects.visible_to(membership)
    return rows.select_related("government", "unit", "named_unit", "filed_by").filter(pk=pk).first()


@dataclass(frozen=True)
class Taken:
    """The last step of a complaint, and what was said with it."""

    complaint: Complaint
    values: dict[str, Any]


def just_taken(membership: Membership, pk: int, verb: str, since: datetime) -> Taken | None:
    """The complaint whose last step is this one, taken by this membership, not before `since`.

    Found even when the step took it out of the person's sight: he did it a moment ago.
    """
    rows = ComplaintStep.objects.filter(
        subject_id=pk, subject__government_id=membership.government_id
    )
    step = rows.select_related("subject__government", "subject__unit").order_by("-pk").first()
    if step is None or step.happened_at < since:
        return None
    complaint = step.subject
    mine = (step.membership_id, step.name) == (membership.pk, verb)
    if not mine or complaint.state != step.to_state:
        return None
    said = complaint.messages.filter(membership=membership, sent_at=step.happened_at)
    values = {
        "note": step.note,
        "reason": step.note,
        "text": said.values_list("text", flat=True).order_by("pk").last() or "",
        "unit": str(complaint.unit_id),
        "sla_class": complaint.sla_class,
        "category": complaint.category,
    }
    return Taken(complaint, values)


def units_to_filter(membership: Membership) -> list[tuple[int, str]]:
    rows = Unit.objects.visible_to(membership).order_by("name")
    return list(rows.values_list("pk", "name"))


def history_of(complaint: Complaint) -> list[Any]:
    return list(complaint.steps.select_related("membership").order_by("pk"))


def messages_of(complaint: Complaint) -> list[Any]:
    return list(complaint.messages.select_related("membership__unit").order_by("pk"))


def openings_of(complaint: Complaint) -> list[IdentityOpening]:
    rows = complaint.openings.select_related("membership").order_by("pk")
    return list(rows) if complaint.disclosure == Disclosure.KNOWN else []


def subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    """Links from directives: by number, never by what the citizen wrote."""
    if not can_read_complaints(membership):
        return {}
    rows = Complaint.objects.visible_to(membership).filter(pk__in=numbers(ids))
    return {
        str(row.pk): Subject(
            _("Complaint %(number)s") % {"number": row.number},
            reverse("complaints:detail", kwargs={"pk": row.pk}),
            row.unit_id,
        )
        for row in rows.only("number", "unit_id")
    }
