"""Steps of the yearly proposal and of predicates."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import PredicateState as S, ProposalState as P
from assessments.workflow.roles import SECRETARIAT, WATCHERS
from integrity_portal.core.workflow import Transition, Workflow, table

_SECRETARIAT = frozenset(SECRETARIAT)


PROPOSAL = Workflow(
    "proposal",
    P,
    (
        Transition(
            "send",
            _("Record as sent"),
            frozenset({P.DRAFT}),
            P.SENT,
            _SECRETARIAT,
            requires=("candidates", "ready_candidates", "letters"),
        ),
        *table(
            (
                "discard",
                _("Discard the proposal"),
                {P.DRAFT},
                P.DISCARDED,
                SECRETARIAT,
            )
        ),
    ),
)

PREDICATE = Workflow(
    "predicate",
    S,
    table(
        ("watch", _("Put under special monitoring"), {S.ACTIVE}, S.WATCHED, WATCHERS),
        ("clear", _("End the special monitoring"), {S.WATCHED}, S.ACTIVE, WATCHERS),
        ("revoke", _("Record the revocation"), {S.ACTIVE, S.WATCHED}, S.REVOKED, SECRETARIAT),
        ("void", _("Strike a wrong entry"), {S.ACTIVE, S.WATCHED}, S.VOID, SECRETARIAT),
    ),
)
