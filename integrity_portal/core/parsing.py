"""What people type, understood the Indonesian way: dates, numbers, long texts."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug agust",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMERIC = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\Z")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_WORDS = re.compile(r"(\d{1,2})[\s\-]+([a-z]+)\.?[\s\-]+(\d{4})\Z")
_DAY_NAME = re.compile(
    r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\s*,?\s+"
)
_NUMBER = re.compile(r"(-?)([1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,(\d+))?\Z")
_ENGLISH = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)\Z")


class NotUnderstood(ValueError):
    """The text is no date or number; the form says how to write one."""


class EnglishNumber(NotUnderstood):
    """A number in English notation: `1,234.56` or `0.5`, which could be meant in two ways."""


def fold(text: str) -> str:
    """Full-width digits and odd spaces, as phones and copied tables bring them, made plain."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def parse_date(text: str) -> date:
    """`21/11/2026`, `21-11-2026`, `21 November 2026`, `21 Nov 2026`, `2026-11-21`; day first."""
    clean = _DAY_NAME.sub("", fold(text).lower(), count=1)
    if match := _ISO.match(clean):
        year, month, day = match.groups()
    elif match := _NUMERIC.match(clean):
        day, month, year = match.groups()
    elif (match := _WORDS.match(clean)) and match[2] in MONTHS:
        day, month, year = match[1], str(MONTHS[match[2]]), match[3]
    else:
        raise NotUnderstood(text)
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NotUnderstood(text) from error


def parse_number(text: str) -> Decimal:
    """`1.234,56`, `1234,56`, `7`, ` 7 `; refuses exponents, nan and anything ambiguous."""
    clean = fold(text).replace("\u2212", "-").replace(" ", "")
    if match := _NUMBER.match(clean):
        sign, whole, fraction = match.groups()
        whole = whole.replace(".", "")
        return Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
    if _ENGLISH.match(clean):
        raise EnglishNumber(text)
    raise NotUnderstood(text)


_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]"
)


def clean_text(text: str, *, lines: bool) -> str:
    """One kind of line end, no control or direction-forcing characters, no blanks at the ends.

    Zero-width joiners stay: names in other scripts and emoji need them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
    text = _CONTROL.sub("", text)
    # Half of a surrogate pair cannot be stored as UTF-8.
    text = text.encode("utf-8", "ignore").decode("utf-8")
    if not lines:
        return " ".join(text.split())
    return re.sub(
        r"\n{4,}", "\n\n\n", "\n".join(line.rstrip() for line in text.split("\n"))
    ).strip()
