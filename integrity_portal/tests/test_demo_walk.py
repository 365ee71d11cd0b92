"""Every role walks every page that its links reach, on the demonstration data, in a browser.

The matrix opens each page once on a small cast; here the pages are full of life. `PORTAL_SHOTS`
keeps a picture of each.
"""

import re

import pytest
from playwright.sync_api import Error

from integrity_portal.tests.test_every_page import look_at
from opd.enums import Role
from opd.models import Membership

DEPTH = 3


# Each role of the invented government, and the mayor with the longest real lists.
OFFICES = [*(("kota-contoh", role) for role in Role), ("kota-kediri", Role.MAYOR)]


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize(("government", "role"), OFFICES)
def test_every_role_walks_the_demonstration(government: str, role: Role, browser_page) -> None:
    offices = Membership.objects.filter(government__slug=government, role=role)
    troubles: list[str] = []

    walked = walk(browser_page(offices.earliest("pk")), f"{government}-{role}", troubles)

    assert walked >= 5
    assert not troubles, "\n\n".join(troubles)


def walk(page, name: str, troubles: list[str]) -> int:
    """One page of each address pattern; returns how many."""
    waiting, seen = [("/", 0)], set()
    while waiting:
        path, depth = waiting.pop(0)
        pattern = re.sub(r"\d+", "N", path.split("?")[0])
        if pattern in seen:
            continue
        seen.add(pattern)
        try:
            answer = page.goto(path)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            continue
        if answer.status != 200:
            troubles.append(f"{name}: {path} answers {answer.status}")
            continue
        if "html" not in answer.headers["content-type"]:
            continue
        try:
            look_at(page, f"{name}-{re.sub('[^a-zA-Z0-9]+', '_', pattern).strip('_')}")
        except AssertionError as trouble:
            troubles.append(f"{name}: {path}\n{trouble}")
        if depth < DEPTH:
            links = page.eval_on_selector_all(
                "a[href^='/app/']", "links => links.map(link => link.getAttribute('href'))"
            )
            waiting += [(link.split("#")[0], depth + 1) for link in links]
    return len(seen)
