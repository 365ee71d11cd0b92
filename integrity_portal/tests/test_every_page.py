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
@pytest.mark.slow
@pytest.mark.parametrize("door", PAGES, ids=str)
def test_page(door: Door, cast, browser_page) -> None:
    kwargs = door.kwargs(cast) if door.kwargs else {}
    page = browser_page(cast[min(door.allowed)])
    page.goto(reverse(door.url_name, kwargs=kwargs))
    look_at(page, door.url_name.replace(":", "-"))


@pytest.mark.e2e
@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(name: str, cast, browser_page) -> None:
    page = browser_page()
    page.goto(reverse(name))
    look_at(page, name)


def look_at(page, name: str) -> None:
    """The page as it stands, on a desk and on a small phone."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        keep_picture(page, f"{name}-{width}")
        assert_accessible(page)


def keep_picture(page, name: str) -> None:
    folder = os.environ.get("PORTAL_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
