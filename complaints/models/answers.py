"""Texts that units answer with again and again, and what citizens say of the answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.enums import Contentment
from complaints.models.complaints import Complaint
from opd.models import Government, Unit


class AnswerTemplate(models.Model):
    """Of one unit, or of the whole government. `{nomor}`, `{unit}`, `{tanggal}` are filled in."""

    government = models.ForeignKey(
        Government, on_delete=models.PROTECT, related_name="answer_templates"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="answer_templates"
    )
    title = models.CharField(max_length=100)
    text = models.TextField()
    # Ended ones are offered no more.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "unit", "title"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="answer_template_title_once",
                violation_error_message=_("A template of this title is already there."),
            )
        ]

    def __str__(self) -> str:
        return f"answer template {self.pk}"


class Satisfaction(models.Model):
    """What the citizen says of the answer: once per report, to be changed for some days."""

    complaint = models.OneToOneField(
        Complaint, primary_key=True, on_delete=models.PROTECT, related_name="satisfaction"
    )
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    level = models.CharField(max_length=12, choices=Contentment)
    words = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["government", "given_at"], name="satisfaction_by_day"),
        ]

    def __str__(self) -> str:
        return f"satisfaction with complaint {self.complaint_id}"
