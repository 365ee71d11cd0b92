"""The row that every step of a workflow leaves (opd.transitions)."""

from django.db import models

from integrity_portal.core.models import append_only
from opd.models.people import Membership


class TransitionRow(models.Model):
    """Abstract: one step that was taken. Concrete ones add `subject` with related_name "steps"."""

    name = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    happened_at = models.DateTimeField()

    class Meta:
        abstract = True
        triggers = [append_only("step_append_only")]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"
