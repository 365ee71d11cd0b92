"""Exactly what the apps list as PUBLIC in their `tests/matrix.py` opens without signing in."""

from django.urls import reverse

from opd.tests.doors import addresses, public_names

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
    assert {address.name for address in addresses() if address.is_public} == public_names()


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
