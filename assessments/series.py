"""The targets and figures of one indicator over its quarters and years: pure, no ORM, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assessments.achievement import (
    Achieved,
    Aim,
    Figure,
    Note,
    achieve,
    consolidate,
    valued,
)
from assessments.enums import Consolidation, Direction, Shape

WHOLE_YEAR = 0
QUARTERS = (1, 2, 3, 4)
# (year, quarter); quarter 0 is the whole year.
Period = tuple[int, int]


def quarter_of(day: date) -> int:
    return (day.month + 2) // 3


def last_day(year: int, quarter: int) -> date:
    """Of the quarter, or of the year (quarter 0)."""
    month = 3 * (quarter or 4)
    return date(year, month, 30 if month in (6, 9) else 31)


@dataclass(frozen=True)
class Series:
    """Percentages are asked with the `cap` of the plan and the day that is today."""

    direction: Direction
    shape: Shape
    how: Consolidation
    factor: Decimal | None = None
    aims: Mapping[Period, Aim] = field(default_factory=dict)
    figures: Mapping[Period, Figure] = field(default_factory=dict)
    manual: Mapping[Period, Decimal] = field(default_factory=dict)
    base_year: int | None = None
    base_value: Decimal | None = None

    def figure(self, year: int, quarter: int = WHOLE_YEAR) -> Figure | None:
        """Of a quarter as reported; of a year as its quarters make it."""
        if quarter:
            given = self.figures.get((year, quarter))
            return valued(given, self.factor) if given else None
        return self.until(year, 4)

    def until(self, year: int, quarter: int) -> Figure | None:
        """The year as the quarters up to this one make it; a figure of the year itself wins."""
        given = {
            each: figure
            for each in QUARTERS
            if each <= quarter and (figure := self.figures.get((year, each)))
        }
        return consolidate(
            self.how,
            given,
            year=self.figures.get((year, WHOLE_YEAR)),
            factor=self.factor,
            shape=self.shape,
        )

    def value(self, year: int) -> Decimal | None:
        """For lines and tables over years; the base year counts where nothing else stands."""
        figure = self.figure(year)
        if figure is not None and figure.value is not None:
            return figure.value
        return self.base_value if year == self.base_year else None

    def aim(self, year: int, quarter: int = WHOLE_YEAR) -> Aim | None:
        return self.aims.get((year, quarter))

    def last_reported(self, year: int, quarter: int) -> int:
        """The newest quarter up to this one that has a figure; 0 when none has."""
        known = [q for q in QUARTERS if q <= quarter and (year, q) in self.figures]
        return max(known, default=0)

    def aim_until(self, year: int, quarter: int) -> Aim | None:
        """What the figures so far are measured against: like with like.

        Of a sum the shares of the quarters that were reported, else what should stand at the end
        of the newest of them. A quarter that nobody reported is no shortfall: empty is not zero.
        None when nothing was reported, the figure of the whole year stands, or a share is missing.
        """
        last = self.last_reported(year, quarter)
        if not last or (year, WHOLE_YEAR) in self.figures:
            return None
        if self.how != Consolidation.SUM or self.shape != Shape.VALUE:
            return self.aim(year, last)
        reported = [q for q in QUARTERS if q <= last and (year, q) in self.figures]
        shares = [self.aim(year, q) for q in reported]
        lows = [each.low for each in shares if each is not None and each.low is not None]
        if len(lows) < len(reported):
            return None
        return Aim(self.direction, self.shape, sum(lows, Decimal(0)))

    def achieved(
        self, year: int, quarter: int = WHOLE_YEAR, *, cap: Decimal | None = None, on: date
    ) -> Achieved:
        """Of the year, or of one quarter against its own target."""
        return achieve(
            self.aim(year, quarter),
            self.figure(year, quarter),
            cap=cap,
            manual=self._manual(year, quarter),
            on=on,
        )

    def achieved_until(
        self, year: int, quarter: int, *, cap: Decimal | None = None, on: date
    ) -> Achieved:
        """Of the year so far, against what should stand there by now."""
        return achieve(
            self.aim_until(year, quarter),
            self.until(year, quarter),
            cap=cap,
            manual=self._manual(year, quarter),
            on=on,
        )

    def achieved_so_far(
        self, year: int, quarter: int, *, cap: Decimal | None = None, on: date
    ) -> Achieved:
        """The quarters up to this one against the target of the whole year (0: the whole year)."""
        return achieve(
            self.aim(year),
            self.until(year, quarter or 4),
            cap=cap,
            manual=self._manual(year, WHOLE_YEAR),
            on=on,
        )

    def needs_manual(self, year: int, quarter: int) -> bool:
        """Whether a planner must say the percentage of this figure: its target lies below zero."""
        aim = self.aim(year, quarter) or self.aim(year)
        return Note.MANUAL_NEEDED in achieve(aim, self.figures.get((year, quarter))).notes

    def _manual(self, year: int, quarter: int) -> Decimal | None:
        """What the planner said of this figure; of a year also what he said of its last quarter.

        Dropped where the formula has an answer.
        """
        periods = [(year, quarter)] if quarter else [(year, 0), *((year, q) for q in (4, 3, 2, 1))]
        said = next((self.manual[each] for each in periods if each in self.manual), None)
        if said is None:
            return None
        aim = self.aim(year, quarter)
        needed = Note.MANUAL_NEEDED in achieve(aim, self.figure(year, quarter)).notes
        return said if needed else None
