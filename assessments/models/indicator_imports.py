"""A table of indicators that a planner sent as a file, between its preview and its confirmation."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from assessments.enums import SheetImportState
from assessments.models.plans import Plan
from opd.models import Government, Membership


class IndicatorImportQuerySet(models.QuerySet["IndicatorImport"]):
    def expired(self, now: datetime) -> "IndicatorImportQuerySet":
        return self.filter(expires_at__lt=now).exclude(content={})


class IndicatorImport(models.Model):
    """What was read of one file. None of it stands in the plan until it is confirmed.

    `content` is emptied when the import expires or is thrown away; who, when and how many stays.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="indicator_imports")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=9, choices=SheetImportState, default=SheetImportState.PENDING, editable=False
    )
    sha256 = models.CharField(max_length=64)
    # A reading (plan_excel/keeping.py); afterwards only the faults of what was left out.
    content = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    objects = IndicatorImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="indicator_import_in_government"
            ),
            models.CheckConstraint(
                name="indicator_import_applied_has_time",
                condition=Q(state="applied", applied_at__isnull=False)
                | ~Q(state="applied") & Q(applied_at=None),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="indicator_import_expiry")]

    def __str__(self) -> str:
        return f"import {self.pk} into plan {self.plan_id}"
