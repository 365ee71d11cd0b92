"""Passwords that are one's own NIP, number, address or name; NIP that cannot be."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opd.actions.accounts import add_identifier, issue_reset_code, reset_password
from opd.actions.invitations import accept_as_new
from opd.enums import IdentifierKind, Role
from opd.models import LoginIdentifier, User
from opd.nip import may_be_nip
from opd.own_words import resembles
from opd.tests.factories import PASSWORD, InvitationFactory, LoginIdentifierFactory
from opd.transitions import StepRefused

NIP, PHONE, EMAIL = "198001012005011001", "+6281234567890", "budi.santoso@kota.contoh.id"
SENTENCE = "mirip dengan nama Anda"


pytestmark = pytest.mark.usefixtures("indonesian")


@pytest.mark.parametrize(
    ("password", "guessed"),
    [
        (NIP, True),
        ("19800101 200501 1 001", True),
        ("198001012005011002", True),
        ("19800101-budi", True),
        ("+6281234567890", True),
        ("081234567890", True),
        ("0812-3456-7890!", True),
        ("81234567890", True),
        ("6281234567890", True),
        (EMAIL, True),
        ("budi.santoso", True),
        ("Budi Santoso 123", True),
        ("santosobudi99", True),
        ("kuda besi makan awan", False),
        ("santoso suka kuda besi", False),
        ("9081726354", False),
    ],
)
def test_what_resembles_oneself(password, guessed):
    logins = [NIP, PHONE, EMAIL]
    assert resembles(password, name="Budi Santoso", logins=logins) is guessed


@pytest.mark.parametrize(
    ("kind", "value", "password"),
    [
        (IdentifierKind.NIP, NIP, NIP),
        (IdentifierKind.PHONE, PHONE, "081234567890"),
        (IdentifierKind.EMAIL, EMAIL, EMAIL),
    ],
)
@pytest.mark.django_db
def test_on_joining_the_invited_identifier_counts(kind, value, password):
    row = InvitationFactory(identifier_kind=kind, identifier_value=value)
    with pytest.raises(ValidationError, match=SENTENCE):
        accept_as_new(invitation=row, password=password, now=timezone.now())
    assert not User.objects.filter(name=row.name).exists()
    assert not LoginIdentifier.objects.exists()
    person = accept_as_new(
        invitation=row, password="kuda besi makan awan", now=timezone.now() + timedelta(minutes=1)
    )
    assert person.check_password("kuda besi makan awan")


def test_on_a_reset_by_code(cast):
    person = cast[Role.OPD_OPERATOR].user
    login = LoginIdentifierFactory(user=person, kind=IdentifierKind.PHONE, value=PHONE)
    now = timezone.now()
    by = cast[Role.ADMINISTRATOR]
    code = issue_reset_code(person=person, by=by, now=now, today=timezone.localdate())
    key = {"login": (IdentifierKind.PHONE, login.value), "code": code, "now": now}
    with pytest.raises(ValidationError, match=SENTENCE):
        reset_password(password="081234567890", **key)
    assert reset_password(password="kuda besi makan awan", **key)


def test_on_a_change_one_sentence_stands_at_the_box(cast, client_as):
    office = cast[Role.OPD_OPERATOR]
    LoginIdentifierFactory(user=office.user, value=NIP)
    page = client_as(office).post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NIP, "password2": NIP},
    )
    (said,) = page.context["form"].errors["password1"]
    assert SENTENCE in said
    office.user.refresh_from_db()
    assert office.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("digits", "fits"),
    [
        ("198001012005011001", True),
        ("199203152023211020", True),  # PPPK
        ("200002292022042003", True),
        ("198013452005011003", False),
        ("198102292005011001", False),
        ("198001012005131001", False),
        ("198001012005001001", False),
        ("198001012005013001", False),
        ("198001011979011001", False),
        ("19800101200501100", False),
    ],
)
def test_what_may_be_a_nip(digits, fits):
    assert may_be_nip(digits) is fits


def test_an_impossible_nip_is_neither_invited_nor_added(cast, client_as):
    wrong = (IdentifierKind.NIP, "198013452005011003")
    by = cast[Role.ADMINISTRATOR]
    person = cast[Role.OPD_OPERATOR].user
    with pytest.raises(StepRefused, match="NIP ini tidak mungkin benar"):
        add_identifier(person=person, login=wrong, by=by, today=timezone.localdate())
    page = client_as(by).post(
        reverse("opd:invite"),
        {
            "name": "Orang Baru",
            "identifier": wrong[1],
            "role": Role.OPD_OPERATOR,
            "unit": cast.unit.pk,
            "title": "Operator",
            "office_status": "definitif",
            "valid_from": "20/11/2026",
        },
    )
    assert "NIP ini tidak mungkin benar" in page.content.decode()
    assert wrong[1] in page.content.decode()


def test_the_lock_out_promises_no_passkey_to_whoever_has_none(db):
    LoginIdentifierFactory(value=NIP)
    client = Client()
    for _n in range(6):
        page = client.post(reverse("account_login"), {"login": NIP, "password": "salah sekali"})
    assert "Jika Anda sudah mendaftarkan passkey" in page.content.decode()
