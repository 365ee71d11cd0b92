"""Steps of a choice of pilots."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import PilotRoundState as P
from assessments.workflow.roles import SECRETARIAT
from integrity_portal.core.workflow import Transition, Workflow

_SECRETARIAT = frozenset(SECRETARIAT)


# A choice of pilots: the meeting decides once; a later correction is a decision of its own.
PILOT_ROUND = Workflow(
    "pilot_round",
    P,
    (
        Transition(
            "decide",
            _("Record the decision"),
            frozenset({P.OPEN}),
            P.DECIDED,
            _SECRETARIAT,
            requires=("decision",),
        ),
        Transition(
            "discard",
            _("Discard this choice of pilots"),
            frozenset({P.OPEN}),
            P.DISCARDED,
            _SECRETARIAT,
        ),
    ),
)
