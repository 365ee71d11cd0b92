"""Encrypted fields and keyed hashes.

Format of a sealed value: `v1.<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>`, AES-256-GCM
(NIST SP 800-38D). The associated data is table, column and row, so a value copied into another
row or column does not open.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from integrity_portal.core import keys


class UnableToOpen(Exception):
    """The value was sealed for another row, with a lost key, or was altered."""


def seal(text: str, *, table: str, column: str, row: str) -> str:
    key_id, ring = keys.field_ring()
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(ring[key_id]).encrypt(nonce, text.encode(), _context(table, column, row))
    return f"v1.{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def open_sealed(value: str, *, table: str, column: str, row: str) -> str:
    """Raises UnableToOpen."""
    try:
        version, key_id, body = value.split(".")
        raw = base64.urlsafe_b64decode(body)
        key = keys.field_ring()[1][key_id]
        if version != "v1":
            raise UnableToOpen(version)
        return AESGCM(key).decrypt(raw[:12], raw[12:], _context(table, column, row)).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise UnableToOpen from error


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 in hex with the key of `purpose`: finds a value without storing it."""
    return hmac.new(keys.secret(purpose), text.encode(), hashlib.sha256).hexdigest()


def _context(table: str, column: str, row: str) -> bytes:
    return "\x1f".join((table, column, row)).encode()
