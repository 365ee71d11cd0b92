"""Every page and mail that allauth can show or send speaks the portal's own words."""

import gettext
import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.test.signals import template_rendered
from django.urls import get_resolver, reverse
from django.utils import translation
from lxml import html

from integrity_portal.core import crypto
from opd.models import Letter
from opd.tests.factories import PASSWORD, LoginIdentifierFactory, MembershipFactory

OURS = Path(settings.BASE_DIR) / "templates"
LIBRARY = Path(allauth.__file__).parent
# Mails of allauth that nothing here can trigger, each with its reason.
NEVER = {
    "account/email/account_already_exists": "sign-up is closed",
    "account/email/unknown_account": "unknown addresses get no mail",
    "account/email/email_confirmation": "addresses are verified by whoever invites",
    "account/email/email_confirmation_signup": "sign-up is closed",
    "account/email/email_confirm": "people do not manage addresses themselves",
    "account/email/email_changed": "people do not manage addresses themselves",
    "account/email/email_deleted": "people do not manage addresses themselves",
    "account/email/login_code": "there is no sign-in by mailed code",
    "account/email/password_reset_code": "passwords are reset by link",
}
MAILS = [
    "account/email/password_reset_key",
    "account/email/password_reset",
    "account/email/password_changed",
    "account/email/password_set",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "mfa/email/recovery_codes_generated",
]
SAID = {
    "email": "wk@kota.contoh.id",
    "password_reset_url": "https://portal.contoh/accounts/password/reset/key/1-abc/",
    "ip": "203.0.113.9",
    "user_agent": "Peramban Rahasia",
}


def origin(name: str) -> Path:
    return Path(get_template(name).template.origin.name)


def test_the_list_of_mails_is_the_librarys() -> None:
    """A new version of the library that sends one more is noticed here."""
    named = {
        found
        for app in ("account", "mfa")
        for path in (LIBRARY / app).rglob("*.py")
        if "tests" not in path.parts
        for found in re.findall(r'"((?:account|mfa)/email/\w+)"', path.read_text())
    }
    assert named <= {*MAILS, *NEVER}
    there = {
        str(path.relative_to(LIBRARY / "templates")).removesuffix("_subject.txt")
        for app in ("account", "mfa")
        for path in (LIBRARY / "templates" / app / "email").glob("*_subject.txt")
    }
    assert there == {*MAILS, *NEVER}


@pytest.mark.parametrize("prefix", MAILS)
def test_a_mail_is_ours_in_both_languages(prefix: str) -> None:
    used: set[Path] = set()

    def note(sender, template, **_rest):
        used.add(Path(template.origin.name))

    texts = {}
    template_rendered.connect(note)
    try:
        for language in ("id", "en"):
            with translation.override(language):
                mail = get_adapter().render_mail(prefix, SAID["email"], SAID)
            texts[language] = (mail.subject, mail.body)
    finally:
        template_rendered.disconnect(note)
    assert len(used) >= 2
    assert all(path.is_relative_to(OURS) for path in used), used
    (subject, body), (other_subject, other_body) = texts["id"], texts["en"]
    assert subject
    assert subject != other_subject
    assert body != other_body
    for _subject, body in texts.values():
        assert not re.search(r"<\w+|&\w+;|{{|{%", body)
        assert SAID["ip"] not in body
        assert SAID["user_agent"] not in body
        assert SAID["email"] not in body
        assert len(body.splitlines()) >= 3
        assert ("https://" in body) == (prefix == "account/email/password_reset_key")


def letters() -> list[str]:
    found = Letter.objects.order_by("pk")
    return [
        f"{row.kind}: "
        + crypto.open_sealed(row.sealed, table="opd_letter", column="sealed", row=row.public_id)
        for row in found
    ]


@pytest.fixture
def office(db):
    row = MembershipFactory()
    EmailAddress.objects.create(user=row.user, email=SAID["email"], verified=True, primary=True)
    return row


