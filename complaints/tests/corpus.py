"""One webhook body of every shape that Meta's public documentation describes, and some it does not."""

from __future__ import annotations

import json
from typing import Any

from integrity_portal.testing.channels import NUMBER, cloud_body

_HEAD = {"from": NUMBER, "timestamp": "1697043223"}
_MEDIA = {"id": "9001", "sha256": "LPCqUE6d6kMv5EpIJ0Xxb8D0FzVmG0A1m1bqQ5mD3hE="}


def _message(kind: str, inner: Any, **more: Any) -> dict[str, Any]:
    row = {**_HEAD, "id": f"wamid.{kind}", "type": kind, kind: inner, **more}
    found: dict[str, Any] = json.loads(cloud_body(messages=[row]))
    return found


def _value(**value: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cloud_body(**value))
    return found


CORPUS: dict[str, Any] = {
    "text": _message("text", {"body": "Lampu jalan mati"}),
    "text_reply": _message("text", {"body": "Ya"}, context={"id": "wamid.0", "from": "1555"}),
    "text_forwarded": _message("text", {"body": "Ya"}, context={"frequently_forwarded": True}),
    "text_ad": _message("text", {"body": "Halo"}, referral={"source_type": "ad"}),
    "image": _message("image", {**_MEDIA, "mime_type": "image/jpeg", "caption": "ini"}),
    "video": _message("video", {**_MEDIA, "mime_type": "video/mp4"}),
    "audio": _message("audio", {**_MEDIA, "mime_type": "audio/mp4"}),
    "voice": _message("audio", {**_MEDIA, "mime_type": "audio/ogg; codecs=opus", "voice": True}),
    "document": _message(
        "document", {**_MEDIA, "mime_type": "application/pdf", "filename": "a/../b.pdf"}
    ),
    "sticker": _message("sticker", {**_MEDIA, "mime_type": "image/webp", "animated": False}),
    "location": _message("location", {"latitude": -7.82, "longitude": 112.01}),
    "location_named": _message(
        "location", {"latitude": -7.8, "longitude": 112.0, "name": "Pasar", "address": "Jl. A"}
    ),
    "contacts": _message("contacts", [{"name": {"formatted_name": "B"}, "phones": []}]),
    "reaction": _message("reaction", {"message_id": "wamid.1", "emoji": "👍"}),
    "reaction_taken_back": _message("reaction", {"message_id": "wamid.1"}),
    "button": _message("button", {"text": "STATUS", "payload": "x"}),
    "interactive_button": _message(
        "interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Ya"}}
    ),
    "interactive_list": _message(
        "interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "2"}}
    ),
    "interactive_flow": _message(
        "interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}
    ),
    "order": _message("order", {"catalog_id": "1", "product_items": []}),
    "system_new_number": _message(
        "system", {"body": "moved", "wa_id": "62813", "type": "user_changed_number"}
    ),
    "request_welcome": _message("request_welcome", {}),
    "unsupported": _message("unsupported", {}, errors=[{"code": 131051, "title": "Unsupported"}]),
    "edited": _message(
        "edit",
        {
            "original_message_id": "wamid.text",
            "message": {"type": "text", "text": {"body": "Lampu jalan mati total"}},
        },
    ),
    "deleted": _message("revoke", {"original_message_id": "wamid.text"}),
    "a_kind_of_tomorrow": _message("hologram", {"id": "1"}),
    "kind_missing": _value(messages=[{**_HEAD, "id": "wamid.none"}]),
    "id_missing": _value(messages=[{**_HEAD, "type": "text", "text": {"body": "Halo"}}]),
    "id_very_long": _value(
        messages=[{**_HEAD, "id": "w" * 900, "type": "text", "text": {"body": "Halo"}}]
    ),
    "no_number": _value(
        messages=[
            {
                "id": "wamid.bsuid",
                "timestamp": "1697043223",
                "type": "text",
                "text": {"body": "Halo"},
                "from_user_id": "ID.13491208655302741918",
            }
        ],
        number="",
    ),
    "text_is_no_object": _message("text", "Halo"),
    "timestamp_is_nonsense": _message("text", {"body": "Halo"}, timestamp="kemarin"),
    "zero_byte": _message("text", {"body": "Halo\x00 di sana"}),
    "status_sent": _value(
        statuses=[{"id": "wamid.9", "status": "sent", "timestamp": "1697043223"}]
    ),
    "status_failed": _value(
        statuses=[
            {
                "id": "wamid.9",
                "status": "failed",
                "timestamp": "1",
                "errors": [{"code": 131047, "title": "Re-engagement message"}],
            }
        ]
    ),
    "status_of_tomorrow": _value(statuses=[{"id": "wamid.9", "status": "framed"}]),
    "errors_only": _value(errors=[{"code": 130429, "title": "Rate limit hit"}]),
    "other_field": {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": "1", "changes": [{"field": "message_template_status_update", "value": {}}]}
        ],
    },
    "two_entries": {
        "object": "whatsapp_business_account",
        "entry": [
            json.loads(cloud_body(messages=[{**_HEAD, "id": f"e{n}", "type": "order"}]))["entry"][0]
            for n in range(2)
        ],
    },
    "not_ours": {"object": "page", "entry": [{"id": "1", "changes": "none"}, "x", None]},
}
