"""Which report arrives by itself, and when."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from opd.models import Government
from reports.enums import Variant, Weekday


class ReportScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def running(self) -> "ReportScheduleQuerySet":
        return self.filter(is_active=True)


@track()
class ReportSchedule(models.Model):
    """Every week at `hour` o'clock of the government's own time zone, from `starts_at` on."""

    government = models.ForeignKey(
        Government, on_delete=models.PROTECT, related_name="report_schedules"
    )
    kind = models.CharField(max_length=60, default="reports.progress")
    variant = models.CharField(max_length=40, choices=Variant)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.SUNDAY)
    hour = models.PositiveSmallIntegerField(default=18, validators=[MaxValueValidator(23)])
    is_active = models.BooleanField(default=True)
    starts_at = models.DateTimeField()

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind", "variant"], name="report_schedule_once"
            ),
            models.CheckConstraint(
                name="report_schedule_weekday",
                condition=Q(weekday__gte=1, weekday__lte=7),
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                name="report_schedule_hour",
                condition=Q(hour__gte=0, hour__lte=23),
                violation_error_message=_("Choose an hour between 0 and 23."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.variant} of {self.government_id}"
