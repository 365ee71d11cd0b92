"""The one interface to every provider of SMS and WhatsApp.

An adapter knows its provider's protocol and nothing of complaints: what arrived becomes `Inbound`,
what is sent is a text or a template. Errors carry codes, never numbers or texts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from complaints.channel_enums import InboundKind
from integrity_portal.core import calls
from integrity_portal.core.fetching import UnableToFetch
from opd.whatsapp import GatewayAway, GatewayRefused, Template

MEGABYTE = 1024 * 1024
# Meta sends up to three; a gateway's message is a few hundred bytes.
MOST_HOOK = 3 * MEGABYTE
MOST_MEDIA = 16 * MEGABYTE


class Unreadable(Exception):
    """Nothing that this provider sends: kept as it came, or refused with 400 where it says so."""


class TokenRefused(GatewayAway):
    """The provider does not know our token (any more): every message waits, the channel is red."""


class MediaGone(Exception):
    """The file cannot be had any more, or must not be taken; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Media:
    """What the provider says of a file; `sha256` in hex or "" when it says nothing."""

    id: str = ""
    url: str = ""
    mime: str = ""
    sha256: str = ""
    name: str = ""


@dataclass(frozen=True)
class Part:
    ref: str
    number: int
    total: int


@dataclass(frozen=True)
class Inbound:
    """One thing that arrived. `sender` is a number in E.164, or the provider's name for a person."""

    provider_id: str
    kind: InboundKind
    sender: str = ""
    text: str = ""
    sent_at: datetime | None = None
    media: Media | None = None
    refers_to: str = ""
    # Of a delivery report: "sent", "delivered", "read", "failed".
    status: str = ""
    code: str = ""
    part: Part | None = None
    raw: Any = None


@dataclass(frozen=True)
class Hook:
    """A call of the webhook, as bytes: signatures are over what came, not over what was understood."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    now: datetime

    @cached_property
    def form(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        try:
            text = self.body.decode()
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=500)
        except ValueError as error:
            raise Unreadable("form") from error
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        return found

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreadable("json") from error

    @cached_property
    def values(self) -> dict[str, str]:
        """Query and body together, whichever way the gateway is set up to send."""
        is_json = "json" in self.headers.get("content-type", "")
        if is_json:
            body = self.json if isinstance(self.json, dict) else {}
            said = {name: _said(value) for name, value in body.items()}
        else:
            said = {name: values[-1] for name, values in self.form.items()}
        return {**self.query, **said}


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value) if value is not None else ""


@dataclass(frozen=True)
class Reply:
    """The exact answer a provider expects; an empty body where a body would be sent as SMS."""

    status: int = 200
    body: str = ""
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Setup:
    """What an account is made of, without the database."""

    settings: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    number: str = ""


@dataclass(frozen=True)
class Field:
    """One value that an account needs: a secret is typed, sealed and never shown again."""

    name: str
    label: Any
    is_secret: bool = False
    is_required: bool = True
    help_text: Any = ""


class Gateway:
    """Base of the adapters; a method that an adapter does not offer refuses."""

    fields: tuple[Field, ...] = ()
    # Calls by GET write as well (Kannel, Jasmin).
    methods: frozenset[str] = frozenset({"POST"})
    signs = True
    has_templates = False

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    def challenge(self, hook: Hook) -> Reply | None:
        """The answer to a call that only verifies the address; None when it is none."""
        return None

    def is_authentic(self, hook: Hook) -> bool:
        """Without a signature the secret address is all there is."""
        return not self.signs

    def receive(self, hook: Hook) -> list[Inbound]:
        """Everything in the call. Raises Unreadable."""
        raise NotImplementedError

    def accepted(self) -> Reply:
        return Reply()

    def unreadable(self) -> Reply:
        """Kept as it came, so the provider need not send it again."""
        return self.accepted()

    def send_text(self, *, to: str, text: str) -> str:
        """The provider's id. Raises GatewayAway or GatewayRefused."""
        raise GatewayRefused("CannotSend")

    def send_template(self, *, to: str, template: Template, parameters: list[str]) -> str:
        raise GatewayRefused("NoTemplates")

    def fetch_media(self, media: Media) -> bytes:
        """Raises MediaGone, GatewayAway."""
        raise MediaGone("NoMedia")

    def health(self) -> None:
        """Ask the provider whether it knows us. Raises GatewayAway, TokenRefused."""

    def call(self, url: str, **how: Any) -> calls.Answer:
        """A judged request; trouble on the way is GatewayAway."""
        try:
            return calls.call(url, trusted=trusted_hosts(), **how)
        except UnableToFetch as error:
            raise GatewayAway(error.code) from None


def trusted_hosts() -> frozenset[str]:
    """Gateways in the own network that the operator named (CHANNEL_HOSTS)."""
    return frozenset(settings.CHANNEL_HOSTS)


def checked(answer: calls.Answer, name: str) -> calls.Answer:
    """What a status means: done, later, a dead token, never."""
    if 200 <= answer.status < 300:
        return answer
    code = f"{name}{answer.status}"
    if answer.status in (401, 403):
        raise TokenRefused(code)
    if answer.status >= 500 or answer.status in (408, 429):
        raise GatewayAway(code)
    raise GatewayRefused(code)


def json_of(answer: calls.Answer, name: str) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise GatewayAway(f"{name}Unreadable")
    return found


def fetch_from(gateway: Gateway, url: str, *, only: frozenset[str], **how: Any) -> bytes:
    """The bytes of a file from one of the allowed hosts, never more than we take."""
    try:
        answer = calls.call(
            url, trusted=trusted_hosts(), only=only, most=MOST_MEDIA, seconds=30, **how
        )
    except UnableToFetch as error:
        if error.is_final:
            raise MediaGone(error.code) from None
        raise GatewayAway(error.code) from None
    if answer.status in (400, 404, 410):
        raise MediaGone("MediaExpired")
    if not answer.is_whole:
        raise MediaGone("MediaTooLarge")
    return checked(answer, "Media").body
