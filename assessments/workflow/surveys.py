"""Steps of a survey round: what is closed stays closed, and is counted once."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import SurveyState as S
from assessments.workflow.roles import SHEET_OPENERS
from integrity_portal.core.workflow import Transition, Workflow

SURVEY_ROUND = Workflow(
    "survey_round",
    S,
    (
        Transition(
            "open",
            _("Open the survey"),
            frozenset({S.DRAFT}),
            S.OPEN,
            SHEET_OPENERS,
            requires=("days",),
        ),
        Transition(
            "close",
            _("Close the survey"),
            frozenset({S.OPEN}),
            S.CLOSED,
            SHEET_OPENERS,
        ),
        Transition(
            "publish",
            _("Publish the result"),
            frozenset({S.CLOSED}),
            S.PUBLISHED,
            SHEET_OPENERS,
            requires=("answers",),
        ),
    ),
)
