from reports.forms.documents import RequestForm
from reports.forms.schedules import ScheduleForm

__all__ = ["RequestForm", "ScheduleForm"]
