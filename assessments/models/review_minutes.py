"""The berita acara of an approval: what unit and TPI agree to have seen, signed by both sides."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.monev import another_person
from assessments.models.workplans import branch
from assessments.models.worksheets import WorksheetApproval
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Government, Membership


class ReviewMinutesQuerySet(models.QuerySet["ReviewMinutes"]):
    def visible_to(self, membership: Membership) -> "ReviewMinutesQuerySet":
        return self.filter(branch(membership, "approval__worksheet__zone__unit"))


@track(exclude=["place", "notes"])
class ReviewMinutes(models.Model):
    """`content` holds every figure and name as it is printed; it never changes."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    approval = models.OneToOneField(
        WorksheetApproval, on_delete=models.PROTECT, related_name="minutes"
    )
    number = models.CharField(max_length=80)
    held_on = models.DateField()
    place = models.CharField(max_length=150)
    notes = models.TextField(blank=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    unit_signatory = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit_signed_at = models.DateTimeField(null=True, blank=True)
    tpi_signatory = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tpi_signed_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ReviewMinutesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "review minutes"
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="review_minutes_in_government"
            ),
            models.UniqueConstraint(
                fields=["government", "number"],
                name="review_minutes_number",
                violation_error_message=_("Another berita acara already has this number."),
            ),
            models.CheckConstraint(
                name="review_minutes_are_complete",
                condition=~Q(number="") & ~Q(place=""),
                violation_error_message=_("Write number and place."),
            ),
            models.CheckConstraint(
                name="review_minutes_signed_by_somebody",
                condition=(
                    Q(unit_signatory=None, unit_signed_at=None)
                    | Q(unit_signatory__isnull=False, unit_signed_at__isnull=False)
                )
                & (
                    Q(tpi_signatory=None, tpi_signed_at=None)
                    | Q(tpi_signatory__isnull=False, tpi_signed_at__isnull=False)
                ),
            ),
        ]
        triggers = [
            another_person("review_minutes_two_sides", "unit_signatory", "tpi_signatory"),
            pgtrigger.Protect(
                name="review_minutes_content_stays",
                operation=pgtrigger.UpdateOf(
                    "approval_id", "number", "held_on", "place", "notes", "content", "sha256"
                ),
            ),
            pgtrigger.Protect(name="review_minutes_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"berita acara {self.pk} of approval {self.approval_id}"

    @property
    def is_signed(self) -> bool:
        return self.unit_signed_at is not None and self.tpi_signed_at is not None


class ReviewMinutesScan(models.Model):
    """The sheet that both sides signed in ink. A later scan stands beside the earlier ones."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    minutes = models.ForeignKey(ReviewMinutes, on_delete=models.PROTECT, related_name="scans")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["minutes", "stored"], name="review_minutes_scan_once")
        ]
        triggers = [append_only("review_minutes_scan_append_only")]

    def __str__(self) -> str:
        return f"scan {self.pk} of berita acara {self.minutes_id}"
