"""Steps of activities and of the reports on them."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import ActivityState as A, ReportState as R
from assessments.workflow.roles import UNIT_WRITERS
from integrity_portal.core.workflow import Transition, Workflow, table
from opd.enums import Role

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
