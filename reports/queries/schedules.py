"""The weekly reports of all governments."""

from reports.models import ReportSchedule


def running_schedules() -> list[ReportSchedule]:
    return list(ReportSchedule.objects.running().select_related("government").order_by("pk"))
