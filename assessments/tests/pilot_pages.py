"""What the tests of choosing pilots share."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from assessments.actions import pilots as actions
from assessments.actions.pilot_decisions import DecisionFacts, decide_round
from assessments.models import PilotRound
from assessments.tests.factories_preparation import PilotCandidateFactory, PilotRoundFactory, score
from opd.models import Government, Membership, Unit
from opd.tests.factories import UnitFactory

TODAY = timezone.localdate
STRONG, GOOD, WEAK = "555555555555", "444444444444", "222222222222"


def round_with(government: Government, scores: dict[str, str]) -> tuple[PilotRound, list[Unit]]:
    """Units by name with their twelve digits."""
    row = PilotRoundFactory(government=government)
    units = []
    for name, digits in scores.items():
        unit = UnitFactory(government=government, name=name)
        score(PilotCandidateFactory(round=row, unit=unit), digits)
        units.append(unit)
    return row, units


def facts(units: list[Unit], **changed: object) -> DecisionFacts:
    values = {
        "decree_number": "188.45/7/2026",
        "decided_on": TODAY() - timedelta(days=1),
        "unit_ids": [unit.pk for unit in units],
        **changed,
    }
    return DecisionFacts(**values)  # type: ignore[arg-type]


def decide(row: PilotRound, by: Membership) -> PilotRound:
    units = [each.unit for each in row.candidates.select_related("unit")]
    decide_round(
        round_=row,
        facts=facts(units, against_reason="Disepakati rapat"),
        by=by,
        now=timezone.now(),
    )
    row.refresh_from_db()
    return row


def opened(units: list[Unit], by: Membership, **changed: object) -> PilotRound:
    values = {
        "title": "Percontohan",
        "year": TODAY().year,
        "unit_ids": [unit.pk for unit in units],
        "scored": True,
        "form_key": uuid4(),
        **changed,
    }
    return actions.open_round(**values, by=by, now=timezone.now())  # type: ignore[arg-type]
