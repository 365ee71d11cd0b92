"""Accounts at providers, what came in, who is talking, and what goes out.

Numbers and texts stand sealed; a sender is found by the same keyed index as a reporter's contact.
"""

import json
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import (
    WITH_WINDOW,
    Adapter,
    Delivery,
    Event,
    InboundKind,
    Purpose,
    Route,
)
from complaints.models.complaints import Complaint
from integrity_portal.core import crypto
from integrity_portal.core.jobs import Job, JobQuerySet, JobState
from integrity_portal.core.models import StoredFile, new_public_id
from opd.models import Government


class Sealing(models.Model):
    """Abstract: JSON in sealed columns, each bound to its table, column and row."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)

    class Meta:
        abstract = True

    def put(self, column: str, value: Any) -> None:
        text = "" if value is None else self._sealed(column, json.dumps(value))
        setattr(self, column, text)

    def opened(self, column: str) -> Any:
        """What was put there; None when there is nothing (any more). Raises UnableToOpen."""
        value = getattr(self, column)
        if not value:
            return None
        table = self._meta.db_table
        return json.loads(crypto.open_sealed(value, table=table, column=column, row=self.public_id))

    def _sealed(self, column: str, text: str) -> str:
        return crypto.seal(text, table=self._meta.db_table, column=column, row=self.public_id)


class ChannelAccountQuerySet(models.QuerySet["ChannelAccount"]):
    def of(self, government_id: int) -> "ChannelAccountQuerySet":
        return self.filter(government_id=government_id)

    def in_use(self) -> "ChannelAccountQuerySet":
        return self.filter(is_active=True, purpose=Purpose.GENERAL)

    def to_check(self, now: datetime) -> "ChannelAccountQuerySet":
        """Invented accounts are nobody's at any provider."""
        return self.in_use().filter(next_check_at__lte=now, government__is_sample=False)


