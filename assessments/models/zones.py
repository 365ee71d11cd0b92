"""An integrity zone: one unit on its way to WBK or WBBM. The zone owns its stage."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear, Now
from django.utils.translation import gettext_lazy as _

from assessments.enums import Predicate, ZoneStage
from integrity_portal.core.history import track
from opd.enums import Role
from opd.models import Government, Membership, TpiAssignment, Unit
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow


def inherited_zones(membership: Membership) -> models.QuerySet["ZoneHandover", Any]:
    """Zones of units that were taken over by the caller's branch, as a subquery of keys."""
    rows = ZoneHandover.objects.filter(successor__isnull=False)
    if membership.role == Role.TPN_REVIEWER:
        return rows.filter(heir=membership.unit_id).values("predecessor")
    return rows.filter(heir__lineage__contains=[membership.unit_id]).values("predecessor")


def assessed_units(membership: Membership) -> models.QuerySet[TpiAssignment, Any]:
    """Units that this person assesses as TPI this year or later, as a subquery of keys.

    He reads their road whatever agency he comes from, until he is released.
    """
    return TpiAssignment.objects.filter(
        membership__user_id=membership.user_id,
        government_id=membership.government_id,
        year__gte=ExtractYear(Now()),
    ).values("unit")


class IntegrityZoneQuerySet(models.QuerySet["IntegrityZone"]):
    def visible_to(self, membership: Membership) -> "IntegrityZoneQuerySet":
        """All zones of the government for central roles, else those of the own branch, those
        whose road it continues and those of units that this person assesses."""
        rows = self.filter(government_id=membership.government_id)
        if sees_whole_government(membership):
            return rows
        branch = Q(unit__lineage__contains=[membership.unit_id])
        assessed = Q(unit__in=assessed_units(membership))
        return rows.filter(branch | assessed | Q(pk__in=inherited_zones(membership)))

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
    # Since when it builds towards this target; the year that is asked for counts from here.
    building_since = models.DateField(null=True, blank=True)
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


class ZoneHandover(models.Model):
    """The road of a unit that ended goes on with the unit that took it over (docs/adr/0031).

    Written when the merger or the split is recorded; `successor` is empty until the day itself.
    A zone has a row for everybody whose road it continues, also through a unit in between.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    predecessor = models.ForeignKey(
        IntegrityZone, on_delete=models.PROTECT, related_name="handed_over"
    )
    heir = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(
        IntegrityZone,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="taken_over",
    )
    happened_on = models.DateField()
    basis = models.CharField(max_length=150, blank=True)
    recorded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "heir"], name="zone_handover_once"),
            models.CheckConstraint(
                name="zone_handover_differs",
                condition=Q(successor=None) | ~Q(successor=F("predecessor")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["happened_on"],
                name="zone_handover_due",
                condition=Q(successor=None),
            )
        ]

    def __str__(self) -> str:
        return f"zone {self.predecessor_id} goes on with unit {self.heir_id}"
