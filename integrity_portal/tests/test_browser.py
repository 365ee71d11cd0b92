"""The fixture that journeys stand on."""

from collections.abc import Callable
from typing import Any

import pytest

from integrity_portal.testing.browser import assert_accessible, chromium_path
from opd.enums import Role
from opd.tests.fixtures import Cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_home_page_is_accessible(
    browser_page: Callable[..., Any], cast: Cast, width: int
) -> None:
    page = browser_page(width=width)
    response = page.goto("/")
    assert response.status == 200
    assert page.locator("html").get_attribute("lang") == "id"
    assert page.locator("main h1").count() == 1
    assert_accessible(page)


def test_a_membership_is_signed_in_by_its_session(
    browser_page: Callable[..., Any], cast: Cast
) -> None:
    stranger, head = browser_page(), browser_page(cast[Role.OPD_HEAD])
    for page in (stranger, head):
        page.goto("/accounts/2fa/")
    assert "/accounts/login/" in stranger.url
    assert "/accounts/login/" not in head.url


def test_a_browser_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert chromium_path() == ""
