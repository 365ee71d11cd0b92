"""Our own small protocol for gateways of SMS (docs/guide/channels.md).

In: POST JSON {id, from, to, text, sent_at, part: {ref, number, total}} or {type: "status", id,
status}, or a list of such; headers X-Portal-Timestamp and X-Portal-Signature = HMAC-SHA256 over
`timestamp.body`. Out: POST the same way to the gateway's address; it answers {"id": …}.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base, signatures
from complaints.channels.numbers import sender_of

WINDOW = timedelta(minutes=5)


class SignedWebhook(base.Gateway):
    fields = (
        base.Field("send_url", _("Address that sends"), help_text=_("https://…, POST JSON")),
        base.Field("secret", _("Shared secret"), is_secret=True),
    )

    def is_authentic(self, hook: base.Hook) -> bool:
        """A call that was recorded cannot be played again later."""
        timestamp = hook.headers.get("x-portal-timestamp", "")
        header = hook.headers.get("x-portal-signature", "")
        secret = self.setup.secrets.get("secret", "")
        if not signatures.is_generic_signature(secret, timestamp, hook.body, header):
            return False
        if not timestamp.isdigit() or len(timestamp) > 12:
            return False
        return abs(hook.now - datetime.fromtimestamp(int(timestamp), UTC)) <= WINDOW

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        rows = hook.json if isinstance(hook.json, list) else [hook.json]
        if not all(isinstance(row, dict) for row in rows):
            raise base.Unreadable("rows")
        return [_read(row) for row in rows]

    def send_text(self, *, to: str, text: str) -> str:
        body = json.dumps({"to": to, "text": text}).encode()
        answer = self.call(
            self.setup.settings.get("send_url", ""),
            method="POST",
            data=body,
            headers=signed_headers(self.setup.secrets.get("secret", ""), body, datetime.now(UTC)),
        )
        return str(base.json_of(base.checked(answer, "Gateway"), "Gateway").get("id", ""))[:180]


def signed_headers(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "X-Portal-Timestamp": timestamp,
        "X-Portal-Signature": signatures.generic_signature(secret, timestamp, body),
    }


def _read(row: dict[str, Any]) -> base.Inbound:
    told = str(row.get("id") or "")[:160]
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    if row.get("type") == "status":
        status = str(row.get("status") or "")[:20]
        return base.Inbound(
            f"status:{status}:{told}", InboundKind.STATUS, refers_to=told, status=status, raw=row
        )
    text = row.get("text")
    return base.Inbound(
        provider_id=told or f"message:{digest}",
        kind=InboundKind.TEXT if isinstance(text, str) else InboundKind.OTHER,
        sender=sender_of(str(row.get("from") or "")),
        text=text if isinstance(text, str) else "",
        sent_at=_moment(row.get("sent_at")),
        part=_part(row.get("part")),
        raw=row,
    )


def _part(told: Any) -> base.Part | None:
    try:
        part = base.Part(str(told["ref"])[:60], int(told["number"]), int(told["total"]))
    except (TypeError, KeyError, ValueError):
        return None
    return part if part.ref and 1 <= part.number <= part.total <= 255 and part.total > 1 else None


def _moment(told: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return found if found.tzinfo else None
