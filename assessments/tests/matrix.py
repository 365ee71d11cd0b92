"""The doors of assessments."""

from dataclasses import replace
from typing import Any

from assessments.models import Activity, ActivityReport, WorkPlan
from assessments.permissions import PLAN_READERS, PLAN_WRITERS
from assessments.tests.act_doors import ACT_DOORS
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    ReportFileFactory,
    WorkPlanFactory,
    zone_of,
)
from assessments.tests.matrix_evidence import EVIDENCE
from assessments.tests.matrix_excel import EXCEL_DOORS
from assessments.tests.matrix_journey import JOURNEY_DOORS
from assessments.tests.matrix_lke_planning import MATRIX as PLANNING_DOORS
from assessments.tests.matrix_monev import ASSESSING_DOORS
from assessments.tests.matrix_pacts import PACTS
from assessments.tests.matrix_papers import DOORS as PAPER_DOORS
from assessments.tests.matrix_preparation import MATRIX as PREPARATION_DOORS
from assessments.tests.matrix_rpjmd_booklets import (
    MATRIX as BOOKLET_DOORS,
    PUBLIC as BOOKLET_PUBLIC,
)
from assessments.tests.matrix_rpjmd_exports import MATRIX as RPJMD_EXPORTS
from assessments.tests.matrix_rpjmd_figures import MATRIX as FIGURE_DOORS
from assessments.tests.matrix_rpjmd_import import MATRIX as RPJMD_IMPORT_DOORS
from assessments.tests.matrix_rpjmd_plan import MATRIX as RPJMD_PLAN_DOORS
from assessments.tests.matrix_surveys import DOORS as SURVEY_DOORS, PUBLIC as SURVEY_PUBLIC
from assessments.tests.matrix_worksheets import WORKSHEET_DOORS
from opd.enums import Role
from opd.models import Unit
from opd.tests.doors import Door
from opd.tests.fixtures import Cast

__all__ = ["MATRIX", "PUBLIC"]
PUBLIC = BOOKLET_PUBLIC | SURVEY_PUBLIC
HEADS = frozenset({Role.OPD_HEAD})


def _plan(unit: Unit) -> WorkPlan:
    zone = zone_of(unit)
    return zone.plans.first() or WorkPlanFactory(zone=zone)


def _activity(unit: Unit, **values: Any) -> Activity:
    return ActivityFactory(plan=_plan(unit), **values)


def _submitted(unit: Unit, cast: Cast) -> ActivityReport:
    author = cast[Role.OPD_OPERATOR]
    return ActivityReportFactory(activity=_activity(unit), author=author, submitted=True)


def zone_door(name: str) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=PLAN_WRITERS,
        kwargs=lambda cast: {"zone_pk": zone_of(cast.unit).pk},
        elsewhere=lambda cast: {"zone_pk": zone_of(cast.other_unit).pk},
    )


def plan_door(name: str, allowed: frozenset[Role]) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        kwargs=lambda cast: {"pk": _plan(cast.unit).pk},
        elsewhere=lambda cast: {"pk": _plan(cast.other_unit).pk},
    )


def activity_door(name: str, allowed: frozenset[Role], method: str = "get") -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        method=method,
        kwargs=lambda cast: {"pk": _activity(cast.unit).pk},
        elsewhere=lambda cast: {"pk": _activity(cast.other_unit).pk},
    )


def report_door(name: str, allowed: frozenset[Role]) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        method="post",
        kwargs=lambda cast: {"pk": _submitted(cast.unit, cast).pk},
        elsewhere=lambda cast: {"pk": _submitted(cast.other_unit, cast).pk},
        data={"message": "Sudah diperiksa"},
    )


MATRIX = [
    Door("assessments:workplans", allowed=PLAN_READERS),
    zone_door("workplan_new"),
    plan_door("workplan", PLAN_READERS),
    plan_door("workplan_print", PLAN_READERS),
    plan_door("activity_new", PLAN_WRITERS),
    activity_door("activity", PLAN_READERS),
    activity_door("activity_edit", PLAN_WRITERS),
    activity_door("activity_drop", PLAN_WRITERS),
    activity_door("activity_restore", PLAN_WRITERS, "post"),
    activity_door("activity_report", PLAN_WRITERS),
    Door("assessments:workplan_queue", allowed=HEADS),
    report_door("report_withdraw", PLAN_WRITERS),
    # Let in, and told to read first: what these send does not say what was shown.
    replace(report_door("report_confirm", HEADS), answer={409}),
    replace(report_door("report_return", HEADS), answer={409}),
    Door(
        "assessments:report_file",
        allowed=PLAN_READERS,
        kwargs=lambda cast: {"pk": ReportFileFactory(report=_submitted(cast.unit, cast)).pk},
        elsewhere=lambda cast: {
            "pk": ReportFileFactory(report=_submitted(cast.other_unit, cast)).pk
        },
        is_page=False,
    ),
    *EVIDENCE,
    *ACT_DOORS,
    *JOURNEY_DOORS,
    *PAPER_DOORS,
    *PREPARATION_DOORS,
    *ASSESSING_DOORS,
    *PACTS,
    *PLANNING_DOORS,
    *WORKSHEET_DOORS,
    *EXCEL_DOORS,
    *BOOKLET_DOORS,
    *FIGURE_DOORS,
    *RPJMD_PLAN_DOORS,
    *RPJMD_EXPORTS,
    *RPJMD_IMPORT_DOORS,
    *SURVEY_DOORS,
]
