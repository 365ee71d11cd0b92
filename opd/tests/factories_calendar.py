"""Rows of the calendar, the inbox, directives and promises."""

from datetime import date, timedelta
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from opd.enums import Role
from opd.models import Directive, InboxItem, OwnDate, Promise
from opd.tests.factories import GovernmentFactory, MembershipFactory, UnitFactory


class DirectiveFactory(DjangoModelFactory):
    """Given by the mayor of the government, due in a month."""

    class Meta:
        model = Directive

    government = factory.SubFactory(GovernmentFactory)
    unit = factory.SubFactory(UnitFactory, government=factory.SelfAttribute("..government"))
    text = "Pasang papan biaya di setiap loket."
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    given_by = factory.SubFactory(
        MembershipFactory,
        government=factory.SelfAttribute("..government"),
        role=Role.MAYOR,
        title="Wali Kota",
    )
    given_at = factory.LazyFunction(timezone.now)
    form_key = factory.LazyFunction(uuid4)


class InboxItemFactory(DjangoModelFactory):
    class Meta:
        model = InboxItem

    government = factory.SubFactory(GovernmentFactory)
    role = Role.ZI_SECRETARIAT
    key = factory.Sequence(lambda n: f"calendar:2026.propose:{n}")
    kind = "calendar"
    link_id = "2026.propose"
    sentence = "near"
    due_on = date(2026, 5, 31)
    created_at = factory.LazyFunction(timezone.now)


class OwnDateFactory(DjangoModelFactory):
    class Meta:
        model = OwnDate

    government = factory.SubFactory(GovernmentFactory)
    year = 2026
    title = "Rapat koordinasi"
    due_on = date(2026, 8, 3)
    role = Role.ZI_SECRETARIAT
    added_by = factory.SubFactory(
        MembershipFactory, government=factory.SelfAttribute("..government")
    )
    added_at = factory.LazyFunction(timezone.now)
    form_key = factory.LazyFunction(uuid4)


class PromiseFactory(DjangoModelFactory):
    class Meta:
        model = Promise

    government = factory.SubFactory(GovernmentFactory)
    promised_by = "Wali Kota"
    text = "Setiap pengaduan dijawab."
    said_on = date(2025, 9, 16)
    recorded_at = factory.LazyFunction(timezone.now)
    form_key = factory.LazyFunction(uuid4)
