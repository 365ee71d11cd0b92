"""A passkey from setting it up to signing in with it, in a real Chromium, under our policy."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from integrity_portal.testing.browser import assert_accessible
from opd.enums import Role
from opd.tests.factories import PASSWORD, LoginIdentifierFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def with_virtual_key(page):
    """A platform authenticator that says yes: the fingerprint of a phone."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in(page, login):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit] >> nth=0")


def test_a_passkey_is_made_and_signs_in_while_passwords_are_delayed(browser_page, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["mayor"]
    mayor = LoginIdentifierFactory(user=cast[Role.MAYOR].user)
    page = browser_page()
    with_virtual_key(page)

    sign_in(page, mayor.value)
    page.goto(reverse("opd:account"))
    assert reverse("mfa_index") in page.url, "without a second step only its page opens"
    assert_accessible(page)
    page.goto(reverse("mfa_add_webauthn"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_selector("#mfa_webauthn_add")
    page.fill("[name=name]", "Ponsel dinas")
    page.check("[name=passwordless]")
    assert_accessible(page)
    page.click("#mfa_webauthn_add")
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    assert Authenticator.objects.filter(user=mayor.user, type="webauthn").count() == 1
    page.goto(reverse("opd:account"))
    assert page.url.endswith(reverse("opd:account"))

    page.context.clear_cookies()
    for _ in range(6):
        page.goto(reverse("account_login"))
        page.fill("[name=login]", mayor.value)
        page.fill("[name=password]", "salah salah salah")
        page.click("main button[type=submit] >> nth=0")
        page.wait_for_selector("[role=alert]")
    page.goto(reverse("account_login"))
    page.click("#passkey_login")
    page.wait_for_url(lambda url: reverse("account_login") not in url)
    page.goto(reverse("opd:account"))
    assert page.url.endswith(reverse("opd:account"))
