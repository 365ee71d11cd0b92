"""A decree (SK penetapan) that names units to build an integrity zone."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.enums import Role
from opd.models import Government, Membership, Unit


class NamingDecreeQuerySet(models.QuerySet["NamingDecree"]):
    def visible_to(self, membership: Membership) -> "NamingDecreeQuerySet":
        """All members of the government; TPN reviewers the decrees that name their unit."""
        rows = self.filter(government_id=membership.government_id)
        if membership.role == Role.TPN_REVIEWER:
            return rows.about(membership.unit_id)
        return rows

    def about(self, unit_id: int | None) -> "NamingDecreeQuerySet":
        named = NamedUnit.objects.filter(decree=OuterRef("pk"), unit__lineage__contains=[unit_id])
        return self.filter(Exists(named))


@track(exclude=["title"])
class NamingDecree(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="decrees")
    number = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField()
    decided_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    scan = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=200, blank=True)
    is_sample = models.BooleanField(default=False)

    objects: ClassVar[NamingDecreeQuerySet] = NamingDecreeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "number"],
                name="decree_number_once",
                violation_error_message=_("A decree of this number is already registered."),
            )
        ]

    def __str__(self) -> str:
        return f"decree {self.number}"

    @property
    def decided(self) -> PartialDate:
        return PartialDate(self.decided_on, self.decided_on_precision)


class NamedUnit(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    decree = models.ForeignKey(NamingDecree, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="named_in")
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decree", "unit"], name="named_unit_once")]

    def __str__(self) -> str:
        return f"{self.decree_id}: unit {self.unit_id}"


class DecreeCorrection(models.Model):
    """What was put right in a registered decree: from what to what, by whom and why."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    decree = models.ForeignKey(NamingDecree, on_delete=models.PROTECT, related_name="corrections")
    # {"number": [before, after], "added": [[unit id, name], …], …}; only what changed.
    changes = models.JSONField()
    former_scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=400)
    corrected_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="decree_correction_has_reason", condition=~Q(reason=""))
        ]
        triggers = [append_only("decree_correction_append_only")]

    def __str__(self) -> str:
        return f"correction {self.pk} of decree {self.decree_id}"
