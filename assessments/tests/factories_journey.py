"""Valid rows of proposals, attempts, exceptions and predicates."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from assessments.enums import ProposalState, ZoneStage
from assessments.models import (
    Candidate,
    Proposal,
    RequirementException,
    ZoneAttempt,
    ZonePredicate,
)
from assessments.tests.factories import IntegrityZoneFactory
from opd.tests.factories import GovernmentFactory, UnitFactory


class ProposalFactory(DjangoModelFactory):
    class Meta:
        model = Proposal

    class Params:
        sent = factory.Trait(
            state=ProposalState.SENT, sent_on=date(2026, 5, 20), rule_set_sha256="0" * 64
        )

    government = factory.SubFactory(GovernmentFactory)
    year = 2026
    rule_set = "permenpanrb-5-2024"
    created_at = datetime(2026, 4, 1, tzinfo=UTC)


class CandidateFactory(DjangoModelFactory):
    class Meta:
        model = Candidate

    proposal = factory.SubFactory(ProposalFactory)
    government = factory.SelfAttribute("proposal.government")
    zone = factory.SubFactory(
        IntegrityZoneFactory, unit__government=factory.SelfAttribute("...government")
    )
    position = factory.Sequence(lambda number: number + 1)


class AttemptFactory(DjangoModelFactory):
    class Meta:
        model = ZoneAttempt

    zone = factory.SubFactory(IntegrityZoneFactory, stage=ZoneStage.NATIONAL_REVIEW)
    government = factory.SelfAttribute("zone.government")
    number = 1
    target = factory.SelfAttribute("zone.target")
    year = 2026
    proposed_on = date(2026, 5, 20)


class ExceptionFactory(DjangoModelFactory):
    class Meta:
        model = RequirementException

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    rule_set = "permenpanrb-5-2024"
    service = "rsud"
    since = date(2026, 1, 1)
    reason = "Predikat SAKIP unit masih dalam perbaikan"


class PredicateFactory(DjangoModelFactory):
    class Meta:
        model = ZonePredicate

    zone = factory.SubFactory(IntegrityZoneFactory, stage=ZoneStage.DECIDED)
    government = factory.SelfAttribute("zone.government")
    predicate = "wbk"
    year = 2025
    printed_name = factory.SelfAttribute("zone.unit.name")
    decree_number = "1234 Tahun 2025"
