"""Steps of a complaint. `close` and `reopen` have no role: the portal and the citizen take them.

`settle_there` has none either: it is taken for a report of SP4N-LAPOR! that was answered there.

So does the portal `resume` on its day, and when the citizen wrote what was waited for.
"""

from django.utils.translation import gettext_lazy as _

from complaints.enums import AT_COORDINATOR, AT_UNIT, OPEN, ComplaintState as S
from integrity_portal.core.workflow import Workflow, table
from opd.enums import Role

COORDINATOR = {Role.COMPLAINT_COORDINATOR}
UNIT = {Role.LIAISON_OFFICER, Role.OPD_HEAD}

COMPLAINT = Workflow(
    "complaint",
    S,
    table(
        ("verify", _("Pass on to a unit"), AT_COORDINATOR, S.VERIFIED, COORDINATOR),
        ("take_on", _("Take on"), {S.VERIFIED}, S.IN_PROGRESS, UNIT),
        ("answer", _("Send the answer"), {S.IN_PROGRESS}, S.ANSWERED, UNIT),
        ("give_back", _("Return to the coordinator"), AT_UNIT, S.RETURNED, UNIT),
        (
            "recall",
            _("Take back from the unit"),
            AT_UNIT | {S.PAUSED},
            S.RETURNED,
            COORDINATOR,
        ),
        ("pause", _("Let the clock stand still"), AT_UNIT, S.PAUSED, UNIT),
        ("resume", _("Let the clock go on"), {S.PAUSED}, S.IN_PROGRESS, UNIT),
        ("refer", _("Refer elsewhere"), AT_COORDINATOR, S.REFERRED, COORDINATOR),
        ("reject", _("Do not take up"), AT_COORDINATOR, S.REJECTED, COORDINATOR),
        ("merge", _("Join with a similar report"), AT_COORDINATOR, S.MERGED, COORDINATOR),
        ("reopen", _("Not settled yet"), {S.ANSWERED}, S.IN_PROGRESS, ()),
        ("close", _("Close"), {S.ANSWERED}, S.CLOSED, ()),
        ("settle_there", _("Settled in the other system"), OPEN, S.CLOSED, ()),
    ),
)
