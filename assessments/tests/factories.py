"""Valid rows of zones and work plans. Traits tell the story."""

import uuid
from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments.enums import ActivityState, AreaOfChange, ReportState, ZoneStage
from assessments.models import Activity, ActivityReport, IntegrityZone, WorkPlan
from opd.enums import Role
from opd.tests.factories import MembershipFactory, UnitFactory


class IntegrityZoneFactory(DjangoModelFactory):
    class Meta:
        model = IntegrityZone

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    stage = ZoneStage.BUILDING
    opened_on = date(2026, 1, 5)


class WorkPlanFactory(DjangoModelFactory):
    class Meta:
        model = WorkPlan

    zone = factory.SubFactory(IntegrityZoneFactory)
    government = factory.SelfAttribute("zone.government")
    year = 2026


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    plan = factory.SubFactory(WorkPlanFactory)
    government = factory.SelfAttribute("plan.government")
    area = AreaOfChange.MANAJEMEN_PERUBAHAN
    title = factory.Sequence(lambda n: f"Kegiatan uji {n}")
    milestone = "SK ditetapkan dan disosialisasikan"
    due_on = date(2026, 12, 15)
    responsible = "Ketua Pokja 1"
    position = factory.Sequence(lambda n: n % 30_000 + 1)
    form_key = factory.LazyFunction(uuid.uuid4)

    class Params:
        dropped = factory.Trait(state=ActivityState.DROPPED, drop_reason="Digabung")


class ActivityReportFactory(DjangoModelFactory):
    """A draft; the traits bring the offices that a later state needs."""

    class Meta:
        model = ActivityReport

    activity = factory.SubFactory(ActivityFactory)
    government = factory.SelfAttribute("activity.government")
    author = factory.LazyAttribute(
        lambda o: MembershipFactory(
            government=o.government, unit=o.activity.plan.zone.unit, role=Role.OPD_OPERATOR
        )
    )
    percent = Decimal(50)
    note = "Rapat pertama sudah diadakan."
    written_at = factory.LazyFunction(timezone.now)
    form_key = factory.LazyFunction(uuid.uuid4)

    class Params:
        head = factory.LazyAttribute(
            lambda o: MembershipFactory(
                government=o.government, unit=o.activity.plan.zone.unit, role=Role.OPD_HEAD
            )
        )
        submitted = factory.Trait(
            state=ReportState.SUBMITTED,
            submitted_by=factory.SelfAttribute("author"),
            submitted_at=factory.SelfAttribute("written_at"),
        )
        confirmed = factory.Trait(
            submitted=True,
            state=ReportState.CONFIRMED,
            decided_by=factory.SelfAttribute("head"),
            decided_at=factory.SelfAttribute("written_at"),
        )
        returned = factory.Trait(
            submitted=True,
            state=ReportState.RETURNED,
            decided_by=factory.SelfAttribute("head"),
            decided_at=factory.SelfAttribute("written_at"),
            message="Lampirkan notulen rapat.",
        )
