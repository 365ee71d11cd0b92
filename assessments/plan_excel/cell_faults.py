"""What a cell of a table seems to be, and why it is not taken."""

from django.utils.translation import gettext as _

from assessments.excel.cells import plain
from assessments.plan_excel.standing import StandingIndicator

# What decides how a figure is read (actions/indicators.py).
READING = ("direction", "shape", "consolidation", "unit_of_measure")
WORDS = ("definition", "formula", "source", "responsible", "unit_of_measure")


def is_called(standing: StandingIndicator, name: str) -> bool:
    return plain(standing.columns["name"]) == plain(name)


def another_amount(cell: str) -> str:
    return _("The same money stands in %(cell)s with another amount. Make both the same.") % {
        "cell": cell
    }
