"""Steps of RPJMD plans and of measurements."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import MeasurementState as M, PlanState as P
from assessments.workflow.roles import MEASURERS, PLANNERS
from integrity_portal.core.workflow import Transition, Workflow, table

PLAN = Workflow(
    "plan",
    P,
    (
        Transition(
            "adopt",
            _("Put in force"),
            frozenset({P.DRAFT}),
            P.IN_FORCE,
            PLANNERS,
            requires=("legal_basis", "indicators"),
        ),
        *table(
            ("close", _("Close"), {P.IN_FORCE}, P.CLOSED, PLANNERS),
            ("reopen", _("Open again"), {P.CLOSED}, P.IN_FORCE, PLANNERS),
        ),
    ),
)

MEASUREMENT = Workflow(
    "measurement",
    M,
    (
        Transition(
            "send",
            _("Send to the planner"),
            frozenset({M.DRAFT, M.RETURNED}),
            M.SUBMITTED,
            MEASURERS,
            requires=("figure",),
        ),
        *table(("withdraw", _("Take back"), {M.SUBMITTED}, M.DRAFT, MEASURERS)),
        Transition(
            "verify",
            _("Verify and lock"),
            frozenset({M.SUBMITTED}),
            M.VERIFIED,
            PLANNERS,
            requires=("achievement",),
        ),
        Transition(
            "return",
            _("Return"),
            frozenset({M.SUBMITTED}),
            M.RETURNED,
            PLANNERS,
            requires=("message",),
        ),
        Transition(
            "unlock",
            _("Unlock"),
            frozenset({M.VERIFIED}),
            M.DRAFT,
            PLANNERS,
            requires=("reason",),
        ),
    ),
)
