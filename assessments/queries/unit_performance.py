"""What everybody may read of a unit: its indicators in a plan that is public; verified figures."""

from dataclasses import dataclass
from datetime import date

from assessments.booklets import latest_period
from assessments.enums import PlanState
from assessments.models import Plan
from assessments.queries.booklet_pages import board_for
from assessments.queries.plan_board import Reached
from assessments.series import Period
from opd.models import Government, Unit


@dataclass(frozen=True)
class UnitFacts:
    plan: Plan
    unit: Unit
    period: Period
    rows: list[Reached]

    @property
    def is_sample(self) -> bool:
        rows = (
            each.indicator.is_sample or bool(each.target and each.target.is_sample)
            for each in self.rows
        )
        return self.plan.is_sample or self.unit.is_sample or any(rows)


def unit_of_address(government: Government, public_id: str) -> Unit | None:
    """Closed units too: printed addresses stay."""
    return Unit.objects.filter(government=government, public_id=public_id).first()


def public_plan(government: Government, *, on: date) -> Plan | None:
    """The one in force that covers the day, else the newest; never a draft."""
    plans = list(
        Plan.objects.filter(government=government, is_public=True)
        .exclude(state=PlanState.DRAFT)
        .select_related("government")
        .order_by("-first_year", "-pk")
    )
    covering = [plan for plan in plans if on.year in plan.all_years]
    in_force = [plan for plan in covering if plan.state == PlanState.IN_FORCE]
    return next(iter([*in_force, *covering, *plans]), None)


def facts_of(plan: Plan, unit: Unit, *, on: date) -> UnitFacts:
    period = latest_period(plan.first_year, plan.last_year, on)
    rows = board_for(plan, period, on=on).of_unit(unit)
    return UnitFacts(plan, unit, period, sorted(rows, key=lambda row: not row.indicator.is_iku))
