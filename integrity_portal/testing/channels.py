"""What providers send: bodies and signatures of their webhooks, built from their documentation.

Independent of the adapters, so that a mistake there does not repeat itself here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

NUMBER = "6281200000001"


def cloud_body(
    *,
    messages: list[dict[str, Any]] | None = None,
    statuses: list[dict[str, Any]] | None = None,
    number: str = NUMBER,
    **more: Any,
) -> bytes:
    """A notification of WhatsApp's Cloud API with its usual frame."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550001111", "phone_number_id": "1001"},
        **more,
    }
    if messages is not None:
        value["contacts"] = [{"profile": {"name": "Warga"}, "wa_id": number}]
        value["messages"] = messages
    if statuses is not None:
        value["statuses"] = statuses
    change = {"field": "messages", "value": value}
    entry = {"id": "waba", "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def cloud_text(text: str, *, key: str, number: str = NUMBER, at: int = 0) -> dict[str, Any]:
    return {
        "from": number,
        "id": key,
        "timestamp": str(at or int(time.time())),
        "type": "text",
        "text": {"body": text},
    }


def cloud_media(
    kind: str, media: str, mime: str, sha256: str, *, key: str, number: str = NUMBER, at: int = 0,
    **more: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "from": number,
        "id": key,
        "timestamp": str(at or int(time.time())),
        "type": kind,
        kind: {"id": media, "mime_type": mime, "sha256": sha256, **more},
    }


def cloud_signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def sms_headers(secret: str, body: bytes, at: int = 0) -> dict[str, str]:
    """The signed SMS webhook: HMAC-SHA256 over `timestamp.body`."""
    stamp = str(at or int(time.time()))
    signed = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Portal-Timestamp": stamp, "X-Portal-Signature": signed}


def sms_body(text: str, *, key: str, number: str = NUMBER, **more: Any) -> bytes:
    return json.dumps({"id": key, "from": number, "to": "1708", "text": text, **more}).encode()
