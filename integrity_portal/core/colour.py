"""Two colours per government: contrast after WCAG 2.2, shades derived, a sheet of variables."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WHITE = "#ffffff"
BLACK = "#000000"
PAPER = "#f5f7f6"
DEFAULT_PRIMARY = "#0b4f6c"
DEFAULT_ACCENT = "#e0a100"
READABLE = 4.5
VERY_READABLE = 7.0
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}\Z")


def normalise(colour: str) -> str:
    """`#rgb` or `#rrggbb` as lower-case `#rrggbb`; anything else is a ValueError."""
    if not _HEX.match(colour):
        raise ValueError(f"not a colour: {colour!r}")
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def _channels(colour: str) -> tuple[int, int, int]:
    digits = normalise(colour)[1:]
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 for black and 1 for white."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio from 1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _darkened(colour: str, ground: str, ratio: float) -> str:
    """The lightest shade of `colour` that reaches `ratio` on `ground`."""
    for percent in range(0, 101, 2):
        shade = mix(colour, BLACK, percent / 100)
        if contrast(shade, ground) >= ratio:
            return shade
    return BLACK


def tint(primary: str) -> str:
    return mix(primary, WHITE, 0.9)


def deep(primary: str) -> str:
    """Darker than the brand, and very readable both under white and on the tint."""
    return _darkened(mix(primary, BLACK, 0.25), tint(primary), VERY_READABLE)


def link(primary: str) -> str:
    """The brand as text: readable on paper and on the tint."""
    return _darkened(_darkened(primary, PAPER, READABLE), tint(primary), READABLE)


def _decimal_comma(value: float) -> str:
    return f"{Decimal(str(value)):.1f}".replace(".", ",")


def validate_colour(value: str) -> None:
    try:
        normalise(value)
    except ValueError:
        raise ValidationError(
            _("Write the colour as # and six digits or letters a to f, for example #0b4f6c."),
            code="colour",
        ) from None


def validate_primary(value: str) -> None:
    """White text stands on this colour."""
    validate_colour(value)
    ratio = contrast(value, WHITE)
    if ratio < READABLE:
        raise ValidationError(
            _(
                "White text is hard to read on this colour (contrast %(ratio)s, "
                "at least 4,5 is needed). Choose a darker one."
            ),
            code="contrast",
            params={"ratio": _decimal_comma(ratio)},
        )


def theme_css(primary: str, accent: str) -> str:
    """The sheet that dresses the portal in a government's colours.

    A colour that is none, or too light to carry white text, falls back to the portal's own:
    a wrong row in the database never makes a page unreadable.
    """
    try:
        validate_primary(primary)
        primary = normalise(primary)
    except ValidationError:
        primary = DEFAULT_PRIMARY
    try:
        accent = normalise(accent)
    except ValueError:
        accent = DEFAULT_ACCENT
    return (
        ":root{"
        f"--brand:{primary};--brand-deep:{deep(primary)};--brand-tint:{tint(primary)};"
        f"--brand-link:{link(primary)};--gold:{accent}"
        "}\n"
    )
