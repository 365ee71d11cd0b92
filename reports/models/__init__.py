from reports.models.figures import FigureSet
from reports.models.schedules import ReportSchedule

__all__ = ["FigureSet", "ReportSchedule"]
