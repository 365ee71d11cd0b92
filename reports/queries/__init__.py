from assessments.queries.declarations import unsigned_places
from reports.queries.figures import figure_set, figures_of_week, last_week_before, read_figures
from reports.queries.schedules import (
    is_made,
    last_moment,
    next_moment,
    next_report,
    running_schedules,
    schedule_of,
    week_at,
)

__all__ = [
    "figure_set",
    "figures_of_week",
    "is_made",
    "last_moment",
    "last_week_before",
    "next_moment",
    "next_report",
    "read_figures",
    "running_schedules",
    "schedule_of",
    "unsigned_places",
    "week_at",
]
