"""What the value of a standing fact may be, how it is stored and how it is read. Pure."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from integrity_portal.core.formatting import number_id
from integrity_portal.core.parsing import NotUnderstood, parse_number
from opd.enums import FactKey

GRADES: dict[str, tuple[str, ...]] = {
    FactKey.BPK_OPINION: ("WTP", "WTP-DPP", "WDP", "TW", "TMP"),
    FactKey.SAKIP: ("AA", "A", "BB", "B", "CC", "C", "D"),
}
LIMITS: dict[str, tuple[int, int]] = {
    FactKey.RB_INDEX: (0, 100),
    FactKey.SPIP_LEVEL: (1, 5),
    FactKey.LHKPN_PERCENT: (0, 100),
    FactKey.LHKAN_PERCENT: (0, 100),
    FactKey.TLHP_PERCENT: (0, 100),
}
# Answered with yes or no.
JUDGED = frozenset({FactKey.CORE_SERVICE, FactKey.PUBLIC_PERCEPTION})
# Facts of one side only; the others are known of a government and of a unit.
OF_GOVERNMENT = frozenset({FactKey.BPK_OPINION, FactKey.RB_INDEX, FactKey.SPIP_LEVEL})
OF_UNIT = JUDGED
PLACES = 3
GRADED = re.compile(r"(.+?)\s*\(\s*(\w{1,2})\s*\)")


class FactRefused(ValueError):
    """The sentence for the person is the message."""


def clean_value(key: str, text: str) -> str:
    """As stored: a grade in capitals, or a number with a point. Raises FactRefused."""
    text = text.strip().removesuffix("%").strip()
    if key in JUDGED:
        return _judged(text)
    if key in GRADES:
        grade = text.upper().replace(" ", "")
        if grade not in GRADES[key]:
            raise FactRefused(
                _("Write one of these: %(grades)s.") % {"grades": ", ".join(GRADES[key])}
            )
        return grade
    low, high = LIMITS[key]
    text, grade = _graded(key, text)
    sentence = _("Write a number from %(low)s to %(high)s, for example %(example)s.") % {
        "low": low,
        "high": high,
        "example": "3" if high == 5 else "61,25",
    }
    try:
        number = parse_number(text)
    except NotUnderstood as error:
        raise FactRefused(sentence) from error
    if not low <= number <= high:
        raise FactRefused(sentence)
    if number != round(number, PLACES):
        raise FactRefused(
            _("Write at most %(places)s digits after the comma.") % {"places": PLACES}
        )
    return f"{number:f}{grade}"


def _judged(text: str) -> str:
    folded = text.lower()
    if folded in ("ya", "yes", "y"):
        return "yes"
    if folded in ("tidak", "no", "bukan", "t"):
        return "no"
    raise FactRefused(_("Write yes or no."))


def _graded(key: str, text: str) -> tuple[str, str]:
    """The index of bureaucratic reform is published with its predicate: 60,37 (B)."""
    found = GRADED.fullmatch(text) if key == FactKey.RB_INDEX else None
    if found is None or found[2].upper() not in GRADES[FactKey.SAKIP]:
        return text, ""
    return found[1], f" ({found[2].upper()})"


def display_value(key: str, value: str) -> str:
    """`59.65` is read as `59,65`; percentages carry their sign; grades stay as they are."""
    if key in JUDGED and value:
        return _("yes") if value == "yes" else _("no")
    if key in GRADES or not value:
        return value
    value, grade = _graded(key, value)
    try:
        number = Decimal(value)
    except ArithmeticError:
        return value + grade
    exponent = number.as_tuple().exponent
    text = number_id(number, -exponent if isinstance(exponent, int) and exponent < 0 else 0)
    return f"{text}\u00a0%" if key.endswith("_percent") else text + grade
