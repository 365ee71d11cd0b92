"""A filled work-sheet that somebody sent as a file, between its preview and its confirmation."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from assessments.enums import Assessor, SheetImportState
from assessments.models.answers import TpnLetter
from assessments.models.worksheets import Worksheet
from opd.models import Government, Membership


class WorksheetImportQuerySet(models.QuerySet["WorksheetImport"]):
    def expired(self, now: datetime) -> "WorksheetImportQuerySet":
        return self.filter(expires_at__lt=now).exclude(content={})


class WorksheetImport(models.Model):
    """What was read of one file. None of it stands in the work-sheet until it is confirmed.

    `content` is emptied when the import expires or is thrown away; who, when and how many stays.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="imports")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    # Whose answers it becomes.
    assessor = models.CharField(max_length=4, choices=Assessor)
    # The letter with which the file came, when the inspectorate records it for the TPN.
    letter = models.ForeignKey(
        TpnLetter, null=True, blank=True, on_delete=models.PROTECT, related_name="imports"
    )
    state = models.CharField(
        max_length=9, choices=SheetImportState, default=SheetImportState.PENDING, editable=False
    )
    sha256 = models.CharField(max_length=64)
    # A reading (excel/keeping.py); afterwards only what was left out.
    content = models.JSONField()
    # When the portal wrote the file that was sent back: answers after that are newer than it.
    exported_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    written = models.PositiveSmallIntegerField(default=0)
    kept = models.PositiveSmallIntegerField(default=0)
    refused = models.PositiveSmallIntegerField(default=0)

    objects = WorksheetImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="worksheet_import_in_government"
            ),
            models.CheckConstraint(
                name="worksheet_import_applied_has_time",
                condition=Q(state="applied", applied_at__isnull=False)
                | ~Q(state="applied") & Q(applied_at=None),
            ),
            models.CheckConstraint(
                name="worksheet_import_letter_is_tpns",
                condition=Q(letter=None) | Q(assessor="tpn"),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="worksheet_import_expiry")]

    def __str__(self) -> str:
        return f"import {self.pk} into work-sheet {self.worksheet_id}"
