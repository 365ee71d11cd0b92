"""What the tests of pages of preparation share."""

from datetime import date

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.tests.factories_preparation import (
    CHECKLIST,
    PhasePlanFactory,
    PreparationAnswerFactory,
)
from opd.models import Government, Unit
from opd.tests.factories import UnitFactory

TODAY = timezone.localdate


def prepare(unit: Unit, number: int, state: str = "done") -> None:
    day = date(2026, 3, 2) if state == "done" else None
    for code in CHECKLIST.codes[:number]:
        PreparationAnswerFactory(unit=unit, step=code, state=state, happened_on=day)


def asked(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def town(government: Government, number: int) -> list[Unit]:
    units = UnitFactory.create_batch(number, government=government)
    for place, unit in enumerate(units):
        prepare(unit, place % 4)
        if place % 3:
            PhasePlanFactory(unit=unit, year=2026 + place % 3)
    return units
