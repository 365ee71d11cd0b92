"""Meetings at which a leader listens to citizens, such as Kediri's Kopi Tahu."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.models import new_public_id
from opd.models.government import Government
from opd.models.people import Membership


class PublicMeetingQuerySet(models.QuerySet["PublicMeeting"]):
    def of(self, government_id: int) -> "PublicMeetingQuerySet":
        return self.filter(government_id=government_id)


class PublicMeeting(models.Model):
    """Everything here may be shown to everybody: the QR on the table leads to its page."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="meetings")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    # "Kopi Tahu", and what it was about this time.
    series = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=160)
    venue = models.CharField(max_length=200, blank=True)
    held_on = models.DateField()
    # After it ended its page shows the promises, but nothing is filed from the tables any more.
    ended_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    created_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    objects = PublicMeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="meeting_in_government"),
            models.CheckConstraint(
                name="meeting_has_title",
                condition=~Q(title=""),
                violation_error_message=_("Write what the meeting is called."),
            ),
        ]
        indexes = [models.Index(fields=["government", "-held_on"], name="meeting_list")]

    def __str__(self) -> str:
        return self.title

    def is_open_on(self, today: date) -> bool:
        """On its day, until somebody ends it."""
        return self.ended_at is None and self.held_on == today
