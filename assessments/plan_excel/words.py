"""How columns and values are called in a preview."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import Consolidation, Direction, Shape
from assessments.plan_excel.headings import Kind
from assessments.target_rules import Wanted
from integrity_portal.core.formatting import date_id, number_id


def fields() -> dict[str, str]:
    return {
        "name": _("Indicator"),
        "code": _("Code of the indicator"),
        "definition": _("Definition"),
        "unit_of_measure": _("Unit of measure"),
        "direction": _("Direction"),
        "shape": _("What targets look like"),
        "consolidation": _("How quarters become a year"),
        "formula": _("Formula"),
        "source": _("Source of the data"),
        "unit_id": _("Unit"),
        "responsible": _("Responsible"),
        "base_year": _("Year of the baseline"),
        "base_value": _("Baseline"),
        "is_iku": _("Key indicator (IKU)"),
    }


def kinds() -> dict[Kind, str]:
    return {
        Kind.TARGET: _("Target"),
        Kind.MONEY: _("Budget"),
        Kind.FIGURE: _("Realisation"),
        Kind.SPENT: _("Spending"),
    }


def said(value: Any, shape: Shape | None = None) -> str:
    if value is None:
        return ""
    if isinstance(value, Wanted):
        return _target(value, shape)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Direction | Shape | Consolidation):
        return str(value.label)
    if isinstance(value, Decimal):
        return number(value)
    return date_id(value) if isinstance(value, date) else str(value)


def number(value: Decimal) -> str:
    """As many places as it has: `78,6`, `0,321`, `1.250`."""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return number_id(value, places)


def _target(value: Wanted, shape: Shape | None) -> str:
    if value.due_on is not None:
        return date_id(value.due_on)
    if value.low is None:
        return ""
    if shape == Shape.YES_NO:
        return _("yes") if value.low else _("no")
    if value.high is not None:
        return f"{number(value.low)} – {number(value.high)}"
    return number(value.low)
