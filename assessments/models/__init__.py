from assessments.models.workplans import (
    Activity,
    ActivityReport,
    ActivityStep,
    ReportFile,
    ReportStep,
    WorkPlan,
)
from assessments.models.zones import IntegrityZone, ZonePredicate, ZoneStep

__all__ = [
    "Activity",
    "ActivityReport",
    "ActivityStep",
    "IntegrityZone",
    "ReportFile",
    "ReportStep",
    "WorkPlan",
    "ZonePredicate",
    "ZoneStep",
]
