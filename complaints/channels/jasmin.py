"""Jasmin (SMPP): unless the body of the answer is `ACK/Jasmin`, the message is queued again."""

import re
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base
from complaints.channels.numbers import sender_of

UCS2 = "8"
_ID = re.compile(rb'Success "([^"]{1,100})"')
STATUSES = {"DELIVRD": "delivered", "ESME_ROK": "sent", "UNDELIV": "failed", "REJECTD": "failed"}


class Jasmin(base.Gateway):
    fields = (
        base.Field("send_url", _("Address that sends"), help_text="…/send"),
        base.Field("username", _("User name")),
        base.Field("password", _("Password"), is_secret=True),
    )
    methods = frozenset({"GET", "POST"})
    signs = False

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        values = hook.values
        about = values.get("id", "")[:160]
        if not about:
            raise base.Unreadable("id")
        if values.get("message_status"):
            said = values["message_status"]
            word = STATUSES.get(said, said.lower())[:20]
            return [
                base.Inbound(
                    f"status:{word}:{about}",
                    InboundKind.STATUS,
                    refers_to=about,
                    status=word,
                    raw=values,
                )
            ]
        return [
            base.Inbound(
                about,
                InboundKind.TEXT,
                sender_of(values.get("from", "")),
                _text(values),
                raw=values,
            )
        ]

    def accepted(self) -> base.Reply:
        return base.Reply(200, "ACK/Jasmin")

    def send_text(self, *, to: str, text: str) -> str:
        said = {
            "username": self.setup.settings.get("username", ""),
            "password": self.setup.secrets.get("password", ""),
            "from": self.setup.number,
            "to": to.removeprefix("+"),
            "coding": UCS2,
            "hex-content": text.encode("utf-16-be").hex(),
            "dlr": "no",
        }
        url = f"{self.setup.settings.get('send_url', '')}?{urlencode(said)}"
        found = _ID.search(base.checked(self.call(url), "Jasmin").body)
        if not found:
            raise base.GatewayRefused("JasminNoId")
        return found[1].decode("ascii", "replace")


def _text(values: dict[str, str]) -> str:
    """`content`, or its bytes as `binary` in hex, in the coding that the message names."""
    raw = values.get("binary", "")
    if not raw:
        return values.get("content", "")
    try:
        data = bytes.fromhex(raw)
    except ValueError:
        return values.get("content", "")
    coding = "utf-16-be" if values.get("coding") == UCS2 else "latin-1"
    return data.decode(coding, "replace")
