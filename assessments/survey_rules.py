"""From answers to an index: means, conversion, bands, the lowest elements. Pure.

Fractions inside: nothing is rounded before it is shown, and a bound that is reached exactly is
reached. An answer of 0 is "I do not know, or it does not apply": counted, never part of a mean.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.survey_instruments import Band, Conversion, Item, Survey

NOT_KNOWN = 0
# item code → answer → how many gave it
Counts = dict[str, dict[int, int]]


@dataclass(frozen=True)
class Element:
    """One item with what was answered; `mean` is None where nobody judged it, or too few."""

    item: Item
    answered: int
    not_known: int
    mean: Fraction | None

    @property
    def value(self) -> Decimal | None:
        return as_decimal(self.mean)


@dataclass(frozen=True)
class Reading:
    """An index with everything it rests on."""

    elements: tuple[Element, ...]
    exact: Fraction | None
    band: Band | None

    @property
    def index(self) -> Decimal | None:
        return as_decimal(self.exact)


def as_decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def count(answers: Iterable[Mapping[str, int]], survey: Survey) -> Counts:
    """Only what the survey asks and its scale knows."""
    counts: Counts = {code: {} for code in survey.item_codes}
    for given in answers:
        for code, value in given.items():
            if code in counts and NOT_KNOWN <= value <= survey.highest:
                counts[code][value] = counts[code].get(value, 0) + 1
    return counts


def read(counts: Counts, survey: Survey, *, fewest: int = 1) -> Reading:
    """An element that fewer than `fewest` people judged has no mean and no part in the index:
    else its mean could be worked out from the index and the other means."""
    elements = tuple(_element(item, counts.get(item.code, {}), fewest) for item in survey.items)
    index = index_of([element.mean for element in elements], survey)
    return Reading(elements, index, band_of(index, survey))


def _element(item: Item, answers: Mapping[int, int], fewest: int) -> Element:
    judged = {value: number for value, number in answers.items() if value != NOT_KNOWN}
    answered = sum(judged.values())
    total = sum(value * number for value, number in judged.items())
    mean = Fraction(total, answered) if answered >= max(fewest, 1) else None
    return Element(item, answered, answers.get(NOT_KNOWN, 0), mean)


def index_of(means: Iterable[Fraction | None], survey: Survey) -> Fraction | None:
    """Each item counts the same, however many judged it; items that nobody judged are left out.

    With the weight that the regulation prints all elements are needed: else there is no index.
    """
    every = list(means)
    known = [mean for mean in every if mean is not None]
    if not known:
        return None
    if survey.conversion is Conversion.WEIGHTED and survey.weight is not None:
        if len(known) < len(every):
            return None
        middle = sum(known, Fraction(0)) * Fraction(survey.weight)
    else:
        middle = sum(known, Fraction(0)) / len(known)
    return middle * Fraction(survey.top) / survey.highest


def band_of(index: Fraction | None, survey: Survey) -> Band | None:
    """The highest band whose lower bound is reached, unrounded; None below the lowest."""
    if index is None:
        return None
    return next((band for band in survey.bands if index >= Fraction(band.minimum)), None)


def lowest(elements: Iterable[Element], number: int = 3) -> list[Element]:
    """Those with the lowest means, the lowest first; equal ones in the order of the survey."""
    judged = [element for element in elements if element.mean is not None]
    return sorted(judged, key=lambda element: element.mean or Fraction(0))[:number]
