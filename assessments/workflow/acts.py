"""Steps of declarations and of zones."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import DeclarationState as D, ZoneStage as Z
from assessments.workflow.roles import REGISTRARS, SECRETARIAT
from integrity_portal.core.workflow import Transition, Workflow
from opd.enums import Role

_SECRETARIAT = frozenset(SECRETARIAT)


DECLARATION = Workflow(
    "declaration",
    D,
    (
        Transition(
            "open",
            _("Open for signing"),
            frozenset({D.DRAFT}),
            D.OPEN,
            _SECRETARIAT,
            requires=("missing_to_open",),
        ),
        Transition(
            "return_to_draft",
            _("Back to draft"),
            frozenset({D.OPEN}),
            D.DRAFT,
            _SECRETARIAT,
            requires=("signatures_in_the_way",),
            effects=("keep_text",),
        ),
        Transition(
            "close",
            _("Close the declaration"),
            frozenset({D.OPEN}),
            D.CLOSED,
            _SECRETARIAT,
            requires=("missing_to_close",),
            effects=("declare_zones",),
        ),
        # A closed act is corrected in the open: with a reason, and it closes again afterwards.
        Transition(
            "reopen",
            _("Open again for a correction"),
            frozenset({D.CLOSED}),
            D.OPEN,
            _SECRETARIAT,
            requires=("reason",),
            effects=("take_zones_back",),
        ),
        # Units stood declared by an act that was closed once: it closes again, or stays a draft.
        Transition(
            "discard",
            _("Discard the draft"),
            frozenset({D.DRAFT}),
            D.DISCARDED,
            _SECRETARIAT,
            requires=("never_closed", "reason_where_signed"),
        ),
    ),
)


def _inherit(stage: Z) -> Transition:
    """To the stage that the road of a unit that was taken over had reached, never back."""
    order = list(Z)
    return Transition(
        f"inherit_{stage.value}",
        _("Go on with the road of a unit that was taken over"),
        frozenset(order[: order.index(stage)]),
        stage,
        REGISTRARS,
        requires=("handover",),
    )


def _struck(stage: Z) -> Transition:
    """Back to where the zone stood before a predicate was recorded in error."""
    return Transition(
        f"award_struck_{stage.value}",
        _("Go back: the recorded predicate was struck"),
        frozenset({Z.DECIDED}),
        stage,
        _SECRETARIAT,
        requires=("award_struck",),
    )


ZONE = Workflow(
    "zone",
    Z,
    (
        # The first two are taken by closing a declaration and by registering a decree.
        Transition(
            "declare",
            _("Record as declared"),
            frozenset({Z.COMMITTED}),
            Z.DECLARED,
            _SECRETARIAT,
            requires=("closed_declaration",),
            produces=_("The unit counts as declared."),
        ),
        Transition(
            "name",
            _("Name to build"),
            frozenset({Z.COMMITTED, Z.DECLARED}),
            Z.NAMED,
            _SECRETARIAT,
            requires=("decree",),
            produces=_("The unit is one of those that build."),
        ),
        Transition(
            "start_building",
            _("Start building"),
            frozenset({Z.NAMED}),
            Z.BUILDING,
            frozenset({*SECRETARIAT, Role.OPD_HEAD}),
            requires=("open_zone", "decree", "active_unit"),
            produces=_("The year of building begins; a work plan can be made."),
        ),
        # A predicate that the ministry awarded before the portal kept the road to it.
        Transition(
            "record_award",
            _("Record an earlier predicate"),
            frozenset({Z.COMMITTED, Z.DECLARED, Z.NAMED}),
            Z.DECIDED,
            _SECRETARIAT,
            requires=("open_zone",),
        ),
        # Back, when the act on which alone the zone stood was reopened or corrected.
        Transition(
            "take_back",
            _("Take the declaration back"),
            frozenset({Z.DECLARED}),
            Z.COMMITTED,
            _SECRETARIAT,
            requires=("no_declaration",),
        ),
        Transition(
            "unname",
            _("Take the naming back"),
            frozenset({Z.NAMED}),
            Z.COMMITTED,
            _SECRETARIAT,
            requires=("no_decree", "no_declaration"),
        ),
        Transition(
            "unname_declared",
            _("Take the naming back, the declaration stands"),
            frozenset({Z.NAMED}),
            Z.DECLARED,
            _SECRETARIAT,
            requires=("no_decree", "closed_declaration"),
        ),
        *(_inherit(stage) for stage in list(Z)[1:]),
        # From here on each step belongs to one attempt, or begins the next one. Of a zone that ended
        # only a decision is still recorded: the one that was taken back as recorded wrongly.
        Transition(
            "propose",
            _("Propose to the ministry"),
            frozenset({Z.BUILDING}),
            Z.PROPOSED,
            _SECRETARIAT,
            requires=("open_zone", "ready_to_propose"),
            produces=_("An attempt that keeps how every requirement stood on that day."),
        ),
        Transition(
            "start_review",
            _("Record that the national review began"),
            frozenset({Z.PROPOSED}),
            Z.NATIONAL_REVIEW,
            _SECRETARIAT,
            requires=("open_zone", "pending_attempt"),
            produces=_("The attempt waits for the ministry's decision."),
        ),
        Transition(
            "award",
            _("Record the predicate"),
            frozenset({Z.NATIONAL_REVIEW}),
            Z.DECIDED,
            _SECRETARIAT,
            requires=("pending_attempt",),
            produces=_("An entry in the register of predicates."),
        ),
        Transition(
            "not_award",
            _("Record that no predicate was awarded"),
            frozenset({Z.NATIONAL_REVIEW}),
            Z.DECIDED,
            _SECRETARIAT,
            requires=("pending_attempt",),
            produces=_("The attempt is kept with its reason; the unit may build again."),
        ),
        Transition(
            "drop",
            _("Record that the unit dropped out"),
            frozenset({Z.PROPOSED, Z.NATIONAL_REVIEW}),
            Z.DECIDED,
            _SECRETARIAT,
            requires=("pending_attempt",),
            produces=_("The attempt is kept with its reason; the unit may build again."),
        ),
        Transition(
            "correct_decision",
            _("Take a wrongly recorded decision back"),
            frozenset({Z.DECIDED}),
            Z.NATIONAL_REVIEW,
            _SECRETARIAT,
            requires=("decided_attempt",),
        ),
        *(_struck(stage) for stage in (Z.COMMITTED, Z.DECLARED, Z.NAMED)),
        # Decided is not the end.
        Transition(
            "build_again",
            _("Build again"),
            frozenset({Z.DECIDED}),
            Z.BUILDING,
            frozenset({*SECRETARIAT, Role.OPD_HEAD}),
            requires=("open_zone", "no_predicate_in_force", "active_unit"),
            produces=_("The next attempt can be prepared; earlier ones stay."),
        ),
        # The first day of building was entered wrongly; no proposal has gone with it.
        Transition(
            "correct_building",
            _("Correct since when it builds"),
            frozenset({Z.BUILDING}),
            Z.BUILDING,
            _SECRETARIAT,
            requires=("open_zone", "not_proposed_since"),
        ),
        Transition(
            "start_wbbm",
            _("Build towards WBBM"),
            frozenset({Z.COMMITTED}),
            Z.BUILDING,
            frozenset({*SECRETARIAT, Role.OPD_HEAD}),
            requires=("open_zone", "holds_wbk", "active_unit"),
        ),
        Transition(
            "fall_back",
            _("Go back to building towards WBK"),
            frozenset({Z.BUILDING, Z.PROPOSED, Z.NATIONAL_REVIEW}),
            Z.BUILDING,
            _SECRETARIAT,
            requires=("open_zone", "wbk_lost"),
        ),
    ),
)

# What the page of a zone announces; the other steps put right or follow from elsewhere.
AHEAD = frozenset(
    {
        "declare",
        "name",
        "start_building",
        "propose",
        "start_review",
        "award",
        "not_award",
        "drop",
        "build_again",
    }
)
