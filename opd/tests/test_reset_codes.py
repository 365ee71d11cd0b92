"""The one-time code with which somebody sets a new password: the verb and its page."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.urls import reverse

from integrity_portal.core.models import LedgerEntry
from integrity_portal.testing.ledger import newest
from opd.actions.accounts import (
    CODE_LETTERS,
    close_account,
    issue_reset_code,
    reset_password,
)
from opd.enums import IdentifierKind, Role
from opd.models import ResetCode
from opd.tests.factories import LoginIdentifierFactory

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
NEW = "kopi pahit tanpa gula"
pytestmark = pytest.mark.usefixtures("english")


def issue(person, by, now=NOW):
    return issue_reset_code(person=person, by=by, now=now, today=TODAY)


def test_a_code_sets_the_password_once(admin, person, login):
    code = issue(person, admin)

    assert len(code) == 8
    assert set(code) <= set(CODE_LETTERS)
    assert not set("ILOU01") & set(CODE_LETTERS)
    assert newest().verb == "reset_code.issued"
    assert reset_password(
        login=login, code=f" {code[:4].lower()}-{code[4:]} ", password=NEW, now=NOW
    )
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert newest().verb == "reset_code.used"
    assert not reset_password(login=login, code=code, password="lain sama sekali", now=NOW)


def test_only_a_keyed_hash_is_stored(admin, person):
    code = issue(person, admin)

    row = ResetCode.objects.get()
    assert code not in row.code_hash
    assert len(row.code_hash) == 64
    assert code not in str(list(LedgerEntry.objects.values()))


def test_a_code_lives_a_day(admin, person, login):
    code = issue(person, admin)

    late = NOW + timedelta(hours=24)
    assert not reset_password(login=login, code=code, password=NEW, now=late)
    assert reset_password(login=login, code=code, password=NEW, now=late - timedelta(seconds=1))


def test_five_wrong_tries_kill_the_code(admin, person, login):
    code = issue(person, admin)

    for _ in range(5):
        assert not reset_password(login=login, code="WRONG234", password=NEW, now=NOW)

    assert not reset_password(login=login, code=code, password=NEW, now=NOW)
    assert ResetCode.objects.get().failures == 5


def test_four_wrong_tries_do_not(admin, person, login):
    code = issue(person, admin)
    for _ in range(4):
        reset_password(login=login, code="WRONG234", password=NEW, now=NOW)

    assert reset_password(login=login, code=code, password=NEW, now=NOW)


def test_a_new_code_replaces_the_old(admin, person, login):
    old, new = issue(person, admin), issue(person, admin)

    assert not reset_password(login=login, code=old, password=NEW, now=NOW)
    assert reset_password(login=login, code=new, password=NEW, now=NOW)


def test_a_code_fits_only_its_person(cast, admin, person):
    other = LoginIdentifierFactory(user=cast[Role.OPD_HEAD].user)
    code = issue(person, admin)

    assert not reset_password(login=(other.kind, other.value), code=code, password=NEW, now=NOW)


@pytest.mark.parametrize("who", ["unknown", "none", "wrong", "closed"])
def test_every_failure_costs_one_hash(who, admin, person, login, monkeypatch):
    """Wrong code, unknown identifier, closed account: the same work, the same answer."""
    from django.contrib.auth import hashers

    work = []
    real = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda *args: work.append(1) or real(*args)
    )
    code = issue(person, admin)
    if who == "closed":
        close_account(person=person, by=admin, today=TODAY)
    tried = {"unknown": (IdentifierKind.NIP, "199912312020121009"), "none": None}.get(who, login)

    answer = reset_password(
        login=tried, code="WRONG234" if who == "wrong" else code, password=NEW, now=NOW
    )

    assert (answer, len(work)) == (False, 1)


def test_a_password_like_the_name_keeps_the_code_good(admin, person, login):
    person.name = "Bambang Sukarno Putra"
    person.save()
    code = issue(person, admin)

    with pytest.raises(ValidationError):
        reset_password(login=login, code=code, password="bambangsukarnoputra", now=NOW)
    assert reset_password(login=login, code=code, password=NEW, now=NOW)


def test_a_reset_leaves_the_second_factor_and_ends_sessions(admin, person, login, client_as, cast):
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = client_as(cast[Role.OPD_OPERATOR])
    assert client.get(reverse("opd:account")).status_code == 200

    reset_password(login=login, code=issue(person, admin), password=NEW, now=NOW)

    assert Authenticator.objects.filter(user=person).exists()
    assert client.get(reverse("opd:account")).status_code == 302


RESET = {"password1": NEW, "password2": NEW}


@pytest.mark.django_db
def test_the_reset_page_says_the_same_for_all_failures(client, admin, person, login):
    issue_reset_code(person=person, by=admin, now=datetime.now(ZoneInfo("UTC")), today=TODAY)
    pages = []
    for identifier in (login[1], "199912312020121009", "siapa@contoh.id", "junk"):
        values = {**RESET, "identifier": identifier, "code": "WRONG234"}
        response = client.post(reverse("reset"), values)
        assert response.status_code == 200
        form = response.context["form"]
        pages.append((form.errors.as_json(), list(form.errors)))

    assert len({str(page) for page in pages}) == 1
    assert "administrator" in pages[0][0]


@pytest.mark.django_db
def test_the_reset_page_works_end_to_end(client, admin, person, login):
    code = issue_reset_code(person=person, by=admin, now=datetime.now(ZoneInfo("UTC")), today=TODAY)
    values = {**RESET, "identifier": login[1], "code": code}

    response = client.post(reverse("reset"), values)

    assert response.url == reverse("account_login")
    signed_in = client.post(response.url, {"login": login[1], "password": NEW})
    assert signed_in.status_code == 302


@pytest.mark.django_db
def test_the_reset_page_counts_tries_per_identifier(client):
    values = {**RESET, "identifier": "199912312020121009", "code": "WRONG234"}
    seen = [client.post(reverse("reset"), values).status_code for _ in range(10)]
    spaced = client.post(
        reverse("reset"), {**values, "identifier": "19991231 202012 1 009"}, REMOTE_ADDR="10.9.8.7"
    )

    assert set(seen) == {200}
    assert spaced.status_code == 429
    assert int(spaced.headers["Retry-After"]) > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "identifier"),
        ({"password1": "pendek", "password2": "pendek"}, "password1"),
        ({"password1": NEW, "password2": "lain sama sekali"}, "password2"),
        ({"password1": "1234567890", "password2": "1234567890"}, "password1"),
    ],
)
def test_the_reset_page_refuses_bad_input(client, values, field):
    response = client.post(reverse("reset"), values)

    assert response.status_code == 200
    assert field in response.context["form"].errors
