"""Valid rows of reports, and a small world of zones, plans and complaints around them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments.enums import ZoneStage
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from complaints.tests.factories import ComplaintFactory
from integrity_portal.core.models import Document
from opd.models import Government, Unit, UnitKindRule
from opd.tests.factories import GovernmentFactory, UnitFactory
from reports.enums import Variant, Weekday
from reports.figures import Figures, digest, to_json
from reports.models import FigureSet, ReportSchedule

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)


class ReportScheduleFactory(DjangoModelFactory):
    class Meta:
        model = ReportSchedule

    government = factory.SubFactory(GovernmentFactory)
    variant = Variant.MAYOR
    weekday = Weekday.SUNDAY
    hour = 18
    starts_at = datetime(2026, 1, 1, tzinfo=UTC)


class FigureSetFactory(DjangoModelFactory):
    class Meta:
        model = FigureSet

    government = factory.SubFactory(GovernmentFactory)
    taken_at = NOW
    data = factory.LazyFunction(lambda: to_json(Figures(today=TODAY)))
    sha256 = factory.LazyAttribute(lambda row: digest(row.data))


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    government_id = factory.LazyFunction(lambda: GovernmentFactory().pk)
    kind = "reports.progress"
    variant = Variant.MAYOR
    title = "Laporan kemajuan zona integritas, minggu 47 tahun 2026"
    requested_at = factory.LazyFunction(timezone.now)
    next_try_at = factory.LazyFunction(timezone.now)


@dataclass
class World:
    """`late` has two overdue activities and one overdue complaint, `fine` is half-way in time."""

    late: Unit
    fine: Unit
    unplanned: Unit


def world(government: Government, today: date = TODAY, suffix: str = "") -> World:
    UnitKindRule.objects.get_or_create(government=government, unit_kind="dinas")
    units = [
        UnitFactory(government=government, name=name + suffix)
        for name in ("Dinas Terlambat", "Dinas Lancar", "Dinas Tanpa Rencana")
    ]
    late, fine, unplanned = units
    plans = [
        WorkPlanFactory(
            zone=IntegrityZoneFactory(unit=unit, stage=ZoneStage.BUILDING), year=today.year
        )
        for unit in (late, fine)
    ]
    IntegrityZoneFactory(unit=unplanned, stage=ZoneStage.DECLARED)
    past, near, far = (today.replace(day=1), today.replace(day=28), date(today.year, 12, 31))
    overdue(plans[0], "Susun standar pelayanan", past)
    waiting = overdue(plans[0], "Survei kepuasan <b>", past)
    ActivityReportFactory(activity=waiting, submitted=True, percent=Decimal(100))
    half = ActivityFactory(plan=plans[1], title="Pelatihan", due_on=far)
    ActivityReportFactory(activity=half, confirmed=True, percent=Decimal(50))
    overdue(plans[1], "Maklumat pelayanan", near)
    complaints(government, late, today)
    return World(late, fine, unplanned)


def overdue(plan: Any, title: str, due_on: date) -> Any:
    return ActivityFactory(plan=plan, title=title, due_on=due_on)


def complaints(government: Government, unit: Unit, today: date) -> None:
    times = {"verify_by": today, "answer_by": today.replace(day=2)}
    ComplaintFactory(government=government, unit=unit, state="in_progress", **times)
    times = {"verify_by": today, "answer_by": date(today.year, 12, 20)}
    ComplaintFactory(government=government, unit=unit, state="verified", **times)
    ComplaintFactory(
        government=government, state="received", verify_by=today.replace(day=3), answer_by=today
    )
