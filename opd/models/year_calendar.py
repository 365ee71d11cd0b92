"""The ZI year of a government: dates that were moved, its own dates, what was ticked off.

The steps themselves are data (`opd.year_calendar`). Moved dates and marks are only ever added:
the newest row of a key holds, the older ones are its history.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.models import append_only
from opd.enums import Role
from opd.models.government import Government
from opd.models.people import Membership


class OwnDate(models.Model):
    """A date that a government adds to its year; `key` is its name among the steps."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="own_dates")
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    role = models.CharField(max_length=24, choices=Role)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)
    drop_reason = models.CharField(max_length=300, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="own_date_in_government"),
            models.CheckConstraint(
                name="own_date_order",
                condition=Q(starts_on=None) | Q(starts_on__lte=F("due_on")),
                violation_error_message=_("The first day lies after the last day."),
            ),
            models.CheckConstraint(
                name="own_date_dropped_has_reason",
                condition=Q(dropped_at=None, drop_reason="")
                | Q(dropped_at__isnull=False) & ~Q(drop_reason=""),
                violation_error_message=_("Write why the date is dropped."),
            ),
        ]
        indexes = [models.Index(fields=["government", "year"], name="own_date_by_year")]

    def __str__(self) -> str:
        return f"own date {self.pk}"

    @property
    def key(self) -> str:
        return f"own-{self.pk}"


class CalendarDate(models.Model):
    """A date of one year that was moved, by which letter and why."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField()
    reason = models.CharField(max_length=300)
    letter_number = models.CharField(max_length=80, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_date_order",
                condition=Q(starts_on=None) | Q(starts_on__lte=F("due_on")),
                violation_error_message=_("The first day lies after the last day."),
            ),
            models.CheckConstraint(
                name="calendar_date_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Write why the date was moved."),
            ),
        ]
        indexes = [
            models.Index(fields=["government", "year", "key", "-id"], name="calendar_date_newest")
        ]
        triggers = [append_only("calendar_date_append_only")]

    def __str__(self) -> str:
        return f"{self.key} {self.due_on}"


class CalendarMark(models.Model):
    """The secretariat ticked a date as done, or took the tick back."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    is_done = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["government", "year", "key", "-id"], name="calendar_mark_newest")
        ]
        triggers = [append_only("calendar_mark_append_only")]

    def __str__(self) -> str:
        return f"{self.key} {self.year}"
