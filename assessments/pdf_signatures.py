"""Does a PDF hold an electronic signature over itself? Its certificate is not validated here.

Looked at: the signature field is filled, what it covers is the file itself but for the signature,
the signature is a PKCS#7 message with a certificate inside, and one of its message digests is the
digest of what it covers. Not looked at: who issued the certificate, whether it is still valid, and
whether its key made the signature.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from django.utils.translation import gettext as _

from integrity_portal.core.files import FileRefused

MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
HASHES = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}


def holds_signature(upload: Any) -> bool:
    """Whether a signature field holds a signature over this file. FileRefused when it is locked."""
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    try:
        with pikepdf.open(upload) as pdf:
            form = pdf.Root.get("/AcroForm")
            fields: Any = form.get("/Fields", []) if form is not None else []
            values = [value for field in fields for value in _values(field, depth=0)]
            return any(_signs(value, content) for value in values)
    except pikepdf.PasswordError as error:
        raise FileRefused(
            _("The PDF is protected. Save it without a password, then send it again.")
        ) from error
    except (pikepdf.PdfError, AttributeError, TypeError, ValueError):
        return False
    finally:
        upload.seek(0)


def _values(field: Any, *, depth: int) -> Iterator[pikepdf.Dictionary]:
    """The dictionaries /V of the filled signature fields."""
    if depth > 8:
        return
    value = field.get("/V")
    if field.get("/FT") == "/Sig" and isinstance(value, pikepdf.Dictionary):
        yield value
    for kid in field.get("/Kids", []):
        yield from _values(kid, depth=depth + 1)


def _signs(value: pikepdf.Dictionary, content: bytes) -> bool:
    covered = [int(number) for number in value.get("/ByteRange", [])]  # type: ignore[attr-defined]
    signature = bytes(value.get("/Contents", b""))
    return (
        _covers_all_but(covered, signature, content)
        and _has_certificate(signature)
        and _digests(signature, content, covered)
    )


def _covers_all_but(covered: list[int], signature: bytes, content: bytes) -> bool:
    """From the first byte to the last of this version of the file, without the signature only."""
    if len(covered) != 4 or covered[0] != 0:
        return False
    _start, hole, after, rest = covered
    end = after + rest
    if not 0 < hole < after < end <= len(content):
        return False
    written = content[hole:after]
    if written[:1] != b"<" or written[-1:] != b">":
        return False
    if bytes.fromhex(written[1:-1].decode("ascii", "replace")) != signature:
        return False
    return end == len(content) or _is_updated(content, end)


def _is_updated(content: bytes, end: int) -> bool:
    """The file was complete at `end`, and a later version was appended to it."""
    return content[:end].rstrip().endswith(b"%%EOF") and b"startxref" in content[end:]


def _der(signature: bytes) -> bytes:
    """The one DER SEQUENCE at the start, without the zeros that fill the place; empty if none."""
    if len(signature) < 4 or signature[0] != 0x30:
        return b""
    size, start = signature[1], 2
    if size > 0x80:
        start = 2 + size - 0x80
        size = int.from_bytes(signature[2:start], "big")
    elif size == 0x80:
        return b""
    if start + size > len(signature) or signature[start + size :].strip(b"\0"):
        return b""
    return signature[: start + size]


def _has_certificate(signature: bytes) -> bool:
    der = _der(signature)
    try:
        return bool(der) and bool(load_der_pkcs7_certificates(der))
    except Exception:  # noqa: BLE001  # the loader names no common class for what it refuses
        return False


def _digests(signature: bytes, content: bytes, covered: list[int]) -> bool:
    """One messageDigest attribute (OID, SET, OCTET STRING) is the digest of the covered bytes."""
    signed = content[: covered[1]] + content[covered[2] : covered[2] + covered[3]]
    at = signature.find(MESSAGE_DIGEST)
    while at >= 0:
        at += len(MESSAGE_DIGEST)
        head = signature[at : at + 4]
        if len(head) == 4 and head[0] == 0x31 and head[2] == 0x04 and head[3] in HASHES:
            digest = hashlib.new(HASHES[head[3]], signed, usedforsecurity=False).digest()
            if signature[at + 4 : at + 4 + head[3]] == digest:
                return True
        at = signature.find(MESSAGE_DIGEST, at)
    return False
