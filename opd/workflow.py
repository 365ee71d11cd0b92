"""Steps of directives, of promises made in public, of posters. Pure tables."""

from django.utils.translation import gettext_lazy as _

from integrity_portal.core.workflow import Transition, Workflow, table
from opd.enums import DirectiveState as D, PosterState as S, PromiseState as P, Role

GIVERS = frozenset({Role.MAYOR, Role.SEKDA})
# Who carries a directive out; a liaison officer only reads it.
CARRIERS = frozenset({Role.OPD_HEAD, Role.OPD_OPERATOR})
PROMISE_KEEPERS = frozenset({Role.MAYOR, Role.ZI_SECRETARIAT})
_WORKED_ON = frozenset({D.ACKNOWLEDGED, D.RETURNED})

DIRECTIVE = Workflow(
    "directive",
    D,
    (
        Transition("acknowledge", _("Acknowledge"), frozenset({D.GIVEN}), D.ACKNOWLEDGED, CARRIERS),
        Transition(
            "progress",
            _("Report progress"),
            _WORKED_ON,
            D.ACKNOWLEDGED,
            CARRIERS,
            requires=("text",),
        ),
        Transition(
            "report", _("Report as done"), _WORKED_ON, D.REPORTED, CARRIERS, requires=("text",)
        ),
        Transition("finish", _("Accept as finished"), frozenset({D.REPORTED}), D.FINISHED, GIVERS),
        Transition(
            "return",
            _("Return"),
            frozenset({D.REPORTED}),
            D.RETURNED,
            GIVERS,
            requires=("reason",),
        ),
        Transition(
            "withdraw",
            _("Withdraw"),
            frozenset({D.GIVEN, D.ACKNOWLEDGED, D.REPORTED, D.RETURNED}),
            D.WITHDRAWN,
            GIVERS,
            requires=("reason",),
        ),
    ),
)

PROMISE = Workflow(
    "promise",
    P,
    table(
        ("keep", _("Record as kept"), {P.OPEN, P.BROKEN}, P.KEPT, PROMISE_KEEPERS),
        ("break", _("Record as not kept"), {P.OPEN}, P.BROKEN, PROMISE_KEEPERS),
        # A judgement that turns out to be wrong is taken back in the open, with a reason.
        ("reopen", _("Take the judgement back"), {P.KEPT, P.BROKEN}, P.OPEN, PROMISE_KEEPERS),
    ),
)

# Who hangs posters: the coordinator and the secretariat everywhere, units at their own places.
POSTER_KEEPERS = frozenset(
    {Role.COMPLAINT_COORDINATOR, Role.ZI_SECRETARIAT, Role.OPD_HEAD, Role.OPD_OPERATOR}
)

POSTER = Workflow(
    "poster",
    S,
    table(
        ("print", _("Record as printed"), {S.MADE}, S.PRINTED, POSTER_KEEPERS),
        # The same sheet, printed once more, may hang again where one was lost.
        ("post", _("Record as posted"), {S.MADE, S.PRINTED, S.GONE}, S.POSTED, POSTER_KEEPERS),
        ("confirm", _("It still hangs"), {S.POSTED}, S.POSTED, POSTER_KEEPERS),
        ("lose", _("It is gone or covered"), {S.POSTED}, S.GONE, POSTER_KEEPERS),
        (
            "replace",
            _("Replaced"),
            {S.MADE, S.PRINTED, S.POSTED, S.GONE},
            S.REPLACED,
            POSTER_KEEPERS,
        ),
    ),
)
