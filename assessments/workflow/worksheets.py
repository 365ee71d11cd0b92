"""Steps of a work-sheet: the unit fills, the TPI reviews tier by tier, returns or approves."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import WorksheetState as W
from assessments.workflow.roles import ASSESSOR_ROLES, HEAD, SHEET_OPENERS
from integrity_portal.core.workflow import Transition, Workflow, table

_HEAD = frozenset(HEAD)
_ASSESSORS = frozenset(ASSESSOR_ROLES)

WORKSHEET = Workflow(
    "worksheet",
    W,
    (
        Transition(
            "submit",
            _("Send to the TPI"),
            frozenset({W.DRAFT, W.RETURNED}),
            W.SUBMITTED,
            _HEAD,
            requires=("answers", "carried", "returned"),
            produces=_("The TPI reviews it; only single questions can be opened again."),
        ),
        Transition(
            "withdraw",
            _("Take back"),
            frozenset({W.SUBMITTED}),
            W.DRAFT,
            _HEAD,
            requires=("not_reviewed",),
        ),
        Transition(
            "pass_up",
            _("Pass on"),
            frozenset({W.SUBMITTED}),
            W.SUBMITTED,
            _ASSESSORS,
            requires=("scored", "reasons"),
        ),
        *table(("pass_down", _("Give back"), {W.SUBMITTED}, W.SUBMITTED, _ASSESSORS)),
        Transition(
            "return",
            _("Return to the unit"),
            frozenset({W.SUBMITTED}),
            W.RETURNED,
            _ASSESSORS,
            requires=("something_returned",),
            produces=_("The unit repairs the questions that were returned and sends it again."),
        ),
        Transition(
            "approve",
            _("Approve"),
            frozenset({W.SUBMITTED}),
            W.APPROVED,
            _ASSESSORS,
            requires=("scored", "reasons", "nothing_open", "repairs_seen"),
            effects=("keep_approval",),
            produces=_("The scores of the TPI stand; the berita acara can be made."),
        ),
        *table(
            ("reopen", _("Open again"), {W.APPROVED}, W.SUBMITTED, _ASSESSORS),
            ("replace", _("Move to the newer edition"), {W.DRAFT}, W.REPLACED, SHEET_OPENERS),
        ),
    ),
)
