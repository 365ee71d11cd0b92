"""The page of a plan costs the same for 5 indicators and for 300 over five years."""

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from assessments.models import Plan
from assessments.tests.factories_rpjmd import NOW
from assessments.tests.rpjmd_big import big_plan, grow
from opd.enums import Role
from opd.tests.fixtures import Cast

MOST_QUERIES = 12
# Compressed, as a browser gets it: one page of a plan with 300 indicators.
MOST_BYTES = 60 * 1024


def asked(client: Client, url: str) -> tuple[int, bytes]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        response = client.get(url)
    assert response.status_code == 200
    return len(seen), response.content


def pages(plan: Plan) -> list[str]:
    compare = reverse("assessments:rpjmd_compare", args=[plan.pk])
    return [
        reverse("assessments:rpjmd_plan", args=[plan.pk]),
        f"{compare}?show=years",
        f"{compare}?show=change",
        f"{compare}?show=units",
        reverse("assessments:rpjmd_gaps", args=[plan.pk]),
    ]


@travel(NOW, tick=False)
def test_a_plan_of_300_indicators_costs_what_one_of_5_costs(cast: Cast, client_as) -> None:
    client = client_as(cast[Role.PLANNER])
    plan = big_plan(cast, 2)
    urls = pages(plan)
    few = [asked(client, url)[0] for url in urls]
    grow(cast, plan, 297)
    many = [asked(client, url) for url in urls]
    assert [queries for queries, _page in many] == few
    assert max(few) <= MOST_QUERIES
    page = many[0][1]
    assert page.count(b"Persentase layanan nomor") >= 299
    assert len(gzip.compress(page)) < MOST_BYTES


@pytest.mark.parametrize("light", ["bad", "warn", "good", "none"])
@travel(NOW, tick=False)
def test_a_light_narrows_the_page(light: str, cast: Cast, client_as) -> None:
    plan = big_plan(cast, 20)
    client = client_as(cast[Role.MAYOR])
    url = reverse("assessments:rpjmd_plan", args=[plan.pk])
    response = client.get(url, {"light": light})
    lines = [line for branch in response.context["branches"] for line in branch.lines]
    counts = {code: number for code, _word, number in response.context["lights"]}
    assert len(lines) == counts[light]
    assert {line.light.value or "none" for line in lines} <= {light}
