"""The same report in SP4N-LAPOR! or in a local system, and files with which such cases arrive."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.external_enums import CaseOrigin, ExportState, ExternalSystem
from complaints.models.complaints import Complaint
from integrity_portal.core import crypto
from integrity_portal.core.history import track
from opd.models import Government, Membership

SEALED = {"table": "complaints_laporimport", "column": "content"}


@track(exclude=["link", "settled_note"])
class ExternalCase(models.Model):
    """A complaint under its number in another system.

    `status` is in the words of that system; what they mean is data (complaints/data/lapor.yaml).
    `status_key` is the same as it is compared. Unlinked rows are deleted, the history keeps them.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, related_name="external_cases"
    )
    system = models.CharField(max_length=5, choices=ExternalSystem)
    tracking_id = models.CharField(max_length=40)
    origin = models.CharField(max_length=5, choices=CaseOrigin)
    status = models.CharField(max_length=60, blank=True)
    status_key = models.CharField(max_length=60, blank=True, editable=False)
    # The day of filing there: for both systems the one clock runs from it.
    filed_on = models.DateField(null=True, blank=True)
    # When the status was last looked at.
    seen_on = models.DateField()
    link = models.URLField(max_length=300, blank=True)
    # A difference that a person looked at and left: of which state here and which word there.
    settled_state = models.CharField(max_length=12, blank=True)
    settled_key = models.CharField(max_length=60, blank=True)
    settled_note = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "system", "tracking_id"],
                name="external_case_number_once",
                violation_error_message=_("This number is linked to another complaint already."),
            ),
            models.UniqueConstraint(
                fields=["complaint", "system"],
                name="external_case_once_in_a_system",
                violation_error_message=_("This complaint has a number in that system already."),
            ),
            models.CheckConstraint(
                name="external_case_from_there_has_a_day",
                condition=~Q(origin="there") | Q(filed_on__isnull=False),
                violation_error_message=_("Enter the day on which it was filed there."),
            ),
            models.CheckConstraint(
                name="external_case_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_state="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settled_state="")),
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk} of complaint {self.complaint_id}"


class LaporImportQuerySet(models.QuerySet["LaporImport"]):
    def expired(self, now: datetime) -> "LaporImportQuerySet":
        return self.filter(expires_at__lt=now).exclude(content="")


class LaporImport(models.Model):
    """What was read of one export, between its preview and its confirmation.

    It tells citizens' stories, so it stands sealed and is emptied when it was written, thrown away
    or has expired; who, when and how many stays. `faults` are rows and sentences, no texts.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=5, choices=ExternalSystem)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=9, choices=ExportState, default=ExportState.PENDING, editable=False
    )
    sha256 = models.CharField(max_length=64)
    content = models.TextField(blank=True)
    faults = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    objects = LaporImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="lapor_import_in_government"),
            models.CheckConstraint(
                name="lapor_import_applied_has_time",
                condition=Q(state="applied", applied_at__isnull=False)
                | ~Q(state="applied") & Q(applied_at=None),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="lapor_import_expiry")]

    def __str__(self) -> str:
        return f"import {self.pk} of government {self.government_id}"

    def keep(self, text: str) -> None:
        """Set, not saved; the row has its key."""
        self.content = crypto.seal(text, row=str(self.pk), **SEALED)

    def kept(self) -> str:
        return crypto.open_sealed(self.content, row=str(self.pk), **SEALED)


class ReportWords(models.Model):
    """What the coordinator wrote about a month: what was found, and what follows from it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    # The first day of the month.
    month = models.DateField()
    findings = models.TextField(blank=True)
    follow_up = models.TextField(blank=True)
    row_version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "month"], name="complaint_report_words_once"
            ),
            models.CheckConstraint(
                name="complaint_report_words_of_a_month", condition=Q(month__day=1)
            ),
        ]

    def __str__(self) -> str:
        return f"words {self.pk} of government {self.government_id}"


class MonthlyReport(models.Model):
    """The figures of a month over both channels as they stood when the report was made; kept whole,
    so that the paper never changes."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="complaint_report_in_government"
            ),
            models.CheckConstraint(name="complaint_report_of_a_month", condition=Q(month__day=1)),
        ]
        indexes = [
            models.Index(fields=["government", "month", "-id"], name="complaint_report_newest")
        ]

    def __str__(self) -> str:
        return f"report {self.pk} of government {self.government_id}"
