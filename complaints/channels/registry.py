"""Which adapter speaks for which account."""

from django.conf import settings

from complaints.channel_enums import UNOFFICIAL, Adapter
from complaints.channels.africastalking import AfricasTalking
from complaints.channels.base import Gateway, Setup
from complaints.channels.gammu import Gammu
from complaints.channels.jasmin import Jasmin
from complaints.channels.kannel import Kannel
from complaints.channels.signed_webhook import SignedWebhook
from complaints.channels.twilio import Twilio
from complaints.channels.whatsapp_cloud import WhatsAppCloud
from complaints.channels.whatsapp_web import Fonnte, Wablas

ADAPTERS: dict[str, type[Gateway]] = {
    Adapter.WHATSAPP_CLOUD: WhatsAppCloud,
    Adapter.GAMMU: Gammu,
    Adapter.SIGNED_WEBHOOK: SignedWebhook,
    Adapter.TWILIO: Twilio,
    Adapter.AFRICASTALKING: AfricasTalking,
    Adapter.KANNEL: Kannel,
    Adapter.JASMIN: Jasmin,
    Adapter.FONNTE: Fonnte,
    Adapter.WABLAS: Wablas,
}


def is_allowed(adapter: str) -> bool:
    """Gateways that imitate a phone need the operator's word in the settings."""
    return adapter not in UNOFFICIAL or bool(settings.UNOFFICIAL_WHATSAPP)


def gateway_of(adapter: str, setup: Setup) -> Gateway:
    return ADAPTERS[adapter](setup)
