"""Twilio Programmable Messaging: SMS, and WhatsApp through it as SMS is."""

import base64
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base, signatures
from complaints.channels.numbers import sender_of

API = "https://api.twilio.com/2010-04-01/Accounts"
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
STATUSES = {"undelivered": "failed", "failed": "failed"}


class Twilio(base.Gateway):
    fields = (
        base.Field("account_sid", _("Account SID")),
        base.Field("auth_token", _("Auth token"), is_secret=True),
    )

    def is_authentic(self, hook: base.Hook) -> bool:
        token = self.setup.secrets.get("auth_token", "")
        header = hook.headers.get("x-twilio-signature", "")
        return signatures.is_twilio_signature(token, hook.url, hook.form, hook.body, header)

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        values = hook.values
        about = values.get("MessageSid") or values.get("SmsSid") or ""
        if not about:
            raise base.Unreadable("MessageSid")
        status = values.get("MessageStatus", "")
        if status:
            word = STATUSES.get(status, status)[:20]
            return [
                base.Inbound(
                    f"status:{word}:{about}"[:200],
                    InboundKind.STATUS,
                    refers_to=about[:180],
                    status=word,
                    code=values.get("ErrorCode", "")[:20],
                    raw=values,
                )
            ]
        return _messages(values, about, hook.now)

    def accepted(self) -> base.Reply:
        return base.Reply(200, TWIML, "text/xml")

    def send_text(self, *, to: str, text: str) -> str:
        sid = self.setup.settings.get("account_sid", "")
        data = urlencode({"To": to, "From": self.setup.number, "Body": text}).encode()
        answer = self.call(
            f"{API}/{sid}/Messages.json", method="POST", data=data, headers=self._headers()
        )
        return str(base.json_of(base.checked(answer, "Twilio"), "Twilio").get("sid", ""))[:180]

    def fetch_media(self, media: base.Media) -> bytes:
        return base.fetch_from(
            self, media.url, only=frozenset({"api.twilio.com"}), headers=self._headers()
        )

    def health(self) -> None:
        sid = self.setup.settings.get("account_sid", "")
        base.checked(self.call(f"{API}/{sid}.json", headers=self._headers()), "Twilio")

    def _headers(self) -> dict[str, str]:
        pair = f"{self.setup.settings.get('account_sid')}:{self.setup.secrets.get('auth_token')}"
        return {
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }


def _messages(values: dict[str, str], about: str, now: datetime) -> list[base.Inbound]:
    """One message; every further picture of an MMS as one of its own."""
    sender, text = sender_of(values.get("From", "")), values.get("Body", "")
    count = values.get("NumMedia", "0")
    pictures = [
        base.Media(
            url=values.get(f"MediaUrl{number}", ""),
            mime=values.get(f"MediaContentType{number}", "")[:80],
        )
        for number in range(min(int(count) if count.isdigit() else 0, 10))
    ]
    when = now.astimezone(UTC)
    if not pictures:
        return [base.Inbound(about[:180], InboundKind.TEXT, sender, text, when, raw=values)]
    return [
        base.Inbound(
            f"{about[:180]}{f'.{number}' if number else ''}",
            InboundKind.MEDIA,
            sender,
            "" if number else text,
            when,
            picture,
            raw=values,
        )
        for number, picture in enumerate(pictures)
    ]
