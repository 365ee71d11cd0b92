"""Targets and figures as people read them, whatever their shape."""

from decimal import Decimal

from django.utils.translation import gettext as _, pgettext

from assessments.achievement import Aim, Figure
from assessments.enums import IndicatorKind, Shape
from assessments.models import Indicator
from integrity_portal.core.formatting import NOTHING, as_decimal, date_id, number_id, rupiah

# Places that are said of a number that was computed; one that was typed keeps its own.
COMPUTED = 2


def number_text(value: Decimal | None, *, most: int = 6) -> str:
    """With the decimals that it has; with more than `most` it was computed, and two are enough."""
    number = as_decimal(value)
    if number is None:
        return NOTHING
    exponent = number.normalize().as_tuple().exponent
    places = max(0, -exponent if isinstance(exponent, int) else 0)
    return number_id(number, places if places <= most else COMPUTED)


def value_text(indicator: Indicator, value: Decimal | None) -> str:
    """Without the unit of measure."""
    if value is None:
        return NOTHING
    if indicator.kind == IndicatorKind.BUDGET:
        return rupiah(value)
    if indicator.shape == Shape.YES_NO:
        return pgettext("figure", "Yes") if value else pgettext("figure", "No")
    return number_text(value, most=COMPUTED if indicator.is_ratio else 6)


def figure_text(indicator: Indicator, figure: Figure | None) -> str:
    """Nothing reported is a dash; zero is a zero."""
    if figure is None or not figure.says_something:
        return NOTHING
    if indicator.shape == Shape.DATE:
        return date_id(figure.done_on) if figure.done_on else _("not done yet")
    return value_text(indicator, figure.value)


def aim_text(indicator: Indicator, aim: Aim | None) -> str:
    if aim is None or aim.is_empty:
        return NOTHING
    if indicator.shape == Shape.DATE:
        return date_id(aim.due)
    if indicator.shape == Shape.RANGE:
        return f"{number_text(aim.low)}–{number_text(aim.high)}"
    return value_text(indicator, aim.low)


def with_unit(indicator: Indicator, text: str) -> str:
    """`87,5 %`; nothing after words, days, rupiah and a dash."""
    plain = indicator.kind == IndicatorKind.BUDGET or indicator.shape in (Shape.YES_NO, Shape.DATE)
    if plain or text == NOTHING or not indicator.unit_of_measure:
        return text
    return f"{text}\u00a0{indicator.unit_of_measure}"
