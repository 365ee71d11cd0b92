"""Pictures of surveys, the same on screen and on paper; pages print the equal table beside them."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.survey_results import Result
from integrity_portal.core.charts import Bar, BarChart, Chart, Line, LineChart


def elements_chart(result: Result) -> Chart:
    """The lowest first; an element that too few judged has no bar."""
    judged = sorted(
        (each for each in result.elements if each.mean is not None),
        key=lambda each: each.value or Decimal(0),
    )
    return BarChart(
        title=_("Means of the elements, the lowest first"),
        bars=[Bar(str(each.item.title), each.value) for each in judged],
        label_header=_("Element"),
        value_header=_("Mean"),
        maximum=Decimal(result.survey.highest),
    ).draw()


def trend_chart(name: str, points: Sequence[tuple[str, Decimal | None]]) -> Chart:
    """One index over its rounds."""
    return LineChart(
        title=_("%(index)s over time") % {"index": name},
        periods=[period for period, _value in points],
        lines=[Line(name, [value for _period, value in points])],
        period_header=_("Period"),
    ).draw()
