"""How targets, figures and achievements of a plan are written on its pages and papers."""

from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assessments.achievement import Achieved, Aim, Figure
from assessments.achievement_bands import Band
from assessments.achievement_words import NOTES
from assessments.figure_words import aim_text, figure_text, number_text, with_unit
from assessments.models import Indicator, MeasurementStep
from assessments.queries.performance import Known
from assessments.queries.plan_board import Board, Reached
from assessments.queries.unit_figures import Cell
from integrity_portal.core.templatetags.portal import status_tag

register = template.Library()


@register.filter
def year_target(reached: Reached) -> str:
    """With the unit of measure."""
    indicator = reached.indicator
    return with_unit(indicator, aim_text(indicator, reached.series.aim(reached.year)))


@register.filter
def reached_target(reached: Reached) -> str:
    """What it was measured against."""
    return with_unit(reached.indicator, aim_text(reached.indicator, reached.aim))


@register.filter
def reached_text(reached: Reached) -> str:
    return with_unit(reached.indicator, figure_text(reached.indicator, reached.figure))


@register.filter
def cell_target(cell: Cell) -> str:
    return aim_text(cell.indicator, cell.aim)


@register.filter
def cell_value(cell: Cell) -> str:
    return with_unit(cell.indicator, figure_text(cell.indicator, cell.figure))


@register.filter
def why_none(reached: Reached) -> str:
    """The first reason why there is no percentage."""
    return note_text(reached.achieved)


@register.filter
def note_text(achieved: Achieved) -> str:
    return str(NOTES[achieved.notes[0]]) if achieved.notes else ""


@register.filter
def notes_text(achieved: Achieved) -> str:
    return " ".join(str(NOTES[note]) for note in achieved.notes)


@register.simple_tag
def band_tag(band: Band | None) -> SafeString | str:
    """A light: colour, shape and word; nothing where there is no percentage."""
    if band is None:
        return ""
    return status_tag(str(band.name), band.tone.value or "info")


@register.filter
def cell_input(field: BoundField, cell: Cell) -> SafeString:
    """The box of a cell: small, a number pad on phones, named for the keyboard of the table."""
    attrs: dict[str, Any] = {
        "class": "form-select compact" if field.widget_type == "select" else "form-control compact",
        "data-portal-column": str(cell.quarter),
        "autocomplete": "off",
    }
    if field.errors:
        attrs["aria-invalid"] = "true"
        attrs["aria-describedby"] = f"{field.id_for_label}_error"
    return field.as_widget(attrs=attrs)


@register.simple_tag
def figure_of_indicator(indicator: Indicator, figure: Figure | None) -> str:
    return with_unit(indicator, figure_text(indicator, figure))


@register.simple_tag
def aim_of_indicator(indicator: Indicator, aim: Aim | None) -> str:
    return with_unit(indicator, aim_text(indicator, aim))


@register.simple_tag
def figure_of_step(indicator: Indicator, step: MeasurementStep) -> str:
    """What stood there when the step was taken."""
    figure = Figure(step.value, step.numerator, step.denominator, step.done_on)
    return with_unit(indicator, figure_text(indicator, figure))


STEPS = {
    "send": _("Sent to the planner"),
    "withdraw": _("Taken back"),
    "verify": _("Verified and locked"),
    "return": _("Returned"),
    "unlock": _("Unlocked"),
}


@register.filter
def step_words(step: MeasurementStep) -> str:
    return str(STEPS.get(step.name, step.name))


@register.filter
def plain_number(value: Decimal | None) -> str:
    return number_text(value)


@register.filter
def budgets_of(board: Board, node: int) -> list[Known]:
    """Budgets of units at a node."""
    return board.budgets.get(node, [])
