"""PDFs with a signature field: empty, really signed by a throwaway key, or forged."""

import io
from datetime import UTC, datetime

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile

from integrity_portal.core import files
from integrity_portal.core.models import StoredFile

ROOM = 4096
NUMBER = 9_999_999_999


def pdf(
    *,
    signed: bool = False,
    empty_field: bool = False,
    nested: bool = False,
    message: bytes = b"",
    covered: tuple[int, ...] = (),
    skip: int = 0,
    password: str = "",
) -> bytes:
    """A page; `message`, `covered` and `skip` forge what a signing application would write."""
    document = pikepdf.new()
    document.add_blank_page()
    if signed or empty_field:
        field = pikepdf.Dictionary(FT=pikepdf.Name("/Sig"), T=pikepdf.String("ttd"))
        if signed:
            field.V = document.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name("/Sig"),
                    ByteRange=pikepdf.Array([NUMBER] * 4),
                    Contents=pikepdf.String(b"\xff" * ROOM),
                )
            )
        if nested:
            field = pikepdf.Dictionary(Kids=pikepdf.Array([document.make_indirect(field)]))
        document.Root.AcroForm = pikepdf.Dictionary(
            Fields=pikepdf.Array([document.make_indirect(field)])
        )
    out = io.BytesIO()
    lock = pikepdf.Encryption(owner=password, user=password) if password else None
    options = pikepdf.ObjectStreamMode.disable
    document.save(out, encryption=lock or False, object_stream_mode=options)
    return _sign(out.getvalue(), message, covered, skip) if signed else out.getvalue()


def updated(content: bytes) -> bytes:
    """The same file with an appended version that changes nothing."""
    return content + b"\nstartxref" + content.rpartition(b"startxref")[2]


def _sign(raw: bytes, message: bytes, covered: tuple[int, ...], skip: int) -> bytes:
    room = b"<" + b"ff" * ROOM + b">"
    hole = raw.index(room)
    after = hole + len(room)
    numbers = covered or (skip, hole - skip, after, len(raw) - after)
    marks = b" ".join([str(NUMBER).encode()] * 4)
    written = " ".join(map(str, numbers)).encode().ljust(len(marks))
    raw = raw.replace(marks, written)
    message = message or _pkcs7(raw[skip:hole] + raw[after:])
    return raw[:hole] + b"<" + message.ljust(ROOM, b"\0").hex().encode() + b">" + raw[after:]


def _pkcs7(content: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Uji")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    return builder.add_signer(certificate, key, hashes.SHA256()).sign(
        serialization.Encoding.DER,
        [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary],
    )


def stored(government_id: int, content: bytes = b"") -> StoredFile:
    """A scan of a signed page that the portal has received."""
    return files.receive(
        SimpleUploadedFile("piagam.pdf", content or pdf()),
        rule=files.EVIDENCE,
        kind="signature",
        government_id=government_id,
        by_user_id=None,
    )
