"""Filing for a citizen at the counter: once, handed over once, nothing typed is lost."""

import re

import pytest
import time_machine
from django.urls import reverse

from complaints.models import Complaint
from complaints.tests.test_public_pages import words
from opd.enums import Role

LIAISON, HEAD = Role.LIAISON_OFFICER, Role.OPD_HEAD
LIST = "/app/complaints/"


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-23 03:00:00+00:00"):
        yield


@pytest.fixture
def desk(cast, client_as):
    return lambda role: client_as(cast[role])


def test_the_counter_files_once_and_hands_over_the_code(desk, cast):
    client = desk(LIAISON)
    form = client.get(reverse("complaints:counter")).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', form)
    data = {
        "ticket": ticket[1] if ticket else "",
        "kind": "complaint",
        "story": "Ibu Siti bercerita di loket.",
        "channel": "phone",
        "unit": str(cast.unit.pk),
        "disclosure": "anonymous",
    }
    wrong = client.post(reverse("complaints:counter"), {**data, "story": ""})
    assert "Ceritakan apa yang terjadi" in words(wrong)

    first = client.post(reverse("complaints:counter"), data, follow=True)
    second = client.post(reverse("complaints:counter"), data, follow=True)

    assert first.context["code"] == second.context["code"]
    assert first.context["code"] in words(first)
    row = Complaint.objects.get()
    assert (row.channel, row.filed_by, row.named_unit) == ("phone", cast[LIAISON], cast.unit)


def counter_data(client, cast, **values):
    form = client.get(reverse("complaints:counter")).content.decode()
    start = {
        "ticket": re.search(r'name="ticket" value="([^"]+)"', form)[1],
        "kind": "complaint",
        "story": "Ibu Siti bercerita di loket.",
        "channel": "phone",
        "unit": str(cast.unit.pk),
        "disclosure": "known",
        "name": "Siti",
    }
    return {**start, **values}


def filed_at_counter(client, cast):
    data = counter_data(client, cast)
    page = client.post(reverse("complaints:counter"), data, follow=True)
    return data, page.context["code"]


@pytest.mark.parametrize(("sent", "then"), [({}, "list"), ({"next": "1"}, "counter")])
def test_after_finished_the_code_is_shown_nowhere_again(sent, then, desk, cast):
    client = desk(LIAISON)
    data, code = filed_at_counter(client, cast)
    shown = reverse("complaints:counter_filed")
    assert code in words(client.get(shown))

    page = client.post(shown, sent, follow=True)

    assert page.request["PATH_INFO"] == reverse(f"complaints:{then}")
    assert client.get(shown, follow=True).request["PATH_INFO"] == LIST
    again = client.post(reverse("complaints:counter"), data, follow=True)
    assert again.request["PATH_INFO"] == LIST
    assert "kodenya sudah diserahkan" in words(again)
    assert code not in words(again)
    assert Complaint.objects.count() == 1


def test_ten_minutes_after_filing_the_code_is_gone(desk, cast):
    client = desk(LIAISON)
    data, code = filed_at_counter(client, cast)
    with time_machine.travel("2026-11-23 03:09:00+00:00", tick=False):
        assert code in words(client.get(reverse("complaints:counter_filed")))
        client.post(reverse("complaints:counter"), data)
    with time_machine.travel("2026-11-23 03:10:30+00:00", tick=False):
        page = client.get(reverse("complaints:counter_filed"), follow=True)
        assert page.request["PATH_INFO"] == LIST
        again = client.post(reverse("complaints:counter"), data, follow=True)
        assert code not in words(again)


@pytest.mark.parametrize(
    "change", [{"story": "Ibu Siti menambah cerita."}, {"name": "Siti Aminah"}, {"unit": "unknown"}]
)
def test_the_same_form_with_other_words_says_that_the_first_was_saved(change, desk, cast):
    client = desk(LIAISON)
    data = counter_data(client, cast)
    client.post(reverse("complaints:counter"), data)

    page = client.post(reverse("complaints:counter"), {**data, **change})

    row = Complaint.objects.get()
    assert page.status_code == 422
    assert f"sudah tersimpan sebagai pengaduan nomor {row.number}" in words(page)
    for typed in change.values():
        assert typed in page.content.decode()
    assert row.story == data["story"]


def test_a_forged_or_foreign_ticket_files_nothing(desk, cast):
    form = desk(LIAISON).get(reverse("complaints:counter")).content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', form)[1]
    data = {
        "ticket": ticket,
        "kind": "complaint",
        "story": "Cerita",
        "channel": "counter",
        "unit": "unknown",
        "disclosure": "anonymous",
    }
    for role, sent in ((HEAD, data), (LIAISON, {**data, "ticket": "v1.k1.AAAA"})):
        page = desk(role).post(reverse("complaints:counter"), sent)
        assert "Kirim sekali lagi" in words(page)
        assert "Cerita" in words(page)
    assert not Complaint.objects.exists()


def test_the_web_is_no_choice_at_the_counter(desk, cast):
    page = desk(LIAISON).get(reverse("complaints:counter")).content.decode()
    assert 'value="web"' not in page
