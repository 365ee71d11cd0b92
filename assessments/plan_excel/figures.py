"""Which realisations of a file can be taken; they are sent, never verified."""

from datetime import date

from django.utils.translation import gettext as _

from assessments.enums import Consolidation, Shape
from assessments.plan_excel.reading import Stated
from assessments.plan_excel.standing import Standing, StandingFigure


class Figures:
    def __init__(self, standing: Standing) -> None:
        self.today = standing.today

    def fault(self, each: Stated, shape: Shape, how: str, before: StandingFigure | None) -> str:
        """A sentence, or empty."""
        if date(each.year, 3 * (each.quarter or 1) - 2, 1) > self.today:
            return _("This quarter has not begun yet.")
        if not each.quarter and how != Consolidation.MANUAL and each.year >= self.today.year:
            return _("This year is not over yet. Enter its quarters, each in a column of its own.")
        if each.quarter and how == Consolidation.MANUAL:
            return _("This indicator is entered once for the whole year.")
        if shape == Shape.DATE:
            if each.due_on is None:
                return _("Enter the day on which it was done.")
        elif each.low is None:
            return _("Enter a number.")
        if shape == Shape.YES_NO and each.low not in (0, 1):
            return _("Choose yes or no.")
        is_same = before is not None and (before.value, before.done_on) == (each.low, each.due_on)
        if before is not None and before.is_locked and not is_same:
            return _(
                "Another figure was sent or verified for this period. Take it back or unlock it first."
            )
        return ""
