"""The page behind a scanned code: for ever, light, counted without anybody in the count."""

import gzip
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrity_portal.tests.test_budgets import PUBLIC_BYTES, linked
from opd import posters
from opd.actions.places import count_scan
from opd.models import PlaceScan
from opd.tests.factories_places import PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(cast):
    return PlaceFactory(government=cast.home, name="SDN Mojo 1")


def local_day():
    return timezone.localdate(timezone=ZoneInfo("Asia/Jakarta"))


def page(place, client=None, **headers):
    return (client or Client()).get(f"/p/{place.token}", headers=headers)


def test_it_says_whose_page_it_is_and_how_to_compare(place, cast, settings, english):
    settings.BASE_URL = "https://lapor.uji.go.id"
    shown = Client().get(f"/p/{place.token}?lang=en").content.decode()
    for told in ("SDN Mojo 1", place.number, "lapor.uji.go.id", cast.home.official_name):
        assert told in shown
    start = reverse("complaints:privacy", args=[cast.home.slug])
    assert f'href="{start}?tempat={place.token}"' in shown
    assert reverse("complaints:track", args=[cast.home.slug]) in shown
    assert reverse("complaints:sticker", args=[cast.home.slug, place.token]) in shown


def test_it_answers_for_a_place_out_of_use_and_in_capitals(place):
    place.is_active = False
    place.save()
    assert page(place).status_code == 200
    assert Client().get(f"/p/{place.token.upper()}").status_code == 200
    assert Client().get("/p/bcdfghjkmn").status_code == 404


def test_openings_are_a_number_of_a_day(place):
    client = Client()
    for _time in range(3):
        answer = page(place, client, referer="https://rahasia.uji/", user_agent="Ponsel Rahasia")
        assert not answer.cookies
    client.head(f"/p/{place.token}")
    row = PlaceScan.objects.get()
    assert (row.place, row.day, row.count) == (place, local_day(), 3)


def test_what_leads_to_a_sealed_line_is_not_counted(place, monkeypatch):
    sealed = posters.PosterKind("hotline", posters.kind("general").label, 180, counts_scans=False)
    monkeypatch.setattr(posters, "kinds", lambda: {"hotline": sealed})
    count_scan(place=place, today=timezone.localdate(), kind="hotline")
    assert not PlaceScan.objects.exists()


def test_it_is_light(place):
    client = Client()
    answer = page(place, client).content
    total = len(gzip.compress(answer)) + sum(
        len(gzip.compress(client.get(address).getvalue())) for address in linked(answer.decode())
    )
    assert total <= PUBLIC_BYTES
    assert b"<script" not in answer
