"""The weekly reports of the demonstration: every Sunday evening, for Monday's meeting.

They have run for a week, so that the first tick makes the latest one and the list is not empty.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from opd.queries import governments
from reports.enums import Variant, Weekday
from reports.models import ReportSchedule


def load(today: date) -> None:
    ReportSchedule.objects.bulk_create(
        ReportSchedule(
            government=government,
            variant=variant,
            weekday=Weekday.SUNDAY,
            hour=18,
            starts_at=datetime.combine(
                today - timedelta(days=8), time(0), ZoneInfo(government.time_zone)
            ),
        )
        for government in governments()
        for variant in Variant
    )
