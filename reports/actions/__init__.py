from reports.actions.figures import freeze_figures
from reports.actions.reports import ask_for_progress, make_due_reports

__all__ = ["ask_for_progress", "freeze_figures", "make_due_reports"]
