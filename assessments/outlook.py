"""The forecast of an indicator from its series, with a word and a tone: pure, today is passed in.

look = year_outlook(series, 2026, on=today)
look.word, look.tone, look.sentence("%")
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from assessments.achievement import Aim
from assessments.enums import Consolidation
from assessments.forecast import Forecast, Outlook, Reason, plan_forecast, year_forecast
from assessments.forecast_words import sentence
from assessments.series import QUARTERS, WHOLE_YEAR, Series, quarter_of
from integrity_portal.core.charts import Tone

WORDS: Mapping[Outlook, tuple[Promise, Tone]] = {
    Outlook.REACHED: (pgettext_lazy("outlook", "Reached"), Tone.GOOD),
    Outlook.ON_TRACK: (pgettext_lazy("outlook", "On track"), Tone.GOOD),
    Outlook.AT_RISK: (pgettext_lazy("outlook", "At risk"), Tone.WARN),
    Outlook.OFF_TRACK: (pgettext_lazy("outlook", "Off track"), Tone.BAD),
    Outlook.UNKNOWN: (pgettext_lazy("outlook", "Not known"), Tone.NONE),
}
PERCENT = "%"
HUNDRED = Decimal(100)
# Nothing to be expected any more: it ended below its target.
MISSED = pgettext_lazy("outlook", "Missed")


@dataclass(frozen=True)
class Look:
    """`states`: how far the report of a quarter is that does not count yet."""

    forecast: Forecast
    aim: Aim | None
    states: Mapping[int, str] = field(default_factory=dict)

    @property
    def word(self) -> str:
        is_over = self.forecast.reason in (Reason.MISSED, Reason.NOT_AS_TARGETED, Reason.DONE_LATE)
        return str(MISSED if is_over else WORDS[self.forecast.outlook][0])

    @property
    def tone(self) -> Tone:
        return WORDS[self.forecast.outlook][1]

    @property
    def is_known(self) -> bool:
        return self.forecast.outlook is not Outlook.UNKNOWN

    @property
    def is_warning(self) -> bool:
        return self.forecast.outlook in (Outlook.AT_RISK, Outlook.OFF_TRACK)

    def sentence(self, unit: str = "") -> str:
        return sentence(self.forecast, self.aim, unit=unit, states=self.states)


def year_outlook(
    series: Series,
    year: int,
    *,
    on: date,
    unit: str = "",
    states: Mapping[int, str] | None = None,
) -> Look:
    """Where the year ends. A year that is over has five quarters behind it, a coming one none."""
    aim = series.aim(year)
    today_quarter = quarter_of(on) if on.year == year else 5 if on.year > year else 0
    forecast = year_forecast(
        series.how,
        aim,
        {each: row for each in QUARTERS if (row := series.figures.get((year, each)))},
        today_quarter=today_quarter,
        year=series.figures.get((year, WHOLE_YEAR)),
        before=series.value(year - 1),
        factor=series.factor,
        on=on,
        aims=quarter_aims(series, year),
        whole=whole_of(series, unit),
    )
    return Look(forecast, aim, states or {})


def quarter_aims(series: Series, year: int) -> dict[int, Aim]:
    return {each: aim for each in QUARTERS if (aim := series.aim(year, each)) is not None}


def whole_of(series: Series, unit: str) -> Decimal | None:
    """What a percentage cannot exceed, as long as no target and no figure of it ever did."""
    if series.factor is not None or unit.strip() != PERCENT:
        return series.factor
    bounds = [bound for aim in series.aims.values() for bound in (aim.low, aim.high)]
    figures = [figure.value for figure in series.figures.values()]
    seen = [each for each in (*bounds, *figures, series.base_value) if each is not None]
    return HUNDRED if max(seen, default=HUNDRED) <= HUNDRED else None


def plan_outlook(series: Series, last_year: int, *, on: date, unit: str = "") -> Look:
    """Where the plan ends, from the years that are known whole; the base year is the first."""
    known = {year for year, _quarter in series.figures if is_whole(series, year, on)}
    if series.base_year is not None:
        known.add(series.base_year)
    values = {year: value for year in known if (value := series.value(year)) is not None}
    aim = series.aim(last_year)
    forecast = plan_forecast(
        aim, values, last_year, whole=whole_of(series, unit), is_over=on.year > last_year
    )
    return Look(forecast, aim)


def drawn_value(series: Series, year: int, on: date) -> Decimal | None:
    """For lines over years: a sum that still grows would be drawn as a fall."""
    if series.how is Consolidation.SUM and not is_whole(series, year, on):
        return None
    return series.value(year)


def is_whole(series: Series, year: int, on: date) -> bool:
    """Half a sum would pull the pace down: of the running year only a figure of its end counts."""
    return year < on.year or (year, WHOLE_YEAR) in series.figures or (year, 4) in series.figures
