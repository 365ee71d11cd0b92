"""A line of a plan: one indicator in a period, with everything that stands beside its figure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, pgettext

from assessments.achievement import Shape
from assessments.achievement_words import NOTES
from assessments.enums import Consolidation, MeasurementState
from assessments.figure_words import aim_text, figure_text, value_text, with_unit
from assessments.models import Indicator, Measurement
from assessments.outlook import Look, drawn_value, plan_outlook, year_outlook
from assessments.queries.performance import Known
from assessments.queries.plan_board import Board, Reached
from assessments.series import WHOLE_YEAR
from integrity_portal.core.charts import Bullet, Sparkline, Tone
from integrity_portal.core.formatting import percent_id


@dataclass(frozen=True)
class Line:
    """`light`: the tone of the band; without an achievement NONE and a word that says why."""

    reached: Reached
    target: str
    figure: str
    percent: str
    light: Tone
    word: str
    note: str
    look: Look
    # Of the running year the forecast is about the year, of others about the plan's end.
    look_year: int
    # Why, where the forecast is bad.
    warning: str
    spark: SafeString
    bullet: SafeString
    # Which quarters the figure covers and against what, where that is not what the page says.
    cover: str
    is_waiting: bool
    is_preliminary: bool
    target_is_sample: bool
    figure_is_sample: bool
    # An achievement that rests on an example is one.
    percent_is_sample: bool

    @property
    def indicator(self) -> Indicator:
        return self.reached.indicator

    @property
    def has_figure(self) -> bool:
        figure = self.reached.figure
        return figure is not None and figure.says_something

    @property
    def anchor(self) -> str:
        """Where the rows of this figure stand on the indicator's page."""
        quarter = self.reached.quarter
        if self.indicator.consolidation != Consolidation.LAST or not self.reached.by_quarters:
            quarter = WHOLE_YEAR
        return anchor_of(self.reached.year, quarter)


def anchor_of(year: int, quarter: int = WHOLE_YEAR) -> str:
    return f"y{year}q{quarter}" if quarter else f"y{year}"


def line_of(board: Board, one: Reached) -> Line:
    row = one.indicator
    target = with_unit(row, aim_text(row, one.aim))
    figure = with_unit(row, figure_text(row, one.figure))
    light = one.band.tone if one.band else Tone.NONE
    counted = _counted(board, one)
    look, look_year = look_of(board, one)
    return Line(
        one,
        target,
        figure,
        percent_id(one.achieved.percent),
        light,
        str(one.band.name) if one.band else nothing_word(one, board.on),
        " ".join(str(NOTES[note]) for note in one.achieved.notes) if one.figure else "",
        look,
        look_year,
        look.sentence(row.unit_of_measure) if look.is_warning else "",
        _spark(board, one, light),
        _bullet(one, target, figure, light),
        _cover(board, one),
        any(each.state == MeasurementState.SUBMITTED for each in _entered(board, one)),
        any(not each.is_final for each in counted),
        rests_on_sample(one),
        any(each.is_sample for each in counted),
        one.band is not None and rests_on_sample(one),
    )


def rests_on_sample(one: Reached) -> bool:
    """Whether an example stands in the place of a target that the percentage is made of: of the
    year, or of the quarters up to the one that it counts to.
    """
    keys = [WHOLE_YEAR]
    if one.by_quarters and one.indicator.consolidation == Consolidation.SUM:
        keys = list(range(1, one.quarter + 1))
    elif one.by_quarters:
        keys = [one.quarter]
    rows = (one.known.targets.get((one.year, key)) for key in keys)
    return any(row is not None and row.is_sample for row in rows)


def _cover(board: Board, one: Reached) -> str:
    """A quarter that nobody reported is not the indicator's shortfall, but it is told."""
    if not board.quarter or one.figure is None:
        return ""
    said = []
    if one.quarter and one.quarter != board.quarter:
        said.append(_("up to quarter %(quarter)s") % {"quarter": one.quarter})
    if not one.by_quarters and one.aim is not None:
        said.append(_("against the year's target"))
    return ", ".join(said)


