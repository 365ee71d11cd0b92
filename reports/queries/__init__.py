from assessments.queries.declarations import waiting_for
from reports.queries.figures import figure_set, figures_of_week, last_week_before, read_figures
from reports.queries.schedules import running_schedules

__all__ = [
    "figure_set",
    "figures_of_week",
    "last_week_before",
    "read_figures",
    "running_schedules",
    "waiting_for",
]
