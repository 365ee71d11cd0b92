"""Signatures of webhooks, each compared in constant time over the bytes that came."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit, urlunsplit


def is_meta_signature(secret: str, body: bytes, header: str) -> bool:
    """`X-Hub-Signature-256: sha256=<hex>`. Without a secret nothing is authentic."""
    if not secret or not header.isascii():
        return False
    wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    scheme, _sign, given = header.partition("=")
    return scheme == "sha256" and hmac.compare_digest(wanted, given)


def generic_signature(secret: str, timestamp: str, body: bytes) -> str:
    """Our own: HMAC-SHA256 over `timestamp.body`, in hex."""
    signed = timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_generic_signature(secret: str, timestamp: str, body: bytes, header: str) -> bool:
    if not secret or not header.isascii() or not timestamp.isascii():
        return False
    return hmac.compare_digest(generic_signature(secret, timestamp, body), header.lower())


def twilio_signature(token: str, url: str, form: Mapping[str, list[str]]) -> str:
    """Base64 of HMAC-SHA1 over the address and every name with its sorted, distinct values."""
    said = "".join(f"{name}{value}" for name in sorted(form) for value in sorted(set(form[name])))
    digest = hmac.new(token.encode(), f"{url}{said}".encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_twilio_signature(
    token: str, url: str, form: Mapping[str, list[str]], body: bytes, header: str
) -> bool:
    """With and without the port, because proxies differ. JSON comes with the body's own hash."""
    if not token or not header.isascii():
        return False
    bodies = parse_qs(urlsplit(url).query).get("bodySHA256", [])
    if bodies:
        if not hmac.compare_digest(hashlib.sha256(body).hexdigest(), bodies[0].lower()):
            return False
        form = {}
    good = False
    for spelling in with_and_without_port(url):
        good |= hmac.compare_digest(twilio_signature(token, spelling, form), header)
    return good


def with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host
    port = 443 if parts.scheme == "https" else 80
    named = host if bare != host else f"{bare}:{port}"
    return urlunsplit(parts._replace(netloc=bare)), urlunsplit(parts._replace(netloc=named))
