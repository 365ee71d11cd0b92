"""Targets and figures of indicators, read for many at once: the same queries for one or 300."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from assessments.achievement import Aim, Figure
from assessments.enums import Consolidation, Direction, MeasurementState, Shape
from assessments.models import Indicator, Measurement, Target
from assessments.series import Period, Series
from opd.models import Membership

# Official figures are verified ones; what is on its way is shown beside them, and marked.
OFFICIAL = frozenset({MeasurementState.VERIFIED})
ON_ITS_WAY = OFFICIAL | {MeasurementState.SUBMITTED}
EVERYTHING = frozenset(MeasurementState.values)


@dataclass(frozen=True)
class Known:
    """One indicator with its arithmetic and the rows that it rests on."""

    indicator: Indicator
    series: Series
    targets: dict[Period, Target] = field(default_factory=dict)
    measurements: dict[Period, Measurement] = field(default_factory=dict)


def known(
    indicators: Iterable[Indicator],
    *,
    states: Collection[str] = OFFICIAL,
    years: Collection[int] | None = None,
    with_open: bool = False,
) -> list[Known]:
    """In the order given, in two queries: targets that count, and measurements.

    `states` are those whose figures enter the arithmetic; rows of the others are there as well.
    `with_open`: targets of a revision that is being written count too.
    """
    rows = list(indicators)
    targets = _targets(rows, years, with_open=with_open)
    measurements = _measurements(rows, years)
    return [
        Known(
            row,
            series_of(row, targets[row.pk], measurements[row.pk], states),
            targets[row.pk],
            measurements[row.pk],
        )
        for row in rows
    ]


def series_of(
    indicator: Indicator,
    targets: dict[Period, Target],
    measurements: dict[Period, Measurement],
    states: Collection[str] = OFFICIAL,
) -> Series:
    counted = {key: row for key, row in measurements.items() if row.state in states}
    return Series(
        direction=Direction(indicator.direction),
        shape=Shape(indicator.shape),
        how=Consolidation(indicator.consolidation),
        factor=indicator.factor,
        aims={key: aim_of(indicator, row) for key, row in targets.items()},
        figures={key: figure_of(row) for key, row in counted.items()},
        manual={
            key: row.manual_percent
            for key, row in counted.items()
            if row.manual_percent is not None
        },
        base_year=indicator.base_year,
        base_value=indicator.base_value,
    )


def aim_of(indicator: Indicator, target: Target) -> Aim:
    return Aim(
        Direction(indicator.direction),
        Shape(indicator.shape),
        target.low,
        target.high,
        target.due_on,
    )


def figure_of(row: Measurement) -> Figure:
    return Figure(row.value, row.numerator, row.denominator, row.done_on)


def _targets(
    indicators: list[Indicator], years: Collection[int] | None, *, with_open: bool
) -> dict[int, dict[Period, Target]]:
    rows = Target.objects.filter(indicator__in=[row.pk for row in indicators])
    if years is not None:
        rows = rows.filter(year__in=years)
    rows = rows.select_related("revision").order_by("revision__number")
    return counting(rows, with_open=with_open)


def counting(rows: Iterable[Target], *, with_open: bool = False) -> dict[int, dict[Period, Target]]:
    """Of each year the newest revision that has begun by then; a draft plan is its own.

    Rows come in the order of their revisions, with these.
    """
    found: dict[int, dict[Period, Target]] = defaultdict(dict)
    for row in rows:
        counts = row.revision.adopted_on is not None or row.revision.number == 0
        if (counts or with_open) and row.year >= row.revision.from_year:
            found[row.indicator_id][row.year, row.quarter] = row
    return found


def _measurements(
    indicators: list[Indicator], years: Collection[int] | None
) -> dict[int, dict[Period, Measurement]]:
    found: dict[int, dict[Period, Measurement]] = defaultdict(dict)
    rows = Measurement.objects.filter(indicator__in=[row.pk for row in indicators])
    if years is not None:
        rows = rows.filter(year__in=years)
    for row in rows:
        found[row.indicator_id][row.year, row.quarter] = row
    return found


def needs_manual(row: Measurement) -> bool:
    """Whether the planner must say the percentage: the target of this figure lies below zero."""
    (one,) = known([row.indicator], states=EVERYTHING, years=[row.year])
    return one.series.needs_manual(row.year, row.quarter)


def waiting_for(membership: Membership) -> QuerySet[Measurement]:
    """Figures that units have sent and nobody has decided, oldest first."""
    rows = Measurement.objects.visible_to(membership).waiting()
    return rows.select_related(
        "indicator__unit", "indicator__node__plan", "submitted_by__user"
    ).order_by("submitted_at", "pk")
