"""Figures frozen at one instant: every report of a week shows the same ones, for ever."""

from django.db import models
from django.db.models import Q

from integrity_portal.core.models import append_only
from opd.models import Government


class FigureSet(models.Model):
    """`data` is what the reports print; `sha256` is of its canonical JSON."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="figures")
    # ISO week of the weekly reports, empty for one that somebody asked for.
    period = models.CharField(max_length=8, blank=True)
    taken_at = models.DateTimeField()
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="figures_in_government"),
            models.UniqueConstraint(
                fields=["government", "period"],
                condition=~Q(period=""),
                name="figures_once_per_period",
            ),
        ]
        triggers = [append_only("figure_set_append_only")]

    def __str__(self) -> str:
        return f"figures {self.pk} of {self.government_id} {self.period}"
