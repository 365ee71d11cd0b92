"""What a unit changed by an idea of its own, measured before and after."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.enums import InnovationArea, InnovationState
from opd.models.government import Government
from opd.models.people import Membership
from opd.models.units import Unit


@track(exclude=["title", "problem", "change", "measure", "measure_unit", "source"])
class Innovation(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="innovations")
    title = models.CharField(max_length=200)
    area = models.CharField(max_length=1, choices=InnovationArea)
    started_on = models.DateField()
    started_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    problem = models.TextField(max_length=2000)
    change = models.TextField(max_length=2000)
    # What is measured, in which unit, before and after, and who says so.
    measure = models.CharField(max_length=150, blank=True)
    measure_unit = models.CharField(max_length=40, blank=True)
    value_before = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    value_after = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=InnovationState, default=InnovationState.RUNNING)
    form_key = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title"],
                name="innovation_title_once",
                violation_error_message=_("This unit already has an innovation of that title."),
            ),
            models.UniqueConstraint(fields=["government", "id"], name="innovation_in_government"),
            models.CheckConstraint(
                name="innovation_measured_whole",
                condition=Q(value_before=None, value_after=None) | (~Q(measure="") & ~Q(source="")),
                violation_error_message=_("Write what was measured and who says so."),
            ),
        ]
        indexes = [models.Index(fields=["government", "state"], name="innovation_by_state")]

    def __str__(self) -> str:
        return f"innovation {self.pk} of unit {self.unit_id}"

    @property
    def started(self) -> PartialDate:
        return PartialDate(self.started_on, self.started_on_precision)


class InnovationFile(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    innovation = models.ForeignKey(Innovation, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["innovation", "stored"], name="innovation_file_once")
        ]

    def __str__(self) -> str:
        return f"file {self.pk} of innovation {self.innovation_id}"
