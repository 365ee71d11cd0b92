"""Africa's Talking: unsigned, so its address is the key; a call without text or id is a 400."""

from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base
from complaints.channels.numbers import sender_of

API = "https://api.africastalking.com/version1"
STATUSES = {"Success": "delivered", "Sent": "sent", "Failed": "failed", "Rejected": "failed"}


class AfricasTalking(base.Gateway):
    fields = (
        base.Field("username", _("User name")),
        base.Field("api_key", _("API key"), is_secret=True),
    )
    signs = False

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        values = hook.values
        about, text = values.get("id", ""), values.get("text", "")
        if about and values.get("status"):
            word = STATUSES.get(values["status"], values["status"].lower())[:20]
            return [
                base.Inbound(
                    f"status:{word}:{about}"[:200],
                    InboundKind.STATUS,
                    refers_to=about[:180],
                    status=word,
                    raw=values,
                )
            ]
        if not about or not text:
            raise base.Unreadable("text and id")
        sent = parse_datetime(values.get("date", "").replace("Z", "+00:00").replace(" ", "T"))
        return [
            base.Inbound(
                about[:180],
                InboundKind.TEXT,
                sender_of(values.get("from", "")),
                text,
                sent if sent and is_aware(sent) else None,
                raw=values,
            )
        ]

    def unreadable(self) -> base.Reply:
        return base.Reply(400)

    def send_text(self, *, to: str, text: str) -> str:
        username = self.setup.settings.get("username", "")
        said = {"username": username, "to": to, "message": text, "from": self.setup.number}
        answer = self.call(
            f"{API}/messaging", method="POST", data=urlencode(said).encode(), headers=self._headers
        )
        told = base.json_of(base.checked(answer, "AfricasTalking"), "AfricasTalking")
        try:
            return str(told["SMSMessageData"]["Recipients"][0]["messageId"])[:180]
        except (LookupError, TypeError):
            raise base.GatewayRefused("AfricasTalkingNoId") from None

    def health(self) -> None:
        username = urlencode({"username": self.setup.settings.get("username", "")})
        answer = self.call(f"{API}/user?{username}", headers=self._headers)
        base.checked(answer, "AfricasTalking")

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "apiKey": self.setup.secrets.get("api_key", ""),
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
