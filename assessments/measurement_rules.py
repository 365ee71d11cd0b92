"""What a unit may write as a realisation and a planner as an achievement, and why not."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.achievement import ratio
from assessments.enums import Consolidation, Shape
from assessments.models import Indicator
from assessments.models.indicators import DIGITS, PLACES, QUARTERS, WHOLE_YEAR
from opd.transitions import StepRefused

# What a column of DIGITS with PLACES can hold.
LIMIT = Decimal(10) ** (DIGITS - PLACES)
MOST_PERCENT = 1000
NUMBERS = ("value", "numerator", "denominator")


@dataclass(frozen=True)
class Realised:
    """What a unit writes about a quarter. All figures None: not reported; zero is a value.

    Words and `is_final` that are None stay as they stand.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    done_on: date | None = None
    is_final: bool | None = None
    obstacle: str | None = None
    follow_up: str | None = None
    follow_up_by: str | None = None
    follow_up_due: date | None = None

    def columns(self, indicator: Indicator) -> dict[str, Any]:
        rows = {name: value for name, value in vars(self).items() if value is not None}
        rows |= {name: _as_kept(getattr(self, name)) for name in NUMBERS}
        rows["done_on"] = self.done_on
        if self.follow_up is not None:
            # The whole form was written: a day that was taken away is gone.
            rows["follow_up_due"] = self.follow_up_due
        if indicator.factor is not None and None not in (self.numerator, self.denominator):
            rows["value"] = _as_kept(ratio(self.numerator, self.denominator, indicator.factor))
        return rows


@dataclass(frozen=True)
class Judged:
    """Where the formula says nothing (a target below zero): the planner's percentage and why."""

    percent: Decimal | None = None
    reason: str = ""


class FigureRefused(StepRefused):
    """The sentence belongs to this field of the form."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name


def refuse_period(indicator: Indicator, year: int, quarter: int, today: date) -> None:
    """Years of the plan and the years before it (where it starts from), never a time to come."""
    plan = indicator.node.plan
    if quarter not in (WHOLE_YEAR, *QUARTERS) or not plan.first_year - 10 <= year <= plan.last_year:
        raise StepRefused(_("Choose a quarter of the plan, %(years)s.") % {"years": plan.years})
    begins = date(year, 3 * (quarter or 1) - 2, 1)
    if begins > today:
        raise StepRefused(_("This quarter has not begun yet."))
    if quarter and indicator.consolidation == Consolidation.MANUAL:
        raise StepRefused(_("This indicator is entered once for the whole year."))
    if not quarter and is_too_early(indicator, year, today):
        raise StepRefused(
            _("The figure of the whole year is entered when the year is over; report its quarters.")
        )
    standing = Indicator.objects.filter(pk=indicator.pk).standing(max(year, plan.first_year))
    if not standing.exists():
        raise StepRefused(_("This indicator is not part of the plan in that year."))


def is_too_early(indicator: Indicator, year: int, today: date) -> bool:
    """In the middle of a year its figure would stand for quarters that have not been."""
    return indicator.consolidation != Consolidation.MANUAL and year >= today.year


def refuse_figure(indicator: Indicator, said: Realised, today: date) -> None:
    """What does not fit the indicator. Raises FigureRefused."""
    for name in NUMBERS:
        _refuse_if(_is_too_large(getattr(said, name)), name, _("This number is too large."))
    if indicator.shape == Shape.DATE:
        _refuse_if(said.value not in (None, 0), "value", _("Enter the day on which it was done."))
        is_to_come = said.done_on is not None and said.done_on > today
        _refuse_if(is_to_come, "done_on", _("This day has not come yet."))
    else:
        _refuse_if(said.done_on is not None, "done_on", _("Enter a number."))
    if indicator.shape == Shape.YES_NO:
        _refuse_if(said.value not in (None, 0, 1), "value", _("Choose yes or no."))
    if indicator.factor is not None:
        _refuse_ratio(said, indicator.factor)
    else:
        stray = said.numerator is not None or said.denominator is not None
        _refuse_if(stray, "value", _("Enter one number; this indicator is no ratio."))


def _refuse_ratio(said: Realised, factor: Decimal) -> None:
    is_half = (said.numerator is None) != (said.denominator is None)
    _refuse_if(is_half, "denominator", _("Enter both numbers of the ratio."))
    _refuse_if(
        said.denominator is not None and said.denominator < 0,
        "denominator",
        _("What is divided by cannot lie below zero."),
    )
    value = ratio(said.numerator, said.denominator, factor)
    _refuse_if(_is_too_large(value), "denominator", _("This number is too large."))


def _is_too_large(number: Decimal | None) -> bool:
    if number is None:
        return False
    exact = Decimal(number)
    return not exact.is_finite() or abs(exact) >= LIMIT


def _refuse_if(wrong: bool, name: str, sentence: str) -> None:
    if wrong:
        raise FigureRefused(name, sentence)


def _as_kept(number: Decimal | None) -> Decimal | None:
    """Rounded as the column keeps it: the same number once more is no change."""
    return None if number is None else Decimal(number).quantize(Decimal(1).scaleb(-PLACES))


def refuse_judged(said: Judged) -> None:
    """No percentage is refused by the step itself, which lists what is missing."""
    if said.percent is None:
        return
    if not (said.percent.is_finite() and 0 <= said.percent < MOST_PERCENT):
        raise StepRefused(_("Enter a percentage from 0 to 999."))
    if not said.reason.strip():
        raise StepRefused(_("Write how the achievement was determined."))
