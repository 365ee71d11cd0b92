from reports.actions.figures import freeze_figures
from reports.actions.reports import ask_for_progress, make_due_reports
from reports.actions.schedules import pause_schedule, resume_schedule, set_schedule

__all__ = [
    "ask_for_progress",
    "freeze_figures",
    "make_due_reports",
    "pause_schedule",
    "resume_schedule",
    "set_schedule",
]
