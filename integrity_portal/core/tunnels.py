"""Through the proxy of a data centre, without believing it: a tunnel to an address, never to a name.

The caller has looked the name up and judged the address. The proxy is asked for that very address
(CONNECT), so it resolves nothing itself and the judgement holds; TLS goes through untouched.
"""

import base64
import socket
from collections.abc import Callable
from urllib.parse import SplitResult, unquote, urlsplit

USUAL_PORT = 3128
MOST_HEAD = 8192


class TunnelRefused(OSError):
    """The message is the proxy's status, or `Answer` when it said nothing one can read."""


def proxy_parts(proxy: str) -> SplitResult:
    """`http://[name:password@]host[:port]`. Raises ValueError for anything else."""
    parts = urlsplit(proxy)
    if parts.scheme != "http" or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("a proxy is http://host:port")
    if parts.query or parts.fragment or parts.port == 0:
        raise ValueError("a proxy is http://host:port")
    return parts


def tunnel(proxy: str, address: str, port: int, left: Callable[[], float]) -> socket.socket:
    """A connection that leads to `address`; `left` gives the seconds that remain, or raises."""
    parts = proxy_parts(proxy)
    sock = socket.create_connection(
        (parts.hostname or "", parts.port or USUAL_PORT), timeout=left()
    )
    try:
        sock.sendall(_request(parts, address, port))
        status = _status(_head(sock, left))
        if not 200 <= status < 300:
            raise TunnelRefused(str(status) if status else "Answer")
        sock.settimeout(left())
    except BaseException:
        sock.close()
        raise
    return sock


def _request(parts: SplitResult, address: str, port: int) -> bytes:
    target = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _head(sock: socket.socket, left: Callable[[], float]) -> bytes:
    """To the empty line and not a byte further: what follows belongs to the other end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        sock.settimeout(left())
        byte = sock.recv(1)
        if not byte or len(head) >= MOST_HEAD:
            raise TunnelRefused("Answer")
        head += byte
    return head


def _status(head: bytes) -> int:
    words = head.split(b"\r\n", 1)[0].split()
    known = len(words) > 1 and words[0].startswith(b"HTTP/1.") and words[1].isdigit()
    return int(words[1]) if known else 0
