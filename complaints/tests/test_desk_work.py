"""Search, filters, the spreadsheet, work on many at once, templates, answers with files."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from complaints.actions import desk_work
from complaints.actions.answers import end_template, save_template
from complaints.actions.messages import write_as_citizen, write_note
from complaints.models import AnswerTemplate, Complaint, ComplaintFile, Satisfaction
from complaints.queries import desk
from complaints.tests.factories import FILED, ComplaintFactory
from complaints.tests.test_public_pages import words
from complaints.views import bulk
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.factories import UnitFactory
from opd.transitions import StepRefused

COORDINATOR, LIAISON, HEAD = Role.COMPLAINT_COORDINATOR, Role.LIAISON_OFFICER, Role.OPD_HEAD
LIST = "/app/complaints/"


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel("2026-11-23 03:00:00+00:00"):
        yield


@pytest.fixture
def at(cast, client_as):
    return lambda role: client_as(cast[role])


def found(cast, **filters):
    today = FILED.date()
    rows = desk.complaints_for(
        cast[COORDINATOR], desk.Filters(**{"state": "all", **filters}), today
    )
    return set(rows.values_list("pk", flat=True))


def photo(name="foto.jpg"):
    data = BytesIO()
    Image.new("RGB", (8, 8)).save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def test_words_in_any_form_place_messages_numbers_and_the_last_one_unfinished(cast):
    row = ComplaintFactory(
        government=cast.home, state="in_progress", unit=cast.unit, story="Petugas memungut uang.",
        where_text="Jalan Mawar",
    )  # fmt: skip
    other = ComplaintFactory(government=cast.home, story="Antrean panjang sejak pagi")
    write_as_citizen(complaint=row, text="Kuitansinya hilang", now=FILED)
    write_note(complaint=row, by=cast[LIAISON], text="Rahasia dapur", now=FILED)
    away = ComplaintFactory(government=cast.away, story="Petugas memungut uang.")

    for text in (
        "pungutan",
        "DIPUNGUT uang",
        "mawar",
        "kuitansi",
        "memungut mawar",
        f"#{row.number}",
    ):
        assert found(cast, words=text) == {row.pk}, text
    assert found(cast, words="memungut ant") == set()
    assert found(cast, words="antr") == {other.pk}
    assert found(cast, words='"memungut uang"') == {row.pk}
    assert found(cast, words="antrean or uang") == {row.pk, other.pk}
    assert found(cast, words="petugas -uang") == set()
    for nothing in ("dapur", "%", "' & !", "9" * 30, str(away.number)):
        assert found(cast, words=nothing) == set(), nothing


def test_each_filter(cast):
    kecamatan = UnitFactory(government=cast.home, name="Kec. Utara", kind="kecamatan")
    here = {"government": cast.home}
    web = ComplaintFactory(kind="information", region=kecamatan, **here)
    typed = ComplaintFactory(channel="counter", filed_by=cast[LIAISON], **here)
    up = ComplaintFactory(escalation=2, filed_on="2026-10-01", **here)
    accused = ComplaintFactory(accuses_officer=True, named_unit=cast.other_unit, **here)
    silent = ComplaintFactory(state="verified", unit=cast.unit, respond_by="2026-11-01", **here)
    flooded = ComplaintFactory(is_quarantined=True, **here)
    every = {row.pk for row in (web, typed, up, accused, silent)}
    cases = {
        (): every,
        (("kind", "information"),): {web.pk},
        (("channel", "counter"),): {typed.pk},
        (("source", "staff"),): {typed.pk},
        (("source", "citizen"),): every - {typed.pk},
        (("source", "poster"),): set(),
        (("source", "meeting"),): set(),
        (("region", kecamatan.pk),): {web.pk},
        (("mark", "escalated"),): {up.pk},
        (("mark", "accused"),): {accused.pk},
        (("mark", "no_word"),): {silent.pk},
        (("mark", "quarantine"),): {flooded.pk},
        (("mark", "mine"),): set(),
        (("until", FILED.date() - timedelta(days=10)),): {up.pk},
        (("since", FILED.date()),): every - {up.pk},
    }
    for filters, expected in cases.items():
        assert found(cast, **dict(filters)) == expected, filters
    desk_work.release(complaint=flooded, by=cast[COORDINATOR], now=FILED)
    assert found(cast) == every | {flooded.pk}


def test_the_list_tells_how_far_it_counts(cast, at, monkeypatch):
    ComplaintFactory.create_batch(4, government=cast.home)
    monkeypatch.setattr(desk, "MOST_COUNTED", 3)
    page = at(COORDINATOR).get(LIST)
    assert page.context["paginator"].is_more
    assert page.context["paginator"].count == 3


def test_the_spreadsheet_says_no_more_than_the_role_may_take_out(cast, at):
    story = "=HYPERLINK(1)"
    row = ComplaintFactory(
        government=cast.home, state="verified", unit=cast.unit, story=story, disclosure="known"
    )
    ComplaintFactory(government=cast.home, state="verified", unit=cast.other_unit)
    url = reverse("complaints:export")

    unit = at(LIAISON).get(url).content.decode("utf-8-sig").splitlines()
    assert len(unit) == 2
    assert unit[1].startswith(f"{row.number};")
    assert story not in "".join(unit)
    everything = at(COORDINATOR).get(url, {"unit": cast.unit.pk}).content.decode("utf-8-sig")
    assert len(everything.splitlines()) == 2
    assert f"'{story}" in everything


def test_work_on_many_does_what_it_can_and_says_the_rest(cast, at):
    fine = ComplaintFactory.create_batch(2, government=cast.home)
    gone = ComplaintFactory(government=cast.home, state="closed", unit=cast.unit)
    accused = ComplaintFactory(government=cast.home, accuses_officer=True, named_unit=cast.unit)
    away = ComplaintFactory(government=cast.away)
    chosen = [row.pk for row in (*fine, gone, accused, away)]
    client, url = at(COORDINATOR), reverse("complaints:bulk")
    asked = client.get(url, {"what": "verify", "id": chosen})
    assert {row.pk for row in asked.context["chosen"]} == set(chosen[:4])
    data = {"what": "verify", "id": chosen, "unit": cast.unit.pk, "sla_class": "general"}
    assert "done" not in client.post(url, {**data, "unit": ""}).context

    page = client.post(url, data)

    assert {row.complaint.pk for row in page.context["done"]} == {row.pk for row in fine}
    assert {row.complaint.pk for row in page.context["refused"]} == {gone.pk, accused.pk}
    assert all(row.why for row in page.context["refused"])
    assert Complaint.objects.get(pk=away.pk).state == "received"
    assert at(LIAISON).post(url, data).status_code == 403
    took = at(LIAISON).post(url, {"what": "take_on", "id": chosen})
    assert len(took.context["done"]) == 2
    assert client.get(url, {"what": "nonsense", "id": chosen}).status_code == 302
    assert client.get(url, {"what": "verify", "id": ["x", "9" * 40]}).status_code == 302


def test_the_whole_list_is_chosen_as_it_is_filtered(cast, at, monkeypatch):
    rows = ComplaintFactory.create_batch(3, government=cast.home, kind="information")
    ComplaintFactory(government=cast.home)
    url = reverse("complaints:bulk")
    asked = {"what": "reject", "all": "1", "list": "kind=information"}
    chosen = at(COORDINATOR).get(url, asked).context["chosen"]
    assert {row.pk for row in chosen} == {row.pk for row in rows}
    monkeypatch.setattr(bulk, "MOST", 2)
    assert len(at(COORDINATOR).get(url, asked).context["chosen"]) == 2


def test_quarantine_is_emptied_in_bulk(cast, at):
    rows = ComplaintFactory.create_batch(3, government=cast.home, is_quarantined=True)
    url, client = reverse("complaints:bulk"), at(COORDINATOR)
    junk = {"what": "reject", "id": [rows[0].pk], "text": "Tidak berisi kejadian."}
    assert len(client.post(url, junk).context["done"]) == 1
    both = client.post(url, {"what": "release", "id": [row.pk for row in rows]})
    assert (len(both.context["done"]), len(both.context["refused"])) == (2, 1)
    assert not Complaint.objects.filter(is_quarantined=True).exists()
    assert LedgerEntry.objects.filter(verb="complaint.released").count() == 2


def test_the_class_is_changed_while_the_clock_runs(cast):
    row = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    with pytest.raises(StepRefused):
        desk_work.set_class(complaint=row, by=cast[HEAD], sla_class="supervision", now=FILED)
    desk_work.set_class(complaint=row, by=cast[COORDINATOR], sla_class="supervision", now=FILED)
    row = Complaint.objects.get(pk=row.pk)
    assert (row.sla_class, row.answer_by.isoformat()) == ("supervision", "2027-01-29")
    entry = LedgerEntry.objects.get(verb="complaint.classed")
    assert entry.codes == {"from": "general", "to": "supervision"}
    paused = ComplaintFactory(government=cast.home, state="paused", unit=cast.unit)
    with pytest.raises(StepRefused):
        desk_work.set_class(
            complaint=paused, by=cast[COORDINATOR], sla_class="supervision", now=FILED
        )


def test_an_answer_begins_with_a_template_is_looked_at_and_sent_with_files(cast, at, citizen):
    template = save_template(
        by=cast[LIAISON], unit=cast.unit, title="Terima kasih",
        text="Laporan {nomor} kami terima pada {tanggal}. {unit} {lain}",
    )  # fmt: skip
    row = ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)
    client = at(LIAISON)
    url = reverse("complaints:detail", args=[row.pk])
    begun = words(client.get(url, {"template": template.pk}))
    assert f"Laporan {row.number} kami terima pada 23 November 2026. Dinas Satu {{lain}}" in begun
    for bad in ("x", "9" * 12, "1"):
        assert client.get(url, {"template": bad}).status_code == 200
    step = reverse("complaints:step_of", args=[row.pk, "answer"])
    looked = client.post(step, {"text": "Sudah.", "preview": "1"})
    assert looked.context["preview"] == "Sudah."
    assert not row.messages.exists()
    wrong = SimpleUploadedFile("a.pdf", b"bukan pdf", "application/pdf")
    assert client.post(step, {"text": "Sudah.", "file_1": wrong}).status_code == 200
    assert not row.messages.exists()

    client.post(step, {"text": "Sudah.", "file_1": photo(), "file_2": photo("dua.jpg")})

    assert Complaint.objects.get(pk=row.pk).state == "answered"
    assert ComplaintFile.objects.filter(message__kind="answer").count() == 2
    assert LedgerEntry.objects.filter(verb="answer_template.saved").count() == 1


def test_the_citizen_opens_the_answers_file_and_says_how_it_was(cast, at, citizen):
    code = citizen.file()
    row = Complaint.objects.get()
    client = at(COORDINATOR)
    common = {"unit": cast.unit.pk, "sla_class": "general"}
    client.post(reverse("complaints:step_of", args=[row.pk, "verify"]), common)
    unit = at(LIAISON)
    unit.post(reverse("complaints:step_of", args=[row.pk, "take_on"]))
    say = {"level": "fair", "words": "Agak lama"}
    citizen.post("contentment", data=say)
    assert not Satisfaction.objects.exists()
    citizen.follow(code)
    citizen.post("contentment", data=say)
    assert not Satisfaction.objects.exists()
    step = reverse("complaints:step_of", args=[row.pk, "answer"])
    unit.post(step, {"text": "Sudah.", "file_1": photo()})

    page = citizen.follow(code)
    (letter,) = [letter for letter in page.context["letters"] if letter.is_answer]
    ((key, name),) = letter.files
    assert name == "foto.jpg"
    url = citizen.url("answer_file", key)
    assert citizen.client.get(url).getvalue().startswith(b"\xff\xd8")
    assert at(LIAISON).get(url).status_code == 404
    assert citizen.client.get(citizen.url("answer_file", key + 1)).status_code == 404
    citizen.post("contentment", data={"level": "?"})
    assert not Satisfaction.objects.exists()
    citizen.post("contentment", data=say)
    assert Satisfaction.objects.get().level == "fair"
    assert "Agak lama" in words(unit.get(reverse("complaints:detail", args=[row.pk])))


def test_templates_of_a_unit_and_of_the_government(cast, at):
    client = at(LIAISON)
    new = {"title": "Terima kasih", "text": "Terima kasih."}
    client.post(reverse("complaints:template_new"), new)
    mine = AnswerTemplate.objects.get()
    assert mine.unit == cast.unit
    again = client.post(reverse("complaints:template_new"), new)
    assert again.context["form"].errors
    at(COORDINATOR).post(reverse("complaints:template_new"), new)
    common = AnswerTemplate.objects.get(unit=None)
    edit = reverse("complaints:template_edit", args=[common.pk])
    assert client.get(edit).status_code == 403
    assert (
        at(COORDINATOR).get(reverse("complaints:template_edit", args=[mine.pk])).status_code == 403
    )
    client.post(reverse("complaints:template_edit", args=[mine.pk]), {**new, "text": "Baru."})
    assert AnswerTemplate.objects.get(pk=mine.pk).text == "Baru."
    with pytest.raises(StepRefused):
        end_template(by=cast[LIAISON], template=common, now=FILED)
    client.post(reverse("complaints:template_end", args=[mine.pk]))
    assert [
        item["row"].pk for item in client.get(reverse("complaints:templates")).context["rows"]
    ] == [common.pk]
    assert LedgerEntry.objects.filter(verb="answer_template.ended").count() == 1
