"""Who is to sign the pakta integritas of a year, and how many have. Pure.

Who works in a unit on the counting day is asked for his pact: a new employee from his first day,
a moved one where he is now (what he signed before stays signed), a retired one no more.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessments.enums import PactWording
from opd.enums import Role


@dataclass(frozen=True)
class PactCount:
    """`expected` people work there on the counting day; `signed` of them have signed."""

    expected: int = 0
    signed: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.signed

    @property
    def percent(self) -> Decimal | None:
        """Unrounded; None without employees on record: that is not 0 %."""
        return Decimal(100) * self.signed / self.expected if self.expected else None

    @property
    def is_complete(self) -> bool:
        """Nobody is missing; said of the number, because 99,96 % would round to 100."""
        return self.expected > 0 and self.missing == 0

    def __add__(self, other: "PactCount") -> "PactCount":
        return PactCount(self.expected + other.expected, self.signed + other.signed)


def counting_day(year: int, today: date) -> date:
    """Today in the running year, the last day of a year that is over."""
    return min(today, date(year, 12, 31))


def wording_for(role: str) -> str:
    """Heads of units promise for those whom they lead as well."""
    return PactWording.HEAD if role == Role.OPD_HEAD else PactWording.EMPLOYEE


def first_year(today: date) -> int:
    """How far back the lists can be looked at."""
    return today.year - 4
