"""A public service: its standard, how people reach it over time, and how many came each month."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.enums import FeeKind, ServiceChannel, ServiceLineKind, TimeUnit, VolumeChannel
from opd.models.government import Government
from opd.models.people import Membership
from opd.models.units import Unit


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered(self) -> "ServiceQuerySet":
        return self.filter(ended_on=None)

    @staticmethod
    def described() -> Q:
        """The standard says at least how long it takes and what it costs."""
        return ~Q(time_unit="") & ~Q(fee_kind="")


@track(exclude=["name", "product", "fee_text", "legal_basis", "published"])
class Service(models.Model):
    """`channel` is the present one: where moves are recorded, the newest of them says it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=150)
    channel = models.CharField(
        max_length=10, choices=ServiceChannel, default=ServiceChannel.COUNTER
    )
    product = models.CharField(max_length=300, blank=True)
    time_number = models.PositiveSmallIntegerField(null=True, blank=True)
    time_unit = models.CharField(max_length=12, choices=TimeUnit, blank=True)
    fee_kind = models.CharField(max_length=6, choices=FeeKind, blank=True)
    fee_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    fee_text = models.CharField(max_length=300, blank=True)
    legal_basis = models.TextField(max_length=2000, blank=True)
    # Where citizens can read the standard: an address, a board, a booklet.
    published = models.CharField(max_length=300, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="service_name_once"),
            models.UniqueConstraint(fields=["government", "id"], name="service_in_government"),
            models.CheckConstraint(
                name="service_time_whole",
                condition=Q(time_number=None, time_unit="")
                | (Q(time_number__isnull=False, time_number__gt=0) & ~Q(time_unit="")),
                violation_error_message=_("Write the time as a number with its unit, or neither."),
            ),
            models.CheckConstraint(
                name="service_fee_fits",
                condition=(Q(fee_kind__in=["", "free"], fee_amount=None))
                | (
                    Q(fee_kind="amount")
                    & (Q(fee_amount__isnull=False, fee_amount__gt=0) | ~Q(fee_text=""))
                ),
                violation_error_message=_("Write the amount of the fee, or choose “free”."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_described(self) -> bool:
        """Whether the standard says at least how long it takes and what it costs."""
        return bool(self.time_unit and self.fee_kind)


class ServiceLine(models.Model):
    """One requirement or one step of a service's standard."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=12, choices=ServiceLineKind)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "position"], name="service_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of service {self.service_id}"


class ChannelMoveQuerySet(models.QuerySet["ChannelMove"]):
    def standing(self) -> "ChannelMoveQuerySet":
        """What counts, in the order in which it happened."""
        return self.filter(withdrawn_at=None).order_by("moved_on", "pk")


@track(exclude=["basis", "note", "withdrawal_reason"])
class ChannelMove(models.Model):
    """A service moved from one way of reaching it to another. A wrong entry is withdrawn with its
    reason and stays readable."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="moves")
    from_channel = models.CharField(max_length=10, choices=ServiceChannel)
    to_channel = models.CharField(max_length=10, choices=ServiceChannel)
    moved_on = models.DateField()
    moved_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    # The day itself is not recorded: it is only known that the move had happened by then.
    by_then = models.BooleanField(default=False)
    basis = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400, blank=True)
    # Empty for what came with the history.
    recorded_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=400, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ChannelMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="channel_move_moves",
                condition=~Q(from_channel=F("to_channel")),
                violation_error_message=_("Choose two different ways: from one to the other."),
            ),
            models.CheckConstraint(
                name="channel_move_withdrawn_whole",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawal_reason="")
                ),
                violation_error_message=_("A withdrawal needs its reason."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="channel_move_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="channel_move_withdrawn_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"move {self.pk} of service {self.service_id}"

    @property
    def moved(self) -> PartialDate:
        return PartialDate(self.moved_on, self.moved_on_precision)


@track()
class ServiceVolume(models.Model):
    """How many came in a month, at the counter or online. No row: nobody wrote it down."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="volumes")
    month = models.DateField()
    channel = models.CharField(max_length=10, choices=VolumeChannel)
    count = models.PositiveIntegerField()
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "month", "channel"], name="service_volume_once"
            ),
            models.CheckConstraint(name="service_volume_of_a_month", condition=Q(month__day=1)),
        ]
        indexes = [models.Index(fields=["government", "month"], name="service_volume_by_month")]

    def __str__(self) -> str:
        return f"service {self.service_id} {self.month:%Y-%m} {self.channel}"
