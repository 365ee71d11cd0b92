"""A modem behind Gammu's SMSD: `gammu_receive` is its RunOnReceive, a file in its outbox sends.

SMSD's files backend takes `OUT<priority><date>_<time>_<serial>_<number>_<note>.txtd`, UTF-8.
"""

import os
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from complaints.channel_enums import InboundKind
from complaints.channels import base
from complaints.channels.numbers import sender_of

_DIALLED = re.compile(r"\+[0-9]{6,15}")


class Gammu(base.Gateway):
    fields = (
        base.Field(
            "phone_id",
            _("PhoneID of the modem"),
            help_text=_("As in gammu-smsdrc, so that several modems are told apart."),
        ),
    )
    methods = frozenset()

    def send_text(self, *, to: str, text: str) -> str:
        folder = Path(settings.GAMMU_OUTBOX)
        if not settings.GAMMU_OUTBOX or not _DIALLED.fullmatch(to):
            raise base.GatewayRefused("GammuNotSetUp" if not settings.GAMMU_OUTBOX else "Number")
        name = f"OUTC{datetime.now(UTC):%Y%m%d_%H%M%S}_00_{to}_{secrets.token_hex(4)}.txtd"
        part = folder / f".{name}"
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(folder / name)
        except OSError as error:
            raise base.GatewayAway(type(error).__name__) from None
        return ""

    def health(self) -> None:
        """The modem's own state is known to SMSD; here: whether it takes what we send."""
        folder = Path(settings.GAMMU_OUTBOX) if settings.GAMMU_OUTBOX else None
        if folder is None or not os.access(folder, os.W_OK):
            raise base.GatewayAway("GammuOutbox")
        waiting = [entry.stat().st_mtime for entry in folder.glob("OUT*")]
        if waiting and datetime.now(UTC).timestamp() - min(waiting) > 1800:
            raise base.GatewayAway("GammuStands")


def from_environment(values: Mapping[str, str], now: datetime) -> list[base.Inbound]:
    """What SMSD tells its program: joined parts where it could decode them, else each message."""
    count = _number(values.get("SMS_MESSAGES", ""))
    decoded = _number(values.get("DECODED_PARTS", ""))
    sender = sender_of(values.get("SMS_1_NUMBER", ""))
    if not count or not sender:
        raise base.Unreadable("SMS_1_NUMBER")
    texts = [values.get(f"DECODED_{n}_TEXT", "") for n in range(1, decoded + 1)]
    if not any(texts):
        texts = [values.get(f"SMS_{n}_TEXT", "") for n in range(1, count + 1)]
    text = "".join(texts)
    ids = values.get("SMS_FILE_IDS", "")
    digest = sha256(f"{sender}\x1f{text}\x1f{ids or now.isoformat()}".encode()).hexdigest()
    return [
        base.Inbound(
            f"gammu:{digest}",
            InboundKind.TEXT,
            sender,
            text,
            now,
            part=_part(values),
            raw={"messages": count, "phone": values.get("PHONE_ID", "")},
        )
    ]


def _part(values: Mapping[str, str]) -> base.Part | None:
    """Set by wrappers that call us for every part (SMS_PART_REF, _NUMBER, _TOTAL)."""
    total = _number(values.get("SMS_PART_TOTAL", ""))
    number = _number(values.get("SMS_PART_NUMBER", ""))
    ref = values.get("SMS_PART_REF", "")[:60]
    return base.Part(ref, number, total) if ref and 1 <= number <= total and total > 1 else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
