"""Mails and WhatsApp messages on their way out. Text and address are sealed until they are sent, then gone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.jobs import Job, JobQuerySet
from integrity_portal.core.models import new_public_id
from opd.enums import MessageChannel
from opd.models.government import Government


class Letter(Job):
    """One message. A mail server or gateway that is away costs time, not the message."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    government = models.ForeignKey(Government, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=MessageChannel, default=MessageChannel.MAIL)
    # JSON of the addresses and the text (opd.letters), sealed with the field keys.
    sealed = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_sent_is_emptied",
                condition=~Q(job_state="done") | Q(sealed=""),
                violation_error_message=_("A sent letter keeps no text."),
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="letter_due",
                condition=Q(job_state__in=["waiting", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
