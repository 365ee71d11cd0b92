"""What waits for an office: items, who read them, what became late, and how people are told."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from opd.enums import MessageWish, Role
from opd.models.government import Government
from opd.models.people import Membership, User
from opd.models.units import Unit


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def for_office(self, membership: Membership) -> "InboxItemQuerySet":
        """Addressed to this office, to the one it stands in for, or to its role in its unit."""
        held = [pk for pk in (membership.pk, membership.substitutes_for_id) if pk]
        place = Q(unit=None) | Q(unit=membership.unit_id) if membership.unit_id else Q(unit=None)
        return self.filter(
            Q(membership__in=held) | Q(membership=None, role=membership.role) & place,
            government_id=membership.government_id,
        )

    def unread_by(self, membership: Membership) -> "InboxItemQuerySet":
        read = InboxReading.objects.filter(item=OuterRef("pk"), membership=membership)
        return self.filter(~Exists(read), settled_at=None)


class InboxItem(models.Model):
    """One thing that waits. Holds codes only: names and texts are read from what it links to.

    Addressed to one office, or to every office of a role (in a unit): who comes into the office
    tomorrow finds it as well.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="inbox"
    )
    role = models.CharField(max_length=24, choices=Role, blank=True)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="inbox"
    )
    # The same thing is not told twice: see `opd.actions.inbox.notify`.
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    link_id = models.CharField(max_length=60)
    sentence = models.CharField(max_length=40)
    due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    # Nobody has to do anything about it any more.
    settled_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = InboxItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="inbox_item_in_government"),
            models.UniqueConstraint(
                fields=["government", "key", "membership", "role", "unit"],
                nulls_distinct=False,
                name="inbox_item_once",
            ),
            models.CheckConstraint(
                name="inbox_item_one_address",
                condition=Q(membership__isnull=False, role="", unit=None)
                | Q(membership=None) & ~Q(role=""),
            ),
        ]
        indexes = [
            models.Index(fields=["government", "role", "-created_at"], name="inbox_by_role"),
            models.Index(fields=["government", "kind", "link_id"], name="inbox_by_link"),
            models.Index(fields=["-created_at"], name="inbox_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.sentence} {self.kind}:{self.link_id}"


class InboxReading(models.Model):
    """An office has read an item."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    item = models.ForeignKey(InboxItem, on_delete=models.PROTECT, related_name="readings")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "membership"], name="inbox_read_once")
        ]

    def __str__(self) -> str:
        return f"item {self.item_id} by membership {self.membership_id}"


class Escalation(models.Model):
    """Something overdue went up to the Sekda: once for each due date, until it is settled."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    link_id = models.CharField(max_length=60)
    due_on = models.DateField()
    # Whose move it is: an office of the government, or a unit.
    role = models.CharField(max_length=24, choices=Role, blank=True)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="escalations"
    )
    escalated_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind", "link_id", "due_on"], name="escalation_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["government", "due_on"],
                name="escalation_open",
                condition=Q(settled_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.link_id} due {self.due_on}"


class ReminderClock(models.Model):
    """When the reminders of a government are looked through next (opd.tasks.remind)."""

    government = models.OneToOneField(
        Government, primary_key=True, on_delete=models.PROTECT, related_name="reminder_clock"
    )
    due_at = models.DateTimeField(db_default=Now())
    # What was over before the portal began to remind is history, not news.
    started_on = models.DateField()

    def __str__(self) -> str:
        return f"reminders of government {self.government_id}"


class Digest(models.Model):
    """The one message of a day that told a person what is new in his inbox."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    item_count = models.PositiveSmallIntegerField()
    # Items written until then are told.
    told_until = models.DateTimeField()
    letter = models.ForeignKey("opd.Letter", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "user", "day"], name="digest_once_a_day")
        ]
        indexes = [models.Index(fields=["government", "user", "-day"], name="digest_newest")]

    def __str__(self) -> str:
        return f"digest of {self.day} for user {self.user_id}"


def _hours() -> Any:
    return Q(quiet_from__lte=23, quiet_until__lte=23, digest_hour__lte=23)


class MessageChoice(models.Model):
    """How a person wants to be told; whoever has no row gets the defaults below."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="message_choice")
    wish = models.CharField(max_length=8, choices=MessageWish, default=MessageWish.AUTO)
    digest_hour = models.PositiveSmallIntegerField(default=7)
    # Nothing is sent between these two hours; equal hours mean: no quiet time.
    quiet_from = models.PositiveSmallIntegerField(default=20)
    quiet_until = models.PositiveSmallIntegerField(default=6)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_choice_hours",
                condition=_hours(),
                violation_error_message=_("Hours go from 0 to 23."),
            )
        ]

    def __str__(self) -> str:
        return f"messages of user {self.user_id}"
