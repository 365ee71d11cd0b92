"""The staff's side: list and filters, the steps on the page, who reported."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Complaint, IdentityOpening, Reporter
from complaints.tests.factories import ComplaintFactory
from complaints.tests.test_public_pages import words
from opd import navigation
from opd.enums import Role

COORDINATOR, LIAISON, HEAD = Role.COMPLAINT_COORDINATOR, Role.LIAISON_OFFICER, Role.OPD_HEAD
LIST = "/app/complaints/"


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-23 03:00:00+00:00"):
        yield


@pytest.fixture
def desk(cast, client_as):
    return lambda role: client_as(cast[role])


def step(client, complaint, verb, **data):
    url = reverse("complaints:step_of", args=[complaint.pk, verb])
    return client.post(url, data, follow=True)


def listed(response):
    return [row.pk for row in response.context["page_obj"]]


def test_the_list_shows_the_most_urgent_first(desk, cast):
    fresh = ComplaintFactory(government=cast.home, verify_by="2026-11-25")
    late = ComplaintFactory(government=cast.home, verify_by="2026-11-05")
    today = ComplaintFactory(government=cast.home, verify_by="2026-11-23")
    ComplaintFactory(government=cast.home, state="closed")
    ComplaintFactory(government=cast.away)

    page = desk(COORDINATOR).get(LIST)

    assert listed(page) == [late.pk, today.pk, fresh.pk]
    assert "1 terlambat" in words(page)
    assert words(page).count("Terlambat") == 1 + 1  # The filter's choice and the one late row.


def test_filters(desk, cast):
    here = ComplaintFactory(government=cast.home, state="verified", unit=cast.below)
    named = ComplaintFactory(
        government=cast.home, named_unit=cast.unit, story="Kursi antrean rusak"
    )
    other = ComplaintFactory(government=cast.home, state="closed", where_text="Jalan Mawar")
    client = desk(COORDINATOR)

    def found(**query):
        return set(listed(client.get(LIST, query)))

    assert found() == {here.pk, named.pk}
    assert found(state="all") == {here.pk, named.pk, other.pk}
    assert found(state="closed") == {other.pk}
    assert found(state="late") == {here.pk, named.pk}
    assert found(unit=cast.unit.pk) == {here.pk, named.pk}
    assert found(unit=cast.other_unit.pk) == set()
    assert found(q="antrean KURSI") == {named.pk}
    assert found(state="all", q="mawar") == {other.pk}
    assert found(q=f"#{here.number}") == {here.pk}
    assert found(q=str(here.number)) == {here.pk}
    assert found(q="%") == set()
    assert found(q="9" * 30) == set()
    assert found(state="nonsense", unit="x", page="99") == {here.pk, named.pk}
    assert found(unit=cast.away_unit.pk) == {here.pk, named.pk}


def test_an_empty_list_says_why_and_leads_on(desk, cast):
    client = desk(COORDINATOR)
    assert "muncul di sini" in words(client.get(LIST))
    ComplaintFactory(government=cast.home, named_unit=cast.unit)
    page = client.get(LIST, {"q": "tidak ada kata ini"})
    assert f'href="{LIST}?state=all"' in page.content.decode()
    assert "Dinas Satu (menurut warga)" in words(client.get(LIST))


def test_units_see_only_what_was_passed_on_to_them(desk, cast):
    mine = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    below = ComplaintFactory(government=cast.home, state="verified", unit=cast.below)
    ComplaintFactory(government=cast.home, named_unit=cast.unit)
    ComplaintFactory(government=cast.home, state="verified", unit=cast.other_unit)

    for role in (LIAISON, HEAD):
        assert set(listed(desk(role).get(LIST))) == {mine.pk, below.pk}


def test_the_list_costs_the_same_for_two_rows_and_for_twenty(desk, cast):
    client = desk(COORDINATOR)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    ComplaintFactory.create_batch(2, government=cast.home, state="verified")
    client.get(LIST)
    two = cost()
    ComplaintFactory.create_batch(18, government=cast.home, state="verified")

    assert cost() == two <= 12


def test_a_complaint_costs_the_same_with_many_messages(desk, cast):
    complaint = ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)
    client = desk(LIAISON)
    url = reverse("complaints:detail", args=[complaint.pk])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    step(client, complaint, "note", text="Satu")
    one = cost()
    for number in range(6):
        step(client, complaint, "note", text=f"Lagi {number}")

    assert cost() == one <= 12


def test_from_received_to_answered(desk, cast):
    complaint = ComplaintFactory(government=cast.home, named_unit=cast.unit)
    page = desk(COORDINATOR).get(reverse("complaints:detail", args=[complaint.pk]))
    assert "Teruskan ke unit" in words(page)

    page = step(
        desk(COORDINATOR),
        complaint,
        "verify",
        unit=cast.unit.pk,
        sla_class="general",
        note="Segera",
    )
    assert "Tersimpan." in words(page)
    unit = desk(LIAISON)
    step(unit, complaint, "take_on")
    empty = step(unit, complaint, "answer", text=" ")
    assert "Tulis jawabannya." in words(empty)
    assert "<title>Galat:" in empty.content.decode()
    step(unit, complaint, "answer", text="Sudah diperbaiki.")

    complaint = Complaint.objects.get()
    assert complaint.state == "answered"
    assert [s.membership.role for s in complaint.steps.all()] == [COORDINATOR, LIAISON, LIAISON]


def test_returning_takes_it_out_of_the_units_sight(desk, cast):
    complaint = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    assert "Tulis alasannya." in words(step(desk(HEAD), complaint, "give_back", reason=""))

    page = step(desk(HEAD), complaint, "give_back", reason="Bukan wewenang kami.")

    assert page.request["PATH_INFO"] == LIST
    assert desk(HEAD).get(reverse("complaints:detail", args=[complaint.pk])).status_code == 404
    assert "Bukan wewenang kami." in words(
        desk(COORDINATOR).get(reverse("complaints:detail", args=[complaint.pk]))
    )


def test_two_people_at_once_and_a_double_click(desk, cast):
    complaint = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    step(desk(HEAD), complaint, "take_on")

    page = step(desk(LIAISON), complaint, "take_on")

    assert "Orang lain sudah memindahkannya" in words(page) or "Muat ulang" in words(page)
    assert Complaint.objects.get().steps.count() == 1


STEPS = [
    ("received", COORDINATOR, "verify", {"sla_class": "general", "note": "Segera"}),
    ("received", COORDINATOR, "refer", {"text": "Silakan ke PLN.", "institution": "company"}),
    ("received", COORDINATOR, "reject", {"text": "Sudah diputus."}),
    ("verified", COORDINATOR, "recall", {"reason": "Salah unit."}),
    ("verified", LIAISON, "take_on", {}),
    ("in_progress", LIAISON, "answer", {"text": "Sudah diperbaiki.\nTerima kasih."}),
    ("in_progress", HEAD, "give_back", {"reason": "Bukan wewenang kami."}),
]


@pytest.mark.parametrize(("state", "role", "verb", "data"), STEPS)
def test_a_step_sent_twice_by_the_same_person_is_done_once(state, role, verb, data, desk, cast):
    unit = None if state == "received" else cast.unit
    complaint = ComplaintFactory(government=cast.home, state=state, unit=unit)
    data = {**data, "unit": cast.unit.pk} if verb == "verify" else data
    client = desk(role)
    first = step(client, complaint, verb, **data)

    second = step(client, complaint, verb, **data)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.request["PATH_INFO"] == first.request["PATH_INFO"]
    assert "Tersimpan." in words(second)
    assert complaint.steps.count() == 1
    assert complaint.messages.count() == ("text" in data)


@pytest.mark.parametrize(("state", "role", "verb", "data"), STEPS[1:])
def test_other_words_or_a_later_time_are_no_double_click(state, role, verb, data, desk, cast):
    unit = None if state == "received" else cast.unit
    complaint = ComplaintFactory(government=cast.home, state=state, unit=unit)
    client = desk(role)
    step(client, complaint, verb, **data)
    client.get(LIST)
    other = {name: f"{text} Lagi." for name, text in data.items()}
    if other:
        assert "Tersimpan." not in words(step(client, complaint, verb, **other))
    with time_machine.travel("2026-11-23 03:04:00+00:00"):
        assert "Tersimpan." not in words(step(client, complaint, verb, **data))
    assert complaint.steps.count() == 1


def test_an_answer_that_came_too_late_is_not_lost(desk, cast):
    complaint = ComplaintFactory(government=cast.home, state="answered", unit=cast.unit)
    page = step(desk(LIAISON), complaint, "answer", text="Jawaban panjang yang sudah ditulis.")
    assert "Jawaban panjang yang sudah ditulis." in words(page)


@pytest.mark.parametrize("verb", ["verify", "take_on", "answer", "give_back", "refer", "reject"])
@pytest.mark.parametrize("role", [Role.MAYOR, Role.SEKDA, Role.INSPECTORATE])
def test_readers_get_a_sentence_instead_of_a_step(role, verb, desk, cast):
    complaint = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    page = step(desk(role), complaint, verb, text="x", reason="x")
    assert page.status_code == 403
    assert "Peran Anda tidak mencakup langkah ini." in words(page)
    read = desk(role).get(reverse("complaints:detail", args=[complaint.pk]))
    assert read.status_code == 200
    assert "<textarea" not in read.content.decode()


def test_an_unknown_step_is_404_and_close_and_reopen_have_no_address(desk, cast):
    complaint = ComplaintFactory(government=cast.home, state="answered", unit=cast.unit)
    for verb in ("close", "reopen", "nonsense"):
        assert step(desk(COORDINATOR), complaint, verb, text="x").status_code == 404
    url = reverse("complaints:step_of", args=[complaint.pk, "note"])
    assert desk(COORDINATOR).get(url).status_code == 405


@pytest.fixture
def known(cast):
    complaint = ComplaintFactory(
        government=cast.home, state="verified", unit=cast.unit, disclosure="known"
    )
    reporter = Reporter(complaint=complaint, government=cast.home, for_notice_only=False)
    reporter.seal(name="Siti Aminah", contact="+6281234567890")
    reporter.save(force_insert=True)
    return complaint


def test_who_reported_is_shown_once_for_a_reason_and_stays_on_record(desk, known):
    url = reverse("complaints:identity", args=[known.pk])
    detail = reverse("complaints:detail", args=[known.pk])
    client = desk(LIAISON)
    assert "Siti" not in words(client.get(detail))
    refused = client.post(url, {"reason": "  "})
    assert "Tulis mengapa Anda perlu tahu siapa pelapornya." in words(refused)
    assert not IdentityOpening.objects.exists()

    shown = client.post(url, {"reason": "Menanyakan alamat rumah"})

    assert "Siti Aminah" in words(shown)
    assert "+6281234567890" in words(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    after = words(client.get(detail))
    assert "Siti" not in after
    assert "Menanyakan alamat rumah" in after
    assert client.get(url).status_code == 405


@pytest.mark.parametrize("role", [COORDINATOR, Role.MAYOR, Role.SEKDA, Role.INSPECTORATE])
def test_who_reported_stays_closed_for_others(role, desk, known):
    response = desk(role).post(
        reverse("complaints:identity", args=[known.pk]), {"reason": "Ingin tahu"}
    )
    assert response.status_code == 403
    assert "Siti" not in words(response)
    assert not IdentityOpening.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_complaints_are_the_start_page_of_those_who_live_by_them(role, cast):
    start = navigation.start_url(cast[role])
    assert (start == LIST) == (role in {COORDINATOR, LIAISON})
