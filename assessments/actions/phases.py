"""The ZI secretariat puts units into years."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import PhasePlan
from assessments.permissions import plans_phases
from assessments.queries.phases import FIRST_YEAR, LAST_YEAR
from assessments.zoning import held
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.queries.units import counted_units
from opd.transitions import StepRefused


@dataclass(frozen=True)
class Moved:
    """`moved` went to the year; of `conflicts` somebody else has moved the row meanwhile."""

    moved: list[Unit]
    conflicts: list[Unit]


@transaction.atomic
def plan_units(
    *,
    units: Mapping[int, int],
    year: int | None,
    note: str = "",
    by: Membership,
    now: datetime,
) -> Moved:
    """Put units into a year, or out of the plan (`year` None).

    `units` holds for each unit the version of its row that the person saw (0: no row). A unit that
    stands there already is no conflict. Raises StepRefused without a unit, for a year nobody can
    plan, and for units that are not counted units of the government.
    """
    if not plans_phases(by):
        raise StepRefused(_("Only the ZI secretariat plans the phases."))
    if not units:
        raise StepRefused(_("Choose at least one unit."))
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise StepRefused(_("Write a year from 2012 to 2099."))
    own = counted_units(by.government_id, on=timezone.localdate(now)).filter(pk__in=list(units))
    rows = held(own.values_list("pk", flat=True))
    if len(rows) != len(units):
        raise StepRefused(_("One of the units no longer counts. Reload the page."))
    standing = {row.unit_id: row for row in PhasePlan.objects.filter(unit__in=rows)}
    result = Moved([], [])
    for pk, unit in rows.items():
        plan = standing.get(pk)
        if plan is not None and (plan.year, plan.note) == (year, note):
            result.moved.append(unit)
        elif (plan.version if plan else 0) != units[pk]:
            result.conflicts.append(unit)
        elif plan is not None or year is not None:
            _write(plan or PhasePlan(unit=unit, version=0), unit, year, note, by, now)
            result.moved.append(unit)
    return result


def _write(
    plan: PhasePlan, unit: Unit, year: int | None, note: str, by: Membership, now: datetime
) -> None:
    former = plan.year
    plan.government_id = unit.government_id
    plan.year, plan.note = year, note
    plan.planned_by, plan.planned_at = by, now
    plan.version += 1
    plan.is_sample = by.government.is_sample
    plan.save()
    codes: dict[str, ledger.Code] = {"unit": unit.pk, "year": year, "former": former}
    ledger.record("phase.planned", plan, by=by, codes=codes)
