"""Valid rows with small names. Traits tell the story; `full_clean` of each is tested."""

from datetime import date, timedelta

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from opd.enums import FactKey, GovernmentKind, IdentifierKind, Role, UnitKind
from opd.models import (
    Government,
    Invitation,
    LoginIdentifier,
    Membership,
    Service,
    StandingFact,
    Unit,
    UnitImport,
    UnitName,
    User,
)

PASSWORD = "sandi-uji-2026"
_HASHED = make_password(PASSWORD, hasher="md5")


class GovernmentFactory(DjangoModelFactory):
    class Meta:
        model = Government

    # Codes have four digits and one process makes tens of thousands: they come round again.
    code = factory.Sequence(lambda n: f"{10 + n // 90 % 90:02}.{10 + n % 90:02}")
    slug = factory.Sequence(lambda n: f"kota-uji-{n}")
    kind = GovernmentKind.CITY
    name = factory.Sequence(lambda n: f"Uji {n}")
    zone_target_year = 2026


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    government = factory.SubFactory(GovernmentFactory)
    kind = UnitKind.DINAS
    name = factory.Sequence(lambda n: f"Dinas Uji {n}")

    @factory.post_generation
    def line_and_name(self: Unit, create: bool, extracted: object, **kwargs: object) -> None:
        if create:
            above = self.parent.lineage if self.parent else []
            Unit.objects.filter(pk=self.pk).update(lineage=[*above, self.pk])
            self.lineage = [*above, self.pk]
            UnitName.objects.create(
                government=self.government, unit=self, name=self.name, short_name=self.short_name
            )


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Orang Uji {n}")
    password = _HASHED


class LoginIdentifierFactory(DjangoModelFactory):
    class Meta:
        model = LoginIdentifier

    user = factory.SubFactory(UserFactory)
    kind = IdentifierKind.NIP
    value = factory.Sequence(lambda n: f"{198001012005011000 + n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    government = factory.SubFactory(GovernmentFactory)
    role = Role.ZI_SECRETARIAT
    title = "Kepala Bagian Organisasi"
    valid_from = date(2020, 1, 1)

    class Params:
        of_unit = factory.Trait(
            role=Role.OPD_OPERATOR,
            title="Operator",
            unit=factory.SubFactory(UnitFactory, government=factory.SelfAttribute("..government")),
        )


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    government = factory.SubFactory(GovernmentFactory)
    unit = factory.SubFactory(UnitFactory, government=factory.SelfAttribute("..government"))
    role = Role.OPD_OPERATOR
    name = "Orang Baru"
    title = "Operator"
    valid_from = date(2020, 1, 1)
    identifier_kind = IdentifierKind.NIP
    identifier_value = factory.Sequence(lambda n: f"{199001012015012000 + n}")
    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    invited_by = factory.SubFactory(
        MembershipFactory,
        government=factory.SelfAttribute("..government"),
        role=Role.ADMINISTRATOR,
        title="Administrator",
    )
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda row: row.created_at + timedelta(days=7))


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    unit = factory.SubFactory(UnitFactory)
    government = factory.SelfAttribute("unit.government")
    name = factory.Sequence(lambda n: f"Layanan Uji {n}")


class StandingFactFactory(DjangoModelFactory):
    class Meta:
        model = StandingFact

    government = factory.SubFactory(GovernmentFactory)
    year = 2024
    key = FactKey.SAKIP
    value = "BB"


class UnitImportFactory(DjangoModelFactory):
    """`rows` of a list with one good row, made by the ZI secretariat."""

    class Meta:
        model = UnitImport

    government = factory.SubFactory(GovernmentFactory)
    made_by = factory.SubFactory(
        "opd.tests.factories.MembershipFactory", government=factory.SelfAttribute("..government")
    )
    content_hash = "0" * 64
    columns = ["name", "kind"]
    rows = factory.LazyFunction(lambda: [[2, ["Dinas Impor", "Dinas"]]])
    row_count = 1
    made_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda o: o.made_at + timedelta(days=2))
