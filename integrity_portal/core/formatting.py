"""Numbers, dates and sizes as they are read in Indonesia; the same words on screen and on paper."""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import dateformat, numberformat, timezone
from django.utils.translation import get_language, gettext as _

NOTHING = "–"
ZONE_NAMES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def as_decimal(value: Any) -> Decimal | None:
    """A finite number, or None for what is empty or no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


def half_up(number: Decimal, places: int) -> Decimal:
    """Rounded as people round; however long the number is, none of its digits is lost."""
    with localcontext() as context:
        context.prec = max(28, number.adjusted() + places + 2)
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number_id(value: Any, places: int = 2) -> str:
    """`1.234,56`, half-up; nothing is a dash, because empty is not zero.

    The same notation in both languages: forms accept no other.
    """
    number = as_decimal(value)
    if number is None:
        return NOTHING
    rounded = half_up(number, places)
    if not rounded:
        rounded = abs(rounded)
    text = numberformat.format(
        rounded, ",", places, grouping=3, thousand_sep=".", force_grouping=True, use_l10n=False
    )
    return text.replace("-", "−", 1)


def percent_id(value: Any, places: int = 2) -> str:
    """`71,84 %` with a space that does not break."""
    text = number_id(value, places)
    return text if text == NOTHING else f"{text}\u00a0%"


def rupiah(value: Any) -> str:
    """`Rp 1.250.000`; sen only when there are some."""
    number = as_decimal(value)
    if number is None:
        return NOTHING
    places = 0 if number == number.to_integral_value() else 2
    sign = "−" if half_up(number, places) < 0 else ""
    return f"{sign}Rp\u00a0{number_id(abs(number), places)}"


def _zone_name() -> str:
    zone = timezone.get_current_timezone()
    key = zone.key if isinstance(zone, ZoneInfo) else str(zone)
    return ZONE_NAMES.get(key, key)


def date_id(value: date | datetime | None) -> str:
    """`21 November 2026`, the month in the active language."""
    if not value:
        return NOTHING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return dateformat.format(value, "j F Y")


def datetime_id(value: datetime | None) -> str:
    """`21 November 2026, 10.42 WIB` in the active time zone; a colon in English."""
    if not value:
        return NOTHING
    moment = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = "H:i" if (get_language() or "id").startswith("en") else "H.i"
    return f"{dateformat.format(moment, 'j F Y, ' + clock)} {_zone_name()}"


def hour_id(hour: int) -> str:
    """`06.00 WIB` in the active time zone; a colon in English."""
    mark = ":" if (get_language() or "id").startswith("en") else "."
    return f"{hour:02}{mark}00 {_zone_name()}"


def partial_date(value: Any) -> str:
    """A date of the past as far as it is known: `2021`, `September 2021` or the day."""
    if not value or not value.date:
        return NOTHING
    formats = {"year": "Y", "month": "F Y"}
    return dateformat.format(value.date, formats.get(str(value.precision), "j F Y"))


def filesize_id(value: Any) -> str:
    """`2,4 MB`; 1 MB is 1.024 KB, as the limits are."""
    number = as_decimal(value)
    if number is None or number < 0:
        return NOTHING
    if number < 1024:
        return _("%(size)s bytes") % {"size": number_id(number, 0)}
    power = min(int(math.log(int(number), 1024)), 4)
    while power < 4 and half_up(number / 1024**power, 1) >= 1024:
        power += 1
    rounded = half_up(number / 1024**power, 1)
    places = 0 if rounded == rounded.to_integral_value() else 1
    return f"{number_id(rounded, places)} {('', 'KB', 'MB', 'GB', 'TB')[power]}"
