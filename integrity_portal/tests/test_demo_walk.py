"""Every role walks every page that its links reach, on the demonstration data, in a browser.

The matrix opens each page once on a small cast; here the pages are full of life. `PORTAL_SHOTS`
keeps a picture of each.
"""

import re

import pytest
from django.core.management import call_command

from integrity_portal.testing.browser import assert_accessible
from integrity_portal.tests.test_every_page import keep_picture
from opd.enums import Role
from opd.models import Membership

FILES = re.compile(r"\.(csv|pdf|ics|xlsx)$|/file/|/files/|/download|/scan/$|/text/$")
DEPTH = 3


@pytest.mark.e2e
@pytest.mark.slow
def test_every_role_walks_the_demonstration(transactional_db, browser_page) -> None:
    call_command("load_demo", verbosity=0)
    troubles: list[str] = []
    walked = {}

    for office in offices():
        for width in (1280, 320):
            page = browser_page(office, width=width)
            name = f"{office.government.slug}-{office.role}-{width}"
            walked[office.role, width] = walk(page, name, troubles)
            page.context.close()

    assert {role for role, _ in walked} == set(Role)
    assert min(walked.values()) >= 5
    assert not troubles, "\n\n".join(troubles)


def offices() -> list[Membership]:
    """One of each role of the invented government, and the mayor with the longest real lists."""
    invented = Membership.objects.filter(government__is_sample=True).order_by("role", "pk")
    real = Membership.objects.filter(government__slug="kota-kediri", role=Role.MAYOR)
    return [*invented.distinct("role"), *real[:1]]


def walk(page, name: str, troubles: list[str]) -> int:
    """One page of each address pattern; returns how many."""
    waiting, seen = [("/", 0)], set()
    while waiting:
        path, depth = waiting.pop(0)
        pattern = re.sub(r"\d+", "N", path.split("?")[0])
        if pattern in seen or FILES.search(pattern):
            continue
        seen.add(pattern)
        answer = page.goto(path)
        if answer.status != 200:
            troubles.append(f"{name}: {path} answers {answer.status}")
            continue
        keep_picture(page, f"{name}-{re.sub('[^a-zA-Z0-9]+', '_', pattern).strip('_')}")
        try:
            assert_accessible(page)
        except AssertionError as trouble:
            troubles.append(f"{name}: {path}\n{trouble}")
        if depth < DEPTH:
            links = page.eval_on_selector_all(
                "a[href^='/app/']", "links => links.map(link => link.getAttribute('href'))"
            )
            waiting += [(link.split("#")[0], depth + 1) for link in links]
    return len(seen)
