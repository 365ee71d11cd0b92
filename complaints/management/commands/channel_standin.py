"""A provider of SMS or WhatsApp for development: speaks the real protocols over real HTTP.

    manage.py channel_standin "WhatsApp Contoh" --to http://localhost:8000 --work

Each line typed is a message of a citizen; `/photo FILE` sends a picture, `/status read` a delivery
report. It is delivered to the channel's webhook as the provider does it (signed), and what the
portal sends to the provider is printed. With --work the waiting work is done here; otherwise the
worker needs WHATSAPP_BASE_URL and CHANNEL_HOSTS to point to this stand-in.
"""

import itertools
import mimetypes
import sys
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from complaints.actions import inbound, media, outbound
from complaints.channel_enums import Adapter
from complaints.models import ChannelAccount
from complaints.queries import channel_work
from integrity_portal.testing import channels as wire
from integrity_portal.testing.whatsapp import Gateway, running_gateway

SPOKEN = (Adapter.WHATSAPP_CLOUD, Adapter.SIGNED_WEBHOOK, Adapter.GAMMU)


class Command(BaseCommand):
    help = "Stands in for a provider of SMS or WhatsApp, for development."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("channel", help="name of the channel")
        parser.add_argument("--to", default=settings.BASE_URL, help="address of the portal")
        parser.add_argument("--number", default=wire.NUMBER, help="the citizen's number")
        parser.add_argument("--port", type=int, default=8290)
        parser.add_argument("--say", nargs="*", help="messages, instead of typing them")
        parser.add_argument("--work", action="store_true", help="do the waiting work here")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError("The stand-in reads secrets: for development only.")
        account = ChannelAccount.objects.filter(label=options["channel"]).first()
        if account is None or account.adapter not in SPOKEN:
            names = ", ".join(ChannelAccount.objects.values_list("label", flat=True))
            raise CommandError(
                f"No such channel that the stand-in can speak for. There are: {names}"
            )
        with running_gateway(options["port"]) as gateway, pointed_to(gateway):
            self.stdout.write(f"Provider at {gateway.url}; type what the citizen writes.")
            lines: Iterable[str] = options["say"] if options["say"] is not None else sys.stdin
            keys, heard = itertools.count(1), 0
            for line in lines:
                self._deliver(account, gateway, line.strip(), options, next(keys))
                if options["work"]:
                    _work()
                heard = self._print_new(gateway, heard)

    def _deliver(
        self, account: ChannelAccount, gateway: Gateway, line: str, options: Any, key: int
    ) -> None:
        if not line:
            return
        stamp = f"standin.{timezone.now().timestamp()}.{key}"
        if account.adapter == Adapter.GAMMU:
            said = {
                "SMS_MESSAGES": "1",
                "SMS_1_NUMBER": options["number"],
                "SMS_1_TEXT": line,
                "PHONE_ID": account.settings.get("phone_id", ""),
            }
            call_command("gammu_receive", environment=said)
            return
        if account.adapter == Adapter.SIGNED_WEBHOOK:
            body = wire.sms_body(line, key=stamp, number=options["number"])
            headers = wire.sms_headers(account.secrets["secret"], body)
        else:
            body = _cloud(gateway, line, stamp, options["number"])
            headers = {
                "X-Hub-Signature-256": wire.cloud_signature(account.secrets["app_secret"], body)
            }
        path = reverse("complaints:hook", args=[account.opened("token_sealed")])
        self._post(f"{options['to'].rstrip('/')}{path}", body, headers)

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        request = urllib.request.Request(  # noqa: S310 - an address that the developer typed
            url, data=body, headers={**headers, "Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                self.stdout.write(f"portal: {answer.status}")
        except HTTPError as error:
            self.stdout.write(f"portal: {error.code}")

    def _print_new(self, gateway: Gateway, heard: int) -> int:
        for text in gateway.texts[heard:]:
            self.stdout.write(f"to the citizen: {text}")
        return len(gateway.texts)


def pointed_to(gateway: Gateway) -> override_settings:
    """This process sends to the stand-in instead of to Meta."""
    return override_settings(
        WHATSAPP_BASE_URL=gateway.url,
        CHANNEL_HOSTS=["127.0.0.1"],
        WHATSAPP_MEDIA_HOSTS=["127.0.0.1"],
    )


def _cloud(gateway: Gateway, line: str, key: str, number: str) -> bytes:
    if line.startswith("/photo "):
        path = Path(line.removeprefix("/photo ").strip())
        mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        digest = gateway.put_file(key, path.read_bytes(), mime)
        kind = "image" if mime.startswith("image/") else "document"
        message = wire.cloud_media(kind, key, mime, digest, key=key, number=number)
        return wire.cloud_body(messages=[message], number=number)
    if line.startswith("/status "):
        last = f"wamid.{len(gateway.requests)}"
        word = line.removeprefix("/status ").strip()
        row = {"id": last, "status": word, "timestamp": "0", "recipient_id": number}
        return wire.cloud_body(statuses=[row])
    return wire.cloud_body(messages=[wire.cloud_text(line, key=key, number=number)], number=number)


def _work() -> None:
    now = timezone.now()
    for _round in range(20):
        moved = [inbound.work(pk=pk, now=now) for pk in channel_work.inbound_due(now)]
        moved += [media.fetch(pk=pk, now=now) for pk in channel_work.media_due(now)]
        moved += [outbound.deliver(pk=pk, now=now) for pk in channel_work.outbound_due(now)]
        if not any(moved):
            return
