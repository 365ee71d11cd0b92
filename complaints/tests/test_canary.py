"""Words that a citizen wrote are looked for everywhere they must not be."""

import logging

import pytest
from django.apps import apps
from django.urls import reverse

from complaints.actions import handling
from complaints.models import Complaint
from complaints.tests.factories import FILED
from integrity_portal.core.wake import CHANNEL
from opd.enums import Role
from opd.tests.canary import tables_with

WORDS = {
    "story": "KENARI-CERITA",
    "when_text": "KENARI-KAPAN",
    "where_text": "KENARI-TEMPAT",
    "name": "KENARI-NAMA",
    "contact": "kenari@contoh.id",
    "message": "KENARI-PESAN",
    "answer": "KENARI-JAWABAN",
    "note": "KENARI-ALASAN",
}
# Where texts are meant to be; name and contact stand there sealed.
HOMES = {"complaints_complaint", "complaints_message", "complaints_complaintstep"}
REASONS = {"complaints_identityopening"}


@pytest.fixture
def lived(citizen, cast, client_as, caplog):
    """A complaint from draft to "belum selesai", with everything logged; its code."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.request").setLevel(logging.DEBUG)
    known = {"disclosure": "known"}
    citizen.fill(
        **{k: WORDS[k] for k in ("story", "when_text", "where_text", "name", "contact")}, **known
    )
    drafted = tables_with("KENARI") | tables_with("kenari@")
    code = str(citizen.post("check").context["code"])
    citizen.get("receipt")
    citizen.follow(code)
    citizen.post("write", data={"text": WORDS["message"]})
    complaint = Complaint.objects.get()
    handling.verify_complaint(
        complaint=complaint,
        by=cast[Role.COMPLAINT_COORDINATOR],
        unit=cast.unit,
        sla_class="general",
        now=FILED,
        note=WORDS["note"],
    )
    client = client_as(cast[Role.LIAISON_OFFICER])
    for verb, data in (("take_on", {}), ("answer", {"text": WORDS["answer"]})):
        client.post(reverse("complaints:step_of", args=[complaint.pk, verb]), data)
    client.post(reverse("complaints:identity", args=[complaint.pk]), {"reason": WORDS["note"]})
    client.get(reverse("complaints:list"), {"q": "KENARI"})
    citizen.post("not_settled", data={"text": WORDS["message"]})
    citizen.client.get("/kota-tidak-ada/lapor/")
    return code, drafted


def test_texts_stand_in_their_own_tables_only(lived):
    _, drafted = lived
    assert drafted == set()
    for key in ("story", "when_text", "where_text"):
        assert tables_with(WORDS[key]) == {"complaints_complaint"}
    assert tables_with(WORDS["message"]) == {"complaints_message"}
    assert tables_with(WORDS["answer"]) == {"complaints_message"}
    assert tables_with(WORDS["note"]) == {"complaints_complaintstep"} | REASONS


def test_name_and_contact_stand_nowhere_readably(lived):
    for key in ("name", "contact"):
        assert tables_with(WORDS[key]) == set()


def test_the_code_stands_nowhere(lived):
    code, _ = lived
    assert tables_with(code) == set()
    assert tables_with(code.replace(" ", "")) == set()


def test_logs_hold_neither_texts_nor_code_nor_address(lived, caplog):
    code, _ = lived
    said = "\n".join(f"{r.getMessage()} {r.__dict__}" for r in caplog.records if ours(r))
    for word in (*WORDS.values(), code, code.replace(" ", "")):
        assert word not in said
    assert "127.0.0.1" not in said


def ours(record: logging.LogRecord) -> bool:
    """The test keeps the request itself on the record; a log line never prints it."""
    record.__dict__.pop("request", None)
    return not record.name.startswith(("django.db", "factory", "asyncio"))


def test_history_keeps_the_decisions_and_no_texts(lived):
    event = apps.get_model("complaints", "ComplaintHistoryEvent")
    fields = {field.name for field in event._meta.get_fields()}
    hidden = {"story", "when_text", "where_text", "code_hash", "draft_key"}
    assert not fields & hidden
    states = list(event.objects.order_by("pgh_id").values_list("state", flat=True))
    assert states == ["received", "verified", "in_progress", "answered", "in_progress"]


def test_codes_never_stand_in_an_address(lived, citizen):
    """No public address takes more than the government, the number of a step or of a file, and
    the token that is printed on a poster."""
    from complaints.urls import public_patterns

    assert {name for p in public_patterns for name in p.pattern.converters} == {
        "number",
        "file_pk",
        "token",
    }
    assert CHANNEL not in HOMES
