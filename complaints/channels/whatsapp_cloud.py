"""WhatsApp Cloud API (Meta), by the standard library (docs/adr/0068).

Everything in a batch is read: every entry, change, message and status. What this code does not
know is kept as it came; a message without a number carries Meta's own name for the person.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base, signatures
from complaints.channels.numbers import normalise_number
from opd import whatsapp

FILES = frozenset({"image", "video", "audio", "voice", "document"})


class WhatsAppCloud(base.Gateway):
    fields = (
        base.Field("phone_number_id", _("Id of the number (Phone number ID)")),
        base.Field("app_secret", _("App secret"), is_secret=True),
        base.Field("token", _("Access token"), is_secret=True),
        base.Field("verify_token", _("Verify token"), is_secret=True),
    )
    methods = frozenset({"GET", "POST"})
    has_templates = True

    def challenge(self, hook: base.Hook) -> base.Reply | None:
        if hook.method != "GET":
            return None
        wanted = self.setup.secrets.get("verify_token", "")
        given = hook.query.get("hub.verify_token", "")
        same = hmac.compare_digest(wanted.encode(), given.encode())
        if hook.query.get("hub.mode") != "subscribe" or not wanted or not same:
            return base.Reply(403)
        return base.Reply(200, hook.query.get("hub.challenge", "")[:200])

    def is_authentic(self, hook: base.Hook) -> bool:
        header = hook.headers.get("x-hub-signature-256", "")
        return signatures.is_meta_signature(
            self.setup.secrets.get("app_secret", ""), hook.body, header
        )

    def receive(self, hook: base.Hook) -> list[base.Inbound]:
        body = hook.json
        if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
            raise base.Unreadable("entry")
        found = [one for value, field in _changes(body) for one in _read(value, field)]
        if not found:
            raise base.Unreadable("changes")
        return found

    def send_text(self, *, to: str, text: str) -> str:
        return _said(lambda: whatsapp.send_text(to=to, text=text, sender=self._sender))

    def send_template(self, *, to: str, template: whatsapp.Template, parameters: list[str]) -> str:
        return _said(
            lambda: whatsapp.send_template(
                to=to, template=template.name, parameters=parameters, sender=self._sender
            )
        )

    def fetch_media(self, media: base.Media) -> bytes:
        """First Meta says where the file lies, for five minutes; then it is fetched from there."""
        try:
            told = whatsapp.ask(media.id, sender=self._sender)
        except whatsapp.GatewayRefused:
            raise base.MediaGone("MediaExpired") from None
        size = told.get("file_size")
        if isinstance(size, int) and size > base.MOST_MEDIA:
            raise base.MediaGone("MediaTooLarge")
        data = base.fetch_from(
            self,
            str(told.get("url", "")),
            only=frozenset(settings.WHATSAPP_MEDIA_HOSTS),
            headers={"Authorization": f"Bearer {self._sender.token}"},
        )
        for wanted in {media.sha256, str(told.get("sha256", ""))} - {""}:
            if not hmac.compare_digest(hashlib.sha256(data).hexdigest(), _in_hex(wanted)):
                raise base.MediaGone("MediaAltered")
        return data

    def health(self) -> None:
        _said(lambda: whatsapp.ask(self._sender.phone_number_id, sender=self._sender) and "")

    @property
    def _sender(self) -> whatsapp.Sender:
        return whatsapp.Sender(
            self.setup.settings.get("phone_number_id", ""), self.setup.secrets.get("token", "")
        )


def _said(send: Any) -> str:
    """A refused token is a matter of the channel, not of this message."""
    try:
        return str(send())
    except whatsapp.GatewayAway as away:
        if away.code.startswith(("WhatsApp401", "WhatsApp403")) or away.code.endswith("-190"):
            raise base.TokenRefused(away.code, away.retry_after) from None
        raise


def _changes(body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for entry in _rows(body, "entry"):
        for change in _rows(entry, "changes"):
            value = change.get("value")
            yield (value if isinstance(value, dict) else {}), str(change.get("field", ""))


def _rows(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = holder.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _read(value: dict[str, Any], field: str) -> Iterator[base.Inbound]:
    contacts = _rows(value, "contacts")
    messages, statuses = _rows(value, "messages"), _rows(value, "statuses")
    for number, message in enumerate(messages):
        contact = contacts[number] if number < len(contacts) else (contacts or [{}])[0]
        yield _message(message, contact)
    for status in statuses:
        yield _status(status)
    if not messages and not statuses:
        yield base.Inbound(f"{field}:{_digest(value)}", InboundKind.OTHER, raw=value)


def _message(message: dict[str, Any], contact: dict[str, Any]) -> base.Inbound:
    kind, text, media, refers_to = _content(message)
    return base.Inbound(
        provider_id=_id(message.get("id")) or f"message:{_digest(message)}",
        kind=kind,
        sender=_sender(message, contact),
        text=text,
        media=media,
        refers_to=refers_to,
        sent_at=_moment(message.get("timestamp")),
        raw=message,
    )


def _sender(message: dict[str, Any], contact: dict[str, Any]) -> str:
    """A number where there is one; since usernames exist, perhaps only Meta's id."""
    for given in (message.get("from"), contact.get("wa_id")):
        digits = str(given or "").removeprefix("+")
        if digits.isascii() and digits.isdigit():
            return normalise_number(f"+{digits}") or f"+{digits[:20]}"
    return str(message.get("from_user_id") or contact.get("user_id") or "")[:128]


