"""Steps of official papers."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import PaperState as P
from assessments.workflow.roles import PAPER_KEEPERS, PAPER_SIGNERS
from integrity_portal.core.workflow import Transition, Workflow

PAPER = Workflow(
    "paper",
    P,
    (
        Transition(
            "number",
            _("Give number and date"),
            frozenset({P.DRAFT}),
            P.NUMBERED,
            PAPER_KEEPERS,
            requires=("complete",),
        ),
        Transition("redraft", _("Back to draft"), frozenset({P.NUMBERED}), P.DRAFT, PAPER_KEEPERS),
        Transition(
            "sign",
            _("Sign in the portal"),
            frozenset({P.NUMBERED}),
            P.SIGNED,
            PAPER_SIGNERS,
            requires=("unchanged",),
            effects=("follow",),
        ),
        Transition(
            "record",
            _("Record the signed paper"),
            frozenset({P.NUMBERED}),
            P.SIGNED,
            PAPER_KEEPERS,
            requires=("unchanged",),
            effects=("follow",),
        ),
        Transition(
            "void",
            _("Declare void"),
            frozenset({P.DRAFT, P.NUMBERED}),
            P.VOIDED,
            PAPER_KEEPERS,
            requires=("reason",),
        ),
        # A signed decree of naming is corrected in the register of decrees: units stand by it.
        Transition(
            "withdraw",
            _("Withdraw the signed paper"),
            frozenset({P.SIGNED}),
            P.VOIDED,
            PAPER_KEEPERS,
            requires=("reason", "nothing_stands_by_it"),
        ),
    ),
)
