"""Following with the code: right, wrong, too often; messages, answer, "belum selesai"."""

import re

import pytest
import time_machine
from django.utils import timezone

from complaints.actions import handling
from complaints.models import Complaint, Message
from complaints.tests.conftest import STORY
from complaints.tests.factories import FILED, ComplaintFactory
from complaints.tests.test_public_pages import words
from complaints.views.tracking import PER_ADDRESS, TRIES_PER_ADDRESS, WINDOW, WRITES
from integrity_portal.core import ratelimit
from opd.enums import Role

NOTE = "Catatan yang hanya untuk rekan kerja"
UNSENT_TEXT = "Nomor antrean saya A-041."


def mark_on(page):
    return re.search(r'name="report" value="([^"]+)"', page.content.decode())[1]


@pytest.fixture
def code(citizen):
    return citizen.file()


@pytest.fixture
def complaint(code):
    return Complaint.objects.get()


def answered(complaint, cast, text="Petugas sudah dipindahkan."):
    handling.verify_complaint(
        complaint=complaint,
        by=cast[Role.COMPLAINT_COORDINATOR],
        unit=cast.unit,
        sla_class="general",
        now=FILED,
        note=NOTE,
    )
    for step, values in ((handling.take_on, {}), (handling.answer_complaint, {"text": text})):
        row = Complaint.objects.get(pk=complaint.pk)
        step(complaint=row, by=cast[Role.LIAISON_OFFICER], now=FILED, **values)


@pytest.mark.parametrize(
    "write", [str, lambda c: c.replace(" ", ""), lambda c: c.replace(" ", "-")]
)
def test_the_code_opens_the_report_on_another_phone(write, code, another):
    page = another().follow(write(code))

    assert STORY in words(page)
    assert "Diterima, sedang diperiksa" in words(page)
    assert page.request["QUERY_STRING"] == ""


@pytest.mark.parametrize("typed", ["", "1234", "1111 2222 3333 4444", "abcd efgh ijkl mnop"])
def test_a_wrong_code_stays_on_the_page_with_a_sentence(typed, code, another):
    page = another().follow(typed)

    assert page.status_code == 200
    assert not page.redirect_chain
    assert "16 angka" in words(page) or "Periksa lagi tiap empat angkanya" in words(page)
    assert STORY not in words(page)


def test_a_code_of_another_government_opens_nothing(code, another, cast):
    stranger = another()
    stranger.slug = cast.away.slug
    assert STORY not in words(stranger.follow(code))


def test_guessing_is_slowed_down_for_right_and_wrong_codes_alike(code, another):
    guesser = another()
    with time_machine.travel("2026-11-23 03:00:10+00:00", tick=False):
        for _ in range(PER_ADDRESS):
            assert guesser.follow("1111 2222 3333 4444").status_code == 200
        refused = guesser.follow(code)

        assert refused.status_code == 429
        assert STORY not in words(refused)
        assert int(refused.headers["Retry-After"]) <= 900
    with time_machine.travel("2026-11-23 03:16:00+00:00", tick=False):
        assert STORY in words(guesser.follow(code))


def test_right_codes_use_nothing_up(code, another):
    reader = another()
    with time_machine.travel("2026-11-23 03:00:10+00:00", tick=False):
        for _ in range(PER_ADDRESS + 1):
            assert STORY in words(reader.follow(code))
        assert reader.follow("1111 2222 3333 4444").status_code == 200


def test_tries_have_a_generous_limit_of_their_own(code, another):
    with time_machine.travel("2026-11-23 03:00:10+00:00", tick=False):
        for _ in range(TRIES_PER_ADDRESS):
            ratelimit.hit(
                "complaints.track",
                "127.0.0.1",
                limit=TRIES_PER_ADDRESS,
                window=WINDOW,
                now=timezone.now(),
            )
        assert another().follow(code).status_code == 429


def test_a_right_and_a_wrong_code_cost_the_same_look_up(code, another, django_assert_num_queries):
    from complaints.queries.tracking import complaint_by_code

    government = Complaint.objects.get().government_id
    for typed in (code.replace(" ", ""), "1111222233334444"):
        with django_assert_num_queries(2):
            complaint_by_code(government, typed)


def test_without_the_code_the_report_is_closed(citizen, another):
    stranger = another()
    for page in (stranger.get("followed"), stranger.post("write")):
        assert page.request["PATH_INFO"] == stranger.url("track")
    assert STORY not in words(stranger.post("write", data={"text": "Halo"}))
    assert not Message.objects.exists()


