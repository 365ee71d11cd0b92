"""Valid pacts: signed in the portal this year, by somebody who works in a unit."""

from uuid import uuid4

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments.demo.workplans import small_pdf
from assessments.models import IntegrityPact, PactBatch
from assessments.pact_texts import text_in_force
from integrity_portal.core.files import EVIDENCE, keep, receive
from integrity_portal.core.models import StoredFile
from opd.models import Unit
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.factories_services import EmployeePostFactory


def stored_scan(government_id: int) -> StoredFile:
    row = receive(
        SimpleUploadedFile("daftar.pdf", small_pdf(["daftar"])),
        rule=EVIDENCE,
        kind="pact",
        government_id=government_id,
        by_user_id=None,
    )
    keep(row)
    return row


class PactBatchFactory(DjangoModelFactory):
    class Meta:
        model = PactBatch

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    year = factory.LazyFunction(lambda: timezone.localdate().year)
    scan = factory.LazyAttribute(lambda row: stored_scan(row.government.pk))
    form_key = factory.LazyFunction(uuid4)
    recorded_by = factory.SubFactory(
        MembershipFactory, government=factory.SelfAttribute("..government")
    )
    recorded_at = factory.LazyFunction(timezone.now)


class IntegrityPactFactory(DjangoModelFactory):
    class Meta:
        model = IntegrityPact

    class Params:
        works_in: Unit = factory.SubFactory(UnitFactory)

    government = factory.SelfAttribute("works_in.government")
    employee = factory.LazyAttribute(lambda row: EmployeePostFactory(unit=row.works_in).employee)
    signed_on = factory.LazyFunction(timezone.localdate)
    year = factory.LazyAttribute(lambda row: row.signed_on.year)
    wording = "employee"
    text_code = factory.LazyAttribute(lambda row: text_in_force(row.wording, row.signed_on).code)
    text_sha256 = factory.LazyAttribute(
        lambda row: text_in_force(row.wording, row.signed_on).sha256
    )
    method = "portal"
    recorded_by = factory.SubFactory(
        MembershipFactory, government=factory.SelfAttribute("..government")
    )
    recorded_at = factory.LazyFunction(timezone.now)
