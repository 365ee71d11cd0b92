"""allauth's pages wear the portal's look and fit its policy: no inline code, no data: picture."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from opd.models import LoginIdentifier
from opd.tests.factories import PASSWORD, LoginIdentifierFactory, MembershipFactory

ANONYMOUS = ["account_login", "account_reset_password", "account_reset_password_done"]
SIGNED_IN = [
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
]


def assert_wears_the_look(page: html.HtmlElement) -> None:
    assert page.find_class("top")
    assert len(page.xpath("//main//h1")) == 1
    assert page.get("lang") == "id"
    assert not page.xpath("//@style | //style | //img[starts-with(@src, 'data:')]")
    assert not page.xpath("//script[not(@src) and not(@type='application/json')]")
    assert not [name for e in page.iter() for name in e.attrib if name.startswith("on")]
    assert not page.xpath("//main//input[not(@type='hidden') and not(@id)]")
    labelled = set(page.xpath("//label/@for"))
    boxes = page.xpath("//main//input[not(@type='hidden') and not(@type='checkbox')]/@id")
    assert set(boxes) <= labelled


@pytest.fixture
def nip(db: None) -> str:
    identifier = LoginIdentifierFactory(user=MembershipFactory().user)
    return str(identifier.value)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANONYMOUS)
def test_pages_before_signing_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert_wears_the_look(html.document_fromstring(response.content))


@pytest.mark.parametrize("name", SIGNED_IN)
def test_pages_of_the_account(client: Client, nip: str, name: str) -> None:
    answer = client.post(reverse("account_login"), {"login": nip, "password": PASSWORD})
    assert answer.status_code == 302
    # allauth asks for the password once more before it changes how one signs in.
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert_wears_the_look(html.document_fromstring(response.content))


def test_a_refused_sign_in_says_so_first_and_keeps_the_name(client: Client, nip: str) -> None:
    response = client.post(reverse("account_login"), {"login": nip, "password": "salah"})
    page = html.document_fromstring(response.content)
    assert len(page.xpath("//*[@data-portal-error-summary]")) == 1
    assert page.xpath("//title")[0].text.startswith("Galat: ")
    assert page.get_element_by_id("id_login").get("value") == nip
    assert not page.get_element_by_id("id_password").get("value")


def test_the_greeting_names_the_person_and_not_the_account(client: Client, nip: str) -> None:
    client.post(reverse("account_login"), {"login": nip, "password": PASSWORD})
    page = html.document_fromstring(client.get(reverse("mfa_index")).content)
    greeting = page.find_class("note")[0].text_content().strip()
    identifier = LoginIdentifier.objects.select_related("user").get(value=nip)
    assert greeting == f"Anda masuk sebagai {identifier.user.name}."


def test_a_wrong_password_does_not_reauthenticate(client: Client, nip: str) -> None:
    client.post(reverse("account_login"), {"login": nip, "password": PASSWORD})
    response = client.post(reverse("account_reauthenticate"), {"password": "salah"})
    assert response.status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 302
