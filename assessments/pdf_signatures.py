"""Does a PDF hold an electronic signature? Its certificate is not validated here."""

from typing import Any

import pikepdf


def holds_signature(upload: Any) -> bool:
    """Whether a signature field of the PDF is filled. The certificate is not looked at."""
    upload.seek(0)
    try:
        with pikepdf.open(upload) as pdf:
            form = pdf.Root.get("/AcroForm")
            fields: Any = form.get("/Fields", []) if form is not None else []
            return any(_is_signed(field, depth=0) for field in fields)
    except (pikepdf.PdfError, AttributeError, TypeError, ValueError):
        return False
    finally:
        upload.seek(0)


def _is_signed(field: Any, *, depth: int) -> bool:
    """A filled signature field has a dictionary /V with the signed /ByteRange and /Contents."""
    if depth > 8:
        return False
    value = field.get("/V")
    if field.get("/FT") == "/Sig" and isinstance(value, pikepdf.Dictionary):
        covered = value.get("/ByteRange")
        if covered is not None and len(covered) == 4 and bytes(value.get("/Contents", b"")):
            return True
    return any(_is_signed(kid, depth=depth + 1) for kid in field.get("/Kids", []))
