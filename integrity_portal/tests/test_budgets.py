"""What a page may cost: queries and bytes. Speed itself lives in benchmarks/ as ratios."""

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opd.tests.doors import Door, doors

PAGES = [door for door in doors() if door.method == "get" and door.is_page]
QUERIES = 12
PUBLIC_BYTES = 15 * 1024


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_a_signed_in_page_asks_at_most_twelve_times(door: Door, cast, client_as) -> None:
    kwargs = door.kwargs(cast) if door.kwargs else {}
    client = client_as(cast[sorted(door.allowed)[0]])
    url = reverse(door.url_name, kwargs=kwargs)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(url)
    assert response.status_code == 200
    asked = [q["sql"][:160] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= QUERIES, "\n".join(asked)


@pytest.mark.parametrize("name", ["home", "account_login", "account_reset_password", "reset"])
def test_a_public_page_is_light(name: str, cast) -> None:
    """Page, style sheet and icon together, compressed, first view."""
    client = Client()
    page = client.get(reverse(name)).content
    total = len(gzip.compress(page)) + sum(
        len(gzip.compress(client.get(address).getvalue())) for address in linked(page.decode())
    )
    assert total <= PUBLIC_BYTES


def linked(page: str) -> list[str]:
    import re

    return re.findall(r'(?:href|src)="(/(?:static|theme)/[^"]+)"', page)
