"""Roles of the whole government have no unit, roles of a unit have one: by every way."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from opd.actions.invitations import accept_as_new, invite
from opd.actions.people import give_office
from opd.enums import GOVERNMENT_ROLES, UNIT_ROLES, IdentifierKind, OfficeStatus, Role
from opd.models import Invitation, Membership, User
from opd.offices import Office
from opd.tests.factories import InvitationFactory, MembershipFactory
from opd.transitions import StepRefused

TODAY = date(2026, 11, 20)
SENTENCE = "Peran ini berlaku untuk seluruh pemerintah daerah: jangan pilih unit."


pytestmark = pytest.mark.usefixtures("indonesian")


def office(role, unit):
    return Office(role, unit, "Pejabat", OfficeStatus.DEFINITIF, TODAY, TODAY + timedelta(days=90))


def invited(cast, wanted):
    now = timezone.now()
    return invite(
        name="Orang Baru",
        login=(IdentifierKind.EMAIL, "baru@contoh.id"),
        office=wanted,
        by=cast[Role.ADMINISTRATOR],
        now=now,
        today=TODAY,
        link=lambda token: token,
    )


@pytest.mark.parametrize("role", sorted(GOVERNMENT_ROLES))
def test_a_role_of_the_government_is_not_given_in_a_unit(cast, role):
    by, person = cast[Role.ADMINISTRATOR], cast[Role.OPD_OPERATOR].user
    wrong = office(role, cast.unit)
    with pytest.raises(StepRefused, match=SENTENCE):
        give_office(person=person, office=wrong, by=by, today=TODAY)
    with pytest.raises(StepRefused, match=SENTENCE):
        invited(cast, wrong)
    assert give_office(person=person, office=office(role, None), by=by, today=TODAY).unit is None
    assert invited(cast, office(role, None)).invitation.unit is None


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_a_role_of_a_unit_is_not_given_without_one(cast, role):
    with pytest.raises(StepRefused, match="pilih unitnya"):
        invited(cast, office(role, None))


def test_an_administrator_may_have_a_unit(cast):
    made = invited(cast, office(Role.ADMINISTRATOR, cast.unit)).invitation
    person = accept_as_new(invitation=made, password="kopi pahit tanpa gula", now=timezone.now())
    assert person.memberships.get().unit == cast.unit


@pytest.mark.parametrize("role", sorted({*GOVERNMENT_ROLES, *UNIT_ROLES}))
@pytest.mark.parametrize("factory", [MembershipFactory, InvitationFactory])
def test_the_database_refuses_the_wrong_place(cast, role, factory):
    wrong = cast.unit if role in GOVERNMENT_ROLES else None
    with pytest.raises(IntegrityError, match="role_has_"), transaction.atomic():
        factory(government=cast.home, role=role, unit=wrong)


def test_the_form_says_it_at_the_unit_and_keeps_what_was_typed(cast, client_as):
    client = client_as(cast[Role.ADMINISTRATOR])
    page = client.post(
        reverse("opd:invite"),
        {
            "name": "Orang Baru",
            "identifier": "baru@contoh.id",
            "role": Role.PLANNER,
            "unit": cast.unit.pk,
            "title": "Perencana",
            "office_status": OfficeStatus.DEFINITIF,
            "valid_from": "20/11/2026",
        },
    )
    assert page.context["form"].errors == {"unit": [SENTENCE]}
    assert "Orang Baru" in page.content.decode()
    assert not Invitation.objects.exists()
    assert not User.objects.filter(name="Orang Baru").exists()
    assert not Membership.objects.filter(role=Role.PLANNER, unit=cast.unit).exists()


def test_the_table_of_invitations_names_the_office_rightly(cast, client_as):
    InvitationFactory(government=cast.home, unit=cast.unit, invited_by=cast[Role.ADMINISTRATOR])
    page = client_as(cast[Role.ADMINISTRATOR]).get(reverse("opd:invitations")).content.decode()
    assert '<th scope="col">Jabatan</th>' in page
    assert "Unit layanan" not in page
