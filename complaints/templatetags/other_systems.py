"""The box on a complaint's page: its numbers in other systems and its category."""

from typing import Any

from django import template

from complaints import categories
from complaints.forms.external import CategoryForm
from complaints.models import Complaint
from complaints.permissions import keeps_other_systems, may_link_cases
from complaints.queries.external import cases_of, system_choices

register = template.Library()


@register.inclusion_tag("complaints/staff/external_box.html", takes_context=True)
def other_systems(context: template.Context, complaint: Complaint) -> dict[str, Any]:
    membership = context["request"].membership
    cases = cases_of(complaint)
    may_link = may_link_cases(membership, complaint)
    linked = {row.case.system for row in cases}
    keeps = keeps_other_systems(membership)
    return {
        "complaint": complaint,
        "cases": cases,
        "may_link": may_link,
        "may_add": may_link and len(linked) < len(system_choices(complaint.government)),
        "may_settle": keeps,
        "category": categories.current().label(complaint.category),
        "category_form": CategoryForm(complaint=complaint) if keeps else None,
    }
