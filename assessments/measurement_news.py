"""What planners and units are told of figures: what waits, what came back, what was unlocked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from assessments.enums import MeasurementState
from assessments.models import Measurement
from assessments.telling import tell_owners
from opd.actions.inbox import settle_items
from opd.enums import Role
from opd.models import Unit
from opd.reminders import Owner

# Links of the inbox, by the key of the unit: the planner's queue and the unit's own page.
QUEUE, OWN = "figures_queue", "figures"
SENT, RETURNED, UNLOCKED = (f"figures.{word}" for word in ("sent", "returned", "unlocked"))


@transaction.atomic
def tell_sent(*, rows: Iterable[Measurement], now: datetime) -> int:
    """All planners, once for each unit; what the unit was told before is over."""
    told = 0
    for unit, row in _units(rows):
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
        waiting = Measurement.objects.filter(indicator__unit=unit, state=MeasurementState.SUBMITTED)
        if not waiting.exists():
            link = (QUEUE, str(unit.pk))
            over += settle_items(government=unit.government, link=link, now=now)
    return over


def _units(rows: Iterable[Measurement]) -> list[tuple[Unit, Measurement]]:
    """Each unit with one of its rows; figures without a responsible unit concern nobody else."""
    found = {row.indicator.unit_id: row for row in rows if row.indicator.unit_id}
    return [(row.indicator.unit, row) for row in found.values() if row.indicator.unit]


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
