"""Closed vocabularies of the channels: SMS, WhatsApp, and what runs through them."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class Adapter(models.TextChoices):
    """Which provider's protocol an account speaks."""

    WHATSAPP_CLOUD = "whatsapp_cloud", _("WhatsApp Cloud API (Meta)")
    GAMMU = "gammu", _("SMS modem (Gammu)")
    SIGNED_WEBHOOK = "signed_webhook", _("SMS gateway with signed webhook")
    TWILIO = "twilio", "Twilio"
    AFRICASTALKING = "africastalking", "Africa's Talking"
    KANNEL = "kannel", "Kannel"
    JASMIN = "jasmin", "Jasmin"
    FONNTE = "fonnte", _("Fonnte (unofficial WhatsApp)")
    WABLAS = "wablas", _("Wablas (unofficial WhatsApp)")

    @property
    def is_unofficial(self) -> bool:
        return self in UNOFFICIAL

    @property
    def is_whatsapp(self) -> bool:
        return self in WHATSAPP


UNOFFICIAL = frozenset({Adapter.FONNTE, Adapter.WABLAS})
WHATSAPP = UNOFFICIAL | {Adapter.WHATSAPP_CLOUD}
SMS = frozenset(Adapter) - WHATSAPP
# Free text only so long after the person's last message (Meta's customer service window).
WITH_WINDOW = frozenset({Adapter.WHATSAPP_CLOUD})


class Purpose(models.TextChoices):
    """An account of the hotline answers 503 and keeps nothing until there is a hotline."""

    GENERAL = "general", pgettext_lazy("purpose of a channel", "Reports of citizens")
    HOTLINE = "hotline", pgettext_lazy("purpose of a channel", "Sealed hotline")


class InboundKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("kind of message", "Text")
    MEDIA = "media", pgettext_lazy("kind of message", "File")
    LOCATION = "location", pgettext_lazy("kind of message", "Place")
    EDIT = "edit", pgettext_lazy("kind of message", "Changed message")
    DELETE = "delete", pgettext_lazy("kind of message", "Deleted message")
    REACTION = "reaction", pgettext_lazy("kind of message", "Reaction")
    STATUS = "status", pgettext_lazy("kind of message", "Delivery report")
    OTHER = "other", pgettext_lazy("kind of message", "Another kind")


class Delivery(models.TextChoices):
    """Where a message of ours stands. It only goes forward; a failure is overtaken by a delivery."""

    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    SENT = "sent", pgettext_lazy("delivery", "Sent")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    READ = "read", pgettext_lazy("delivery", "Read")
    FAILED = "failed", pgettext_lazy("delivery", "Not delivered")

    @property
    def rank(self) -> int:
        return _RANKS[self.value]


_RANKS = {"waiting": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}


class Event(models.TextChoices):
    """What a reporter is told of, without any content."""

    ANSWERED = "answered", _("There is an answer")
    QUESTION = "question", _("There is a question")
    DECISION = "decision", _("There is a decision")
    CLOSING = "closing", _("It is closed soon")


class Route(models.TextChoices):
    """By which way a reporter was told."""

    MAIL = "mail", pgettext_lazy("route of a notice", "By e-mail")
    SMS = "sms", pgettext_lazy("route of a notice", "By SMS")
    WHATSAPP = "whatsapp", pgettext_lazy("route of a notice", "By WhatsApp")
    NONE = "none", pgettext_lazy("route of a notice", "Not told")
