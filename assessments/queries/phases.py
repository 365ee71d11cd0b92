"""Phases: who is planned for which year, and how far coverage has come beside it."""

from dataclasses import dataclass
from datetime import date

from assessments.coverage import Forecast
from assessments.enums import ZoneStage
from assessments.models import PhasePlan
from assessments.phases import Plan, YearRow, after_target, effective_plan, year_rows
from assessments.queries.coverage import coverage
from opd.models import Government, Unit

FIRST_YEAR, LAST_YEAR = 2012, 2099


@dataclass(frozen=True)
class UnitPhase:
    """`through` is the ended unit whose year is taken over; `version` of the unit's own row."""

    unit: Unit
    year: int | None
    through: Unit | None
    note: str
    version: int
    declared_on: date | None
    stage: str
    is_sample: bool

    @property
    def year_text(self) -> str:
        return "" if self.year is None else str(self.year)

    @property
    def stage_word(self) -> str:
        return str(ZoneStage(self.stage).label) if self.stage else ""

    def is_past(self, today: date) -> bool:
        """Its year is over and no declaration is recorded."""
        return self.declared_on is None and self.year is not None and self.year < today.year


@dataclass(frozen=True)
class Phases:
    """`lost`: planned units that nobody represents any more."""

    rows: list[UnitPhase]
    years: list[YearRow]
    lost: list[Unit]
    forecast: Forecast
    counted: int
    declared: int
    after_target: int

    @property
    def without_year(self) -> int:
        return sum(1 for row in self.rows if row.year is None)

    @property
    def without_year_undeclared(self) -> int:
        return sum(1 for row in self.rows if row.year is None and row.declared_on is None)


def phases(government: Government, today: date) -> Phases:
    """Eight reads, however many units there are."""
    numbers = coverage(government, today)
    plans = {
        row.unit_id: row
        for row in PhasePlan.objects.filter(government=government).select_related("unit")
    }
    years = {pk: row.year for pk, row in plans.items() if row.year is not None}
    plan = effective_plan(years, counted=numbers.units, heirs=numbers.heirs)
    rows = [
        _row(unit, plan, plans, numbers.first_days.get(pk), numbers.stages.get(pk, ""))
        for pk, unit in numbers.units.items()
    ]
    rows.sort(key=lambda row: (row.year is not None, row.year or 0, row.unit.name.casefold()))
    planned = {pk: row.year for pk, row in plan.units.items()}
    return Phases(
        rows=rows,
        years=year_rows(planned, numbers.first_days, today=today),
        lost=[plans[pk].unit for pk in sorted(plan.lost)],
        forecast=numbers.forecast,
        counted=numbers.counted,
        declared=numbers.declared,
        after_target=after_target(
            [year for pk, year in planned.items() if pk not in numbers.first_days],
            government.zone_target_year,
        ),
    )


def _row(
    unit: Unit, plan: Plan, plans: dict[int, PhasePlan], declared_on: date | None, stage: str
) -> UnitPhase:
    found, own = plan.units.get(unit.pk), plans.get(unit.pk)
    through = plans[found.through].unit if found and found.through else None
    source = plans[found.through] if found and found.through else own
    return UnitPhase(
        unit=unit,
        year=found.year if found else None,
        through=through,
        note=source.note if source and found else "",
        version=own.version if own else 0,
        declared_on=declared_on,
        stage=stage,
        is_sample=bool(source and source.is_sample),
    )
