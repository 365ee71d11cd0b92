"""Complaints in public: by month and by kind of one quarter, protected together. Pure.

Every table adds up to the same total. A table that would give a hidden count away together with that
total, or the total together with another table, is withheld whole: see docs/adr/0054 and 0073.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from reports.suppression import Protected, protect


@dataclass(frozen=True)
class PublicComplaints:
    """`months` and `kinds` are None where they are withheld."""

    outcomes: Protected
    months: Protected | None
    kinds: Protected | None
    median_hours: Decimal | None


def protected(
    outcomes: Mapping[str, int], months: Mapping[str, int], kinds: Mapping[str, int]
) -> tuple[Protected, Protected | None, Protected | None]:
    first = protect(outcomes)
    return first, _beside(first, months), _beside(first, kinds)


def _beside(first: Protected, parts: Mapping[str, int]) -> Protected | None:
    """Shown only where the total that stands beside it tells nothing more."""
    found = protect(parts)
    if first.total is None or found.total is None:
        return None
    return found


def whole_hours(median: Decimal | None, taken_from: int, smallest: int) -> Decimal | None:
    if median is None or taken_from < smallest:
        return None
    return median.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def month_key(first: date) -> str:
    return f"{first:%Y-%m}"
