"""Realisations: one per indicator and quarter (quarter 0: the figure of the whole year)."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import MeasurementState
from assessments.models.indicators import DIGITS, PLACES, WHOLE_YEAR, Indicator
from assessments.models.monev import another_person
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile
from opd.models import Government, Membership
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow

VALUES = ("value", "numerator", "denominator", "done_on", "is_final")
WORDS = ("obstacle", "follow_up", "follow_up_by", "follow_up_due")


def reported_by(membership: Membership, path: str = "") -> Q:
    """Indicators (`path` leads to one) whose figures this office reads before they are verified:
    central roles all of the government, others those of their branch.
    """
    government = Q(**{f"{path}government_id": membership.government_id})
    if sees_whole_government(membership):
        return government
    return government & Q(**{f"{path}unit__lineage__contains": [membership.unit_id]})


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def visible_to(self, membership: Membership) -> "MeasurementQuerySet":
        """With its words, proof and state; what is verified stands on the pages of the plan."""
        return self.filter(reported_by(membership, "indicator__"))

    def waiting(self) -> "MeasurementQuerySet":
        return self.filter(state=MeasurementState.SUBMITTED)


@track(exclude=[*WORDS[:3], "manual_reason", "message"])
class Measurement(models.Model):
    """What was realised. All of `VALUES` empty is "not reported", never zero.

    The unit writes it, a planner verifies and thereby locks it; `message` is why it came back.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="measurements")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(default=WHOLE_YEAR)
    # Yes and no are 1 and 0; of a ratio it is computed when numerator or denominator is written.
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    numerator = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    denominator = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    done_on = models.DateField(null=True, blank=True)
    # "Angka tetap"; a preliminary figure ("angka sementara") is verified as such.
    is_final = models.BooleanField(default=True)
    obstacle = models.TextField(blank=True)
    follow_up = models.TextField(blank=True)
    follow_up_by = models.CharField(max_length=150, blank=True)
    follow_up_due = models.DateField(null=True, blank=True)
    # Only where the formula says nothing (a target below zero); the planner's, with his reason.
    manual_percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    manual_reason = models.TextField(blank=True)
    state = models.CharField(
        max_length=9, choices=MeasurementState, default=MeasurementState.DRAFT, editable=False
    )
    entered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="measurement_in_government"),
            models.UniqueConstraint(
                fields=["indicator", "year", "quarter"], name="measurement_once"
            ),
            models.CheckConstraint(name="measurement_quarter", condition=Q(quarter__lte=4)),
            models.CheckConstraint(
                name="measurement_sent_says_something",
                condition=Q(state__in=["draft", "returned"])
                | Q(value__isnull=False)
                | Q(numerator__isnull=False, denominator__isnull=False)
                | Q(done_on__isnull=False),
                violation_error_message=_("Enter the realisation first; zero is a value."),
            ),
            models.CheckConstraint(
                name="measurement_sent_by_somebody",
                condition=Q(state="draft", submitted_by=None, submitted_at=None)
                | ~Q(state="draft") & Q(submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="measurement_decided_by_somebody",
                condition=Q(state__in=["draft", "submitted"], decided_by=None, decided_at=None)
                | Q(
                    state__in=["returned", "verified"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="measurement_returned_has_message",
                condition=~Q(state="returned") | ~Q(message=""),
                violation_error_message=_("Write what must be put right."),
            ),
            models.CheckConstraint(
                name="measurement_manual_has_reason",
                condition=Q(manual_percent=None, manual_reason="")
                | Q(manual_percent__gte=0) & ~Q(manual_reason=""),
                violation_error_message=_("Write how the achievement was determined."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["government"], name="measurement_waiting", condition=Q(state="submitted")
            )
        ]
        triggers = [
            another_person("measurement_four_eyes", "submitted_by", "decided_by"),
            pgtrigger.Protect(
                name="measurement_sent_stays",
                operation=pgtrigger.UpdateOf(*VALUES, "indicator_id", "year", "quarter"),
                condition=pgtrigger.Q(old__state__in=["submitted", "verified"]),
            ),
            pgtrigger.Protect(name="measurement_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.quarter} of indicator {self.indicator_id}"

    @property
    def says_something(self) -> bool:
        """Zero is a value; a ratio says something with both of its numbers."""
        ratio = self.numerator is not None and self.denominator is not None
        return self.value is not None or self.done_on is not None or ratio

    def quarter_ends(self) -> date:
        """The last day of its quarter, or of its year."""
        month = 3 * (self.quarter or 4)
        return date(self.year, month, 30 if month in (6, 9) else 31)


class MeasurementStep(TransitionRow):
    """With what stood there at that moment: an unlocked value stays readable."""

    subject = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="steps")
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    numerator = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    denominator = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    done_on = models.DateField(null=True, blank=True)
    is_final = models.BooleanField(default=True)

    class Meta(TransitionRow.Meta):
        pass


class MeasurementFileQuerySet(models.QuerySet["MeasurementFile"]):
    def visible_to(self, membership: Membership) -> "MeasurementFileQuerySet":
        return self.filter(reported_by(membership, "measurement__indicator__"))


class MeasurementFile(models.Model):
    """Evidence of a realisation; at most ten, attached by `editing.attach`."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    measurement = models.ForeignKey(Measurement, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    objects = MeasurementFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measurement", "stored"], name="measurement_file_once")
        ]

    def __str__(self) -> str:
        return f"file {self.stored_id} of measurement {self.measurement_id}"