@pytest.fixture
def signed_in(office, client: Client) -> Client:
    nip = LoginIdentifierFactory(user=office.user).value
    client.post(reverse("account_login"), {"login": nip, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_the_person_is_told_of_changes(
    signed_in: Client, office, django_capture_on_commit_callbacks
) -> None:
    TOTP.activate(office.user, generate_totp_secret())
    new = {"oldpassword": PASSWORD, "password1": "kopi tanpa gula", "password2": "kopi tanpa gula"}
    for name, data in (
        ("mfa_generate_recovery_codes", {}),
        ("mfa_deactivate_totp", {}),
        ("account_change_password", new),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            signed_in.post(reverse(name), data)
    told = letters()
    assert [text.split(":")[0] for text in told] == [
        "recovery_codes_generated",
        "totp_deactivated",
        "password_changed",
    ]
    assert "Kata sandi diganti" in told[2]
    assert "kopi tanpa gula" not in "".join(told)


# Pages before signing in and after; the others are asked for below, each in its state.
ENABLED = {
    name
    for name in get_resolver().reverse_dict
    if isinstance(name, str) and name.startswith(("account_", "mfa_"))
}
ANSWERS = {"mfa_login_webauthn": "JSON", "mfa_download_recovery_codes": "a text file"}
BEFORE = {
    "account_login",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
}
KEY = {"mfa_remove_webauthn", "mfa_edit_webauthn"}
AFTER = ENABLED - BEFORE - KEY - set(ANSWERS)


def own_words() -> set[str]:
    folder = settings.BASE_DIR / "locale" / "id" / "LC_MESSAGES"
    with (folder / "django.mo").open("rb") as file:
        return set(gettext.GNUTranslations(file)._catalog.values())  # type: ignore[attr-defined]


def assert_ours(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == 200, address
    files = {Path(t.origin.name) for t in response.templates if t.origin and t.name}
    theirs = [p for p in files if "allauth" in p.parts and "snippets" not in p.parts]
    theirs = [p for p in theirs if not p.is_relative_to(OURS)]
    assert theirs == [], address
    assert OURS / "base.html" in files
    page = html.document_fromstring(response.content)
    title = " ".join(page.xpath("//title")[0].text.split()).partition(" - ")[0]
    words = own_words()
    assert title in words, title
    (heading,) = page.xpath("//main//h1")
    assert " ".join(heading.text_content().split()) in words
    labels = {
        " ".join(e.text.split()) for e in page.xpath("//main//label") if (e.text or "").strip()
    }
    assert labels <= words, labels - words
    for button in page.xpath("//main//button | //main//a[contains(@class, 'btn')]"):
        text = " ".join((button.text or "").split())
        assert text in words, text
    return page


def with_factors(user) -> Authenticator:
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Kunci", "credential": {}}
    )


@pytest.mark.django_db
def test_every_enabled_address_is_looked_at() -> None:
    assert BEFORE | AFTER | KEY | set(ANSWERS) == ENABLED
    assert {"account_logout", "mfa_index", "mfa_reauthenticate"} <= AFTER


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BEFORE - {"mfa_authenticate"}))
def test_a_page_before_signing_in_is_ours(client: Client, name: str) -> None:
    kwargs = {"uidb36": "1", "key": "x-y"} if name == "account_reset_password_from_key" else {}
    page = assert_ours(client, reverse(name, kwargs=kwargs))
    assert page.xpath("//main//form | //main//a[@href]"), "a way on"


def test_the_second_step_of_signing_in_is_ours(office, client: Client) -> None:
    nip = LoginIdentifierFactory(user=office.user).value
    with_factors(office.user)
    Authenticator.objects.filter(type="webauthn").delete()
    client.post(reverse("account_login"), {"login": nip, "password": PASSWORD})
    assert_ours(client, reverse("mfa_authenticate"))


def test_the_link_of_the_mail_is_ours(office, client: Client) -> None:
    client.post(reverse("account_reset_password"), {"email": SAID["email"]})
    (letter,) = letters()
    address = re.search(r"/accounts/password/reset/key/[\w-]+/", letter)
    assert address
    response = client.get(address[0])
    page = assert_ours(client, response.url)
    assert page.get_element_by_id("id_password1") is not None


@pytest.mark.parametrize("factors", [False, True])
@pytest.mark.parametrize("name", sorted(AFTER))
def test_a_page_of_the_account_is_ours(
    signed_in: Client, office, name: str, factors, monkeypatch
) -> None:
    # The library asks the key itself for what it shows; these keys are none.
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.begin_authentication", lambda user: {})
    needs = {
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
    if factors and name != "mfa_activate_totp":
        key = with_factors(office.user)
        if name == "mfa_add_webauthn":
            key.delete()
    elif name in needs:
        assert signed_in.get(reverse(name)).status_code in (302, 404)
        return
    page = assert_ours(signed_in, reverse(name))
    assert page.xpath("//main//form | //main//a[contains(@class, 'btn')]"), "a way on"


@pytest.mark.parametrize("name", sorted(KEY))
def test_a_page_of_one_key_is_ours(signed_in: Client, office, name: str) -> None:
    key = with_factors(office.user)
    assert_ours(signed_in, reverse(name, kwargs={"pk": key.pk}))


def test_a_passkey_carries_the_persons_name(office) -> None:
    from allauth.mfa.adapter import get_adapter as second_factor

    entity = second_factor().get_public_key_credential_user_entity(office.user)
    assert (entity["name"], entity["display_name"]) == (office.user.name, office.user.name)


@pytest.mark.parametrize(
    "name",
    [
        "account/messages/logged_out",
        "account/messages/password_changed",
        "mfa/messages/totp_activated",
        "mfa/messages/totp_deactivated",
        "mfa/messages/webauthn_added",
        "mfa/messages/webauthn_removed",
        "mfa/messages/recovery_codes_generated",
    ],
)
def test_the_sentence_after_a_change_is_ours(name: str) -> None:
    assert origin(f"{name}.txt").is_relative_to(OURS)
