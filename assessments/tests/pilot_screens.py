"""What the tests of pages of choosing pilots share."""

import random
from typing import Any

from django.urls import reverse

from assessments.models import PilotRound
from assessments.tests.factories_preparation import (
    PilotCandidateFactory,
    PilotRoundFactory,
    score,
)
from assessments.tests.pilot_pages import GOOD, STRONG, WEAK
from opd.models import Government
from opd.tests.factories import UnitFactory

THREE = {"Dinas Kuat": STRONG, "Dinas Baik": GOOD, "Dinas Lemah": WEAK}


def page_of(name: str, row: PilotRound, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[row.pk, *more])


def crowd(government: Government, count: int) -> PilotRound:
    row, draw = PilotRoundFactory(government=government), random.Random(count)  # noqa: S311
    for number in range(count):
        unit = UnitFactory(government=government)
        digits = "".join(str(draw.randint(1, 5)) for _place in range(12))
        candidate = PilotCandidateFactory(round=row, unit=unit)
        score(candidate, digits if number % 10 else f"{WEAK[:9]}---")
    return row
