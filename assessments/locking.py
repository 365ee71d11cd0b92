"""Rows under a lock, for somebody who may write them: how verbs of plans and papers begin."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.models import (
    Activity,
    IntegrityZone,
    Paper,
    PilotRound,
    Proposal,
    SurveyRound,
    WorkPlan,
)
from assessments.permissions import can_write_plan, can_write_survey, may_keep_paper
from opd.models import Membership, Unit
from opd.transitions import StepRefused


def writable_zone(zone: IntegrityZone, by: Membership) -> IntegrityZone:
    locked = (
        IntegrityZone.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .get(pk=zone.pk)
    )
    _require(locked, by)
    return locked


def writable_plan(plan: WorkPlan, by: Membership) -> WorkPlan:
    locked = (
        WorkPlan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__unit")
        .get(pk=plan.pk)
    )
    _require(locked.zone, by)
    return locked


def writable_activity(activity: Activity, by: Membership) -> Activity:
    locked = (
        Activity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__zone__unit")
        .get(pk=activity.pk)
    )
    _require(locked.plan.zone, by)
    return locked


def _require(zone: IntegrityZone, by: Membership) -> None:
    """The right person, and a zone that is still open."""
    if not can_write_plan(by, zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write its work plan."))
    if zone.closed_on is not None:
        raise StepRefused(_("The integrity zone of this unit is closed; its plans can be read."))


def kept_paper(paper: Paper, by: Membership) -> Paper:
    """For whoever keeps this kind of paper."""
    row = held_paper(paper, by)
    if not may_keep_paper(by, row):
        raise StepRefused(_("Your role does not include this paper."))
    return row


def held_paper(paper: Paper, by: Membership) -> Paper:
    """For anybody of its government: the right is asked by the verb."""
    return (
        Paper.objects.select_for_update(of=("self",), no_key=True)
        .select_related("government", "unit", "zone", "team", "proposal")
        .get(pk=paper.pk, government_id=by.government_id)
    )


def held_proposals(paper: Paper) -> None:
    """The year's proposals; the paper's own is read anew."""
    rows = Proposal.objects.filter(government_id=paper.government_id, year=paper.year)
    held = {row.pk: row for row in rows.select_for_update(no_key=True).order_by("pk")}
    if paper.proposal_id is not None:
        paper.proposal = held[paper.proposal_id]


def held_round(round_: PilotRound, by: Membership) -> PilotRound:
    """A choice of pilots of the caller's government, locked."""
    return PilotRound.objects.select_for_update(of=("self",), no_key=True).get(
        pk=round_.pk, government_id=by.government_id
    )


def held_survey(round: SurveyRound, by: Membership | None) -> SurveyRound:
    """Locked, for somebody who keeps the surveys of its unit; `by` is None for the clock."""
    row = (
        SurveyRound.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "government")
        .get(pk=round.pk)
    )
    if by is not None:
        refuse_other_survey_keepers(by, row.unit)
    return row


def refuse_other_survey_keepers(by: Membership, unit: Unit) -> None:
    if not can_write_survey(by, unit):
        raise PermissionDenied(_("Only the unit itself and the ZI secretariat keep its surveys."))
