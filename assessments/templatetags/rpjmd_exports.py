"""Figures of the head's report as people read them; the same on the page and on paper."""

from django import template

from assessments.figure_words import aim_text, figure_text, number_text
from assessments.plan_excel_out.lkpj import summary
from assessments.queries.head_report import HeadReport, HeadRow
from integrity_portal.core.formatting import NOTHING, number_id

register = template.Library()


@register.simple_tag
def base_of(row: HeadRow) -> str:
    return number_text(row.indicator.base_value)


@register.simple_tag
def aim_of(row: HeadRow) -> str:
    return aim_text(row.indicator, row.this.aim)


@register.simple_tag
def figure_of(row: HeadRow) -> str:
    return figure_text(row.indicator, row.this.figure)


@register.simple_tag
def change_of(row: HeadRow) -> str:
    """Percentage points, with its sign."""
    if row.change is None:
        return NOTHING
    text = number_id(row.change)
    return f"+{text}" if row.change > 0 and text != "0,00" else text


@register.simple_tag
def head_summary(report: HeadReport) -> str:
    return summary(report)
