"""How a survey round is called elsewhere, and which rounds fall behind their sample."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from assessments.enums import SurveyState
from assessments.models import SurveyRound
from assessments.queries.surveys import period_text, rows_of
from opd.enums import Role
from opd.models import Government, Membership
from opd.reminders import Due, Owner
from opd.subjects import Subject, numbers


def rounds(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = SurveyRound.objects.visible_to(membership).select_related("unit").defer("content")
    return {
        str(row.pk): Subject(
            f"{row.survey} {period_text(row.year, row.quarter)} · {row.unit.label}",
            reverse("assessments:survey_round", args=[row.pk]),
            row.unit_id,
        )
        for row in rows.filter(pk__in=numbers(ids))
    }


def behind(government: Government, today: date) -> Iterable[Due]:
    """Open rounds with too few answers so far: the unit can still hand out slips.

    It goes up to nobody: how many people come is not the unit's fault alone.
    """
    open_now = SurveyRound.objects.filter(
        government=government, state=SurveyState.OPEN, opens_on__lte=today, closes_on__gte=today
    )
    for row in rows_of(open_now.select_related("unit").defer("content")):
        if row.is_behind:
            roles = (Role.OPD_OPERATOR, Role.OPD_HEAD)
            yield Due(
                link_id=str(row.round.pk),
                due_on=row.round.closes_on,
                owners=tuple(Owner(role=role, unit_id=row.round.unit_id) for role in roles),
                remind_before=(7, 1),
                escalate_after=None,
                is_sample=row.round.is_sample,
            )
