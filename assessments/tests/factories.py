"""Valid rows of zones, acts and work plans. Traits tell the story."""

import uuid
from datetime import date
from decimal import Decimal

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments.charter import sha256
from assessments.demo.workplans import small_pdf
from assessments.enums import (
    ActivityState,
    AreaOfChange,
    DeclarationState,
    ReportState,
    SignatureMethod,
    ZoneStage,
)
from assessments.models import (
    Activity,
    ActivityReport,
    Declaration,
    DeclarationUnit,
    IntegrityZone,
    NamedUnit,
    NamingDecree,
    ReportFile,
    Signatory,
    Signature,
    WorkPlan,
)
from assessments.queries.workplans import UPLOAD_KIND
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Membership, Unit
from opd.tests.factories import GovernmentFactory, MembershipFactory, UnitFactory


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


class ReportFileFactory(DjangoModelFactory):
    """A small PDF that really lies in the store."""

    class Meta:
        model = ReportFile

    report = factory.SubFactory(ActivityReportFactory, submitted=True)
    government = factory.SelfAttribute("report.government")

    @factory.lazy_attribute
    def stored(self) -> StoredFile:
        return stored_pdf(self.report.author)


def stored_pdf(author: Membership, *, name: str = "bukti.pdf", text: str = "bukti") -> StoredFile:
    return receive(
        SimpleUploadedFile(name, small_pdf([text])),
        rule=EVIDENCE,
        kind=UPLOAD_KIND,
        government_id=author.government_id,
        by_user_id=author.user_id,
    )


class DeclarationFactory(DjangoModelFactory):
    """A complete draft without units and signatories; `open` and `closed` carry the fixed text."""

    class Meta:
        model = Declaration

    government = factory.SubFactory(GovernmentFactory)
    title = factory.Sequence(lambda n: f"Pencanangan uji {n}")
    held_on = date(2026, 3, 2)
    place = "Balai Kota"
    purpose = "Pelayanan yang bersih."

    class Params:
        open = factory.Trait(
            state=DeclarationState.OPEN, text="Naskah uji\n", text_sha256=sha256("Naskah uji\n")
        )
        closed = factory.Trait(
            open=True, state=DeclarationState.CLOSED, closed_at=factory.LazyFunction(timezone.now)
        )


class DeclarationUnitFactory(DjangoModelFactory):
    class Meta:
        model = DeclarationUnit

    declaration = factory.SubFactory(DeclarationFactory)
    government = factory.SelfAttribute("declaration.government")
    unit = factory.SubFactory(
        UnitFactory, government=factory.SelfAttribute("..declaration.government")
    )
    position = factory.Sequence(lambda n: n + 1)
    printed_name = factory.SelfAttribute("unit.name")


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = Signatory

    declaration = factory.SubFactory(DeclarationFactory)
    government = factory.SelfAttribute("declaration.government")
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Kepala Uji {n}")


class SignatureFactory(DjangoModelFactory):
    """In wet ink, without a scan; `withdrawn` no longer stands."""

    class Meta:
        model = Signature

    signatory = factory.SubFactory(SignatoryFactory)
    government = factory.SelfAttribute("signatory.government")
    method = SignatureMethod.WET
    signed_on = date(2026, 3, 2)
    recorded_at = factory.LazyFunction(timezone.now)

    class Params:
        withdrawn = factory.Trait(
            withdrawn_at=factory.SelfAttribute("recorded_at"),
            withdrawn_by=factory.SubFactory(
                MembershipFactory, government=factory.SelfAttribute("..government")
            ),
            withdrawal_reason="Tanggal keliru",
        )


class NamingDecreeFactory(DjangoModelFactory):
    class Meta:
        model = NamingDecree

    government = factory.SubFactory(GovernmentFactory)
    number = factory.Sequence(lambda n: f"188.45/{n}/2026")
    decided_on = date(2026, 4, 1)


class NamedUnitFactory(DjangoModelFactory):
    class Meta:
        model = NamedUnit

    decree = factory.SubFactory(NamingDecreeFactory)
    government = factory.SelfAttribute("decree.government")
    unit = factory.SubFactory(UnitFactory, government=factory.SelfAttribute("..decree.government"))
    position = factory.Sequence(lambda n: n + 1)
    printed_name = factory.SelfAttribute("unit.name")


def zone_of(unit: Unit) -> IntegrityZone:
    """The unit's open zone; a new one where it has none."""
    found = IntegrityZone.objects.filter(unit=unit, closed_on=None).first()
    return found or IntegrityZoneFactory(unit=unit)
