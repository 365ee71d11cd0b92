"""Signing in with any identifier, wrong tries, second factor, asking again, password by mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from opd import letters
from opd.enums import IdentifierKind, Role
from opd.forms.second_factor import AuthenticateForm
from opd.models import Letter
from opd.tests.factories import PASSWORD, LoginIdentifierFactory

NEW = "kopi pahit tanpa gula"
LOGIN = "/accounts/login/"


@pytest.fixture
def mayor(cast):
    user = cast[Role.MAYOR].user
    for kind, value in (
        (IdentifierKind.NIP, "198001012005011001"),
        (IdentifierKind.PHONE, "+6281234567890"),
        (IdentifierKind.EMAIL, "wali.kota.yang.namanya.sangat.panjang.sekali@kota.contoh.id"),
    ):
        LoginIdentifierFactory(user=user, kind=kind, value=value)
    return user


def sign_in(client, login="198001012005011001", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


@pytest.mark.parametrize(
    "login",
    [
        "198001012005011001",
        "19800101 200501 1 001",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "6281234567890",
        " Wali.Kota.Yang.Namanya.Sangat.Panjang.Sekali@Kota.Contoh.ID ",
    ],
)
def test_every_identifier_signs_in(client, mayor, login):
    assert sign_in(client, login).status_code == 302
    assert client.get(reverse("opd:account")).status_code == 200


@pytest.mark.parametrize(
    "login", ["198001012005011002", "mayor", "08", "x" * 121, "'; drop table opd_user; --", "\x00"]
)
def test_others_do_not(client, mayor, login):
    response = sign_in(client, login)

    assert response.status_code == 200
    assert response.context["form"].errors


def test_the_internal_user_name_is_no_identifier(client, mayor):
    assert sign_in(client, mayor.username).status_code == 200


def test_unknown_and_wrong_are_answered_alike(client, mayor):
    pages = [
        sign_in(client, login, "salah salah salah").context["form"].errors.as_json()
        for login in ("198001012005011001", "199912312020121009")
    ]

    assert pages[0] == pages[1]


def test_a_refused_sign_in_is_said_in_indonesian(client, mayor):
    page = sign_in(client, password="salah salah salah").content.decode()
    assert "kata sandi salah. Periksa keduanya" in page
    assert "Identifier or password" not in page


def wrong(client, times, login="198001012005011001"):
    for _ in range(times):
        response = sign_in(client, login, "salah salah salah")
    return response


def sentence(response):
    return str(response.context["form"].non_field_errors())


def test_after_five_wrong_tries_a_sentence_names_the_waiting_time(client, mayor):
    with time_machine.travel("2026-11-20T08:00:00+07:00", tick=False) as clock:
        wrong(client, 5)
        blocked = sign_in(client)
        assert blocked.status_code == 200
        assert "lima menit" in sentence(blocked) or "five minutes" in sentence(blocked)
        assert "passkey" in sentence(blocked)
        clock.shift(timedelta(minutes=5, seconds=1))
        assert sign_in(client).status_code == 302


def test_another_spelling_is_no_further_try(client, mayor):
    for login in ("198001012005011001", "19800101 200501 1 001", "19800101.200501.1.001") * 2:
        sign_in(client, login, "salah salah salah")

    assert sign_in(client).status_code == 200


def test_a_flood_from_one_address_is_answered_with_a_page(client, mayor):
    statuses = [sign_in(client, f"1999123120201210{n:02}").status_code for n in range(61)]

    assert set(statuses[:60]) == {200}
    assert statuses[60] == 429


def test_wrong_tries_hit_only_that_person(cast, client, mayor):
    other = LoginIdentifierFactory(user=cast[Role.SEKDA].user)
    wrong(client, 6)

    assert sign_in(client, other.value).status_code == 302


def test_wrong_tries_from_elsewhere_do_not_end_a_session(cast, client_as, mayor):
    at_work = client_as(cast[Role.MAYOR])
    wrong(Client(REMOTE_ADDR="10.1.1.1"), 20)

    assert at_work.get(reverse("opd:account")).status_code == 200


def test_passkey_sign_in_is_not_counted_with_passwords(client, mayor):
    wrong(client, 20)

    response = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    assert response.status_code == 200
    assert response.json()["request_options"]["publicKey"]["challenge"]


def code_now(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def compulsory(settings):
    settings.SECOND_FACTOR_ROLES = ["mayor", "sekda", "inspectorate", "administrator"]


@pytest.mark.parametrize("role", sorted(Role.values))
def test_who_must_have_a_second_factor_sees_only_its_page(cast, client_as, compulsory, role):
    client = client_as(cast[role])

    response = client.get(reverse("opd:account"))

    if role in ("mayor", "sekda", "inspectorate", "administrator"):
        assert response.url == reverse("mfa_index")
        assert client.get(reverse("home")).url == reverse("mfa_index")
        assert client.post(reverse("opd:membership_switch")).url == reverse("mfa_index")
        assert client.get(reverse("mfa_index")).status_code == 200
    else:
        assert response.status_code == 200


def test_an_office_that_one_does_not_act_in_counts_as_well(cast, client_as, compulsory):
    office = cast[Role.OPD_HEAD]
    cast[Role.SEKDA].user = office.user
    cast[Role.SEKDA].save()

    assert client_as(office).get(reverse("opd:account")).url == reverse("mfa_index")


def activate(client):
    """Through the pages: ask for the password, show the secret, type the code."""
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.status_code == 302
    assert "reauthenticate" in asked.url
    client.post(asked.url, {"password": PASSWORD})
    shown = client.get(reverse("mfa_activate_totp"))
    secret = shown.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    if done.status_code == 200:  # The half-minute of the code ended in between.
        done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    return secret, client.get(done.url)


def test_setting_up_an_app_lets_the_mayor_in(cast, mayor, client, compulsory):
    sign_in(client)
    assert client.get(reverse("opd:account")).url == reverse("mfa_index")

    secret, codes = activate(client)

    assert codes.status_code == 200
    assert len(codes.context["unused_codes"]) == 10
    assert client.get(reverse("opd:account")).status_code == 200
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored, "the secret is sealed in the database"


def second_step(login_response, client, code):
    assert login_response.url == reverse("mfa_authenticate")
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_the_second_step_offers_only_what_the_person_has(mayor, client):
    sign_in(client)
    activate(client)
    fresh = Client()
    page = fresh.get(sign_in(fresh).url).content.decode()
    assert "mfa_webauthn_authenticate" not in page
    Authenticator.objects.create(user=mayor, type=Authenticator.Type.WEBAUTHN, data={})
    form = AuthenticateForm(user=mayor)
    assert form.has_app
    assert form.has_passkey


def test_signing_in_asks_for_the_second_step(mayor, client):
    sign_in(client)
    secret, _codes = activate(client)
    other = Client()

    halfway = sign_in(other)
    assert other.get(reverse("opd:account")).status_code == 302, "half signed in is not in"
    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        wrong_code = second_step(halfway, other, "000000")
        assert wrong_code.status_code == 200
        assert other.get(reverse("opd:account")).status_code == 302
        assert second_step(halfway, other, code_now(secret)).status_code == 302
    assert other.get(reverse("opd:account")).status_code == 200


def test_a_recovery_code_signs_in_once(mayor, client):
    sign_in(client)
    _secret, page = activate(client)
    code = page.context["unused_codes"][0]

    first, second = Client(), Client()
    assert second_step(sign_in(first), first, code).status_code == 302
    assert first.get(reverse("opd:account")).status_code == 200
    assert second_step(sign_in(second), second, code).status_code == 200
    assert second.get(reverse("opd:account")).status_code == 302


def test_second_step_codes_cannot_be_guessed_for_long(mayor, client):
    sign_in(client)
    secret, _page = activate(client)
    other = Client()
    halfway = sign_in(other)
    for _ in range(5):
        second_step(halfway, other, "000000")

    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        assert second_step(halfway, other, code_now(secret)).status_code == 200
    assert other.get(reverse("opd:account")).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_add_webauthn",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stolen_session_is_asked_for_the_password(cast, mayor, client, client_as, name, method):
    sign_in(client)
    activate(client)
    stolen = client_as(cast[Role.MAYOR])

    response = getattr(stolen, method)(reverse(name))

    if response.status_code != 405:
        assert response.status_code == 302
        assert "reauthenticate" in response.url
    assert Authenticator.objects.filter(user=mayor, type="totp").exists()


def test_asking_again_accepts_the_right_password_only(cast, mayor, client):
    sign_in(client)
    where = f"{reverse('account_reauthenticate')}?next={reverse('mfa_index')}"

    refused = client.post(where, {"password": "salah salah salah"})
    accepted = client.post(where, {"password": PASSWORD})

    assert refused.status_code == 200
    assert accepted.status_code == 302


def test_a_stolen_session_does_not_change_the_password_without_the_old_one(cast, client_as, mayor):
    stolen = client_as(cast[Role.MAYOR])

    response = stolen.post(
        reverse("account_change_password"),
        {"oldpassword": "salah salah salah", "password1": NEW, "password2": NEW},
    )

    assert response.status_code == 200
    mayor.refresh_from_db()
    assert mayor.check_password(PASSWORD)


def test_changing_the_password_ends_other_sessions_and_the_duty_to_change(cast, client_as, mayor):
    mayor.must_change_password = True
    mayor.save()
    here, elsewhere = client_as(cast[Role.MAYOR]), client_as(cast[Role.MAYOR])
    assert here.get(reverse("opd:account")).url == reverse("account_change_password")

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    assert here.get(reverse("opd:account")).status_code == 200
    assert elsewhere.get(reverse("opd:account")).status_code == 302
    assert LedgerEntry.objects.filter(verb="account.password_changed").exists()


def ask_by_mail(client, address):
    client.post(reverse("account_reset_password"), {"email": address})
    for pk in letters.due(timezone.now()):
        letters.deliver(pk=pk, now=timezone.now())
    return mail.outbox


def test_a_verified_address_gets_a_link_that_sets_the_password(client, mayor):
    EmailAddress.objects.create(user=mayor, email="wk@kota.contoh.id", verified=True, primary=True)

    outbox = ask_by_mail(client, "WK@kota.contoh.id")

    assert len(outbox) == 1
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", outbox[0].body)[1]
    assert mayor.username not in outbox[0].body
    form = client.get(link, follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    mayor.refresh_from_db()
    assert mayor.check_password(NEW)
    assert client.get(reverse("opd:account")).status_code == 302, "a link does not sign in"


@pytest.mark.parametrize("verified", [False, None])
def test_other_addresses_get_no_mail_and_the_same_answer(client, mayor, verified):
    if verified is False:
        EmailAddress.objects.create(user=mayor, email="wk@kota.contoh.id", verified=False)

    response = client.post(reverse("account_reset_password"), {"email": "wk@kota.contoh.id"})

    assert response.url == reverse("account_reset_password_done")
    assert not Letter.objects.exists()


def test_signing_out_takes_a_click(cast, client_as):
    client = client_as(cast[Role.MAYOR])

    client.get(reverse("account_logout"))
    assert client.get(reverse("opd:account")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("opd:account")).status_code == 302


def test_signing_in_does_not_lead_elsewhere(client, mayor):
    response = client.post(
        f"{LOGIN}?next=https://evil.example/", {"login": "198001012005011001", "password": PASSWORD}
    )

    assert response.url == reverse("home")


def test_signed_in_pages_stay_in_no_cache(cast, client_as):
    response = client_as(cast[Role.MAYOR]).get(reverse("opd:account"))

    assert "no-store" in response.headers["Cache-Control"]
