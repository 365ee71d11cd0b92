"""Steps of zones (and, in their own tables below, of declarations and work-plan reports)."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import (
    ActivityState as A,
    DeclarationState as D,
    ReportState as R,
    ZoneStage as Z,
)
from integrity_portal.core.workflow import Transition, Workflow, table
from opd.enums import Role

SECRETARIAT = {Role.ZI_SECRETARIAT}
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
        Transition(
            "discard", _("Discard the draft"), frozenset({D.DRAFT}), D.DISCARDED, _SECRETARIAT
        ),
    ),
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
    ),
)

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
