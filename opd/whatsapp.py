"""Sending by WhatsApp's Cloud API (docs/adr/0059, 0068), with the standard library.

POST {base}/{version}/{phone-number-id}/messages with a bearer token. Nothing of an answer or of a
number is written to a log: errors are codes. The portal's own sender stands in the settings; the
accounts that citizens write to bring their own (complaints.channels).
"""

import json
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from integrity_portal.core.data_files import DataFile, load

DATA = Path(__file__).parent / "data"
SECONDS = 10
MOST_BYTES = 64 * 1024
MOST_TEXT = 4096
MOST_WAIT = 6 * 60 * 60
# Meta's codes of limits: try again later, whatever the status of the answer.
LIMITS = frozenset({4, 80007, 130429, 131048, 131056})
# Trouble on their side, or a token that an administrator has to renew: also later.
LATER = frozenset({0, 1, 2, 10, 190, 131000, 131005, 131016, 131057, 133004})


class GatewayAway(OSError):
    """Try again, after `retry_after` seconds where the gateway said so."""

    def __init__(self, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


class GatewayRefused(Exception):
    """This message will never be taken: the number has no WhatsApp, the template is unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Template:
    name: str
    language: str
    category: str
    body: str
    parameters: tuple[str, ...]
    examples: tuple[str, ...]

    def written(self, values: tuple[str, ...] | list[str]) -> str:
        """The text as the person reads it."""
        return re.sub(r"\{\{(\d+)\}\}", lambda found: values[int(found[1]) - 1], self.body)


def templates() -> dict[str, Template]:
    """By name. Raises UnableToReadData."""
    return load(DATA / "whatsapp-templates.yaml", read)


def read(file: DataFile) -> dict[str, Template]:
    """Checked: the numbers in the body are its parameters, and never at its ends."""
    file.refuse_twice("templates", "name")
    found = {}
    for number, row in enumerate(file.data["templates"]):
        place = ("templates", number, "body")
        numbers = re.findall(r"\{\{(\d+)\}\}", row["body"])
        if numbers != [str(n + 1) for n in range(len(row["parameters"]))]:
            raise file.fault("the body and its parameters do not fit", *place)
        if row["body"].startswith("{{") or row["body"].endswith("}}"):
            raise file.fault("Meta takes no parameter at the ends of a body", *place)
        found[row["name"]] = Template(
            row["name"],
            row["language"],
            row["category"],
            row["body"],
            tuple(value["name"] for value in row["parameters"]),
            tuple(value["example"] for value in row["parameters"]),
        )
    return found


def is_configured() -> bool:
    return bool(settings.WHATSAPP_PHONE_NUMBER_ID and settings.WHATSAPP_TOKEN)


@dataclass(frozen=True)
class Sender:
    """One number of ours at Meta: its id and the token that may write for it."""

    phone_number_id: str
    token: str


def portal_sender() -> Sender:
    return Sender(settings.WHATSAPP_PHONE_NUMBER_ID, settings.WHATSAPP_TOKEN)


def send_template(
    *, to: str, template: str, parameters: list[str], sender: Sender | None = None
) -> str:
    """Returns the id of the message. Raises GatewayAway or GatewayRefused.

    `to` is E.164. An answer that is lost on its way costs a second message, never a lost one.
    """
    return _send(sender or portal_sender(), _payload(to, templates()[template], parameters))


def send_text(*, to: str, text: str, sender: Sender) -> str:
    """Free words; Meta takes them only within a day of the person's last message."""
    said = {"type": "text", "text": {"preview_url": False, "body": text[:MOST_TEXT]}}
    return _send(sender, {**_addressed(to), **said})


def ask(path: str, *, sender: Sender) -> dict[str, Any]:
    """What Meta says of one of its things: a number, a file."""
    found = json.loads(_exchange(f"{_base()}/{path}", None, sender) or b"null")
    return found if isinstance(found, dict) else {}


def _send(sender: Sender, payload: dict[str, Any]) -> str:
    address = f"{_base()}/{sender.phone_number_id}/messages"
    return _message_id(_exchange(address, json.dumps(payload).encode(), sender))


def _exchange(address: str, data: bytes | None, sender: Sender) -> bytes:
    request = Request(  # noqa: S310 - the scheme is checked in `_base`
        address,
        data=data,
        headers={"Authorization": f"Bearer {sender.token}", "Content-Type": "application/json"},
        method="GET" if data is None else "POST",
    )
    try:
        with build_opener(_NoRedirects).open(request, timeout=SECONDS) as answer:
            found: bytes = answer.read(MOST_BYTES)
            return found
    except HTTPError as error:
        with error:
            raise _refusal(error) from None
    except (URLError, HTTPException, OSError) as error:
        if isinstance(error, GatewayAway):
            raise
        raise GatewayAway(type(error).__name__) from None


class _NoRedirects(HTTPRedirectHandler):
    """The token goes to the configured address and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _base() -> str:
    base = settings.WHATSAPP_BASE_URL.rstrip("/")
    parts = urlsplit(base)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ImproperlyConfigured("WHATSAPP_BASE_URL begins with https://")
    return f"{base}/{settings.WHATSAPP_VERSION}"


def _addressed(to: str) -> dict[str, Any]:
    """To a number, or to Meta's own name for a person who shows none."""
    by = {"to": to.removeprefix("+")} if to.startswith("+") else {"recipient": to}
    return {"messaging_product": "whatsapp", "recipient_type": "individual", **by}


def _payload(to: str, template: Template, parameters: list[str]) -> dict[str, Any]:
    """Meta refuses parameters with line breaks, tabs or several blanks in a row."""
    said = [" ".join(value.split())[:200] or "-" for value in parameters]
    return {
        **_addressed(to),
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": template.language},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": text} for text in said]}
            ],
        },
    }


def _message_id(body: bytes) -> str:
    """Whoever answers 200 without an id is not the gateway: a proxy's page, for example."""
    try:
        return str(json.loads(body)["messages"][0]["id"])
    except (ValueError, LookupError, TypeError):
        raise GatewayAway("WhatsAppUnreadable") from None


def _refusal(error: HTTPError) -> GatewayAway | GatewayRefused:
    code = _code(error)
    wait = _seconds(error.headers.get("Retry-After", ""))
    said = f"WhatsApp{error.code}" if code is None else f"WhatsApp{error.code}-{code}"
    if error.code == 429 or code in LIMITS:
        return GatewayAway(said, wait)
    if error.code >= 500 or error.code in (401, 403, 408) or code in LATER or code is None:
        return GatewayAway(said, wait)
    return GatewayRefused(said)


def _code(error: HTTPError) -> int | None:
    try:
        return int(json.loads(error.read(MOST_BYTES))["error"]["code"])
    except (ValueError, LookupError, TypeError, OSError, HTTPException):
        return None


def _seconds(text: str) -> int | None:
    """Retry-After: seconds or a date; never longer than we let a message wait."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), MOST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        return None
    return max(0, min(int((moment - timezone.now()).total_seconds()), MOST_WAIT))