def nothing_word(one: Reached, on: date) -> str:
    """Why there is no light: the first thing that is missing; what was sent is not missing."""
    if one.aim is None or one.aim.is_empty:
        return pgettext("light", "No target")
    if one.figure is None or not one.figure.says_something:
        states = states_of(one.known, one.year).values()
        if MeasurementState.SUBMITTED in states:
            return pgettext("light", "Waits for verification")
        if MeasurementState.RETURNED in states:
            return pgettext("light", "Returned to the unit")
        if one.indicator.consolidation == Consolidation.MANUAL and one.year >= on.year:
            return pgettext("light", "Reported once a year")
        return pgettext("light", "No figure yet")
    return pgettext("light", "Not rated")


def states_of(one: Known, year: int) -> dict[int, str]:
    """Of the quarters of the year how far their reports are; what is not sent is nobody else's."""
    return {
        quarter: row.state
        for (when, quarter), row in one.measurements.items()
        if when == year and row.state != MeasurementState.DRAFT
    }


def _entered(board: Board, one: Reached) -> list[Measurement]:
    """What was entered for the year up to the period, oldest first."""
    keys = [(board.year, quarter) for quarter in range((board.quarter or 4) + 1)]
    return [one.known.measurements[key] for key in keys if key in one.known.measurements]


def _counted(board: Board, one: Reached) -> list[Measurement]:
    """Rows that the figure is made of: the year's own, the last of a level, else all."""
    rows = [row for row in _entered(board, one) if (row.year, row.quarter) in one.series.figures]
    if rows and rows[0].quarter == WHOLE_YEAR:
        return rows[:1]
    return rows[-1:] if one.indicator.consolidation == Consolidation.LAST else rows


def look_of(board: Board, one: Reached) -> tuple[Look, int]:
    """Of the running year about the year, of others about the plan's end."""
    on, unit = board.on, one.indicator.unit_of_measure
    if one.year == on.year:
        states = states_of(one.known, one.year)
        return year_outlook(one.series, one.year, on=on, unit=unit, states=states), one.year
    last = board.plan.last_year
    return plan_outlook(one.series, last, on=on, unit=unit), last


def _spark(board: Board, one: Reached, light: Tone) -> SafeString:
    """Years as far as the period shows them; words say each that is known."""
    if one.indicator.shape not in (Shape.VALUE, Shape.RANGE):
        return SafeString("")
    first = one.indicator.base_year
    years = [year for year in board.plan.all_years if year <= one.year]
    if first is not None and first < board.plan.first_year:
        years = [first, *years]
    values = [_value(board, one, year) for year in years]
    said = [
        f"{year}: {value_text(one.indicator, value)}"
        for year, value in zip(years, values, strict=True)
        if value is not None
    ]
    return Sparkline("; ".join(said), values, light).draw() if said else SafeString("")


def _value(board: Board, one: Reached, year: int) -> Decimal | None:
    """The year that is shown ends where the period ends; a sum of some quarters is no year."""
    if year != one.year or not board.quarter:
        return drawn_value(one.series, year, board.on)
    if one.indicator.consolidation == Consolidation.SUM:
        return None
    return one.figure.value if one.figure else None


def _bullet(one: Reached, target: str, figure: str, light: Tone) -> SafeString:
    aim = one.aim
    if aim is None or aim.is_empty or aim.shape not in (Shape.VALUE, Shape.RANGE):
        return SafeString("")
    value = one.figure.value if one.figure else None
    if value is None:
        return SafeString("")
    said = _("%(figure)s of a target of %(target)s") % {"figure": figure, "target": target}
    return Bullet(said, value, aim.low, aim.high, light).draw()


def base_text(row: Indicator) -> str:
    if row.base_value is None:
        return ""
    value = with_unit(row, value_text(row, row.base_value))
    return f"{value} ({row.base_year})" if row.base_year else value
