"""Kannel: `get-url` calls us, and whatever we answer is sent to the citizen as SMS: so nothing.

get-url = …/hooks/<token>/?id=%I&from=%p&to=%P&text=%b&charset=%C&time=%T
"""

import hashlib
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base
from complaints.channels.numbers import sender_of

DLR = {"1": "delivered", "2": "failed", "4": "sent", "8": "sent", "16": "failed"}


class Kannel(base.Gateway):
    fields = (
        base.Field("send_url", _("Address that sends"), help_text="…/cgi-bin/sendsms"),
        base.Field("username", _("User name")),
        base.Field("password", _("Password"), is_secret=True),
    )
    methods = frozenset({"GET", "POST"})
    signs = False

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        values = hook.values
        if "dlr" in values and values.get("about"):
            word = DLR.get(values["dlr"], values["dlr"])[:20]
            about = values["about"][:160]
            return [
                base.Inbound(
                    f"status:{word}:{about}",
                    InboundKind.STATUS,
                    refers_to=about,
                    status=word,
                    raw=values,
                )
            ]
        if not values.get("from"):
            raise base.Unreadable("from")
        digest = hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()
        return [
            base.Inbound(
                values.get("id", "")[:180] or f"message:{digest}",
                InboundKind.TEXT,
                sender_of(values["from"]),
                values.get("text", ""),
                _moment(values.get("time", "")),
                raw=values,
            )
        ]

    def send_text(self, *, to: str, text: str) -> str:
        said = {
            "username": self.setup.settings.get("username", ""),
            "password": self.setup.secrets.get("password", ""),
            "from": self.setup.number,
            "to": to,
            "text": text,
            "coding": "2",
            "charset": "utf8",
        }
        url = f"{self.setup.settings.get('send_url', '')}?{urlencode(said)}"
        base.checked(self.call(url), "Kannel")
        return ""


def _moment(told: str) -> datetime | None:
    return datetime.fromtimestamp(int(told), UTC) if told.isdigit() and len(told) < 12 else None
