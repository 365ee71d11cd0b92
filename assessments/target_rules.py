"""Which targets may be written into a plan: pure, the same for a form, an import and a revision."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.enums import Shape


class Wanted(NamedTuple):
    """A target as it shall stand; all None: none."""

    low: Decimal | None = None
    high: Decimal | None = None
    due_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return self.low is None and self.due_on is None


@dataclass(frozen=True)
class TargetRules:
    """What the plan and its newest revision allow. Revision 0 is the plan as enacted."""

    years: range
    revision: int
    is_open: bool
    from_year: int

    def fault(
        self, year: int, wanted: Wanted, *, shape: str, is_money: bool, counts: Wanted | None
    ) -> str:
        """A sentence, or empty. `counts`: the adopted target that counts now, unless one is open.

        In a plan in force without an open revision an empty target may be filled, and ceilings
        change with the budget of the year.
        """
        if year not in self.years:
            return _("The plan does not cover this year.")
        if self.revision and self.is_open and year < self.from_year:
            return _("This revision changes targets from %(year)s on.") % {
                "year": str(self.from_year)
            }
        if not wanted.is_empty and (problem := fault_of_shape(shape, wanted)):
            return problem
        if not self.is_open and not is_money and counts is not None and counts != wanted:
            return _("The plan is in force: open a revision to change this target.")
        return ""


def fault_of_shape(shape: str, wanted: Wanted) -> str:
    if shape == Shape.DATE:
        is_day = wanted.due_on is not None and wanted.low is None
        return "" if is_day else _("Enter a day, such as 31 December 2026.")
    if wanted.low is None or wanted.due_on is not None:
        return _("Enter a number.")
    if shape == Shape.RANGE:
        if wanted.high is None:
            return _("Enter both bounds, such as 80 - 90.")
        return "" if wanted.high >= wanted.low else _("The lower bound comes first.")
    if wanted.high is not None:
        return _("Enter one number; this target is no range.")
    if shape == Shape.YES_NO and wanted.low not in (0, 1):
        return _("Choose yes or no.")
    return ""
