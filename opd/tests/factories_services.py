"""Valid rows of services, innovations, the roster and the TPI's team."""

import io
from datetime import date
from uuid import uuid4

import factory
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from integrity_portal.core.files import EVIDENCE, keep, receive
from integrity_portal.core.models import StoredFile
from opd.models import (
    ChannelMove,
    Employee,
    EmployeePost,
    Innovation,
    InnovationFile,
    ServiceVolume,
    TpiMember,
    TpiTeam,
)
from opd.tests.factories import GovernmentFactory, MembershipFactory, ServiceFactory, UnitFactory


class ChannelMoveFactory(DjangoModelFactory):
    class Meta:
        model = ChannelMove

    service = factory.SubFactory(ServiceFactory, channel="online")
    government = factory.SelfAttribute("service.government")
    from_channel = "counter"
    to_channel = "online"
    moved_on = date(2024, 5, 1)
    recorded_at = factory.LazyFunction(timezone.now)


class ServiceVolumeFactory(DjangoModelFactory):
    class Meta:
        model = ServiceVolume

    service = factory.SubFactory(ServiceFactory)
    government = factory.SelfAttribute("service.government")
    month = date(2025, 1, 1)
    channel = "counter"
    count = 100


class InnovationFactory(DjangoModelFactory):
    class Meta:
        model = Innovation

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    title = factory.Sequence(lambda n: f"Inovasi Uji {n}")
    area = "6"
    started_on = date(2024, 1, 1)
    problem = "Antrean panjang."
    change = "Nomor antrean diambil dari rumah."
    form_key = factory.LazyFunction(uuid4)


def stored_pdf(government_id: int) -> StoredFile:
    """A small PDF that is kept."""
    pdf = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(pdf)
    row = receive(
        SimpleUploadedFile("berkas.pdf", pdf.getvalue()),
        rule=EVIDENCE,
        kind="test",
        government_id=government_id,
        by_user_id=None,
    )
    keep(row)
    return row


class InnovationFileFactory(DjangoModelFactory):
    class Meta:
        model = InnovationFile

    innovation = factory.SubFactory(InnovationFactory)
    government = factory.SelfAttribute("innovation.government")
    stored = factory.LazyAttribute(lambda row: stored_pdf(row.government.pk))
    added_by = factory.SubFactory(
        MembershipFactory, government=factory.SelfAttribute("..government")
    )
    added_at = factory.LazyFunction(timezone.now)


class EmployeeFactory(DjangoModelFactory):
    class Meta:
        model = Employee

    government = factory.SubFactory(GovernmentFactory)
    name = factory.Sequence(lambda n: f"Pegawai Uji {n}")
    nip = factory.Sequence(lambda n: f"{197001011995011000 + n}")


class EmployeePostFactory(DjangoModelFactory):
    """An employee who works in a unit."""

    class Meta:
        model = EmployeePost

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    employee = factory.SubFactory(EmployeeFactory, government=factory.SelfAttribute("..government"))
    title = "Pelaksana"
    valid_from = date(2020, 1, 1)


class TpiTeamFactory(DjangoModelFactory):
    class Meta:
        model = TpiTeam

    government = factory.SubFactory(GovernmentFactory)
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    decree_number = "188/1/2026"
    decided_on = date(2026, 1, 5)


class TpiMemberFactory(DjangoModelFactory):
    class Meta:
        model = TpiMember

    team = factory.SubFactory(TpiTeamFactory)
    government = factory.SelfAttribute("team.government")
    membership = factory.SubFactory(
        MembershipFactory, government=factory.SelfAttribute("..government")
    )
    function = "anggota"
