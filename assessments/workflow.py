"""Steps of zones (and, in their own tables below, of declarations and work-plan reports)."""

from django.utils.translation import gettext_lazy as _

from assessments.enums import ZoneStage as Z
from integrity_portal.core.workflow import Workflow, table
from opd.enums import Role

SECRETARIAT = {Role.ZI_SECRETARIAT}

ZONE = Workflow(
    "zone",
    Z,
    table(
        ("declare", _("Record as declared"), {Z.COMMITTED}, Z.DECLARED, SECRETARIAT),
        ("name", _("Name to build"), {Z.COMMITTED, Z.DECLARED}, Z.NAMED, SECRETARIAT),
        (
            "start_building",
            _("Start building"),
            {Z.DECLARED, Z.NAMED},
            Z.BUILDING,
            {*SECRETARIAT, Role.OPD_HEAD},
        ),
    ),
)
