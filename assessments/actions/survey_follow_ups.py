"""What a unit does after a survey: rows of a plan, and what became of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.editing import write
from assessments.locking import held_survey
from assessments.models import SurveyFollowUp, SurveyRound
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused

MOST = 40


@dataclass(frozen=True)
class FollowUpTexts:
    item: str
    action: str
    responsible: str
    due_on: date


@transaction.atomic
def add_survey_follow_up(
    *, round: SurveyRound, texts: FollowUpTexts, form_key: UUID, by: Membership
) -> SurveyFollowUp:
    """A second press of the same form finds the row of the first. Raises StepRefused."""
    row = _counted(round, by)
    existing = row.follow_ups.filter(form_key=form_key).first()
    if existing:
        return existing
    if row.follow_ups.count() >= MOST:
        raise StepRefused(_("There are enough rows in this plan already."))
    _refuse_unknown(row, texts.item)
    follow_up: SurveyFollowUp = row.follow_ups.create(
        government_id=row.government_id, form_key=form_key, **vars(texts)
    )
    ledger.record("survey_follow_up.added", follow_up, by=by, codes=_codes(follow_up))
    return follow_up


@transaction.atomic
def edit_survey_follow_up(
    *,
    follow_up: SurveyFollowUp,
    texts: FollowUpTexts,
    done_on: date | None,
    outcome: str,
    version: int,
    by: Membership,
    today: date,
) -> SurveyFollowUp:
    """Raises Conflict when somebody else saved meanwhile, StepRefused."""
    round = _counted(follow_up.round, by)
    row = SurveyFollowUp.objects.select_for_update(no_key=True).get(pk=follow_up.pk)
    _refuse_unknown(round, texts.item)
    if done_on is not None and done_on > today:
        raise StepRefused(_("What is done was done today or earlier."))
    wanted = {**vars(texts), "done_on": done_on, "outcome": outcome}
    if write(row, wanted, version):
        ledger.record("survey_follow_up.edited", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def remove_survey_follow_up(*, follow_up: SurveyFollowUp, by: Membership) -> None:
    """Only while the result is not published."""
    round = _counted(follow_up.round, by)
    if round.state == "published":
        raise StepRefused(_("The result is published; its plan can be changed, not cut."))
    ledger.record("survey_follow_up.removed", follow_up, by=by, codes=_codes(follow_up))
    follow_up.delete()


def _counted(round: SurveyRound, by: Membership) -> SurveyRound:
    row = held_survey(round, by)
    if not row.is_counted:
        raise StepRefused(_("Close the survey first: its plan answers its result."))
    return row


def _refuse_unknown(round: SurveyRound, item: str) -> None:
    if item not in round.asked.item_codes:
        raise StepRefused(_("Choose an element of this survey."))


def _codes(row: SurveyFollowUp) -> dict[str, ledger.Code]:
    return {"round": row.round_id, "item": row.item, "due": row.due_on.isoformat()}
