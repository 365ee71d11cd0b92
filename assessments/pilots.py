"""Choosing pilots: most vulnerable and at the same time most ready. Pure; the meeting decides.

An axis is the weighted mean of its factors' steps, 1 as 0 and 5 as 100. Empty is not zero: an axis
counts only when enough of its factors are scored. Units are ordered by the lower of their two
axes, so that neither side can hide the other, then by the higher one; equals share a place
(docs/adr/0052).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

LEAST, MOST = 1, 5
FULL = Decimal(100)


class Axis(StrEnum):
    VULNERABILITY = "vulnerability"
    READINESS = "readiness"


class Quadrant(StrEnum):
    BOTH = "both"
    VULNERABLE = "vulnerable"
    READY = "ready"
    NEITHER = "neither"


@dataclass(frozen=True)
class Factor:
    code: str
    axis: Axis
    weight: Decimal


@dataclass(frozen=True)
class Rules:
    """`high_from`: the value from which an axis is high; `needed`: percent of its factors."""

    high_from: Decimal
    needed: Decimal


@dataclass(frozen=True)
class AxisValue:
    """`value` is None while the axis is not complete. `strongest` and `weakest` are the factors
    that lift and that lower it most, of those scored; `missing` the ones without a score."""

    value: Decimal | None
    scored: int
    of: int
    strongest: tuple[str, ...] = ()
    weakest: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placement:
    """`place` is shared by equals and None for what is not complete."""

    unit: int
    vulnerability: AxisValue
    readiness: AxisValue
    quadrant: Quadrant | None
    place: int | None

    @property
    def is_complete(self) -> bool:
        return self.quadrant is not None

    @property
    def missing(self) -> tuple[str, ...]:
        return (*self.vulnerability.missing, *self.readiness.missing)


def axis_value(factors: Sequence[Factor], scores: Mapping[str, int], rules: Rules) -> AxisValue:
    """Of one unit on one axis; `factors` are those of the axis, `scores` by code, 1 to 5."""
    known = [factor for factor in factors if factor.code in scores]
    missing = tuple(factor.code for factor in factors if factor.code not in scores)
    if not known or len(known) * FULL < rules.needed * len(factors):
        return AxisValue(None, len(known), len(factors), missing=missing)
    lift = {row.code: row.weight * (scores[row.code] - LEAST) for row in known}
    lack = {row.code: row.weight * (MOST - scores[row.code]) for row in known}
    total = sum((row.weight for row in known), Decimal(0))
    value = sum(lift.values(), Decimal(0)) * FULL / (total * (MOST - LEAST))
    return AxisValue(
        value, len(known), len(factors), _most(known, lift), _most(known, lack), missing
    )


def _most(factors: Sequence[Factor], weights: Mapping[str, Decimal]) -> tuple[str, ...]:
    """The two that weigh most, in the order of the set among equals; nothing without weight."""
    heavy = [row.code for row in factors if weights[row.code] > 0]
    return tuple(sorted(heavy, key=lambda code: -weights[code])[:2])


def quadrant_of(
    vulnerability: Decimal | None, readiness: Decimal | None, rules: Rules
) -> Quadrant | None:
    if vulnerability is None or readiness is None:
        return None
    if vulnerability >= rules.high_from:
        return Quadrant.BOTH if readiness >= rules.high_from else Quadrant.VULNERABLE
    return Quadrant.READY if readiness >= rules.high_from else Quadrant.NEITHER


def place_units(
    scores: Mapping[int, Mapping[str, int]], factors: Iterable[Factor], rules: Rules
) -> list[Placement]:
    """Every unit once: the complete ones by place, then the others; among equals as they came."""
    every = list(factors)
    axes = {axis: [row for row in every if row.axis == axis] for axis in Axis}
    rows = [
        (
            unit,
            axis_value(axes[Axis.VULNERABILITY], given, rules),
            axis_value(axes[Axis.READINESS], given, rules),
        )
        for unit, given in scores.items()
    ]
    keys = {unit: _strength(one.value, two.value) for unit, one, two in rows}
    complete = sorted((key for key in keys.values() if key is not None), reverse=True)
    found = [
        Placement(
            unit,
            vulnerability,
            readiness,
            quadrant_of(vulnerability.value, readiness.value, rules),
            None if (key := keys[unit]) is None else complete.index(key) + 1,
        )
        for unit, vulnerability, readiness in rows
    ]
    return sorted(found, key=lambda row: (row.place is None, row.place or 0))


def _strength(
    vulnerability: Decimal | None, readiness: Decimal | None
) -> tuple[Decimal, Decimal] | None:
    if vulnerability is None or readiness is None:
        return None
    return min(vulnerability, readiness), max(vulnerability, readiness)


def against_order(placements: Iterable[Placement], chosen: Collection[int]) -> set[int]:
    """Chosen units that the order does not put among the first ones, and those it cannot place.

    With n chosen the first n places are free of a reason, and everybody who ties with the nth.
    """
    rows = [row for row in placements if row.place is not None]
    places = sorted(row.place for row in rows if row.place is not None)
    last = places[min(len(chosen), len(places)) - 1] if places and chosen else 0
    within = {row.unit for row in rows if row.place is not None and row.place <= last}
    return set(chosen) - within


def without_ground(placements: Iterable[Placement], chosen: Collection[int]) -> set[int]:
    """Chosen units that are neither vulnerable nor ready; a reason is asked whatever their place."""
    return {
        row.unit
        for row in placements
        if row.quadrant == Quadrant.NEITHER and row.unit in set(chosen)
    }
