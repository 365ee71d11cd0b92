"""Single cells of a table of indicators: `1.234,56`, `80 - 90`, `ya`, `31 Desember 2026`, `n/a`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import Consolidation, Direction, Shape
from assessments.excel.cells import NotReadable, is_empty, is_error, plain
from assessments.excel.grid import Percent, Uncalculated
from assessments.models.indicators import DIGITS, PLACES
from integrity_portal.core.parsing import EnglishNumber, NotUnderstood, parse_date, parse_number

NOTHING = frozenset({"n a", "na", "tad", "t a d", "tidak ada data", "belum ada data", "tba"})
BLANK_MARKS = frozenset("-–—−_.…*")
YES = frozenset({"ya", "y", "yes", "iya", "true", "benar", "ada", "sudah"})
NO = frozenset({"tidak", "tdk", "no", "false", "belum", "tidak ada", "belum ada"})
CHECKED = frozenset("√✓✔☑vVxX1")
SMALLEST = Decimal(1).scaleb(-PLACES)
LARGEST = Decimal(10) ** (DIGITS - PLACES)
# At least so much, at most so much: a bound that the direction already says.
_AT_LEAST = re.compile(r"\A(?:≥|>=|min(?:imal|imum)?\.?)\s*(?=[\d-])", re.IGNORECASE)
_AT_MOST = re.compile(r"\A(?:≤|<=|maks(?:imal|imum)?\.?|max\.?)\s*(?=[\d-])", re.IGNORECASE)
_RANGE = re.compile(
    r"(-?[\d.,]+\s*%?)\s*(?:-|–|—|−|~|s\s*/\s*d\.?|s\.\s*d\.?|sd|sampai(?: dengan)?|hingga)"
    r"\s*(-?[\d.,]+\s*%?)\Z",
    re.IGNORECASE,
)
_MONEY = re.compile(r"\A(?:rp\.?|idr)\s*|(?:,\s*-+|,00)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """What a cell of targets or figures says, and which shape that is."""

    shape: Shape
    low: Decimal | None = None
    high: Decimal | None = None
    due_on: date | None = None
    # Excel keeps it as a day: perhaps somebody typed the range 7-8.
    is_typed_day: bool = False
    # What a bound says about the direction: ≤ 5 lower, ≥ 5 higher.
    bound: Direction | None = None


def is_nothing(value: Any) -> bool:
    """Empty, `-`, `n/a`: no target, which is not zero."""
    if is_empty(value):
        return True
    if not isinstance(value, str):
        return False
    text = value.strip()
    return set(text) <= BLANK_MARKS or plain(text) in NOTHING


def refuse_unreadable(value: Any) -> None:
    """Cells of which nobody can say what they hold."""
    if isinstance(value, Uncalculated):
        raise NotReadable(
            _("This is a formula without a value. Open the file in Excel, save it, send it again.")
        )
    if is_error(value):
        raise NotReadable(_("Excel shows an error here. Repair the formula or type the number."))


def amount_of(value: Any, *, in_percent: bool, direction: Direction | None) -> Amount | None:
    """None: nothing is said. Raises NotReadable with what to write there.

    `in_percent`: the unit of measure is percent, so 0.9 shown as 90 % means 90.
    """
    refuse_unreadable(value)
    if is_nothing(value):
        return None
    if isinstance(value, bool):
        return Amount(Shape.YES_NO, Decimal(int(value)))
    if isinstance(value, datetime):
        return Amount(Shape.DATE, due_on=value.date(), is_typed_day=True)
    if isinstance(value, date):
        return Amount(Shape.DATE, due_on=value, is_typed_day=True)
    if isinstance(value, time):
        raise NotReadable(
            _("Excel made a time of day of this. Format the cell as text and type it again.")
        )
    if isinstance(value, int | float):
        return Amount(Shape.VALUE, _typed(value, in_percent=in_percent))
    return _written(str(value), in_percent=in_percent, direction=direction)


def money_of(value: Any, factor: Decimal) -> Decimal | None:
    """Rupiah: `Rp 1.250.000,-`, 1250000.0; `factor` is 1,000,000 under a heading in million."""
    refuse_unreadable(value)
    if is_nothing(value):
        return None
    if isinstance(value, str):
        text = _MONEY.sub("", " ".join(unicodedata.normalize("NFKC", value).split()))
        number = _number(text, in_percent=None)
    elif isinstance(value, int | float) and not isinstance(value, bool | Percent):
        number = _exact(value)
    else:
        raise NotReadable(_("Write rupiah as a number, for example 1.250.000."))
    if number < 0:
        raise NotReadable(_("Money cannot lie below zero. Write the amount without a minus."))
    return _fitting(number * factor)


def one_number(value: Any, *, in_percent: bool, direction: Direction | None) -> Decimal | None:
    """A baseline or a figure: one number, or yes and no as 1 and 0."""
    amount = amount_of(value, in_percent=in_percent, direction=direction)
    if amount is None:
        return None
    if amount.shape not in (Shape.VALUE, Shape.YES_NO):
        raise NotReadable(_("Write one number here, for example 78,6."))
    return amount.low


def year_of(value: Any) -> int | None:
    refuse_unreadable(value)
    if is_nothing(value):
        return None
    if isinstance(value, datetime | date):
        return value.year
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if not re.fullmatch(r"(?:19|20)\d\d", text.strip()):
        raise NotReadable(_("Write a year, for example 2024."))
    return int(text)


def yes_of(value: Any) -> bool | None:
    """Of the column IKU: a tick, `ya`, `IKU`; None: empty."""
    refuse_unreadable(value)
    if is_nothing(value):
        return None
    if isinstance(value, bool):
        return value
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    words = plain(text)
    if text.strip() in CHECKED or words in YES or words == "iku":
        return True
    if words in NO or words in ("0", "t", "n", "bukan", "non iku"):
        return False
    raise NotReadable(_("Write “ya” or leave the cell empty."))


def direction_of(value: Any) -> Direction | None:
    """`naik`, `positif`, `maximize`; a range has no direction of its own (None)."""
    refuse_unreadable(value)
    words = plain(value)
    for direction, pattern in DIRECTIONS.items():
        if re.search(pattern, words):
            return direction
    if re.search(SHAPES[Shape.RANGE], words):
        return None
    raise NotReadable(_("Write “naik” (higher is better) or “turun” (lower is better)."))


def shape_of(value: Any) -> Shape | None:
    """Of the column of shapes; None where the word says nothing about it."""
    refuse_unreadable(value)
    words = plain(value)
    return next((shape for shape, pattern in SHAPES.items() if re.search(pattern, words)), None)


def consolidation_of(value: Any) -> Consolidation:
    refuse_unreadable(value)
    words = plain(value)
    for how, pattern in CONSOLIDATIONS.items():
        if re.search(pattern, words):
            return how
    raise NotReadable(
        _("Write how quarters become a year: “jumlah”, “rata-rata”, “terakhir” or “setahun”.")
    )


LOWER = r"turun|menurun|negati[fv]|minim|rendah|kecil|lower|decreas"
HIGHER = r"naik|meningkat|positi[fv]|ma[xk]s?im|tinggi|besar|higher|increas|progresif"
DIRECTIONS = {Direction.LOWER: rf"\b(?:{LOWER})", Direction.HIGHER: rf"\b(?:{HIGHER})"}
SHAPES = {
    Shape.RANGE: r"\b(?:rentang|range|kisaran|stabil|interval)",
    Shape.YES_NO: r"\bya\b.*\btidak\b|\byes\b.*\bno\b",
    Shape.DATE: r"\b(?:tanggal|hari|date|tgl)\b",
    Shape.VALUE: r"\b(?:nilai|angka|value|satu angka)\b",
}
CONSOLIDATIONS = {
    Consolidation.SUM: r"\b(?:jumlah|penjumlahan|dijumlahkan|sum|akumulasi|total)\b",
    Consolidation.AVERAGE: r"\b(?:rata|rerata|average|mean)\b",
    Consolidation.LAST: r"\b(?:terakhir|akhir|last|posisi)\b",
    Consolidation.MANUAL: r"\b(?:setahun|tahunan|manual|satu tahun)\b",
}


def is_percent(unit_of_measure: str) -> bool:
    return bool(re.search(r"%|\bpersen|\bpercent", unit_of_measure.casefold()))


# --- numbers ---


def is_day(unit_of_measure: str) -> bool:
    """Days are what is measured here; any other unit of measure is a quantity."""
    return bool(re.search(r"\b(?:tanggal|tgl|date|waktu|jadwal|tenggat)\b", plain(unit_of_measure)))


def _written(text: str, *, in_percent: bool, direction: Direction | None) -> Amount:
    words = plain(text)
    if words in YES | NO:
        return Amount(Shape.YES_NO, Decimal(int(words in YES)))
    clean = " ".join(unicodedata.normalize("NFKC", text).split())
    if match := _RANGE.match(clean):
        low, high = (_number(part, in_percent=in_percent) for part in match.groups())
        if low > high:
            raise NotReadable(_("The lower bound comes first, for example 80 - 90."))
        return Amount(Shape.RANGE, _fitting(low), _fitting(high))
    try:
        return Amount(Shape.DATE, due_on=parse_date(clean))
    except NotUnderstood:
        pass
    bare, bound = _without_bound(clean)
    if bound and direction and bound != direction:
        raise NotReadable(contradiction())
    return Amount(Shape.VALUE, _fitting(_number(bare, in_percent=in_percent)), bound=bound)


def contradiction() -> str:
    return _("This bound contradicts the direction of the indicator. Write the number alone.")


def _without_bound(text: str) -> tuple[str, Direction | None]:
    for pattern, direction in ((_AT_MOST, Direction.LOWER), (_AT_LEAST, Direction.HIGHER)):
        if pattern.match(text):
            return pattern.sub("", text), direction
    return text, None


def _typed(value: float, *, in_percent: bool) -> Decimal:
    number = _exact(value)
    if isinstance(value, Percent):
        if not in_percent:
            raise NotReadable(_not_in_percent())
        number *= 100
    return _fitting(number)


def _exact(value: float) -> Decimal:
    number = Decimal(repr(value + 0))
    if not number.is_finite():
        raise NotReadable(_("Write a number, for example 78,6."))
    return number


def _number(text: str, *, in_percent: bool | None) -> Decimal:
    """`in_percent` None: a percentage is never meant here."""
    bare = text.strip()
    if bare.endswith("%"):
        if not in_percent:
            raise NotReadable(_not_in_percent())
        bare = bare.removesuffix("%").strip()
    try:
        return parse_number(bare)
    except EnglishNumber as error:
        raise NotReadable(
            _("This number can be read in two ways. Write it with a comma, for example 1234,56.")
        ) from error
    except NotUnderstood as error:
        if plain(bare) == "nihil":
            raise NotReadable(
                _("Write 0 if nothing shall happen, or leave the cell empty.")
            ) from error
        raise NotReadable(_("Write a number without words beside it, for example 78,6.")) from error


def _fitting(number: Decimal) -> Decimal:
    """As the columns keep it; computed cells carry digits that nobody typed."""
    if abs(number) >= LARGEST:
        raise NotReadable(_("This number is too large. Check it, or choose a larger unit."))
    rounded = number.quantize(SMALLEST, ROUND_HALF_UP)
    return rounded if rounded else Decimal(0)


def _not_in_percent() -> str:
    return _(
        "This is a percentage, but the unit of measure is another. Write “persen” as the unit, or a "
        "plain number."
    )
