"""A citizen's phone at a channel: signed calls of the real webhook, a stand-in of the provider."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.actions import channels, inbound, media, outbound
from complaints.channel_enums import Purpose
from complaints.models import ChannelAccount
from complaints.queries import channel_work
from integrity_portal.testing import channels as wire
from integrity_portal.testing.whatsapp import Gateway, running_gateway
from opd.enums import Role

SECRETS = {
    "whatsapp_cloud": {
        "phone_number_id": "1001",
        "app_secret": "rahasia-meta",
        "token": "EAAG-token",
        "verify_token": "sandi-alamat",
    },
    "signed_webhook": {"send_url": "", "secret": "rahasia-sms"},
    "gammu": {"phone_id": "modem1"},
    "twilio": {"account_sid": "AC1", "auth_token": "12345"},
    "africastalking": {"username": "kota", "api_key": "kunci"},
    "kannel": {
        "send_url": "https://kannel.example/cgi-bin/sendsms",
        "username": "u",
        "password": "p",
    },
    "jasmin": {"send_url": "https://jasmin.example/send", "username": "u", "password": "p"},
    "fonnte": {"token": "t"},
    "wablas": {"server": "https://x.wablas.com", "token": "t"},
}
_keys = itertools.count(1)


def open_account(cast: Any, adapter: str, **more: Any) -> ChannelAccount:
    values = {**SECRETS[adapter], **more.pop("values", {})}
    purpose = more.pop("purpose", Purpose.GENERAL)
    return channels.open_channel(
        by=cast[Role.IT_TEAM],
        adapter=adapter,
        label=f"{adapter} {next(_keys)}",
        number="+6215550001111",
        values=values,
        now=more.pop("now", timezone.now()),
        purpose=purpose,
    )


@dataclass
class Phone:
    """`say` posts and works; `heard` are the texts that reached this phone's provider."""

    account: ChannelAccount
    gateway: Gateway
    number: str = wire.NUMBER
    client: Client = field(default_factory=Client)

    @property
    def url(self) -> str:
        return reverse("complaints:hook", args=[self.account.opened("token_sealed")])

    def post(self, body: bytes, **headers: str) -> Any:
        return self.client.post(
            self.url, body, content_type="application/json", headers=headers or self.signed(body)
        )

    def signed(self, body: bytes) -> dict[str, str]:
        if self.account.adapter == "whatsapp_cloud":
            return {"X-Hub-Signature-256": wire.cloud_signature("rahasia-meta", body)}
        return wire.sms_headers("rahasia-sms", body)

    def body(self, text: str, *, key: str = "", **more: Any) -> bytes:
        key = key or f"wamid.in{next(_keys)}"
        if self.account.adapter == "whatsapp_cloud":
            message = wire.cloud_text(text, key=key, number=self.number, **more)
            return wire.cloud_body(messages=[message], number=self.number)
        return wire.sms_body(text, key=key, number=self.number, **more)

    def say(self, *texts: str) -> list[str]:
        """What was answered to all of them."""
        before = len(self.heard)
        for text in texts:
            assert self.post(self.body(text)).status_code == 200
            work_all()
        return self.heard[before:]

    def send(self, *messages: dict[str, Any]) -> list[str]:
        before = len(self.heard)
        body = wire.cloud_body(messages=list(messages), number=self.number)
        assert self.post(body).status_code == 200
        work_all()
        return self.heard[before:]

    @property
    def heard(self) -> list[str]:
        mine = []
        for request in self.gateway.requests:
            body = request.body
            if str(body.get("to", "")).removeprefix("+") != self.number:
                continue
            text = body.get("text", body.get("template", ""))
            mine.append(text["body"] if isinstance(text, dict) and "body" in text else str(text))
        return mine

    def file(self, story: str = "Di loket diminta uang Rp 50.000 untuk map.") -> str:
        """Through the dialogue; the sixteen digits that came back."""
        said = self.say(story, "0", "Loket 3", "2", "KIRIM")
        return code_in(said[-1])


def code_in(text: str) -> str:
    digits = "".join(letter for letter in text.partition("Kode Anda")[2] if letter.isdigit())
    return digits[:16]


def work_all(now: datetime | None = None) -> None:
    """Everything that is due, as the worker and the sweeps do it."""
    now = now or timezone.now()
    for _round in range(200):
        moved = [inbound.work(pk=pk, now=now) for pk in channel_work.inbound_due(now)]
        moved += [media.fetch(pk=pk, now=now) for pk in channel_work.media_due(now)]
        moved += [outbound.deliver(pk=pk, now=now) for pk in channel_work.outbound_due(now)]
        if not any(moved):
            return


@contextmanager
def phone_at(cast: Any, settings: Any, adapter: str, number: str = wire.NUMBER) -> Iterator[Phone]:
    with running_gateway() as gateway:
        if adapter == "whatsapp_cloud":
            settings.WHATSAPP_BASE_URL = gateway.url
        settings.CHANNEL_HOSTS = ["127.0.0.1"]
        settings.WHATSAPP_MEDIA_HOSTS = ["127.0.0.1"]
        values = {"send_url": f"{gateway.url}/sms"} if adapter == "signed_webhook" else {}
        account = open_account(cast, adapter, values=values)
        yield Phone(account, gateway, number)


def raw(body: Any) -> bytes:
    return json.dumps(body).encode()
