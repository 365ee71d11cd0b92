"""Which targets may be written into a plan: pure, the same for a form, an import and a revision."""

from collections.abc import Mapping
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


class Edition(NamedTuple):
    """A revision: its number, the year from which it counts, whether it is being written."""

    number: int
    from_year: int
    is_open: bool


@dataclass(frozen=True)
class TargetRules:
    """What the years of a plan and its revisions, the newest first, allow."""

    years: range
    editions: tuple[Edition, ...]

    @property
    def open(self) -> Edition | None:
        return next((each for each in self.editions if each.is_open), None)

    @property
    def adopted(self) -> list[Edition]:
        return [each for each in self.editions if not each.is_open]

    def written_into(self, year: int, *, is_budget: bool) -> int:
        """Of ceilings always one that counts; a draft plan has nothing but its own."""
        in_force = [each for each in self.adopted if each.from_year <= year]
        writes_open = self.open is not None and year >= self.open.from_year
        if self.open is not None and (not in_force or (writes_open and not is_budget)):
            return self.open.number
        return (in_force[0] if in_force else self.editions[0]).number

    def counting(self, year: int, said: Mapping[int, Wanted]) -> Wanted | None:
        """Without the open revision; `said`: what each one says about the period."""
        for each in self.adopted:
            if each.number in said and each.from_year <= year:
                return said[each.number]
        return None

    def fault(
        self,
        year: int,
        wanted: Wanted,
        *,
        shape: str,
        is_budget: bool,
        counts: Wanted | None,
        stands: bool = False,
    ) -> str:
        """A sentence, or empty; `counts` is what `counting` found, `stands`: in the very revision
        that would be written.
        """
        if year not in self.years:
            return _("The plan does not cover this year.")
        if not wanted.is_empty and (problem := fault_of_shape(shape, wanted)):
            return problem
        if is_budget:
            return _fault_of_ceiling(wanted, stays=counts is not None and not stands)
        if counts is None or counts == wanted:
            return ""
        if self.open is None:
            return _("The plan is in force: open a revision to change this target.")
        if year < self.open.from_year:
            return _("This revision changes targets from %(year)s on.") % {
                "year": str(self.open.from_year)
            }
        if wanted.is_empty:
            return _("A target that counts cannot be emptied; write the new one.")
        return ""


# Beyond what the columns of targets hold.
LIMIT = Decimal(10) ** 18


def fault_of_shape(shape: str, wanted: Wanted) -> str:
    bounds = [each for each in (wanted.low, wanted.high) if each is not None]
    if any(not each.is_finite() or abs(each) >= LIMIT for each in bounds):
        return _("This number is too large.")
    return _fault_of_kind(shape, wanted)


def _fault_of_kind(shape: str, wanted: Wanted) -> str:
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


def _fault_of_ceiling(wanted: Wanted, *, stays: bool) -> str:
    """`stays`: an earlier revision would go on saying it."""
    if wanted.low is not None and wanted.low < 0:
        return _("A ceiling cannot lie below zero.")
    if wanted.is_empty and stays:
        return _("A target that counts cannot be emptied; write the new one.")
    return ""


def unequal_years(lows: Mapping[tuple[int, int], Decimal | None]) -> list[int]:
    """Years of a sum whose four shares do not make the year; `lows` by (year, quarter)."""
    found = []
    for year in sorted({year for year, _quarter in lows}):
        whole = lows.get((year, 0))
        shares = [lows.get((year, quarter)) for quarter in (1, 2, 3, 4)]
        known = [share for share in shares if share is not None]
        if whole is not None and len(known) == len(shares) and sum(known) != whole:
            found.append(year)
    return found
