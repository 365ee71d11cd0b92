"""How many answers are enough. Pure; the numbers are data (data/surveys.yaml).

The formula gives 383 for a population of 100,000 where the authors' printed table says 384; from
there on at least the printed number is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from assessments.survey_instruments import Sample


@dataclass(frozen=True)
class Needed:
    """`is_computed` is False where no population is known: then it is only common practice."""

    number: int
    is_computed: bool

    def missing(self, reached: int) -> int:
        return max(self.number - reached, 0)


def krejcie_morgan(population: int, sample: Sample) -> int:
    """Never more than there are people."""
    if population <= 0:
        return 0
    spread = sample.chi_square * sample.share * (1 - sample.share)
    number = spread * population / (sample.margin**2 * (population - 1) + spread)
    rounded = int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    printed = [least for bound, least in sample.printed.items() if population >= bound]
    return min(max(rounded, *printed, 0), population)


def needed(population: int | None, sample: Sample) -> Needed:
    if population is None or population <= 0:
        return Needed(sample.usual, is_computed=False)
    return Needed(krejcie_morgan(population, sample), is_computed=True)


def shares(total: int, populations: Sequence[int | None]) -> list[int | None]:
    """What each service should give of `total`, by how many it served; rounded up. None without."""
    known = sum(each or 0 for each in populations)
    if not known:
        return [None for _each in populations]
    return [
        None if each is None else _up(Decimal(total) * each / Decimal(known))
        for each in populations
    ]


def _up(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_CEILING))
