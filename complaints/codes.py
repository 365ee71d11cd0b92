"""Tracking codes: 16 digits, shown in groups of four, known only to the citizen."""

import re
import secrets
import unicodedata

from integrity_portal.core.crypto import keyed_hash

DIGITS = 16
_SEPARATORS = re.compile(r"[\s.\-\u00ad\u200b-\u200d\u2010-\u2015\u2212_/,]+")


def new_code() -> str:
    """53 random bits; guessing is bounded by the rate limit of the tracking page."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def normalise_code(text: str) -> str | None:
    """The 16 digits in whatever way they were grouped, or None when it is no code."""
    compact = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return compact if re.fullmatch(rf"[0-9]{{{DIGITS}}}", compact) else None


def grouped(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, DIGITS, 4))


def code_hash(code: str) -> str:
    return keyed_hash("tracking_code", code)
