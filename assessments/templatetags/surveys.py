"""What pages say about surveys: names, periods, the chart of the elements."""

from django import template
from django.utils.translation import gettext as _

from assessments.models import SurveyRound
from assessments.queries.surveys import period_text
from assessments.survey_drawings import elements_chart
from assessments.survey_instruments import Survey, surveys
from assessments.survey_results import Result
from assessments.survey_rules import Element
from integrity_portal.core.charts import Chart
from integrity_portal.core.formatting import number_id

register = template.Library()


@register.simple_tag
def survey_name(code: str) -> str:
    """`Survei Kepuasan Masyarakat (SKM)`; the bare code of a survey that is gone."""
    known = surveys()
    return f"{known.survey(code).name} ({code})" if code in known.contents else code


@register.simple_tag
def survey_period(round: SurveyRound) -> str:
    return period_text(round.year, round.quarter)


@register.simple_tag
def survey_chart(result: Result) -> Chart:
    return elements_chart(result)


@register.simple_tag
def not_known(result: Result, element: Element) -> str:
    """How many could not judge an element; words where they are too few to be shown."""
    number = result.not_known(element)
    if number is None:
        return _("fewer than %(number)d") % {"number": result.survey.smallest}
    return number_id(number, 0)


@register.simple_tag
def item_title(asked: Survey, code: str) -> str:
    return next((str(item.title) for item in asked.items if item.code == code), code)


@register.simple_tag
def survey_column(codes: list[str], place: int) -> str:
    return codes[place]