Content = tuple[InboundKind, str, base.Media | None, str]


def _content(message: dict[str, Any]) -> Content:
    name = str(message.get("type", ""))
    inner = message.get(name)
    inner = inner if isinstance(inner, dict) else {}
    if name in FILES:
        return InboundKind.MEDIA, str(inner.get("caption") or ""), _media(inner), ""
    readers = {
        "text": lambda: (InboundKind.TEXT, str(inner.get("body") or ""), None, ""),
        "button": lambda: (InboundKind.TEXT, str(inner.get("text") or ""), None, ""),
        "interactive": lambda: (InboundKind.TEXT, _pressed(inner), None, ""),
        "location": lambda: (InboundKind.LOCATION, _place(inner), None, ""),
        "reaction": lambda: (InboundKind.REACTION, "", None, _id(inner.get("message_id"))),
        "edit": lambda: _edit(inner),
        "revoke": lambda: (InboundKind.DELETE, "", None, _id(inner.get("original_message_id"))),
    }
    read = readers.get(name)
    return read() if read else (InboundKind.OTHER, "", None, "")


def _edit(inner: dict[str, Any]) -> Content:
    fresh = inner.get("message")
    text = _content(fresh)[1] if isinstance(fresh, dict) and fresh.get("type") != "edit" else ""
    return InboundKind.EDIT, text, None, _id(inner.get("original_message_id"))


def _pressed(inner: dict[str, Any]) -> str:
    for name in ("button_reply", "list_reply"):
        reply = inner.get(name)
        if isinstance(reply, dict):
            return str(reply.get("title") or "")
    return ""


def _place(inner: dict[str, Any]) -> str:
    words = [str(inner.get(name) or "") for name in ("name", "address")]
    point = f"{inner.get('latitude', '')}, {inner.get('longitude', '')}"
    return " · ".join(word for word in [*words, point] if word.strip(", "))[:290]


def _media(inner: dict[str, Any]) -> base.Media:
    return base.Media(
        id=_id(inner.get("id")),
        mime=str(inner.get("mime_type") or "")[:80],
        sha256=str(inner.get("sha256") or "")[:100],
        name=str(inner.get("filename") or "")[:120],
    )


def _status(status: dict[str, Any]) -> base.Inbound:
    about, word = _id(status.get("id")), str(status.get("status") or "")[:20]
    errors = _rows(status, "errors")
    return base.Inbound(
        provider_id=f"status:{word}:{about}"[:200],
        kind=InboundKind.STATUS,
        refers_to=about,
        status=word,
        code=str(errors[0].get("code", ""))[:20] if errors else "",
        sent_at=_moment(status.get("timestamp")),
        raw=status,
    )


def _id(value: Any) -> str:
    """Ids are opaque; one longer than the column keeps being one and the same."""
    text = value if isinstance(value, str) else ""
    return text if len(text) <= 180 else f"long:{hashlib.sha256(text.encode()).hexdigest()}"


def _digest(value: Any) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _in_hex(text: str) -> str:
    """Meta writes hashes as hex in one place and as base64 in another."""
    if len(text) == 64:
        return text.lower()
    try:
        return base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""
