"""Ask for the papers of a survey round: its report, the card with its QR code."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import SurveyState
from assessments.models import SurveyRound
from assessments.permissions import reads_surveys
from assessments.queries.surveys import CARD_A4, CARD_A5, NAMES, REPORT, period_text, round_of
from integrity_portal.core import ledger
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.models import Document
from opd.models import Membership
from opd.transitions import StepRefused

TITLES = {REPORT: "Laporan", CARD_A4: "Kartu A4", CARD_A5: "Kartu A5"}


@transaction.atomic
def request_survey_paper(
    *, round: SurveyRound, kind: str, by: Membership, now: datetime
) -> Document:
    """Raises PermissionDenied, StepRefused, KeyError for no such paper."""
    if not reads_surveys(by) or round_of(by, round.pk) is None:
        raise PermissionDenied(_("You may have the papers of your own units only."))
    if kind == REPORT and not round.is_counted:
        raise StepRefused(_("Close the survey first: the report tells its result."))
    if kind != REPORT and round.state == SurveyState.DRAFT:
        raise StepRefused(_("Open the survey first: until then its address leads nowhere."))
    name = f"{TITLES[kind]} {round.survey} {round.unit.label[:100]}"
    ledger.record("survey_round.paper_asked", round, by=by, codes={"kind": kind})
    return request_document(
        kind=NAMES[kind],
        params={"round": round.pk},
        title=f"{name}, {period_text(round.year, round.quarter)}",
        by=by,
        now=now,
        is_sample=round.is_sample,
    )
