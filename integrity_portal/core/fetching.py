"""Reading an address that somebody typed: only public web servers, little, soon, without cookies.

The name is resolved once and the connection goes to the very address that was judged, so neither
a redirect nor a name that answers differently the second time leads into the own network. A proxy
(PORTAL_LINK_PROXY) changes nothing of that: it is asked for the judged address, not for the name.
"""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from integrity_portal.core.tunnels import TunnelRefused, tunnel

MEGABYTE = 1024 * 1024
MOST_BYTES = 30 * MEGABYTE
MOST_TEXT = 2 * MEGABYTE
MOST_REDIRECTS = 5
SECONDS = 30
STEP_SECONDS = 10
PORTS = frozenset({80, 443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What a server says for good; anything else may be a bad day.
GONE = frozenset({404, 410})
HEADERS = {
    "User-Agent": "IntegrityPortal link check",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}

Judge = Callable[[str, int], bool]


class UnableToFetch(Exception):
    """The message is a code. `is_final`: another try would say the same."""

    def __init__(self, code: str, *, is_final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


@dataclass(frozen=True)
class Fetched:
    """`fingerprint` is the SHA-256 of the bytes; of a page that of the words one reads."""

    fingerprint: str
    content_type: str
    size: int


def refuse_unsafe(url: str) -> SplitResult:
    """Only http and https with a host name, without a name and password inside. No look-up."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnableToFetch("Address", is_final=True) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 1000:
        raise UnableToFetch("Address", is_final=True)
    if parts.username is not None or parts.password is not None:
        raise UnableToFetch("Address", is_final=True)
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise UnableToFetch("Address", is_final=True)
    if port == 0:
        raise UnableToFetch("Address", is_final=True)
    return parts


def is_public(address: str, port: int) -> bool:
    """No private, loopback, link-local, shared, reserved or multicast address, however dressed."""
    if port not in PORTS:
        return False
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _nat64(found)
        if found.teredo or (inner is not None and not is_public(str(inner), port)):
            return False
        if inner is not None:
            return True
    return found.is_global and not found.is_multicast and not found.is_reserved


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def fetch(url: str, *, may_reach: Judge = is_public, most: int = MOST_BYTES) -> Fetched:
    """Follow at most five redirects, each judged anew. Raises UnableToFetch."""
    ends = time.monotonic() + SECONDS
    for _hop in range(MOST_REDIRECTS + 1):
        parts = refuse_unsafe(iri_to_uri(url))
        try:
            found = _one(parts, ends, may_reach, most)
        except TunnelRefused as refused:
            raise UnableToFetch(f"Proxy{refused}") from refused
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnableToFetch(type(error).__name__) from error
        if isinstance(found, Fetched):
            return found
        url = urljoin(parts.geturl(), found)
    raise UnableToFetch("Redirects", is_final=True)


def _one(parts: SplitResult, ends: float, may_reach: Judge, most: int) -> Fetched | str:
    """What stands there, or where it leads. A server that drips is cut off in the end."""
    sock = reached(parts, ends, may_reach)
    cut = Timer(max(ends - time.monotonic(), 0), cut_off, [sock])
    cut.start()
    try:
        if parts.scheme == "https":
            sock.do_handshake()  # type: ignore[attr-defined]
        found = _asked(sock, parts, ends, most)
        # What was cut off looks like an end.
        time_left(ends)
        return found
    finally:
        cut.cancel()
        sock.close()


def _asked(sock: socket.socket, parts: SplitResult, ends: float, most: int) -> Fetched | str:
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    # The Host header of the usual port carries no number.
    connection.default_port = _port(parts)
    connection.sock = sock
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection.request("GET", path, headers=HEADERS)
    with closing(http.client.HTTPResponse(sock, method="GET")) as response:
        response.begin()
        if response.status in REDIRECTS and (target := response.getheader("Location")):
            return target
        if response.status != 200:
            raise UnableToFetch(f"Status{response.status}", is_final=response.status in GONE)
        return _read(response, ends, most)


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def reached(parts: SplitResult, ends: float, may_reach: Judge) -> socket.socket:
    """A connection to the very address that was judged; TLS still to be shaken hands on."""
    host, port = parts.hostname or "", parts.port or _port(parts)
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnableToFetch("NoSuchHost") from error
    addresses = [str(row[4][0]) for row in rows]
    # One bad address among good ones is a trap as well.
    if not addresses or not all(may_reach(address, port) for address in addresses):
        raise UnableToFetch("NotPublic", is_final=True)
    sock = _connected(addresses[0], port, ends)
    if parts.scheme != "https":
        return sock
    context = ssl.create_default_context()
    return context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)


def _connected(address: str, port: int, ends: float) -> socket.socket:
    if settings.LINK_PROXY:
        return tunnel(settings.LINK_PROXY, address, port, lambda: time_left(ends))
    return socket.create_connection((address, port), timeout=time_left(ends))


def cut_off(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def time_left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise UnableToFetch("TooSlow")
    return min(left, STEP_SECONDS)


def _read(response: http.client.HTTPResponse, ends: float, most: int) -> Fetched:
    content_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    digest, size, kept = hashlib.sha256(), 0, bytearray()
    is_page = content_type in ("text/html", "application/xhtml+xml")
    while chunk := response.read1(65536):
        time_left(ends)
        size += len(chunk)
        if size > most:
            raise UnableToFetch("TooLarge", is_final=True)
        digest.update(chunk)
        if is_page and size <= MOST_TEXT:
            kept += chunk
    if response.length:
        raise UnableToFetch("CutOff")
    if is_page and size <= MOST_TEXT:
        digest = hashlib.sha256(_words(bytes(kept)).encode())
    return Fetched(digest.hexdigest(), content_type[:80], size)


class _Reader(HTMLParser):
    """The words that one reads: scripts, styles and marks change with every visit."""

    HIDDEN = frozenset({"script", "style", "noscript", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag in self.HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in self.HIDDEN and self.depth > 0

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.words += data.split()


def _words(page: bytes) -> str:
    reader = _Reader()
    reader.feed(page.decode("utf-8", "replace"))
    reader.close()
    return " ".join(reader.words)