def test_a_message_reaches_the_file_once(citizen, code, complaint):
    citizen.follow(code)
    page = citizen.post("write", data={"text": "Nomor antrean saya A-041."})
    citizen.post("write", data={"text": "Nomor antrean saya A-041."})

    assert "Pesan Anda sudah terkirim." in words(page)
    assert complaint.messages.get().text == "Nomor antrean saya A-041."
    assert "Tulis pesannya." in words(citizen.post("write", data={"text": " "}))


def test_a_message_that_came_too_late_is_kept_for_after_the_code(citizen, code, complaint):
    mark = mark_on(citizen.follow(code))
    citizen.post("leave")
    page = citizen.post("write", data={"text": UNSENT_TEXT, "report": mark})
    assert "Tulis kode Anda sekali lagi" in words(page)

    assert UNSENT_TEXT in words(citizen.follow(code))
    assert not complaint.messages.exists()


def test_on_a_shared_phone_the_next_citizen_sees_no_unsent_text(citizen, code, complaint, another):
    others = another().file()
    mark = mark_on(citizen.follow(code))
    citizen.post("leave")
    citizen.post("write", data={"text": UNSENT_TEXT, "report": mark})

    assert UNSENT_TEXT not in words(citizen.follow(others))
    assert UNSENT_TEXT in words(citizen.follow(code))


def test_a_page_left_open_writes_into_no_other_report(citizen, code, complaint, another):
    others = another().file()
    mark = mark_on(citizen.follow(code))
    citizen.follow(others)

    page = citizen.post("write", data={"text": UNSENT_TEXT, "report": mark})

    assert "Tulis kode Anda sekali lagi" in words(page)
    assert not Message.objects.exists()
    assert UNSENT_TEXT in words(citizen.follow(code))


@pytest.mark.parametrize("mark", ["", "v1.k1.AAAA"])
def test_a_text_for_no_known_report_is_shown_back_and_not_kept(mark, citizen, code):
    page = citizen.post("write", data={"text": UNSENT_TEXT, "report": mark})

    assert "Teks Anda belum terkirim." in words(page)
    assert UNSENT_TEXT in words(page)
    assert UNSENT_TEXT not in words(citizen.follow(code))


def test_sending_texts_is_limited_per_address_without_a_report_too(citizen, db):
    with time_machine.travel("2026-11-23 03:00:10+00:00", tick=False):
        for _ in range(WRITES):
            ratelimit.hit(
                "complaints.write.address",
                "127.0.0.1",
                limit=WRITES,
                window=WINDOW,
                now=timezone.now(),
            )
        assert citizen.post("write", data={"text": "Halo"}).status_code == 429


def test_the_answer_and_not_settled_yet(citizen, code, complaint, cast):
    answered(complaint, cast)
    page = citizen.follow(code)
    assert "Petugas sudah dipindahkan." in words(page)
    assert "Jawaban Dinas Satu" in words(page)
    assert "Pejabat" not in words(page)
    assert NOTE not in words(page)

    empty = citizen.post("not_settled", data={"text": ""})
    assert "Ceritakan apa yang belum selesai." in words(empty)
    page = citizen.post("not_settled", data={"text": "Petugasnya masih di loket."})

    assert "Unit akan mengerjakan laporan Anda lagi." in words(page)
    assert Complaint.objects.get().state == "in_progress"
    late = citizen.post("not_settled", data={"text": "Masih."})
    assert "Masih." in words(late)
    assert Complaint.objects.get().messages.count() == 2


def test_an_internal_note_is_never_shown(citizen, code, complaint, cast):
    from complaints.actions.messages import write_note

    write_note(complaint=complaint, by=cast[Role.COMPLAINT_COORDINATOR], text=NOTE, now=FILED)
    assert NOTE not in words(citizen.follow(code))


@pytest.mark.parametrize("state", ["closed", "referred", "rejected"])
def test_an_ended_report_takes_no_text(state, citizen, code, cast, complaint):
    ended = ComplaintFactory(government=cast.home, state=state)
    citizen.follow(code)
    Complaint.objects.filter(pk=complaint.pk).update(
        state=state,
        unit=ended.unit,
        answered_at=ended.answered_at,
        answered_on=ended.answered_on,
        close_on=ended.close_on,
        closed_at=ended.closed_at,
    )
    assert "<textarea" not in citizen.get("followed").content.decode()
    page = citizen.post("write", data={"text": "Halo"})
    assert "Pesan tidak dapat ditulis lagi" in words(page)
    assert not complaint.messages.exists()
