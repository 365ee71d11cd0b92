"""What the public pages took over from a poster, a meeting, a phone; suggestions; the lost code."""

import re

import pytest
from django.utils import timezone

from complaints.actions import notices
from complaints.models import Complaint, Reporter
from complaints.queries.clock import local_day
from complaints.tests.conftest import ANSWERS
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Place, PublicMeeting, Unit

SUGGESTION = "Tambah kursi roda di pintu masuk."


@pytest.fixture
def place(cast):
    region = Unit.objects.create(government=cast.home, kind="kecamatan", name="Kecamatan Utara")
    return Place.objects.create(
        government=cast.home, kind="school", name="SDN Contoh 1", region=region, unit=cast.unit
    )


@pytest.fixture
def meeting(cast):
    return PublicMeeting.objects.create(
        government=cast.home,
        title="Kopi Tahu",
        held_on=local_day(cast.home, timezone.now()),
        created_by=cast[Role.COMPLAINT_COORDINATOR],
        created_at=timezone.now(),
    )


def test_a_poster_brings_its_place_unit_and_region_and_can_be_taken_away(citizen, another, place):
    address = citizen.url("privacy") + f"?tempat={place.token}"
    page = citizen.client.get(address)
    assert not page.cookies
    onward = re.search(r'href="([^"]+/lapor/1/\?[^"]+)"', page.content.decode())[1]
    assert "SDN Contoh 1" in citizen.client.get(onward).content.decode()
    for one, ticked in ((citizen, {"at_place": "1"}), (another(), {})):
        where = one.client.post(onward, ANSWERS[1], follow=True).content.decode()
        assert "SDN Contoh 1" in where
        assert f'value="{place.unit_id}" selected' in where
        assert f'value="{place.region_id}" selected' in where
        values = {"unit": str(place.unit_id), "region": str(place.region_id), **ticked}
        one.post("step", 2, data=values)
        one.post("step", 3)
        one.post("step", 4, data=ANSWERS[4])
        one.post("check")
        row = Complaint.objects.latest("pk")
        assert (row.place, row.region) == (place if ticked else None, place.region)


def test_a_meeting_is_taken_over_while_it_is_held(citizen, meeting):
    at = f"?pertemuan={meeting.public_id}"
    where = citizen.client.post(citizen.url("step", 1) + at, ANSWERS[1], follow=True)
    assert "Kopi Tahu" in where.content.decode()
    citizen.post("step", 2, data={**ANSWERS[2], "at_meeting": "1"})
    citizen.post("step", 3)
    citizen.post("step", 4, data=ANSWERS[4])
    citizen.post("check")
    assert Complaint.objects.get().meeting == meeting

    PublicMeeting.objects.update(ended_at=timezone.now())
    assert "Kopi Tahu" not in citizen.client.get(citizen.url("step", 1) + at).content.decode()


def test_another_governments_poster_is_unknown(citizen, cast):
    other = Place.objects.create(government=cast.away, kind="school", name="SDN Jauh")
    page = citizen.client.get(citizen.url("step", 1) + f"?tempat={other.token}")
    assert "SDN Jauh" not in page.content.decode()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("-7.816612345,112.011423", ("-7.81660", "112.01140")),
        ("91,10", (None, None)),
        ("<b>", (None, None)),
        ("", (None, None)),
    ],
)
def test_the_phones_position_is_rounded_shown_in_words_and_left_out_by_a_tick(sent, kept, citizen):
    citizen.fill()
    refused = citizen.post("step", 2, data={**ANSWERS[2], "unit": "", "position": sent})
    assert ("7,8166° LS, 112,0114° BT" in refused.content.decode()) is (kept[0] is not None)
    citizen.post("step", 2, data={**ANSWERS[2], "position": sent})
    check = citizen.get("check").content.decode()
    assert ("7,8166° LS, 112,0114° BT" in check) is (kept[0] is not None)
    citizen.post("check")
    row = Complaint.objects.get()
    assert tuple(str(part) if part else None for part in (row.latitude, row.longitude)) == kept


