"""Steps of zones (and, in their own tables below, of declarations and work-plan reports)."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import (
    ActivityState as A,
    DeclarationState as D,
    EventState as E,
    FollowUpState as F,
    MeetingState as M,
    QuestionState as Q,
    RecommendationState as C,
    ReportState as R,
    ZoneStage as Z,
)
from integrity_portal.core.workflow import Transition, Workflow, table
from opd.enums import GOVERNMENT_ROLES, UNIT_ROLES, Role

SECRETARIAT = {Role.ZI_SECRETARIAT}
# Whoever records a merger or a split; the road of the unit goes on by itself then.
REGISTRARS = frozenset({Role.ZI_SECRETARIAT, Role.ADMINISTRATOR})
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
        ),
        Transition(
            "name",
            _("Name to build"),
            frozenset({Z.COMMITTED, Z.DECLARED}),
            Z.NAMED,
            _SECRETARIAT,
            requires=("decree",),
        ),
        Transition(
            "start_building",
            _("Start building"),
            frozenset({Z.DECLARED, Z.NAMED}),
            Z.BUILDING,
            frozenset({*SECRETARIAT, Role.OPD_HEAD}),
            requires=("active_unit",),
        ),
        *table(
            # A predicate that the ministry awarded before the portal kept the road to it.
            (
                "record_award",
                _("Record an earlier predicate"),
                {Z.COMMITTED, Z.DECLARED, Z.NAMED, Z.BUILDING},
                Z.DECIDED,
                SECRETARIAT,
            ),
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
    ),
)

# What the page of a zone announces; the other steps put right or follow from elsewhere.
AHEAD = frozenset({"declare", "name", "start_building"})

UNIT_WRITERS = {Role.OPD_OPERATOR, Role.OPD_HEAD}

ACTIVITY = Workflow(
    "activity",
    A,
    table(
        ("start", _("Begin"), {A.PLANNED}, A.ACTIVE, UNIT_WRITERS),
        ("drop", _("Drop the activity"), {A.PLANNED, A.ACTIVE}, A.DROPPED, UNIT_WRITERS),
        ("restore", _("Take the activity up again"), {A.DROPPED}, A.ACTIVE, UNIT_WRITERS),
    ),
)

ACTIVITY_REPORT = Workflow(
    "activity_report",
    R,
    (
        Transition(
            "submit",
            _("Send to the head of the unit"),
            frozenset({R.DRAFT}),
            R.SUBMITTED,
            frozenset(UNIT_WRITERS),
            requires=("percent", "note"),
        ),
        *table(
            ("withdraw", _("Take back"), {R.SUBMITTED}, R.DRAFT, UNIT_WRITERS),
            ("confirm", _("Confirm"), {R.SUBMITTED}, R.CONFIRMED, {Role.OPD_HEAD}),
            ("return", _("Return"), {R.SUBMITTED}, R.RETURNED, {Role.OPD_HEAD}),
        ),
    ),
)

# Monev meetings, assessment events and recommendations.
HEAD = {Role.OPD_HEAD}
ASSESSMENT_WRITERS = {Role.ZI_SECRETARIAT, Role.INSPECTORATE}
# The inspectorate, and whoever is assigned to the unit as TPI: he may hold any of these offices.
ASSESSOR_ROLES = (GOVERNMENT_ROLES | UNIT_ROLES) - {Role.TPN_REVIEWER}

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
