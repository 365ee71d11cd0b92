"""Fonnte and Wablas: unofficial gateways that imitate a phone. Unsigned, through a third company.

For general complaints only, and only where UNOFFICIAL_WHATSAPP allows it.
"""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base
from complaints.channels.numbers import sender_of

FONNTE = "https://api.fonnte.com"
GROUPS = ("@g.us", "-")


class Fonnte(base.Gateway):
    fields = (base.Field("token", _("Device token"), is_secret=True),)
    signs = False

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        values = hook.values
        sender = values.get("sender", "")
        if not sender:
            raise base.Unreadable("sender")
        about = values.get("inboxid", "") or f"{values.get('timestamp', '')}:{_digest(values)}"
        media = (
            base.Media(url=values["url"], name=values.get("filename", "")[:120])
            if (values.get("url"))
            else None
        )
        return [_inbound(about, sender, values.get("message", ""), media, values)]

    def send_text(self, *, to: str, text: str) -> str:
        body = json.dumps({"target": to.removeprefix("+"), "message": text}).encode()
        token = self.setup.secrets.get("token", "")
        headers = {"Authorization": token, "Content-Type": "application/json"}
        answer = self.call(f"{FONNTE}/send", method="POST", data=body, headers=headers)
        told = base.json_of(base.checked(answer, "Fonnte"), "Fonnte")
        if told.get("status") is False:
            raise _refused(str(told.get("reason", "")), "Fonnte")
        ids = told.get("id")
        return str(ids[0] if isinstance(ids, list) and ids else ids or "")[:180]

    def fetch_media(self, media: base.Media) -> bytes:
        return base.fetch_from(self, media.url, only=frozenset({"api.fonnte.com", "md.fonnte.com"}))


class Wablas(base.Gateway):
    fields = (
        base.Field("server", _("Server"), help_text="https://….wablas.com"),
        base.Field("token", _("Token"), is_secret=True),
    )
    signs = False

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        values = hook.values
        sender = values.get("phone", "")
        if not sender or not values.get("id"):
            raise base.Unreadable("phone and id")
        is_group = values.get("isGroup", "").lower() in ("true", "1")
        media = base.Media(url=values["file"]) if values.get("file") else None
        return [_inbound(values["id"], sender, values.get("message", ""), media, values, is_group)]

    def send_text(self, *, to: str, text: str) -> str:
        body = json.dumps({"phone": to.removeprefix("+"), "message": text}).encode()
        token = self.setup.secrets.get("token", "")
        headers = {"Authorization": token, "Content-Type": "application/json"}
        server = self.setup.settings.get("server", "").rstrip("/")
        answer = self.call(f"{server}/api/send-message", method="POST", data=body, headers=headers)
        told = base.json_of(base.checked(answer, "Wablas"), "Wablas")
        if told.get("status") is False:
            raise _refused(str(told.get("message", "")), "Wablas")
        try:
            return str(told["data"]["messages"][0]["id"])[:180]
        except (LookupError, TypeError):
            return ""

    def fetch_media(self, media: base.Media) -> bytes:
        host = self.setup.settings.get("server", "").partition("://")[2].partition("/")[0]
        return base.fetch_from(self, media.url, only=frozenset({host}))


def _inbound(
    about: str,
    sender: str,
    text: str,
    media: base.Media | None,
    values: dict[str, str],
    is_group: bool = False,
) -> base.Inbound:
    """What is said in a group is nobody's complaint to us; it is kept and left alone."""
    kind = InboundKind.MEDIA if media else InboundKind.TEXT
    if is_group or sender.endswith(GROUPS[0]) or GROUPS[1] in sender:
        kind = InboundKind.OTHER
    return base.Inbound(about[:180], kind, sender_of(sender), text, media=media, raw=values)


def _refused(reason: str, name: str) -> Exception:
    """Their words are not kept, only what they mean."""
    if "token" in reason.lower():
        return base.TokenRefused(f"{name}Token")
    if "disconnect" in reason.lower() or "device" in reason.lower():
        return base.GatewayAway(f"{name}Device")
    return base.GatewayRefused(f"{name}Refused")


def _digest(values: Any) -> str:
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:40]
