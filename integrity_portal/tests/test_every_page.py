"""Every page that a door of the matrix opens, in a real browser, at phone and desk width.

axe finds nothing serious, nothing scrolls sideways, nothing is requested from elsewhere, no
console error. `PORTAL_SHOTS=folder` keeps a picture of each page.
"""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from integrity_portal.testing.browser import assert_accessible
from opd.tests.doors import Door, doors

PAGES = [door for door in doors() if door.method == "get" and door.is_page]
PUBLIC = ["home", "account_login", "account_reset_password"]


@pytest.mark.e2e
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("door", PAGES, ids=str)
def test_page(door: Door, width: int, cast, browser_page) -> None:
    kwargs = door.kwargs(cast) if door.kwargs else {}
    role = sorted(door.allowed)[0]
    page = browser_page(cast[role], width=width)
    page.goto(reverse(door.url_name, kwargs=kwargs))
    keep_picture(page, f"{door.url_name.replace(':', '-')}-{width}")
    assert_accessible(page)


@pytest.mark.e2e
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(name: str, width: int, cast, browser_page) -> None:
    page = browser_page(width=width)
    page.goto(reverse(name))
    keep_picture(page, f"{name}-{width}")
    assert_accessible(page)


def keep_picture(page, name: str) -> None:
    folder = os.environ.get("PORTAL_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
