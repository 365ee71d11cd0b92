"""An account is closed, renamed, loses its second factor, gains and loses identifiers and sessions."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from integrity_portal.core.models import LedgerEntry
from integrity_portal.testing.ledger import newest
from opd import letters
from opd.actions.accounts import (
    add_identifier,
    close_account,
    end_sessions,
    remove_identifier,
    remove_second_factor,
    rename_person,
    reopen_account,
)
from opd.enums import FactorRemoval, IdentifierKind, Role
from opd.models import Letter
from opd.tests.factories import PASSWORD
from opd.transitions import StepRefused

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
pytestmark = pytest.mark.usefixtures("english")


def test_a_closed_account_is_out_at_once_and_stays_out(cast, admin, person, login, client_as):
    client = client_as(cast[Role.OPD_OPERATOR])

    close_account(person=person, by=admin, today=TODAY)

    assert newest().verb == "account.closed"
    assert client.get(reverse("opd:account")).status_code == 302
    with pytest.raises(StepRefused, match="already closed"):
        close_account(person=person, by=admin, today=TODAY)
    signing_in = Client().post(reverse("account_login"), {"login": login[1], "password": PASSWORD})
    assert signing_in.status_code == 200

    reopen_account(person=person, by=admin, today=TODAY)

    assert newest().verb == "account.reopened"
    assert client.get(reverse("opd:account")).status_code == 302, "the old session came back"
    with pytest.raises(StepRefused, match="already open"):
        reopen_account(person=person, by=admin, today=TODAY)


def test_removing_a_second_factor_tells_the_person(cast, admin, unit_admin, person):
    add_identifier(
        person=person, login=(IdentifierKind.EMAIL, "operator@contoh.id"), by=admin, today=TODAY
    )
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    values = {"person": person, "reason": FactorRemoval.LOST, "now": NOW, "today": TODAY}

    with pytest.raises(PermissionDenied, match="government"):
        remove_second_factor(by=unit_admin, **values)
    remove_second_factor(by=admin, **values)

    assert not Authenticator.objects.filter(user=person).exists()
    assert (newest().verb, newest().codes) == ("second_factor.removed", {"reason": "lost"})
    letter = Letter.objects.get()
    assert "operator@contoh.id" not in letter.sealed
    assert letters.due(NOW) == [letter.pk]
    assert letters.deliver(pk=letter.pk, now=NOW)
    assert mail.outbox[0].to == ["operator@contoh.id"]
    letter.refresh_from_db()
    assert (letter.job_state, letter.sealed) == ("done", "")
    assert not letters.deliver(pk=letter.pk, now=NOW), "sent once"
    with pytest.raises(StepRefused, match="no second"):
        remove_second_factor(by=admin, **values)


def test_identifiers_are_added_and_removed(cast, admin, person, login):
    values = {"by": admin, "today": TODAY}
    add_identifier(person=person, login=(IdentifierKind.EMAIL, "satu@contoh.id"), **values)
    add_identifier(person=person, login=(IdentifierKind.EMAIL, "dua@contoh.id"), **values)
    assert newest().verb == "identifier.added"
    assert "satu" not in str(newest().codes)
    person.refresh_from_db()
    assert person.email == "satu@contoh.id"
    assert EmailAddress.objects.filter(user=person, verified=True).count() == 2
    with pytest.raises(StepRefused, match="Another account"):
        add_identifier(
            person=cast[Role.OPD_HEAD].user,
            login=(IdentifierKind.EMAIL, "satu@contoh.id"),
            **values,
        )

    first = person.identifiers.get(value="satu@contoh.id")
    remove_identifier(identifier=first, **values)

    assert newest().verb == "identifier.removed"
    person.refresh_from_db()
    assert person.email == "dua@contoh.id"
    assert EmailAddress.objects.get(user=person).primary
    remove_identifier(identifier=person.identifiers.get(value="dua@contoh.id"), **values)
    person.refresh_from_db()
    assert person.email == ""
    with pytest.raises(StepRefused, match="only way"):
        remove_identifier(identifier=person.identifiers.get(), **values)


def test_renaming_leaves_the_name_out_of_the_ledger(admin, person):
    rename_person(person=person, name="Siti Aminah", by=admin, today=TODAY)

    person.refresh_from_db()
    assert person.name == "Siti Aminah"
    assert (newest().verb, newest().codes) == ("account.renamed", {})


def test_ending_ones_sessions_keeps_the_one_in_hand(cast, client_as):
    here, elsewhere = client_as(cast[Role.OPD_HEAD]), client_as(cast[Role.OPD_HEAD])

    response = here.post(reverse("opd:sessions_end"))

    assert response.status_code == 302
    assert here.get(reverse("opd:account")).status_code == 200
    assert elsewhere.get(reverse("opd:account")).status_code == 302
    assert LedgerEntry.objects.filter(verb="account.sessions_ended").exists()
    end_sessions(person=cast[Role.OPD_HEAD].user, by=None)
    assert here.get(reverse("opd:account")).status_code == 302
