"""One request to a provider's address: judged as in `fetching`, without redirects, little, soon.

`trusted` are hosts that the operator named in the settings: they may lie in the own network and be
spoken to without TLS. Every other host is public and https. With `only`, no other host is called.
"""

import http.client
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult

from integrity_portal.core.fetching import (
    UnableToFetch,
    cut_off,
    is_public,
    reached,
    refuse_unsafe,
    time_left,
)
from integrity_portal.core.tunnels import TunnelRefused

MOST_BYTES = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """`body` ends at `most`; `is_whole` says whether more would have come."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True


def call(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    trusted: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
    most: int = MOST_BYTES,
    seconds: int = 10,
) -> Answer:
    """Whatever status was answered. Raises UnableToFetch with a code, never with an address."""
    parts = _judged(url, trusted, only)
    ends = time.monotonic() + seconds
    may_reach = _anywhere if parts.hostname in trusted else is_public
    try:
        sock = reached(parts, ends, may_reach)
        cut = Timer(seconds, cut_off, [sock])
        cut.start()
        try:
            if parts.scheme == "https":
                sock.do_handshake()  # type: ignore[attr-defined]
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
            connection.default_port = 443 if parts.scheme == "https" else 80
            connection.sock = sock
            connection.request(method, _path(parts), body=data, headers=dict(headers or {}))
            with closing(http.client.HTTPResponse(sock, method=method)) as response:
                answer = _read(response, most)
            time_left(ends)
            return answer
        finally:
            cut.cancel()
            sock.close()
    except TunnelRefused as refused:
        raise UnableToFetch(f"Proxy{refused}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnableToFetch(type(error).__name__) from None


def _judged(url: str, trusted: frozenset[str], only: frozenset[str] | None) -> SplitResult:
    parts = refuse_unsafe(url)
    if only is not None and parts.hostname not in only | trusted:
        raise UnableToFetch("HostNotAllowed", is_final=True)
    if parts.scheme != "https" and parts.hostname not in trusted:
        raise UnableToFetch("NotEncrypted", is_final=True)
    return parts


def _anywhere(address: str, port: int) -> bool:
    return True


def _path(parts: SplitResult) -> str:
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"


def _read(response: http.client.HTTPResponse, most: int) -> Answer:
    response.begin()
    body = response.read(most + 1)
    if response.length and len(body) <= most:
        raise UnableToFetch("CutOff")
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body[:most], len(body) <= most)
