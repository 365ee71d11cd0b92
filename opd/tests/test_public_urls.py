"""The exact list of what opens without signing in."""

from django.urls import reverse

from opd.tests.doors import addresses

PUBLIC = {
    # the front door
    "home",
    "healthz",
    "readyz",
    "theme",
    # accounts: links and codes that an administrator gave
    "join",
    "reset",
    # allauth: sign in and out, password by mail, second step
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    # is this document genuine?
    "reports:verify",
    # the admin's own sign-in sends to ours
    "admin:login",
}
# allauth pages that are left out on purpose (docs/adr/0025).
CLOSED = {
    "account_email",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_set_password",
    "account_confirm_login_code",
    "account_request_login_code",
    "socialaccount_connections",
}


def test_exactly_these_addresses_are_public():
    assert {address.name for address in addresses() if address.is_public} == PUBLIC


def test_the_other_pages_of_allauth_do_not_exist():
    assert {address.name for address in addresses()} & CLOSED == set()


def test_sign_up_is_closed(client, db):
    from opd.models import User

    values = {
        "username": "penyusup",
        "password1": "sandi-panjang-1",
        "password2": "sandi-panjang-1",
    }

    for response in (
        client.get(reverse("account_signup")),
        client.post(reverse("account_signup"), values),
    ):
        assert response.status_code == 200
        assert "<form" not in response.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert not User.objects.exists()


def test_the_admin_is_behind_our_sign_in(client, db):
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))
