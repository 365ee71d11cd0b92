"""Units (OPD and their parts), their names over time, succession, duties and services."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.models import new_public_id
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.enums import GOVERNMENT_ROLES, SEATS, Role, SuccessionKind, UnitKind
from opd.models.assessing_sql import UNITS_MOVE
from opd.models.government import Government

if TYPE_CHECKING:
    from opd.models.people import Membership


class UnitQuerySet(models.QuerySet["Unit"]):
    def active_on(self, day: date) -> "UnitQuerySet":
        return self.filter(
            Q(active_from=None) | Q(active_from__lte=day),
            Q(active_to=None) | Q(active_to__gte=day),
        )

    def at_or_below(self, unit_id: int) -> "UnitQuerySet":
        return self.filter(lineage__contains=[unit_id])

    def visible_to(self, membership: "Membership") -> "UnitQuerySet":
        """The whole government for its central roles and its administrator, else the own branch."""
        rows = self.filter(government_id=membership.government_id)
        if membership.unit_id is None or membership.role in GOVERNMENT_ROLES:
            return rows
        return rows.at_or_below(membership.unit_id)

    def seats_of(self, role: str) -> "UnitQuerySet":
        """Where holders of a role for the whole government work; none for the others."""
        seat = SEATS.get(Role(role))
        if seat is None:
            return self.none()
        named = Q(name__iregex=seat.words) | Q(short_name__iregex=seat.words)
        return self.filter(named if seat.words else Q(), kind=seat.kind)

    def counted(self) -> "UnitQuerySet":
        """Units whose kind the government counts towards "all units" (UnitKindRule)."""
        return self.filter(
            government__kind_rules__unit_kind=F("kind"),
            government__kind_rules__counts=True,
        )


@track()
class Unit(models.Model):
    """Never deleted. `lineage` is the path of ids from the root to the unit itself."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    kind = models.CharField(max_length=20, choices=UnitKind)
    code = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=150, db_collation="id-x-icu")
    short_name = models.CharField(max_length=60, blank=True)
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)
    # Why and by which document it was closed; a merger's basis stands on its UnitSuccession.
    close_basis = models.CharField(max_length=150, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="unit_in_government"),
            models.UniqueConstraint(
                fields=["government", "code"],
                condition=~Q(code=""),
                name="unit_code_once",
                violation_error_message=_("Another unit already has this code."),
            ),
            models.UniqueConstraint(
                "government",
                "parent",
                Upper("name"),
                condition=Q(active_to=None),
                nulls_distinct=False,
                name="unit_name_once",
                violation_error_message=_("A unit of this name already stands in the same place."),
            ),
            models.CheckConstraint(
                name="unit_active_order",
                condition=Q(active_from=None)
                | Q(active_to=None)
                | Q(active_to__gte=F("active_from")),
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                name="unit_close_basis_has_day",
                condition=Q(close_basis="") | Q(active_to__isnull=False),
            ),
        ]
        indexes = [
            GinIndex(fields=["lineage"], name="unit_lineage"),
            models.Index(fields=["government", "kind"], name="unit_by_kind"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="no_unit_moves_to_its_assessor",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(old="moved_from", new="moved_to"),
                func=UNITS_MOVE,
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The short name where there is one: as people say it."""
        return self.short_name or self.name

    def is_closed(self, today: date) -> bool:
        return self.active_to is not None and self.active_to < today


class UnitNameQuerySet(models.QuerySet["UnitName"]):
    def present(self) -> "UnitNameQuerySet":
        return self.filter(valid_to=None, end_unknown=False)

    def former(self) -> "UnitNameQuerySet":
        return self.filter(Q(valid_to__isnull=False) | Q(end_unknown=True))


class UnitName(models.Model):
    """A name that a unit had, so that old and new name both find it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=150)
    short_name = models.CharField(max_length=60, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    valid_to_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    # A former name of which nobody recorded until when it was used.
    end_unknown = models.BooleanField(default=False)
    basis = models.CharField(max_length=150, blank=True)

    objects = UnitNameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_name_one_end", condition=Q(end_unknown=False) | Q(valid_to=None)
            )
        ]
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="unit_name_trgm")]

    def __str__(self) -> str:
        return self.name

    @property
    def ended(self) -> PartialDate | None:
        return PartialDate(self.valid_to, self.valid_to_precision) if self.valid_to else None


class UnitSuccession(models.Model):
    """Which unit took over from which, when and on what basis."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessors")
    kind = models.CharField(max_length=10, choices=SuccessionKind)
    happened_on = models.DateField()
    basis = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # A unit may give parts to the same one again, or end in it, on another day.
                fields=["predecessor", "successor", "happened_on"],
                name="unit_succession_once",
            ),
            models.CheckConstraint(
                name="unit_succession_differs", condition=~Q(predecessor=F("successor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.successor_id}"


class Duty(models.Model):
    """A duty (tupoksi) of a unit."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["unit", "position"], name="duty_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}.{self.position}"
