"""Reads the other apps' figures into one set; and the sets that were frozen."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from assessments.coverage import Roads
from assessments.enums import WhoseMove, ZoneStage
from assessments.queries.declarations import Place, unsigned_places
from assessments.queries.figures import LateActivity, UnitProgress
from assessments.queries.overview import coverage_counts, work_overview
from complaints.queries.overview import UnitComplaints, complaint_overview
from opd.models import Government
from reports.calendar import week_before, week_of
from reports.figures import (
    Before,
    Figures,
    Item,
    Preparation,
    UnitFigures,
    Unsigned,
    badness,
)
from reports.models import FigureSet


def read_figures(government: Government, today: date, places: list[Place] | None = None) -> Figures:
    """Six queries, however many units there are; one less with the `unsigned_places` at hand."""
    if places is None:
        places = unsigned_places(government.pk)
    work = work_overview(government.pk, today)
    covered = coverage_counts(government, today, work.units)
    complaints = complaint_overview(government.pk, today)
    invented = government.is_sample
    real_plans = invented or any(row.plan_id and not row.plan_is_sample for row in work.units)
    late = [row for row in work.late if invented or not row.is_sample]
    units = _units(work.units, late, complaints.units)
    units = [_unmarked(u) if invented else _judged(u, real_plans=real_plans) for u in units]
    return Figures(
        today=today,
        counted=covered.counted,
        declared=covered.declared,
        pace_per_year=covered.forecast.pace_per_year,
        finish=covered.forecast.finish,
        target_year=government.zone_target_year,
        stages=_stages(work.units, covered.roads),
        road=len(covered.roads.on_the_road),
        without_zone=len(covered.roads.without_zone),
        uncounted=len(covered.roads.uncounted),
        last_recorded=covered.last_recorded,
        units=units,
        late=[_item(row) for row in late],
        coming=[_item(row) for row in work.coming],
        unsigned=_unsigned(places, today),
        complaints_open=complaints.counts.open,
        complaints_late=complaints.counts.late,
        complaints_answered=complaints.counts.answered_this_month,
        complaints_total=complaints.counts.total,
        complaints_at_coordinator=complaints.late_at_coordinator,
        complaints_open_at_coordinator=complaints.open_at_coordinator,
        preparation=Preparation(**vars(covered.prepared), steps=covered.steps),
        has_real_plans=real_plans,
        has_real_complaints=invented or complaints.real > 0 or not complaints.counts.total,
        has_samples=not invented
        and (any(unit.is_sample for unit in units) or complaints.real < complaints.counts.total),
    )


def _stages(rows: list[UnitProgress], roads: Roads) -> dict[str, int]:
    """Zones by stage; committed are the units that nothing has reached yet."""
    found = {stage.value: 0 for stage in ZoneStage}
    for row in rows:
        found[row.stage.value] += 1
    found[ZoneStage.COMMITTED.value] = len(roads.committed)
    return found


def _unmarked(unit: UnitFigures) -> UnitFigures:
    """Where the whole government is invented, no single unit says so."""
    return replace(unit, is_sample=False)


def _judged(unit: UnitFigures, *, real_plans: bool) -> UnitFigures:
    """Of a real government: samples say nothing about a real unit, nor does a portal without
    any work plan yet."""
    judged = not unit.is_sample and (real_plans or unit.complaints_late > 0)
    if judged:
        return unit
    return replace(unit, is_judged=False, late=0, late_operator=0, late_head=0)


def _unsigned(places: list[Place], today: date) -> list[Unsigned]:
    late = [row for row in places if row.declaration.sign_by and row.declaration.sign_by < today]
    acts = {row.declaration_id: row.declaration for row in late}
    return [
        Unsigned(
            act.title,
            act.sign_by or today,
            [row.printed_title for row in late if row.declaration_id == act.pk],
        )
        for act in sorted(acts.values(), key=lambda act: (act.sign_by, act.pk))
    ]


def _item(row: LateActivity) -> Item:
    return Item(
        row.unit.label, row.title, row.due_on, row.whose_move.value, row.is_sample, row.activity_id
    )


def _units(
    rows: list[UnitProgress], late: list[LateActivity], complaints: list[UnitComplaints]
) -> list[UnitFigures]:
    """Units on the road and units with open complaints; the worst first."""
    found = {
        row.unit.pk: UnitFigures(
            unit_id=row.unit.pk,
            name=row.unit.label,
            stage=row.stage.value,
            percent=row.percent,
            has_plan=row.plan_id is not None,
            activities=row.activity_count,
            late=row.late_count,
            zone_id=row.zone_id,
            plan_id=row.plan_id,
            is_sample=row.is_sample or row.plan_is_sample,
        )
        for row in rows
    }
    for activity in late:
        unit = found[activity.unit.pk]
        if activity.whose_move == WhoseMove.HEAD:
            found[unit.unit_id] = replace(unit, late_head=unit.late_head + 1)
        else:
            found[unit.unit_id] = replace(unit, late_operator=unit.late_operator + 1)
    for complaint in complaints:
        unit = found.get(complaint.unit_id, UnitFigures(complaint.unit_id, complaint.name))
        found[unit.unit_id] = replace(
            unit,
            complaints_open=complaint.open,
            complaints_late=complaint.late,
            is_sample=unit.is_sample or complaint.is_sample,
        )
    return sorted(found.values(), key=badness)


def figure_set(government_id: int, pk: int) -> FigureSet | None:
    return FigureSet.objects.filter(government_id=government_id, pk=pk).first()


def figures_of_week(government_id: int, period: str) -> FigureSet | None:
    return FigureSet.objects.filter(government_id=government_id, period=period).first()


def last_week_before(government: Government, period: str) -> Before | None:
    """The set of the week before, if it was taken in that week: one made later tells of another."""
    row = figures_of_week(government.pk, week_before(period))
    if (
        row is None
        or week_of(row.taken_at.astimezone(ZoneInfo(government.time_zone))) != row.period
    ):
        return None
    return Before(
        period=row.period,
        declared=row.data["declared"],
        late=len(row.data["late"]),
        complaints_late=row.data["complaints_late"],
    )
