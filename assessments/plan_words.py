"""Targets, figures and periods of indicators as people write them: pure.

    aim_text(aim, "%")   # 7–8 %
"""

from decimal import Decimal

from django.utils.translation import gettext as _, pgettext

from assessments.achievement import Aim, Figure, Shape
from assessments.series import WHOLE_YEAR
from integrity_portal.core.formatting import NOTHING, date_id, number_id

MOST_PLACES = 6


def number_text(value: Decimal | None) -> str:
    """As fine as it was written: 78,6 stays 78,6; at most two places of what was divided."""
    if value is None:
        return NOTHING
    places = decimals(value)
    return number_id(value, places if places <= 4 else 2)


def decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(MOST_PLACES, max(0, -exponent)) if isinstance(exponent, int) else 0


def with_unit(text: str, unit: str) -> str:
    return f"{text}\u00a0{unit}" if unit and text != NOTHING else text


def yes_no(value: Decimal | None) -> str:
    if value is None:
        return NOTHING
    return pgettext("figure", "Yes") if value else pgettext("figure", "No")


def aim_text(aim: Aim | None, unit: str = "") -> str:
    if aim is None or aim.is_empty:
        return NOTHING
    if aim.shape is Shape.DATE:
        return _("by %(day)s") % {"day": date_id(aim.due)}
    if aim.shape is Shape.YES_NO:
        return yes_no(aim.low)
    if aim.shape is Shape.RANGE:
        return with_unit(f"{number_text(aim.low)}–{number_text(aim.high)}", unit)
    return with_unit(number_text(aim.low), unit)


def figure_text(figure: Figure | None, shape: Shape, unit: str = "") -> str:
    """A figure that nobody reported is a dash; 0 is a figure."""
    if figure is None or not figure.says_something:
        return NOTHING
    if shape is Shape.DATE:
        return date_id(figure.done_on) if figure.done_on else _("not done yet")
    if shape is Shape.YES_NO:
        return yes_no(figure.value)
    return with_unit(number_text(figure.value), unit)


def counts_text(figure: Figure | None) -> str:
    """Numerator and denominator of a ratio: `120 / 300`."""
    if figure is None or not figure.has_counts:
        return ""
    return f"{number_text(figure.numerator)} / {number_text(figure.denominator)}"


def period_text(year: int, quarter: int) -> str:
    if quarter == WHOLE_YEAR:
        return str(year)
    return _("Q%(quarter)s %(year)s") % {"quarter": quarter, "year": year}


def until_text(year: int, quarter: int) -> str:
    """What a board shows: the year, or the year up to the end of a quarter."""
    if quarter == WHOLE_YEAR:
        return _("Year %(year)s") % {"year": year}
    return _("%(year)s up to quarter %(quarter)s") % {"quarter": quarter, "year": year}
