"""Invitations from the administrator's form to the first sign-in."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from opd import letters
from opd.actions.invitations import accept_as, accept_as_new, invite, withdraw_invitation
from opd.enums import IdentifierKind, InvitationState, OfficeStatus, Role
from opd.invitation_links import missing_to_accept, token_hash
from opd.models import Invitation, Letter, Membership, User
from opd.offices import Office
from opd.tests.factories import PASSWORD, LoginIdentifierFactory, MembershipFactory
from opd.transitions import StepRefused

NEW = "kopi pahit tanpa gula"
EMAIL = (IdentifierKind.EMAIL, "baru@contoh.id")
NIP = (IdentifierKind.NIP, "199001012015011001")


pytestmark = pytest.mark.usefixtures("english")


def make(cast, login=NIP, by=None, now=None, **values):
    now = now or timezone.now()
    office = Office(
        **{
            "role": Role.OPD_OPERATOR,
            "unit": cast.unit,
            "title": "Operator Dinas Satu",
            "office_status": OfficeStatus.PLT,
            "valid_from": date(2026, 1, 1),
            "acts_below": True,
            **values,
        }
    )
    return invite(
        name="Orang Baru",
        login=login,
        office=office,
        by=by or cast[Role.ADMINISTRATOR],
        now=now,
        today=timezone.localdate(now),
        link=lambda token: f"https://portal.contoh/join/{token}/",
    )


def token_of(made):
    return made.link.rstrip("/").rsplit("/", 1)[-1]


def page(made):
    return reverse("join", kwargs={"token": token_of(made)})


def test_only_the_hash_of_the_token_is_stored(cast):
    made = make(cast)

    stored = str(Invitation.objects.filter(pk=made.invitation.pk).values())
    assert token_of(made) not in stored
    assert made.invitation.token_hash == token_hash(token_of(made))
    entry = LedgerEntry.objects.get(verb="invitation.made")
    assert "199001012015011001" not in str(entry.codes)


def test_an_invited_address_gets_the_link_by_mail(cast):
    made = make(cast, login=EMAIL)

    letter = Letter.objects.get()
    assert token_of(made) not in letter.sealed
    letters.deliver(pk=letter.pk, now=timezone.now())
    assert mail.outbox[0].to == ["baru@contoh.id"]
    assert made.link in mail.outbox[0].body


def test_a_nip_gets_no_mail(cast):
    make(cast)

    assert not Letter.objects.exists()


@pytest.mark.parametrize("login", [EMAIL, NIP, (IdentifierKind.PHONE, "+6281234567890")])
def test_accepting_makes_account_identifier_and_office(cast, client, login):
    made = make(cast, login=login)
    assert client.get(page(made)).status_code == 200

    response = client.post(page(made), {"password1": NEW, "password2": NEW})

    assert response.url == reverse("account_login")
    office = Membership.objects.get(user__name="Orang Baru")
    assert (office.unit, office.role, office.office_status, office.acts_below) == (
        cast.unit,
        Role.OPD_OPERATOR,
        OfficeStatus.PLT,
        True,
    )
    signed_in = client.post(reverse("account_login"), {"login": login[1], "password": NEW})
    assert signed_in.status_code == 302
    assert client.get(reverse("opd:account")).status_code == 200
    verified = EmailAddress.objects.filter(user=office.user, verified=True, email=login[1])
    assert verified.exists() == (login == EMAIL)
    assert LedgerEntry.objects.filter(verb="invitation.accepted").exists()


def test_a_link_works_once(cast, client):
    made = make(cast)
    client.post(page(made), {"password1": NEW, "password2": NEW})

    for response in (
        client.get(page(made)),
        client.post(page(made), {"password1": NEW, "password2": NEW}),
    ):
        assert response.status_code == 410
    assert User.objects.filter(name="Orang Baru").count() == 1


def test_a_link_lives_seven_days(cast, client):
    with time_machine.travel("2026-11-20T08:00:00+07:00", tick=False) as clock:
        made = make(cast)
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        assert client.get(page(made)).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(page(made)).status_code == 410


def test_a_withdrawn_link_leads_nowhere(cast, client):
    made = make(cast)
    now = timezone.now()

    withdraw_invitation(invitation=made.invitation, by=cast[Role.ADMINISTRATOR], now=now)

    assert client.get(page(made)).status_code == 410
    assert LedgerEntry.objects.filter(verb="invitation.withdrawn").exists()
    with pytest.raises(StepRefused, match="already withdrawn"):
        withdraw_invitation(invitation=made.invitation, by=cast[Role.ADMINISTRATOR], now=now)


def test_an_unknown_token_is_answered_kindly(client, db):
    response = client.get(reverse("join", kwargs={"token": "x" * 43}))

    assert response.status_code == 404
    assert b"<h1>" in response.content


def test_a_second_link_replaces_the_first(cast, client):
    first, second = make(cast), make(cast)

    assert client.get(page(first)).status_code == 410
    assert client.get(page(second)).status_code == 200


def test_a_link_dies_with_the_office_of_who_wrote_it(cast, client):
    made = make(cast)
    admin = cast[Role.ADMINISTRATOR]
    admin.valid_to = timezone.localdate() - timedelta(days=2)
    admin.save()

    assert client.get(page(made)).status_code == 410


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"password1": "", "password2": ""}, "password1"),
        ({"password1": "pendek", "password2": "pendek"}, "password1"),
        ({"password1": "orang baru 1", "password2": "orang baru 1"}, "password1"),
        ({"password1": NEW, "password2": NEW + "x"}, "password2"),
    ],
)
def test_bad_passwords_are_refused_with_a_sentence(cast, client, values, field):
    made = make(cast)

    response = client.post(page(made), values)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not User.objects.filter(name="Orang Baru").exists()


@pytest.fixture
def known(cast):
    """Somebody of the other government who already has an account."""
    user = cast.away_offices[Role.OPD_HEAD].user
    LoginIdentifierFactory(user=user, kind=NIP[0], value=NIP[1])
    return user


def test_an_existing_account_agrees_after_signing_in(cast, known, client):
    made = make(cast)
    shown = client.get(page(made))
    assert b"password1" not in shown.content
    assert client.post(page(made), {"password1": NEW, "password2": NEW}).status_code == 200
    known.refresh_from_db()
    assert known.check_password(PASSWORD), "a link must not set the password of an account"

    where = f"{reverse('account_login')}?next={page(made)}"
    signed_in = client.post(where, {"login": NIP[1], "password": PASSWORD})
    assert signed_in.url == page(made)
    accepted = client.post(page(made))

    assert accepted.url == reverse("opd:offices")
    assert known.memberships.filter(government=cast.home, unit=cast.unit).count() == 1
    assert LedgerEntry.objects.filter(verb="invitation.accepted").exists()


def test_somebody_elses_session_does_not_accept(cast, known, client_as):
    made = make(cast)
    stranger = client_as(cast[Role.OPD_OPERATOR])

    assert stranger.post(page(made)).status_code == 200
    assert not cast.home.memberships.filter(user=known).exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_new_invitation_is_not_taken_by_who_is_signed_in(cast, client_as):
    made = make(cast)
    client = client_as(cast[Role.OPD_OPERATOR])

    response = client.post(page(made), {"password1": NEW, "password2": NEW})

    assert response.status_code == 200
    assert not User.objects.filter(name="Orang Baru").exists()


def test_the_verbs_refuse_what_the_page_never_sends(cast, known):
    made = make(cast)
    with pytest.raises(StepRefused, match="already an account"):
        accept_as_new(invitation=made.invitation, password=NEW, now=timezone.now())
    with pytest.raises(StepRefused, match="another account"):
        accept_as(invitation=made.invitation, person=cast[Role.SEKDA].user, now=timezone.now())
    accept_as(invitation=made.invitation, person=known, now=timezone.now())
    with pytest.raises(StepRefused, match="already used"):
        accept_as(invitation=made.invitation, person=known, now=timezone.now())
    with pytest.raises(StepRefused, match="already accepted"):
        withdraw_invitation(
            invitation=made.invitation, by=cast[Role.ADMINISTRATOR], now=timezone.now()
        )


def test_what_may_not_be_given_may_not_be_offered(cast):
    unit_admin = MembershipFactory(
        government=cast.home, role=Role.ADMINISTRATOR, unit=cast.unit, title="Administrator Dinas"
    )
    for values in (
        {"role": Role.MAYOR, "unit": None},
        {"role": Role.ADMINISTRATOR},
        {"role": Role.INSPECTORATE},
        {"unit": cast.other_unit},
        {"unit": cast.away_unit},
    ):
        with pytest.raises(PermissionDenied):
            make(cast, by=unit_admin, **values)
    assert make(cast, by=unit_admin, unit=cast.below).invitation.unit == cast.below


def test_nobody_invites_himself(cast):
    admin = cast[Role.ADMINISTRATOR]
    LoginIdentifierFactory(user=admin.user, kind=NIP[0], value=NIP[1])

    with pytest.raises(PermissionDenied, match="himself"):
        make(cast, role=Role.MAYOR, unit=None)


def test_an_invitation_of_the_other_branch_is_not_seen(cast, client_as):
    unit_admin = MembershipFactory(
        government=cast.home, role=Role.ADMINISTRATOR, unit=cast.unit, title="Administrator Dinas"
    )
    made = make(cast, unit=cast.other_unit)

    client = client_as(unit_admin)
    url = reverse("opd:invitation_withdraw", kwargs={"pk": made.invitation.pk})

    assert client.post(url).status_code == 404
    assert "Orang Baru" not in client.get(reverse("opd:invitations")).content.decode()


def test_the_form_shows_the_link_once(cast, client_as):
    client = client_as(cast[Role.ADMINISTRATOR])
    values = {
        "name": "Orang Baru",
        "identifier": "19900101 201501 1 001",
        "role": "opd_operator",
        "unit": cast.unit.pk,
        "title": "Operator",
        "office_status": "definitif",
        "valid_from": "1 Januari 2026",
        "valid_to": "",
    }

    response = client.post(reverse("opd:invite"), values)

    link = re.search(r'value="(http[^"]+/join/[^"]+)"', response.content.decode())[1]
    assert Client().get(link.split("localhost:8000", 1)[1]).status_code == 200
    listed = client.get(reverse("opd:invitations")).content.decode()
    assert "Orang Baru" in listed
    assert "/join/" not in listed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identifier": "123"}, "identifier"),
        ({"name": ""}, "name"),
        ({"role": "emperor"}, "role"),
        ({"valid_from": "30/02/2026"}, "valid_from"),
        ({"unit": "999999"}, "unit"),
        ({"title": "x" * 151}, "title"),
        ({"unit": ""}, "unit"),
        ({"valid_to": "1 Januari 2025"}, "__all__"),
    ],
)
def test_bad_input_keeps_what_was_typed(cast, client_as, change, field):
    values = {
        "name": "Orang <b>Baru</b>",
        "identifier": "199001012015011001",
        "role": "opd_operator",
        "unit": cast.unit.pk,
        "title": "Operator",
        "office_status": "definitif",
        "valid_from": "1/1/2026",
        **change,
    }

    response = client_as(cast[Role.ADMINISTRATOR]).post(reverse("opd:invite"), values)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    if field != "name":
        assert "Orang &lt;b&gt;Baru&lt;/b&gt;" in response.content.decode()
    assert not Invitation.objects.exists()


def test_states_of_an_invitation(cast):
    now = timezone.now()
    row = make(cast).invitation

    assert row.state_at(now) == InvitationState.OPEN
    assert row.state_at(now + timedelta(days=8)) == InvitationState.EXPIRED
    assert missing_to_accept(row, now) == ""
    row.withdrawn_at = now
    assert row.state_at(now) == InvitationState.WITHDRAWN
    row.withdrawn_at, row.accepted_at = None, now
    assert row.state_at(now) == InvitationState.ACCEPTED
