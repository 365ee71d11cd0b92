"""A gateway that speaks WhatsApp's Cloud API over real HTTP, for tests and `channel_standin`.

with running_gateway() as gateway:
    settings.WHATSAPP_BASE_URL = gateway.url
    gateway.answer(429, retry_after="120")
    …
    assert gateway.requests[0].body["to"] == "6281200000001"
    gateway.put_file("77", photo, "image/jpeg")   # GET /v23.0/77 says where it lies, as Meta does

POST /sms takes a message of the signed SMS webhook (docs/guide/channels.md).
"""

from __future__ import annotations

import hashlib
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


@dataclass(frozen=True)
class File:
    """What Meta says of it, and what lies there: they differ when something is wrong."""

    data: bytes
    mime: str
    sha256: str
    size: int
    url: str


@dataclass
class Gateway:
    """Answers what was put down for the next requests, then 200 with a new id each time."""

    url: str
    requests: list[Received] = field(default_factory=list)
    prepared: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    files: dict[str, File] = field(default_factory=dict)

    def put_file(
        self, key: str, data: bytes, mime: str, *, sha256: str = "", size: int = 0, url: str = ""
    ) -> str:
        """The hash that a message names."""
        digest = sha256 or hashlib.sha256(data).hexdigest()
        place = url or f"{self.url}/media/{key}"
        self.files[key] = File(data, mime, digest, size or len(data), place)
        return digest

    @property
    def texts(self) -> list[str]:
        """What citizens were sent, in order, by either way."""
        said = []
        for request in self.requests:
            body = request.body
            if "text" in body:
                text = body["text"]
                said.append(text["body"] if isinstance(text, dict) else text)
        return said

    def answer(self, status: int, *, code: int | None = None, retry_after: str = "") -> None:
        """The next request is refused as Meta refuses: a status, an error code, perhaps a wait."""
        headers = {"Retry-After": retry_after} if retry_after else {}
        body = {} if code is None else {"error": {"message": "(#x) no", "code": code}}
        self.prepared.append((status, headers, json.dumps(body).encode()))

    def answer_with(self, status: int, body: bytes, **headers: str) -> None:
        self.prepared.append((status, headers, body))


@contextmanager
def running_gateway(port: int = 0) -> Iterator[Gateway]:
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    gateway = Gateway(f"http://127.0.0.1:{server.server_address[1]}")
    server.gateway = gateway  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
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
            Received(self.path, self.headers.get("Authorization", ""), json.loads(raw or b"{}"))
        )
        status, headers, body = (
            gateway.prepared.pop(0) if gateway.prepared else (200, {}, self._good(gateway))
        )
        self._send(status, {"Content-Type": "application/json", **headers}, body)

    def _good(self, gateway: Gateway) -> bytes:
        """A new id for each message; the number itself, where only it is asked for."""
        if self.command == "GET":
            return json.dumps({"id": self.path.rsplit("/", 1)[-1]}).encode()
        number = len(gateway.requests)
        if self.path == "/sms":
            return json.dumps({"id": f"sms.{number}"}).encode()
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": "x", "wa_id": "x"}],
            "messages": [{"id": f"wamid.{number}"}],
        }
        return json.dumps(answer).encode()

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Where a file lies, and the file; a redirect that was followed would come so, too."""
        gateway: Gateway = self.server.gateway  # type: ignore[attr-defined]
        found = gateway.files.get(self.path.rsplit("/", 1)[-1])
        if found is None or gateway.prepared:
            self.do_POST()
        elif self.path.startswith("/media/"):
            self._send(200, {"Content-Type": found.mime}, found.data)
        else:
            told = {
                "url": found.url,
                "mime_type": found.mime,
                "sha256": found.sha256,
                "file_size": found.size,
            }
            self._send(200, {"Content-Type": "application/json"}, json.dumps(told).encode())

    def log_message(self, *args: Any) -> None:
        """Nothing on the screen."""
