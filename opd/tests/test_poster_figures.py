"""Where a poster hangs, on the pages of leaders and of everybody."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from opd.enums import Role
from opd.tests.factories_places import PlaceFactory, PosterFactory, hung

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def places(cast):
    rows = PlaceFactory.create_batch(3, government=cast.home)
    PosterFactory(place=rows[0], **hung(timezone.localdate(), cast[Role.COMPLAINT_COORDINATOR]))
    return rows


@pytest.mark.parametrize("role", [Role.MAYOR, Role.SEKDA])
def test_one_line_on_the_dashboard(cast, client_as, places, role):
    client = client_as(cast[role])
    page = client.get(reverse(f"reports:{role}"))
    assert "Posted in 1 of 3 places" in page.content.decode()
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(f"reports:{role}"))
    assert len([row for row in asked if "SAVEPOINT" not in row["sql"]]) <= 12


def test_everybody_reads_it(cast, places):
    address = reverse("reports:transparency", args=[cast.home.slug])
    assert "School: in 1 of 3" in Client().get(address, {"lang": "en"}).content.decode()
    data = Client().get(reverse("reports:transparency_data", args=[cast.home.slug])).json()
    assert data["posters"] == [{"kind": "school", "posted": 1, "places": 3}]
