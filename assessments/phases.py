"""Which units in which year until all are in. Pure.

The plan follows the units: when a planned unit ended, whoever represents it takes its year over,
unless it has a year of its own; of several the earliest. A planned unit that ended without an
heir, or whose kind no longer counts, disappears from the counts and is told apart.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.coverage import behind


@dataclass(frozen=True)
class Planned:
    """`through` is the ended unit whose year is taken over; None for a year of one's own."""

    year: int
    through: int | None = None


@dataclass(frozen=True)
class Plan:
    """By counted unit; `lost` are planned units that nobody represents."""

    units: Mapping[int, Planned]
    lost: frozenset[int]


def effective_plan(
    years: Mapping[int, int], *, counted: Collection[int], heirs: Mapping[int, Sequence[int]]
) -> Plan:
    """`years` as they were planned, by unit."""
    found = {unit: Planned(year) for unit, year in years.items() if unit in counted}
    lost = set()
    inherited: dict[int, Planned] = {}
    for unit, year in sorted(years.items(), key=lambda pair: (pair[1], pair[0])):
        if unit in counted:
            continue
        after = behind([unit], counted=counted, heirs=heirs)
        if not after:
            lost.add(unit)
        for heir in after:
            inherited.setdefault(heir, Planned(year, unit))
    return Plan({**inherited, **found}, frozenset(lost))


@dataclass(frozen=True)
class YearRow:
    """One year of the plan: of its units so many have declared, at whatever time.

    `acts` is how many units declared in that very year; `together` and `reached` are sums so far.
    """

    year: int
    planned: int
    declared: int
    acts: int
    together: int
    reached: int | None

    @property
    def to_come(self) -> int:
        return self.planned - self.declared


def year_rows(
    planned: Mapping[int, int], first_days: Mapping[int, date], *, today: date
) -> list[YearRow]:
    """Every year from the first to the last that occurs; `reached` ends with this year."""
    acts = {unit: day.year for unit, day in first_days.items()}
    years = {*planned.values(), *acts.values()}
    if not years:
        return []
    rows = []
    last = max(years) if planned else max(*years, today.year)
    for year in range(min(years), last + 1):
        of_year = {unit for unit, when in planned.items() if when == year}
        rows.append(
            YearRow(
                year=year,
                planned=len(of_year),
                declared=len(of_year & acts.keys()),
                acts=sum(1 for when in acts.values() if when == year),
                together=sum(1 for when in planned.values() if when <= year),
                reached=sum(1 for when in acts.values() if when <= year)
                if year <= today.year
                else None,
            )
        )
    return rows


def after_target(years: Collection[int], target_year: int | None) -> int:
    """How many units stand in a year after the government's target."""
    return 0 if target_year is None else sum(1 for year in years if year > target_year)