class ChannelAccount(Sealing):
    """One number at one provider. Its secrets are written, used and replaced, never shown."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="channels")
    adapter = models.CharField(max_length=16, choices=Adapter)
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.GENERAL)
    label = models.CharField(max_length=60)
    # The number people write to, as it is printed on posters.
    number = models.CharField(max_length=20)
    # The webhook's address: found by its keyed hash; for providers that do not sign it is the key.
    token_index = models.CharField(max_length=64, unique=True)
    token_sealed = models.TextField()
    # What is no secret: ids, names, the gateway's address.
    settings = models.JSONField(default=dict, blank=True)
    secrets_sealed = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)
    # Health: written when something fails or is looked at, not with every message.
    checked_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True)
    forged = models.PositiveIntegerField(default=0)
    forged_at = models.DateTimeField(null=True, blank=True)
    # Since when the IT team was told that it is red.
    red_since = models.DateTimeField(null=True, blank=True)

    objects = ChannelAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="channel_in_government"),
            models.UniqueConstraint(
                fields=["government", "label"],
                name="channel_label_once",
                violation_error_message=_("Another channel already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adapter} {self.pk}"

    @property
    def kind(self) -> Adapter:
        return Adapter(self.adapter)

    @property
    def has_window(self) -> bool:
        return self.adapter in WITH_WINDOW

    @property
    def secrets(self) -> dict[str, str]:
        return self.opened("secrets_sealed") or {}


def token_index(token: str) -> str:
    return crypto.keyed_hash("blind_index", f"complaints.hook:{token}")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def idle_since(self, moment: datetime) -> "ConversationQuerySet":
        return self.exclude(stage="").filter(last_inbound_at__lt=moment)


class Conversation(Sealing):
    """One person at one account. `sender_index` is the `contact_index` of a reporter's contact."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    account = models.ForeignKey(
        ChannelAccount, on_delete=models.PROTECT, related_name="conversations"
    )
    sender_index = models.CharField(max_length=64)
    number_sealed = models.TextField()
    # Where the dialogue stands (complaints.dialogue.State); "" when nothing is being asked.
    stage = models.CharField(max_length=10, blank=True)
    state_sealed = models.TextField(blank=True)
    # The complaint that photos and words without a code belong to, for a day.
    complaint = models.ForeignKey(
        Complaint, null=True, blank=True, on_delete=models.PROTECT, related_name="conversations"
    )
    greeted_at = models.DateTimeField(null=True, blank=True)
    last_inbound_at = models.DateTimeField()
    window_until = models.DateTimeField(null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sender_index"], name="conversation_of_a_sender"
            ),
        ]
        indexes = [
            models.Index(fields=["government", "sender_index"], name="conversation_by_sender"),
            models.Index(
                fields=["last_inbound_at"], name="conversation_in_draft", condition=~Q(stage="")
            ),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    def number_with_pii(self) -> str:
        return str(self.opened("number_sealed"))

    def is_open_at(self, now: datetime) -> bool:
        """May free text be sent now?"""
        if not self.account.has_window:
            return True
        return self.window_until is not None and now < self.window_until


class ChannelMessageQuerySet(JobQuerySet["ChannelMessage"]):
    def unfinished(self) -> Self:
        return self.filter(job_state__in=[JobState.WAITING, JobState.RUNNING])

    def of_sender(self, message: "ChannelMessage") -> Self:
        return self.filter(account_id=message.account_id, sender_index=message.sender_index)

    def one_for_each_sender(self, now: datetime) -> Self:
        """The oldest due message of each: whoever sends a thousand waits behind himself only."""
        oldest = self.due(now).order_by("account_id", "sender_index", "received_at", "pk")
        return oldest.distinct("account_id", "sender_index")


class ChannelMessage(Job, Sealing):
    """What a provider delivered, once for its id. Kept sealed, emptied a month after its work."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="messages")
    provider_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=InboundKind)
    sender_index = models.CharField(max_length=64, blank=True)
    # The message that a status, a reaction, a change or a deletion is about.
    refers_to = models.CharField(max_length=200, blank=True)
    # Parts of a long SMS share a reference.
    part_ref = models.CharField(max_length=80, blank=True)
    part_number = models.PositiveSmallIntegerField(default=0)
    part_total = models.PositiveSmallIntegerField(default=0)
    sealed = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    # What became of it, a code: "filed", "asked", "kept" …
    outcome = models.CharField(max_length=20, blank=True)

    objects = ChannelMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "provider_id"], name="channel_message_once"),
        ]
        indexes = [
            models.Index(
                fields=["account", "sender_index", "received_at"],
                name="channel_message_due",
                condition=Q(job_state__in=["waiting", "running"]),
            ),
            models.Index(fields=["account", "-received_at"], name="channel_message_newest"),
            models.Index(
                fields=["account", "refers_to"],
                name="channel_message_about",
                condition=~Q(refers_to=""),
            ),
            models.Index(
                fields=["account", "sender_index", "part_ref"],
                name="channel_message_parts",
                condition=~Q(part_ref=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ChannelMedia(Job, Sealing):
    """A photo, PDF or recording that has to be fetched; then a file of the draft or the complaint."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="media")
    # What the provider said of it (channels.base.Media), emptied when it was fetched.
    sealed = models.TextField(blank=True)
    draft_key = models.CharField(max_length=32, blank=True)
    complaint = models.ForeignKey(
        Complaint, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stored = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    # Why it was not taken: a code.
    refused = models.CharField(max_length=20, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="channel_media_due",
                condition=Q(job_state__in=["waiting", "running"]),
            ),
            models.Index(
                fields=["draft_key"], name="channel_media_of_draft", condition=~Q(draft_key="")
            ),
        ]

    def __str__(self) -> str:
        return f"media {self.pk}"


class OutboundQuerySet(JobQuerySet["OutboundMessage"]):
    def before(self, message: "OutboundMessage") -> Self:
        """What has to leave to the same person first."""
        return self.filter(
            conversation_id=message.conversation_id,
            pk__lt=message.pk,
            job_state__in=[JobState.WAITING, JobState.RUNNING],
        )


class OutboundMessage(Job, Sealing):
    """A message of ours. Number and text are sealed until it is sent, then gone."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    account = models.ForeignKey(ChannelAccount, on_delete=models.PROTECT, related_name="sent")
    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.SET_NULL, related_name="sent"
    )
    complaint = models.ForeignKey(
        Complaint, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # reply, notice, code or test.
    purpose = models.CharField(max_length=8)
    sealed = models.TextField(blank=True)
    template = models.CharField(max_length=60, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.WAITING)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    delivery_at = models.DateTimeField(null=True, blank=True)

    objects = OutboundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbound_sent_is_emptied",
                condition=~Q(job_state="done") | Q(sealed=""),
                violation_error_message=_("A sent message keeps no text."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="outbound_due",
                condition=Q(job_state__in=["waiting", "running"]),
            ),
            models.Index(
                fields=["account", "provider_id"],
                name="outbound_by_provider_id",
                condition=~Q(provider_id=""),
            ),
            models.Index(fields=["conversation", "id"], name="outbound_of_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class Notice(models.Model):
    """A reporter was told once of one event, or there was no way to tell: then `route` is none."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="notices")
    event = models.CharField(max_length=10, choices=Event)
    # The message or the day that the event is about: a second answer is a second event.
    about = models.CharField(max_length=24, blank=True)
    route = models.CharField(max_length=8, choices=Route)
    # Why there was no way, a code.
    reason = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "event", "about"], name="notice_once"),
            models.CheckConstraint(
                name="notice_none_has_reason",
                condition=~Q(route="none") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} of complaint {self.complaint_id}"
