"""Single cells: what is meant by `ya `, `A.`, `0,67`, 12.0 and `https://…`."""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from assessments.excel.grid import Percent, Uncalculated
from assessments.excel.layout import ZERO_WORDS
from integrity_portal.core.formatting import date_id, number_id, percent_id
from integrity_portal.core.parsing import NotUnderstood, clean_text, parse_number

YES = frozenset({"ya", "y", "yes", "iya", "true", "benar"})
NO = frozenset({"tidak", "t", "tdk", "no", "n", "false", "belum"})
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_LETTER = re.compile(r"([a-z])\s*(?:[.):\-–].*)?\Z", re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?\Z")
INDEX_PLACES = Decimal("0.0001")
SHARE_PLACES = Decimal("0.01")
MOST = 1_000_000
SHOWN = 120


class NotReadable(ValueError):
    """The sentence for the person is the message: what to write there."""


def plain(value: Any) -> str:
    """Letters, digits and % in small letters, for comparing."""
    folded = unicodedata.normalize("NFKC", str(value)).casefold()
    return " ".join(re.sub(r"[^\w%]+|_", " ", folded).split())


def text_of(value: Any) -> str:
    """A cell as text; a number without the ending that only a computer writes."""
    if value is None or isinstance(value, Uncalculated):
        return ""
    if isinstance(value, Percent) and math.isfinite(value):
        return percent_id(Decimal(repr(float(value))) * 100)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date):
        return date_id(value)
    if isinstance(value, time):
        return value.isoformat()
    return clean_text(unicodedata.normalize("NFC", str(value)), lines=True)


def shown(value: Any) -> str:
    """What stands there, for the list of errors."""
    if isinstance(value, Uncalculated):
        text = value.formula
    elif isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif is_fraction(value):
        text = number_id(Decimal(repr(value)), 4).rstrip("0")
    else:
        text = " ".join(text_of(value).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def is_fraction(value: Any) -> bool:
    is_number = isinstance(value, float) and not isinstance(value, Percent)
    return is_number and math.isfinite(value) and not value.is_integer()


def is_error(value: Any) -> bool:
    return isinstance(value, str) and value.strip().upper() in ERRORS


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def refuse_no_value(value: Any) -> None:
    """Cells of which nobody can say what they hold."""
    if isinstance(value, Uncalculated):
        raise NotReadable(
            _("This is a formula without a value. Open the file in Excel, save it, send it again.")
        )
    if is_error(value):
        raise NotReadable(_("Excel shows an error here. Repair the formula or type the answer."))
    if isinstance(value, datetime | date | time):
        raise NotReadable(
            _("Excel made a date of this. Format the cell as text and type the answer again.")
        )


def number_of(value: Any) -> Decimal | None:
    """`0,67`, `0.67`, 0.67, `67%`; None: no number at all."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return Decimal(repr(value + 0)) if math.isfinite(value) else None
    text = "".join(unicodedata.normalize("NFKC", str(value)).split())
    is_percent, text = text.endswith("%"), text.removesuffix("%")
    try:
        found = Decimal(text.replace(",", ".")) if _NUMBER.match(text) else parse_number(text)
    except (NotUnderstood, InvalidOperation):
        return None
    return found / 100 if is_percent else found


def option_of(value: Any, options: Mapping[str, Decimal]) -> str:
    """The option of a scale: by its letter or word, or by the value that it stands for."""
    refuse_no_value(value)
    folded = {each.casefold(): each for each in options}
    text = " ".join(unicodedata.normalize("NFKC", str(value)).casefold().split())
    bare = text.strip(" .,;:()\"'“”")
    if bare in folded:
        return folded[bare]
    if "ya" in folded and bare in YES | NO:
        return folded["ya" if bare in YES else "tidak"]
    match = _LETTER.match(text.lstrip(" ("))
    if match and match[1] in folded:
        return folded[match[1]]
    number = number_of(value)
    if number is not None and abs(number) <= 1:
        share = number.quantize(SHARE_PLACES, ROUND_HALF_UP)
        for option, worth in options.items():
            if worth == share:
                return option
    raise NotReadable(
        _("There is no such answer. Write one of: %(options)s.") % {"options": ", ".join(options)}
    )


def refuse_percent(value: Any) -> None:
    """3,6 of 4 is 90 %, and 100 in a cell of percentages is kept as 1: what is meant, nobody knows."""
    is_percent = isinstance(value, str) and value.strip().endswith("%")
    if is_percent or (isinstance(value, Percent) and value):
        raise NotReadable(
            _("This is a percentage. Format the cell as a number and type the number itself.")
        )


def index_of(value: Any, highest: Decimal) -> Decimal:
    refuse_no_value(value)
    refuse_percent(value)
    number = number_of(value)
    if number is None or not 0 <= number <= highest:
        raise NotReadable(
            _("Write a number from 0 to %(highest)s, for example 3,6.")
            % {"highest": f"{highest.normalize():f}"}
        )
    return number.quantize(INDEX_PLACES, ROUND_HALF_UP)


def count_of(value: Any) -> str:
    """A whole number as a text; `1.200` is one thousand two hundred, `12,0` is twelve."""
    refuse_no_value(value)
    refuse_percent(value)
    number: Decimal | None
    try:
        number = parse_number(value) if isinstance(value, str) else number_of(value)
    except NotUnderstood:
        number = number_of(value)
    if number is None or number != number.to_integral_value() or not 0 <= number <= MOST:
        raise NotReadable(_("Write a whole number, for example 12, without words beside it."))
    return str(int(number))


def zero_of(value: Any) -> str:
    refuse_no_value(value)
    for word, rule in ZERO_WORDS.items():
        if plain(value) == word.casefold():
            return rule.value
    raise NotReadable(_("Write “Penuh” or “Nol”."))
