"""An integrity zone: one unit on its way to WBK or WBBM. The zone owns its stage."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import Predicate, ZoneStage
from integrity_portal.core.history import track
from opd.models import Government, Unit
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow

if TYPE_CHECKING:
    from opd.models import Membership


class IntegrityZoneQuerySet(models.QuerySet["IntegrityZone"]):
    def visible_to(self, membership: "Membership") -> "IntegrityZoneQuerySet":
        """All zones of the government for central roles, else those of the own branch."""
        rows = self.filter(government_id=membership.government_id)
        if sees_whole_government(membership):
            return rows
        return rows.filter(unit__lineage__contains=[membership.unit_id])

    def open_on(self, day: date) -> "IntegrityZoneQuerySet":
        """Open zones of units that still exist: what a closed or merged unit left over is history."""
        return self.filter(Q(unit__active_to=None) | Q(unit__active_to__gte=day), closed_on=None)

    def on_the_road(self) -> "IntegrityZoneQuerySet":
        return self.exclude(stage__in=[ZoneStage.COMMITTED, ZoneStage.DECIDED])


@track()
class IntegrityZone(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="zones")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="zones")
    target = models.CharField(max_length=4, choices=Predicate, default=Predicate.WBK)
    stage = models.CharField(max_length=16, choices=ZoneStage, default=ZoneStage.COMMITTED)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = IntegrityZoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="zone_in_government"),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(closed_on=None),
                name="zone_one_open_per_unit",
                violation_error_message=_("This unit already has an open integrity zone."),
            ),
        ]
        indexes = [models.Index(fields=["government", "stage"], name="zone_by_stage")]

    def __str__(self) -> str:
        return f"zone {self.pk} of unit {self.unit_id}"


class ZoneStep(TransitionRow):
    subject = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class ZonePredicate(models.Model):
    """A predicate that the ministry awarded, for ever: revocation is recorded, not removal."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    zone = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="predicates")
    predicate = models.CharField(max_length=4, choices=Predicate)
    year = models.PositiveSmallIntegerField()
    decree_number = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=150, blank=True)
    revoked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "predicate", "year"], name="zone_predicate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predicate} {self.year}"
