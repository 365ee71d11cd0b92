"""Where a poster hangs, on the pages of leaders and of everybody."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opd.enums import Role
from opd.tests.factories_places import PlaceFactory, PosterFactory, hung

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def client_as(client_as):
    """Pages in English, as the sentences stand in the code."""

    def sign_in(membership):
        client = client_as(membership)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


@pytest.fixture
def places(cast):
    rows = PlaceFactory.create_batch(3, government=cast.home)
    PosterFactory(place=rows[0], **hung(timezone.localdate(), cast[Role.COMPLAINT_COORDINATOR]))
    return rows


def test_the_mayor_reads_one_line_and_the_sekda_one_page(cast, client_as, places):
    mayor, sekda = client_as(cast[Role.MAYOR]), client_as(cast[Role.SEKDA])
    assert "Posted in 1 of 3 places" in mayor.get(reverse("reports:mayor")).content.decode()
    assert reverse("opd:places") in sekda.get(reverse("reports:sekda")).content.decode()
    assert "Posted in 1 of 3 places" in sekda.get(reverse("opd:places")).content.decode()


def test_everybody_reads_it(cast, places):
    address = reverse("reports:transparency", args=[cast.home.slug])
    assert "School: in 1 of 3" in Client().get(address, {"lang": "en"}).content.decode()
    data = Client().get(reverse("reports:transparency_data", args=[cast.home.slug])).json()
    assert data["posters"] == [{"kind": "school", "posted": 1, "places": 3}]
