"""Steps of monev meetings, assessment events and recommendations."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import (
    EventState as E,
    FollowUpState as F,
    MeetingState as M,
    QuestionState as Q,
    RecommendationState as C,
)
from assessments.workflow.roles import ASSESSMENT_WRITERS, ASSESSOR_ROLES, HEAD, UNIT_WRITERS
from integrity_portal.core.workflow import Transition, Workflow, table

MEETING = Workflow(
    "monev_meeting",
    M,
    (
        Transition(
            "settle",
            _("Settle the minutes"),
            frozenset({M.DRAFT}),
            M.SETTLED,
            frozenset(HEAD),
            requires=("held", "agenda", "attendees"),
        ),
        Transition(
            "reopen",
            _("Open the minutes again"),
            frozenset({M.SETTLED}),
            M.DRAFT,
            frozenset(HEAD),
            requires=("reason",),
        ),
    ),
)

FOLLOW_UP = Workflow(
    "follow_up",
    F,
    table(
        ("report", _("Report as done"), {F.OPEN}, F.DONE, UNIT_WRITERS),
        ("verify", _("Verify"), {F.DONE}, F.VERIFIED, HEAD),
        ("give_back", _("Give back"), {F.DONE}, F.OPEN, HEAD),
    ),
)

EVENT = Workflow(
    "assessment_event",
    E,
    table(
        ("hold", _("Record as held"), {E.PLANNED}, E.HELD, ASSESSMENT_WRITERS),
        ("cancel", _("Cancel"), {E.PLANNED}, E.CANCELLED, ASSESSMENT_WRITERS),
        ("replan", _("Plan again"), {E.CANCELLED}, E.PLANNED, ASSESSMENT_WRITERS),
    ),
)

QUESTION = Workflow(
    "assessor_question",
    Q,
    table(
        ("answer", _("Send the answer"), {Q.OPEN}, Q.ANSWERED, UNIT_WRITERS),
        ("ask_again", _("Ask again"), {Q.ANSWERED}, Q.OPEN, ASSESSMENT_WRITERS),
    ),
)

RECOMMENDATION = Workflow(
    "recommendation",
    C,
    table(
        (
            "follow_up",
            _("Report the follow-up"),
            {C.OPEN, C.RETURNED},
            C.FOLLOWED_UP,
            UNIT_WRITERS,
        ),
        ("close", _("Close"), {C.FOLLOWED_UP}, C.CLOSED, ASSESSOR_ROLES),
        ("return", _("Return"), {C.FOLLOWED_UP}, C.RETURNED, ASSESSOR_ROLES),
    ),
)
