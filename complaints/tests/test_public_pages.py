"""Filing without account or script: ten lines, four steps, check, receipt; and every way back."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from complaints.models import Complaint, Reporter
from complaints.tests.conftest import ANSWERS, STORY
from complaints.tests.factories import ComplaintFactory
from complaints.views import visit
from opd.models import Unit, UnitName

BUDGET = 15 * 1024
STALE_UNIT = "999999999"


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def path(response):
    return response.redirect_chain[-1][0] if response.redirect_chain else ""


def test_the_privacy_page_has_ten_lines_and_sets_no_cookie(citizen):
    response = citizen.client.get(citizen.url("privacy"))
    page = response.content.decode()

    assert page.count("<li>", page.index("plain-lines")) >= 10
    for told in ("UU PDP 27/2022", "SP4N-LAPOR!", "Ombudsman", "KPK", "Anonim", "lima tahun"):
        assert told in page
    assert not response.cookies
    assert "<script" not in page


def test_from_the_first_page_to_the_receipt(citizen, cast):
    check = citizen.fill(unit=str(cast.unit.pk))
    assert check.request["PATH_INFO"] == citizen.url("check")
    assert STORY in words(check)
    assert "Dinas Satu" in words(check)

    receipt = citizen.post("check")

    complaint = Complaint.objects.get()
    assert receipt.request["PATH_INFO"] == citizen.url("receipt")
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", receipt.context["code"])
    assert receipt.context["code"] in words(receipt)
    assert (complaint.story, complaint.when_text, complaint.where_text) == (
        STORY,
        "Senin pagi",
        "Loket 3",
    )
    assert complaint.named_unit == cast.unit
    assert "paling lambat" in words(receipt)
    assert receipt.headers["Cache-Control"] == "no-store, private"


def test_typing_the_code_once_more_opens_the_report(citizen):
    code = citizen.file()
    wrong = citizen.post("receipt", data={"code": "1111 1111 1111 1111"})
    assert "Kodenya berbeda" in words(wrong)
    assert code in words(wrong)

    right = citizen.post("receipt", data={"code": code.replace(" ", "-")})

    assert right.request["PATH_INFO"] == citizen.url("followed")
    assert STORY in words(right)
    assert citizen.get("receipt").request["PATH_INFO"] == citizen.url("track")


def test_sending_twice_back_and_reload_give_one_complaint_and_one_code(citizen):
    code = citizen.file()

    again = citizen.post("check")
    back = citizen.get("check")
    reload = citizen.get("receipt")

    assert [page.context["code"] for page in (again, back, reload)] == [code] * 3
    assert Complaint.objects.count() == 1


def test_a_second_send_with_the_old_cookie_state_gives_the_same_code(citizen):
    """The double click: both requests saw the draft before either had removed it."""
    citizen.fill()
    session = citizen.client.session
    before = dict(session.items())
    first = citizen.post("check").context["code"]
    session = citizen.client.session
    session.update(before)
    session.save()

    assert citizen.post("check").context["code"] == first
    assert Complaint.objects.count() == 1


def test_a_second_send_with_other_words_says_that_the_first_was_sent(citizen):
    citizen.fill()
    before = dict(citizen.client.session.items())
    citizen.post("check")
    session = citizen.client.session
    session.update(before)
    session.save()
    citizen.fill(story="Cerita lain.")

    page = citizen.post("check")

    assert "Laporan Anda sudah terkirim" in words(page)
    assert Complaint.objects.get().story == STORY


@pytest.mark.parametrize(
    ("number", "changed", "sentence"),
    [
        (1, {"kind": ""}, "Pilih apa yang ingin Anda sampaikan."),
        (1, {"story": "   "}, "Ceritakan apa yang terjadi"),
        (1, {"story": "a" * 10_001}, "10.001"),
        (2, {"unit": ""}, "atau pilih “Saya tidak tahu”"),
        (2, {"unit": STALE_UNIT}, "Pilih unit dari daftar"),
        (4, {"disclosure": ""}, "Pilih siapa yang boleh tahu"),
        (4, {"disclosure": "known"}, "Tulis nama atau kontak Anda, atau pilih anonim."),
        (4, {"contact": "198001012005011001", "disclosure": "known"}, "Tulis nomor ponsel"),
        (4, {"contact": "0812", "disclosure": "known"}, "Tulis nomor ponsel"),
        (4, {"name": "12345", "disclosure": "known"}, "Tulis nama dengan huruf"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(number, changed, sentence, citizen):
    citizen.fill()
    data = {**ANSWERS[number], **changed}

    response = citizen.post("step", number, data=data)

    assert response.status_code == 200
    assert not response.redirect_chain
    assert sentence in words(response)
    assert "<title>Galat:" in response.content.decode()
    for typed in data.values():
        if typed != STALE_UNIT:
            assert typed.strip()[:200] in response.content.decode()
    assert not Complaint.objects.exists()


def test_another_governments_unit_is_not_on_the_list(citizen, cast):
    citizen.fill()
    response = citizen.post("step", 2, data={**ANSWERS[2], "unit": str(cast.away_unit.pk)})
    assert "Pilih unit dari daftar" in words(response)


def test_a_closed_unit_is_not_offered(citizen, cast):
    Unit.objects.filter(pk=cast.unit.pk).update(active_to="2020-01-01")
    citizen.fill()
    page = citizen.get("step", 2).content.decode()
    assert "Dinas Satu" not in page
    assert "Dinas Dua" in page


def search(citizen, words, **typed):
    page = citizen.post("step", 2, data={**ANSWERS[2], "unit": "", "find": words, **typed})
    listed = re.findall(r'<option value="(\d+)"[^>]*>([^<]+)', page.content.decode())
    return page, [name for _key, name in listed]


def test_an_office_is_found_by_its_old_and_short_name_without_script(citizen, cast, monkeypatch):
    monkeypatch.setattr("complaints.views.filing.LONG_LIST", 1)
    UnitName.objects.create(government=cast.home, unit=cast.unit, name="Barenlitbang")
    citizen.fill()

    page, names = search(citizen, "litbang", when_text="kemarin")
    assert names == ["Dinas Satu"]
    assert "1 unit cocok" in words(page)
    assert "selected>Dinas Satu" in page.content.decode()
    assert "kemarin" in page.content.decode()

    page, names = search(citizen, "dinas")
    assert names == ["Dinas Dua", "Dinas Satu"]
    page, names = search(citizen, "xyz <b>")
    assert len(names) == 3
    assert "Tidak ada unit dengan nama ini" in words(page)
    page, names = search(citizen, "jauh")
    assert "Dinas Jauh" not in names


def test_searching_again_forgets_the_office_found_before(citizen, cast, monkeypatch):
    monkeypatch.setattr("complaints.views.filing.LONG_LIST", 1)
    citizen.fill()

    page, names = search(citizen, "dua", unit=str(cast.unit.pk), search="Cari")
    assert names == ["Dinas Dua"]
    assert "selected>Dinas Dua" in page.content.decode()

    page, names = search(citizen, "zzz", unit=str(cast.unit.pk), search="Cari")
    assert "Tidak ada unit dengan nama ini" in words(page)
    assert "selected>Dinas" not in page.content.decode()

    page, _names = search(citizen, "dinas", unit=str(cast.unit.pk), search="Cari")
    assert "selected>Dinas Satu" in page.content.decode()


def test_a_chosen_office_counts_more_than_a_word_in_the_search(citizen, cast, monkeypatch):
    monkeypatch.setattr("complaints.views.filing.LONG_LIST", 1)
    citizen.fill()
    page, _names = search(citizen, "satu", unit=str(cast.other_unit.pk))
    assert page.request["PATH_INFO"] == citizen.url("check")


def test_what_was_typed_is_there_on_the_way_back(citizen):
    citizen.fill()
    assert STORY in words(citizen.get("step", 1))
    assert "Loket 3" in citizen.get("step", 2).content.decode()


def test_changing_one_answer_leads_back_to_the_check(citizen):
    citizen.fill()
    page = citizen.post("step", 1, data={"kind": "aspiration", "story": "Tambah kursi."})
    assert page.request["PATH_INFO"] == citizen.url("check")
    assert "Tambah kursi." in words(page)


def test_steps_cannot_be_skipped(citizen):
    for name, args in (("step", [2]), ("step", [3]), ("step", [4]), ("similar", []), ("check", [])):
        page = citizen.get(name, *args)
        assert page.request["PATH_INFO"] == citizen.url("step", 1)
        assert "Silakan mulai lagi" in words(page)
    assert citizen.client.get(citizen.url("step", 5)).status_code == 404


def test_an_expired_draft_says_so_and_keeps_what_is_sent_now(citizen):
    citizen.fill()
    with time_machine.travel(timezone.now() + visit.LIFETIME + timedelta(minutes=1)):
        page = citizen.post("step", 2, data={**ANSWERS[2], "where_text": "Loket 9"})

        assert page.request["PATH_INFO"] == citizen.url("step", 1)
        assert "Silakan mulai lagi" in words(page)
        assert STORY not in words(page)
        assert "Loket 9" in citizen.get("step", 2).content.decode()


def test_a_draft_of_one_government_is_none_of_another(citizen, cast):
    citizen.fill()
    citizen.slug = cast.away.slug
    assert citizen.get("check").request["PATH_INFO"] == citizen.url("step", 1)


def test_a_sealed_draft_does_not_open_in_another_session(citizen, another):
    citizen.fill()
    thief = another()
    thief.fill(story="Lain")
    stolen = thief.client.session
    stolen.update(dict(citizen.client.session.items()))
    stolen.save()

    assert STORY not in words(thief.get("check"))


def test_anonymous_keeps_neither_name_nor_contact_and_the_pages_say_so(citizen):
    told = "Bila kode itu hilang, tidak ada jalan kembali ke laporan ini."
    check = citizen.fill(name="Siti Aminah", contact="0812 3456 7890")
    assert told in words(check)
    assert "812" not in words(check)

    citizen.post("check")

    assert not Reporter.objects.exists()
    assert Complaint.objects.get().disclosure == "anonymous"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Siti", "contact": "0812 3456 7890"},
        {"name": "12345"},
        {"contact": "0812"},
        {"name": "b" * 151, "contact": "a" * 121},
    ],
)
def test_what_somebody_anonymous_typed_is_thrown_away_without_complaint(typed, citizen):
    """A browser may hide these fields: no error may stand there."""
    citizen.fill()
    page = citizen.post("step", 4, data={**ANSWERS[4], **typed})

    assert page.request["PATH_INFO"] == citizen.url("check")
    draft = visit.read(page.wsgi_request, visit.DRAFT, now=timezone.now())
    assert (draft["answers"]["name"], draft["answers"]["contact"]) == ("", "")
    citizen.post("check")
    assert not Reporter.objects.exists()


def test_known_keeps_name_and_contact_sealed(citizen):
    citizen.file(disclosure="known", name="Siti", contact="0812-3456-7890")
    reporter = Reporter.objects.get()
    assert (reporter.name_with_pii(), reporter.contact_with_pii()) == ("Siti", "+6281234567890")


def test_finished_removes_everything_from_the_device(citizen):
    citizen.file()
    citizen.post("leave")
    assert citizen.get("receipt").request["PATH_INFO"] == citizen.url("track")
    assert (
        "sessionid" not in citizen.client.cookies or not citizen.client.cookies["sessionid"].value
    )


def test_script_in_a_story_is_shown_as_text(citizen):
    citizen.fill(story="<script>alert(1)</script>")
    page = citizen.get("check").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_other_scripts_and_long_texts_arrive_whole(citizen):
    story = "ꦱꦸꦒꦼꦁ مرحبا 🙏 “kutipan” " + "panjang " * 1200
    citizen.file(story=story)
    assert Complaint.objects.get().story == story.strip()


def test_an_unknown_government_is_404(db):
    assert Client().get("/kota-tidak-ada/lapor/").status_code == 404


PAGES = [
    "privacy",
    "step1",
    "step1 wrong",
    "step2",
    "step3",
    "step4",
    "similar",
    "check",
    "suggestion",
    "resend",
    "following",
    "receipt",
    "track",
    "followed",
]
# Pages with the one small script; nothing on them needs it.
TYPED_ON = {
    *("step1", "step1 wrong", "step2", "step3", "step4"),
    *("similar", "check", "receipt", "suggestion"),
}


def test_every_page_weighs_at_most_15_kb(citizen, cast):
    for number in range(80):
        Unit.objects.create(
            government=cast.home, kind="kelurahan", name=f"Kelurahan Panjang {number}"
        )
    pages = {"privacy": citizen.get("privacy"), "step1": citizen.get("step", 1)}
    pages["step1 wrong"] = citizen.post("step", 1)
    pages["check"] = citizen.fill(story="Ada yang meminta uang. " * 20)
    pages |= {f"step{number}": citizen.get("step", number) for number in (2, 3, 4)}
    pages["receipt"] = citizen.post("check")
    pages["followed"] = citizen.post("receipt", data={"code": pages["receipt"].context["code"]})
    pages |= {name: citizen.get(name) for name in ("track", "suggestion", "resend")}
    ComplaintFactory(
        government=cast.home,
        story="Ada yang meminta uang.",
        public_title="Pungutan di loket",
        filed_on=timezone.localdate(),
    )
    citizen.fill(story="Ada yang meminta uang.")
    pages["similar"] = citizen.get("similar")
    draft = visit.read(pages["similar"].wsgi_request, visit.DRAFT, now=timezone.now())
    citizen.post("similar", data={"report": str(Complaint.objects.latest("pk").pk), "notice": ""})
    pages["following"] = citizen.post("receipt", data={"code": draft["code"]})

    assert sorted(pages) == sorted(PAGES)
    for name, response in pages.items():
        page = response.content.decode()
        needed = sorted(set(re.findall(r'(?:href|src)="(/(?:static|theme)/[^"]+)"', page)))
        weight = len(gzip.compress(response.content)) + sum(_weight(url) for url in needed)
        assert 1 + len(needed) <= 5, f"{name}: {needed}"
        assert weight <= BUDGET, f"{name} weighs {weight} bytes"
        assert page.count("<script") == page.count('<script src="/static/dist/public.') <= 1
        assert ("<script" in page) is (name in TYPED_ON), name
        assert 'rel="preload"' not in page


def _weight(url: str) -> int:
    if url.startswith("/theme/"):
        return len(gzip.compress(Client().get(url).content))
    file = Path(settings.STATIC_ROOT) / url.removeprefix("/static/")
    packed = file.with_name(file.name + ".gz")
    return (packed if packed.exists() else file).stat().st_size
