"""Invented rows of real governments say so on every page that shows them, also on paper."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Activity, WorkPlan
from complaints.models import Complaint
from opd.models import Membership

# Pages that show a row: its own words, or a link to it.
LINK = re.compile(r'href="/app/(workplans|complaints)/(\d+)/')
SKIPPED = re.compile(r"\.(csv|pdf|ics|xlsx)$|/file/|/files/|/download|/logout|/acting|/export")
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
CRUMBS = re.compile(r"<nav.*?</nav>", re.DOTALL)
PAGES = 400


def walk(client: Client) -> dict[str, str]:
    """Every page that links lead to, once for each address; the content of its `main`."""
    waiting, pages = ["/"], {}
    while waiting and len(pages) < PAGES:
        path = waiting.pop(0)
        if path in pages or SKIPPED.search(path):
            continue
        answer = client.get(path, follow=True)
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        page = answer.content.decode()
        found = MAIN.search(page)
        pages[path] = CRUMBS.sub("", found[0]) if found else ""
        links = re.findall(r'href="(/app/[^"#?]*)', page)
        shown = {re.sub(r"\d+", "N", known) for known in [*pages, *waiting]}
        for link in links:
            # One unit, zone or act stands for all; plans and complaints are all looked at.
            pattern = re.sub(r"\d+", "N", link)
            if pattern not in shown or "/workplans/" in link or "/complaints/" in link:
                waiting.append(link)
                shown.add(pattern)
    return pages


@pytest.mark.slow
@pytest.mark.parametrize("slug", ["kota-kediri", "kab-bekasi"])
def test_every_page_with_a_sample_row_is_marked(
    demonstration: date, slug: str, client_as: Callable[[Membership], Client]
) -> None:
    words = {
        *Activity.objects.filter(government__slug=slug, is_sample=True).values_list(
            "title", flat=True
        ),
        *Complaint.objects.filter(government__slug=slug, is_sample=True).values_list(
            "story", flat=True
        ),
    }
    plans = set(
        WorkPlan.objects.filter(government__slug=slug, is_sample=True).values_list("pk", flat=True)
    )
    samples = set(
        Complaint.objects.filter(government__slug=slug, is_sample=True).values_list("pk", flat=True)
    )
    assert words
    assert plans
    today = timezone.localdate()
    offices = Membership.objects.filter(government__slug=slug).valid_on(today)
    doors, unmarked = set(), []
    for office in offices.order_by("role", "pk").distinct("role"):
        for path, page in walk(client_as(office)).items():
            linked = {(kind, int(pk)) for kind, pk in LINK.findall(page)}
            shows = any(word in page for word in words) or any(
                pk in (plans if kind == "workplans" else samples) for kind, pk in linked
            )
            if not shows:
                continue
            doors.add(re.sub(r"\d+", "N", path))
            if "contoh" not in re.sub(r"<[^>]+>", " ", page).lower():
                unmarked.append(f"{office.role} {path}")
    assert not unmarked
    assert {
        "/app/workplans/",
        "/app/workplans/N/",
        "/app/workplans/N/print/",
        "/app/workplans/activities/N/",
        "/app/workplans/activities/N/report/",
        "/app/workplans/activities/N/edit/",
        "/app/workplans/activities/N/drop/",
        "/app/zones/N/",
    } <= doors, doors
