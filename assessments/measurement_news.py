"""What planners and units are told of figures: what waits, what came back, what was unlocked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from assessments.enums import MeasurementState, PlanState
from assessments.models import Measurement
from assessments.models.measurements import MeasurementQuerySet
from assessments.telling import tell_owners
from opd.actions.inbox import settle_items
from opd.enums import Role
from opd.models import Unit
from opd.reminders import Owner

# Links of the inbox, by the key of the unit: the planner's queue and the unit's own page.
QUEUE, OWN = "figures_queue", "figures"
SENT, RETURNED, UNLOCKED = (f"figures.{word}" for word in ("sent", "returned", "unlocked"))


# Returned, or unlocked by a planner, and not sent again yet.
TO_REPAIR = Q(state=MeasurementState.RETURNED) | Q(state=MeasurementState.DRAFT) & ~Q(message="")


@transaction.atomic
def tell_sent(*, rows: Iterable[Measurement], now: datetime) -> int:
    """All planners, once for each unit; what the unit was told is over once all is repaired."""
    told = 0
    for unit, row in _units(rows):
        if not _of(unit).filter(TO_REPAIR).exists():
            settle_items(government=unit.government, link=(OWN, str(unit.pk)), now=now)
        told += _tell(unit, [Owner(role=Role.PLANNER)], SENT, QUEUE, row, now)
    return told


@transaction.atomic
def tell_returned(*, rows: Iterable[Measurement], now: datetime) -> int:
    rows = list(rows)
    settle(rows=rows, now=now)
    return sum(_tell(unit, _people(unit), RETURNED, OWN, row, now) for unit, row in _units(rows))


@transaction.atomic
def tell_unlocked(*, rows: Iterable[Measurement], now: datetime) -> int:
    return sum(_tell(unit, _people(unit), UNLOCKED, OWN, row, now) for unit, row in _units(rows))


@transaction.atomic
def settle(*, rows: Iterable[Measurement], now: datetime) -> int:
    """Once nothing of a unit waits any more, no planner has to look."""
    over = 0
    for unit, _row in _units(rows):
        if not _of(unit).waiting().exists():
            link = (QUEUE, str(unit.pk))
            over += settle_items(government=unit.government, link=link, now=now)
    return over


def _units(rows: Iterable[Measurement]) -> list[tuple[Unit, Measurement]]:
    """Each unit with one of its rows; figures without a responsible unit concern nobody else.

    Locked, in the order of their keys: of two people who decide at once, the second one sees what
    the first has left.
    """
    found = {row.indicator.unit_id: row for row in rows if row.indicator.unit_id}
    units = Unit.objects.select_related("government").filter(pk__in=found)
    locked = units.select_for_update(of=("self",), no_key=True).order_by("pk")
    return [(unit, found[unit.pk]) for unit in locked]


def _of(unit: Unit) -> MeasurementQuerySet:
    """Figures that can still be moved on."""
    in_force = {"indicator__node__plan__state": PlanState.IN_FORCE}
    return Measurement.objects.filter(indicator__unit=unit, **in_force)


def _people(unit: Unit) -> list[Owner]:
    return [Owner(role=role, unit_id=unit.pk) for role in (Role.OPD_OPERATOR, Role.OPD_HEAD)]


def _tell(
    unit: Unit, owners: list[Owner], sentence: str, kind: str, row: Measurement, now: datetime
) -> int:
    return tell_owners(
        government=unit.government,
        owners=owners,
        sentence=sentence,
        link=(kind, str(unit.pk)),
        now=now,
        is_sample=row.is_sample,
    )
