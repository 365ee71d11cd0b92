"""Templates that a person may use or keep, and what citizens said of answers."""

from django.db.models import Q

from complaints.models import AnswerTemplate, Complaint, Satisfaction
from complaints.workflow import COORDINATOR
from opd.models import Membership


def templates_of(membership: Membership) -> list[AnswerTemplate]:
    """Those of the government and those of the own unit; the coordinator sees all."""
    rows = AnswerTemplate.objects.filter(government_id=membership.government_id, ended_at=None)
    if membership.role not in COORDINATOR:
        rows = rows.filter(Q(unit=None) | Q(unit_id=membership.unit_id))
    return list(rows.select_related("unit").order_by("unit__name", "title"))


def templates_for(membership: Membership, complaint: Complaint) -> list[AnswerTemplate]:
    """To answer this complaint with: of the government, of the handling unit, of the own."""
    rows = AnswerTemplate.objects.filter(government_id=membership.government_id, ended_at=None)
    units = [complaint.unit_id, membership.unit_id]
    return list(rows.filter(Q(unit=None) | Q(unit_id__in=units)).order_by("title", "pk"))


def template_for(membership: Membership, complaint: Complaint, pk: int) -> AnswerTemplate | None:
    return next((row for row in templates_for(membership, complaint) if row.pk == pk), None)


def own_template(membership: Membership, pk: int) -> AnswerTemplate | None:
    return next((row for row in templates_of(membership) if row.pk == pk), None)


def filled(text: str, complaint: Complaint, today: str) -> str:
    """With the gaps filled; other braces stay as they are."""
    unit = complaint.unit.name if complaint.unit else ""
    for gap, value in {"nomor": str(complaint.number), "unit": unit, "tanggal": today}.items():
        text = text.replace(f"{{{gap}}}", value)
    return text


def contentment_with(complaint: Complaint) -> list[Satisfaction]:
    """What its citizen says, and those whose reports were joined with it."""
    rows = Satisfaction.objects.filter(Q(complaint=complaint) | Q(complaint__merged_into=complaint))
    return list(rows.order_by("given_at"))


def said_of(complaint: Complaint) -> Satisfaction | None:
    return Satisfaction.objects.filter(complaint=complaint).first()
