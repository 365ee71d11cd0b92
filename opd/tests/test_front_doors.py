"""The addresses that stand on posters: the portal's, and each government's short one."""

import pytest
from django.test import Client
from django.urls import reverse

from integrity_portal.testing.browser import assert_accessible
from opd.enums import Role

pytestmark = pytest.mark.django_db


def test_a_governments_short_address_leads_to_its_doors(cast):
    page = Client().get(f"/{cast.home.slug}/")

    assert page.status_code == 200
    text = page.content.decode()
    assert cast.home.official_name in text
    assert cast.away.official_name not in text
    for name in ("complaints:privacy", "complaints:track"):
        assert f'href="{reverse(name, args=[cast.home.slug])}"' in text


def test_an_unknown_government_is_not_here(db):
    assert Client().get("/kota-entah/").status_code == 404


@pytest.mark.e2e
@pytest.mark.parametrize("width", [320, 1280])
def test_the_short_address_reads_well_without_script(width, cast, browser_page):
    page = browser_page(width=width)
    page.goto(f"/{cast.home.slug}/")
    assert_accessible(page)


@pytest.mark.e2e
@pytest.mark.parametrize("width", [320, 1280])
def test_the_proof_of_oneself_wears_the_signed_in_sheet(width, cast, browser_page):
    page = browser_page(cast[Role.MAYOR], width=width)
    page.goto(reverse("account_reauthenticate"))
    assert_accessible(page)
