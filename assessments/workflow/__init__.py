"""Steps as tables: who may take which from where, and what must be present."""

from assessments.workflow.acts import AHEAD, DECLARATION, ZONE
from assessments.workflow.monev import EVENT, FOLLOW_UP, MEETING, QUESTION, RECOMMENDATION
from assessments.workflow.papers import PAPER
from assessments.workflow.pilots import PILOT_ROUND
from assessments.workflow.plans import MEASUREMENT, PLAN
from assessments.workflow.proposals import PREDICATE, PROPOSAL
from assessments.workflow.roles import (
    ASSESSMENT_WRITERS,
    ASSESSOR_ROLES,
    HEAD,
    PAPER_KEEPERS,
    PAPER_SIGNERS,
    PLANNERS,
    REGISTRARS,
    SECRETARIAT,
    UNIT_WRITERS,
    WATCHERS,
)
from assessments.workflow.surveys import SURVEY_ROUND
from assessments.workflow.workplans import ACTIVITY, ACTIVITY_REPORT
from assessments.workflow.worksheets import WORKSHEET

__all__ = [
    "ACTIVITY",
    "ACTIVITY_REPORT",
    "AHEAD",
    "ASSESSMENT_WRITERS",
    "ASSESSOR_ROLES",
    "DECLARATION",
    "EVENT",
    "FOLLOW_UP",
    "HEAD",
    "MEASUREMENT",
    "MEETING",
    "PAPER",
    "PAPER_KEEPERS",
    "PAPER_SIGNERS",
    "PILOT_ROUND",
    "PLAN",
    "PLANNERS",
    "PREDICATE",
    "PROPOSAL",
    "QUESTION",
    "RECOMMENDATION",
    "REGISTRARS",
    "SECRETARIAT",
    "SURVEY_ROUND",
    "UNIT_WRITERS",
    "WATCHERS",
    "WORKSHEET",
    "ZONE",
]
