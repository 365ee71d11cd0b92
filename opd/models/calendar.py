from django.db import models

from opd.models.government import Government


class Holiday(models.Model):
    """Cuti bersama and local days off; national holidays come from the `holidays` library."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["government", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