def test_an_accused_officer_makes_anonymous_the_default(citizen):
    citizen.post("step", 1, data={**ANSWERS[1], "accuses_officer": "yes"})
    citizen.post("step", 2, data=ANSWERS[2])
    citizen.post("step", 3)
    who = citizen.get("step", 4).content.decode()
    assert re.search(r'value="anonymous"[^>]* checked', who)
    citizen.post("step", 4, data=ANSWERS[4])
    assert "tidak ditangani oleh unit petugas itu" in citizen.get("check").content.decode()
    citizen.post("check")
    assert Complaint.objects.get().accuses_officer


def test_only_a_complaint_accuses(citizen):
    citizen.file(kind="aspiration", accuses_officer="yes")
    assert not Complaint.objects.get().accuses_officer


def test_somebody_anonymous_may_leave_where_to_be_told(citizen):
    citizen.fill()
    wrong = citizen.post("step", 4, data={**ANSWERS[4], "notice": "0812"})
    assert "Tulis nomor ponsel" in wrong.content.decode()
    check = citizen.post("step", 4, data={**ANSWERS[4], "notice": "0812 3456 7890"})
    assert "Hanya untuk memberi tahu bahwa ada jawaban" in check.content.decode()
    receipt = citizen.post("check")
    assert "kode baru dapat dikirim ke kontak" in receipt.content.decode()
    row = Reporter.objects.get()
    assert (row.for_notice_only, row.contact_with_pii()) == (True, "+6281234567890")


def test_a_suggestion_is_one_page_without_a_session_before_it_is_sent(citizen, cast):
    page = citizen.client.get(citizen.url("suggestion"))
    assert set(page.cookies) == {"csrftoken"}
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())[1]
    wrong = citizen.post("suggestion", data={"ticket": ticket, "story": "", "unit": "unknown"})
    assert "Tulis saran Anda." in wrong.content.decode()
    values = {"ticket": ticket, "story": SUGGESTION, "unit": str(cast.unit.pk), "notice": ""}

    receipts = [citizen.post("suggestion", data=values) for _ in range(2)]

    row = Complaint.objects.get()
    assert [page.context["code"] for page in receipts] == [receipts[0].context["code"]] * 2
    assert (row.kind, row.story, row.named_unit) == ("aspiration", SUGGESTION, cast.unit)
    assert row.deadline_class.days == 14
    assert SUGGESTION in citizen.follow(receipts[0].context["code"]).content.decode()


def test_an_old_or_forged_suggestion_page_loses_nothing(citizen):
    for ticket in ("", "v1.k1.AAAA"):
        values = {"ticket": ticket, "story": SUGGESTION, "unit": "unknown"}
        page = citizen.post("suggestion", data=values).content.decode()
        assert "Kirim sekali lagi" in page
        assert SUGGESTION in page
    fresh = re.search(r'name="ticket" value="([^"]+)"', page)[1]
    citizen.post("suggestion", data={**values, "ticket": fresh})
    assert Complaint.objects.count() == 1


def test_the_lost_code_page_says_the_same_to_everybody(citizen, monkeypatch):
    citizen.fill()
    citizen.post("step", 4, data={**ANSWERS[4], "notice": "siti@contoh.id"})
    citizen.post("check")
    asked = []
    monkeypatch.setattr(
        "complaints.views.tracking.resend_code", lambda **values: asked.append(values["contact"])
    )
    answers = [
        citizen.post("resend", data={"contact": contact}).content.decode()
        for contact in ("siti@contoh.id", "0899 1111 2222")
    ]

    said = [re.findall(r"Bila ada laporan[^<]+", page) for page in answers]
    assert said[0] == said[1] != []
    assert asked == ["siti@contoh.id", "+6289911112222"]
    assert "Isi nomor ponsel" in citizen.post("resend", data={"contact": ""}).content.decode()


def test_asking_for_a_code_leaves_a_trace(cast):
    notices.resend_code(government=cast.home, contact="siti@contoh.id", now=timezone.now())
    assert "siti" not in str(list(LedgerEntry.objects.values_list("codes", flat=True)))
