"""Valid rows of preparation, phases and choices of pilots."""

import uuid
from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments.checklists import checklist_on
from assessments.factor_sets import factor_set_on
from assessments.models import (
    PhasePlan,
    PilotCandidate,
    PilotRound,
    PilotScore,
    PreparationAnswer,
    PreparationChange,
)
from opd.models import Government, UnitKindRule
from opd.tests.factories import GovernmentFactory, UnitFactory

CHECKLIST = checklist_on(date(2026, 1, 1))
FACTORS = factor_set_on(date(2026, 1, 1))


class PreparationAnswerFactory(DjangoModelFactory):
    """Done, with its one entry in the history."""

    class Meta:
        model = PreparationAnswer

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    step = "team"
    checklist = CHECKLIST.code
    checklist_sha256 = CHECKLIST.sha256
    state = "done"
    happened_on = date(2026, 3, 2)
    answered_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def history(self: PreparationAnswer, create: bool, extracted: object, **kwargs: object) -> None:
        if create:
            PreparationChange.objects.create(
                government=self.government,
                answer=self,
                version=self.version,
                state=self.state,
                happened_on=self.happened_on,
                proof=self.proof,
                changed_at=self.answered_at,
            )


class PhasePlanFactory(DjangoModelFactory):
    class Meta:
        model = PhasePlan

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    year = 2027
    planned_at = factory.LazyFunction(timezone.now)


class PilotRoundFactory(DjangoModelFactory):
    class Meta:
        model = PilotRound

    government = factory.SubFactory(GovernmentFactory)
    title = factory.Sequence(lambda n: f"Percontohan uji {n}")
    year = 2026
    factor_set = FACTORS.code
    factor_set_sha256 = FACTORS.sha256
    form_key = factory.LazyFunction(uuid.uuid4)
    opened_at = factory.LazyFunction(timezone.now)


class PilotCandidateFactory(DjangoModelFactory):
    class Meta:
        model = PilotCandidate

    round = factory.SubFactory(PilotRoundFactory)
    government = factory.SelfAttribute("round.government")
    unit = factory.SubFactory(UnitFactory, government=factory.SelfAttribute("..round.government"))
    printed_name = factory.SelfAttribute("unit.name")


def score(candidate: PilotCandidate, digits: str) -> None:
    """Twelve digits in the order of the factors; - leaves one out."""
    PilotScore.objects.bulk_create(
        PilotScore(
            government=candidate.government,
            round=candidate.round,
            unit=candidate.unit,
            factor=factor.code,
            value=int(digit),
            scored_at=timezone.now() - timedelta(days=7),
        )
        for factor, digit in zip(FACTORS.factors, digits, strict=True)
        if digit != "-"
    )


def count_dinas(*governments: Government) -> None:
    """From now on every dinas counts towards "all units"."""
    for government in governments:
        UnitKindRule.objects.get_or_create(
            government=government, unit_kind="dinas", defaults={"counts": True}
        )
