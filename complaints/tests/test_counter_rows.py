"""Everybody's door: letters in a row, posts, meetings, an operator, a false sticker."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint, ComplaintFile
from complaints.tests.test_counter import counter_data
from complaints.tests.test_public_pages import words
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.tests.factories_places import MeetingFactory, PlaceFactory, photo

LIAISON, OPERATOR = Role.LIAISON_OFFICER, Role.OPD_OPERATOR
COUNTER = "/app/complaints/file/"


@pytest.fixture(autouse=True)
def _the_day(english):
    with time_machine.travel("2026-11-23 03:00:00+00:00"):
        yield


@pytest.fixture
def client_as(client_as):
    """Pages in English, as the sentences stand in the code."""

    def sign_in(membership):
        client = client_as(membership)
        client.cookies["django_language"] = "en"
        return client

    return sign_in


@pytest.fixture
def desk(cast, client_as):
    return lambda role: client_as(cast[role])


def in_a_row(client, cast, **values):
    data = counter_data(client, cast, channel="letter", disclosure="anonymous", next="1", **values)
    return data, client.post(COUNTER, data, follow=True)


def test_letters_in_a_row_wait_with_their_slips(desk, cast):
    client = desk(LIAISON)
    sent = [in_a_row(client, cast, story=f"Surat {n}") for n in range(3)]
    data, page = sent[-1]
    assert page.request["PATH_INFO"] == COUNTER
    assert "autofocus" in page.content.decode()
    assert re.search(r'value="letter"[^>]*checked', page.content.decode())
    client.post(COUNTER, data)
    slips = client.get(reverse("complaints:counter_slips"))
    codes = {code for _complaint, code in slips.context["slips"]}
    assert len(codes) == Complaint.objects.count() == 3
    assert all(code in words(slips) for code in codes)

    client.post(reverse("complaints:counter_slips"))
    gone = client.get(reverse("complaints:counter_slips"), follow=True)
    assert gone.request["PATH_INFO"] == COUNTER
    again = client.post(COUNTER, data, follow=True)
    assert not any(code in words(again) for code in codes)


def test_slips_are_gone_after_an_hour(desk, cast):
    client = desk(LIAISON)
    in_a_row(client, cast)
    with time_machine.travel("2026-11-23 04:01:00+00:00", tick=False):
        page = client.get(reverse("complaints:counter_slips"), follow=True)
        assert page.request["PATH_INFO"] == COUNTER


@pytest.mark.parametrize(
    ("disclosure", "where"),
    [
        ("known", "Jalan Mawar (Instagram: https://instagram.example/p/1)"),
        ("anonymous", "Jalan Mawar"),
    ],
)
def test_a_post_is_kept_as_where_it_was_said_unless_anonymous(desk, cast, disclosure, where):
    client = desk(LIAISON)
    data = counter_data(
        client,
        cast,
        channel="instagram",
        disclosure=disclosure,
        where_text="Jalan Mawar",
        source_link="https://instagram.example/p/1",
    )
    client.post(COUNTER, data)
    assert Complaint.objects.get().where_text == where


def test_from_a_meeting_it_carries_the_meeting(desk, cast):
    meeting = MeetingFactory(government=cast.home)
    client = desk(LIAISON)
    page = client.get(f"{COUNTER}?pertemuan={meeting.public_id}").content.decode()
    assert re.search(r'value="meeting"[^>]*checked', page)
    data = counter_data(client, cast, channel="meeting")
    wrong = client.post(COUNTER, data)
    assert wrong.status_code == 422
    assert "Choose the meeting" in wrong.content.decode()
    client.post(COUNTER, {**data, "meeting": meeting.pk})
    assert Complaint.objects.get().meeting == meeting
    client.post(COUNTER, counter_data(client, cast, channel="phone", meeting=meeting.pk))
    assert Complaint.objects.latest("pk").meeting is None


def test_the_letters_photo_comes_along_also_after_a_refusal(desk, cast):
    client = desk(LIAISON)
    data = counter_data(client, cast, channel="letter")
    wrong = client.post(COUNTER, {**data, "story": "", "proof": photo("surat.jpg")})
    kept = StoredFile.objects.get(kind="complaint")
    assert kept.public_id in wrong.content.decode()
    client.post(COUNTER, {**data, "kept": kept.public_id})
    row = ComplaintFile.objects.get()
    assert (row.complaint, row.file.state) == (Complaint.objects.get(), StoredFile.State.STORED)
    bad = client.post(COUNTER, {**data, "proof": SimpleUploadedFile("a.exe", b"MZ" + b"0" * 99)})
    assert bad.status_code == 422


def test_an_operator_files_for_his_own_unit_only(desk, cast):
    client = desk(OPERATOR)
    data = counter_data(client, cast)
    for unit in ("unknown", str(cast.other_unit.pk)):
        assert client.post(COUNTER, {**data, "unit": unit}).status_code == 422
    assert not Complaint.objects.exists()
    page = client.post(COUNTER, data, follow=True)
    assert page.context["code"] in words(page)
    done = client.post(reverse("complaints:counter_filed"), follow=True)
    assert done.status_code == 200
    assert client.get(reverse("complaints:list")).status_code == 403


def test_a_false_sticker_is_reported_in_one_step(cast):
    place = PlaceFactory(government=cast.home, name="SDN Mojo 1")
    client = Client()
    client.cookies["django_language"] = "en"
    here = reverse("complaints:sticker", args=[cast.home.slug, place.token])
    form = client.get(here).content.decode()
    assert "SDN Mojo 1" in form
    ticket = re.search(r'name="ticket" value="([^"]+)"', form)[1]
    sent = {"ticket": ticket, "story": "Stiker menutupi kode."}
    assert "Write what you saw" in words(client.post(here, {**sent, "story": ""}))
    for _time in range(2):
        page = client.post(here, sent, follow=True)
    row = Complaint.objects.get()
    assert (row.place, row.disclosure, row.channel) == (place, "anonymous", "web")
    assert page.context["code"] in words(page)
    other = PlaceFactory(government=cast.home)
    elsewhere = reverse("complaints:sticker", args=[cast.home.slug, other.token])
    client.post(elsewhere, sent)
    assert Complaint.objects.count() == 1
    assert (
        client.get(reverse("complaints:sticker", args=[cast.away.slug, place.token])).status_code
        == 404
    )
