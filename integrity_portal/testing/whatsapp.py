"""A gateway that speaks WhatsApp's Cloud API over real HTTP, for tests.

with running_gateway() as gateway:
    settings.WHATSAPP_BASE_URL = gateway.url
    gateway.answer(429, retry_after="120")
    …
    assert gateway.requests[0].body["to"] == "6281200000001"
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Received:
    path: str
    token: str
    body: dict[str, Any]


@dataclass
class Gateway:
    """Answers what was put down for the next requests, then 200 with a new id each time."""

    url: str
    requests: list[Received] = field(default_factory=list)
    prepared: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, status: int, *, code: int | None = None, retry_after: str = "") -> None:
        """The next request is refused as Meta refuses: a status, an error code, perhaps a wait."""
        headers = {"Retry-After": retry_after} if retry_after else {}
        body = {} if code is None else {"error": {"message": "(#x) no", "code": code}}
        self.prepared.append((status, headers, json.dumps(body).encode()))

    def answer_with(self, status: int, body: bytes, **headers: str) -> None:
        self.prepared.append((status, headers, body))


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    gateway = Gateway(f"http://127.0.0.1:{server.server_address[1]}")
    server.gateway = gateway  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        gateway: Gateway = self.server.gateway  # type: ignore[attr-defined]
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        gateway.requests.append(
            Received(self.path, self.headers.get("Authorization", ""), json.loads(raw))
        )
        number = len(gateway.requests)
        good = json.dumps(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": "x", "wa_id": "x"}],
                "messages": [{"id": f"wamid.{number}"}],
            }
        ).encode()
        status, headers, body = gateway.prepared.pop(0) if gateway.prepared else (200, {}, good)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """A redirect that was followed would come so."""
        self.do_POST()

    def log_message(self, *args: Any) -> None:
        """Nothing on the screen."""
