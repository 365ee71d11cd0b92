"""Public meetings: the day's page, promises as they are said, what everybody reads afterwards."""

import io
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from integrity_portal.core.documents import checks, tasks
from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate
from opd.actions.meetings import (
    MeetingFacts,
    add_meeting,
    edit_meeting,
    end_meeting,
    order_card,
)
from opd.actions.promises import PromiseFacts, judge_promise, record_promise
from opd.enums import Role
from opd.models import Promise
from opd.queries.directives import kept_promises
from opd.queries.meetings import by_series, carried_over
from opd.tests.factories_calendar import PromiseFactory
from opd.tests.factories_places import MeetingFactory
from opd.transitions import StepRefused

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
FACTS = MeetingFacts("Kopi Tahu di Pasar", TODAY, "Kopi Tahu", "Pasar Induk")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel(NOW):
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
def keeper(cast):
    return cast[Role.ZI_SECRETARIAT]


def test_added_once_changed_and_ended_once(keeper):
    key = uuid4()
    row = add_meeting(facts=FACTS, form_key=key, by=keeper, now=NOW)
    assert add_meeting(facts=FACTS, form_key=key, by=keeper, now=NOW) == row
    address = row.public_id
    later = MeetingFacts("Kopi Tahu di Alun-alun", TODAY, "Kopi Tahu")
    row = edit_meeting(meeting=row, facts=later, by=keeper)
    assert (row.public_id, row.is_open_on(TODAY)) == (address, True)
    with pytest.raises(StepRefused, match="not begun"):
        end_meeting(meeting=row, by=keeper, now=NOW, today=TODAY - timedelta(days=1))
    first = end_meeting(meeting=row, by=keeper, now=NOW, today=TODAY)
    again = end_meeting(meeting=row, by=keeper, now=NOW + timedelta(hours=1), today=TODAY)
    assert first.ended_at == again.ended_at == NOW
    assert not again.is_open_on(TODAY)
    verbs = list(
        LedgerEntry.objects.filter(verb__startswith="meeting.").values_list("verb", flat=True)
    )
    assert sorted(verbs) == ["meeting.added", "meeting.edited", "meeting.ended"]


def test_nobody_else_and_no_other_government(cast, keeper):
    with pytest.raises(PermissionDenied):
        add_meeting(facts=FACTS, form_key=uuid4(), by=cast[Role.OPD_HEAD], now=NOW)
    foreign = MeetingFactory(government=cast.away, held_on=TODAY)
    facts = PromiseFacts("Wali Kota", "Lampu menyala", PartialDate(TODAY))
    with pytest.raises(StepRefused, match="another government"):
        record_promise(
            facts=facts, form_key=uuid4(), by=keeper, now=NOW, today=TODAY, meeting=foreign
        )


def test_the_day_stays_once_something_was_promised(cast, keeper):
    row = MeetingFactory(government=cast.home, held_on=TODAY)
    PromiseFactory(government=cast.home, meeting=row)
    with pytest.raises(StepRefused, match="The day stays"):
        edit_meeting(meeting=row, facts=MeetingFacts("X", TODAY - timedelta(days=1)), by=keeper)


def test_a_promise_is_recorded_from_the_phone(cast, client_as):
    meeting = MeetingFactory(government=cast.home, venue="Pasar Induk")
    client = client_as(cast[Role.MAYOR])
    here = reverse("opd:meeting_promise", args=[meeting.pk])
    bad = client.post(here, {"form_key": uuid4(), "text": "Lampu menyala"})
    assert bad.status_code == 422
    assert "Lampu menyala" in bad.content.decode()
    due = timezone.localdate() + timedelta(days=10)
    sent = {
        "form_key": uuid4(),
        "text": "Lampu menyala",
        "due": f"{due:%d/%m/%Y}",
        "unit": cast.unit.pk,
    }
    for _time in range(2):
        page = client.post(here, sent, follow=True)
    row = Promise.objects.get()
    assert (row.meeting, row.unit, row.due_on, row.place) == (
        meeting,
        cast.unit,
        due,
        "Pasar Induk",
    )
    assert row.promised_by == f"{cast.home.head_title} Rumah"
    assert "Lampu menyala" in page.content.decode()
    assert f"pertemuan={meeting.public_id}" in page.content.decode()


def public(meeting, **query):
    address = reverse("meeting", args=[meeting.government.slug, meeting.public_id])
    answer = Client().get(address, {"lang": "en", **query})
    assert not answer.cookies
    return answer.content.decode()


def test_everybody_reads_what_was_promised_and_how_it_stands(cast, keeper):
    today = timezone.localdate()
    past = MeetingFactory(
        government=cast.home, held_on=today - timedelta(days=60), ended_at=timezone.now()
    )
    said = past.held_on
    late = PromiseFactory(
        government=cast.home,
        meeting=past,
        text="Saluran dikeruk",
        said_on=said,
        due_on=today - timedelta(days=2),
    )
    kept = PromiseFactory(government=cast.home, meeting=past, text="Papan tarif", said_on=said)
    judge_promise(
        promise=kept,
        is_kept=True,
        on=said,
        proof_note="Terpasang di pintu",
        by=keeper,
        now=timezone.now(),
        today=today,
    )
    page = public(past)
    assert "1 of 2 kept" in page
    assert "1 past their day" in page
    assert "Terpasang di pintu" in page
    assert "pertemuan=" not in page

    next_one = MeetingFactory(government=cast.home, title="Kopi Tahu berikutnya")
    page = public(next_one)
    assert "Saluran dikeruk" in page
    assert "Papan tarif" not in page
    assert f"pertemuan={next_one.public_id}" in page
    assert carried_over(next_one) == [late]

    (count,) = by_series(kept_promises(cast.home, today))
    assert (count.series, count.kept, count.late, count.total) == ("Kopi Tahu", 1, 1, 2)


def test_the_public_list_can_be_narrowed_to_a_series(cast):
    PromiseFactory(government=cast.home, text="Dari tempat lain")
    meeting = MeetingFactory(government=cast.home, series="Kopi Tahu")
    PromiseFactory(government=cast.home, text="Dari meja kopi", meeting=meeting)
    address = reverse("reports:transparency", args=[cast.home.slug])
    page = Client().get(address, {"lang": "en"}).content.decode()
    assert "0 of 1 kept" in page
    narrowed = Client().get(address, {"lang": "en", "seri": "Kopi Tahu"}).content.decode()
    assert "Dari meja kopi" in narrowed
    assert "Dari tempat lain" not in narrowed
    assert "Dari tempat lain" in Client().get(address, {"seri": "entah"}).content.decode()


def test_another_governments_meeting_is_not_here(cast):
    meeting = MeetingFactory(government=cast.away)
    address = reverse("meeting", args=[cast.home.slug, meeting.public_id])
    assert Client().get(address).status_code == 404


def test_the_card_for_the_tables_is_one_page(cast, keeper):
    meeting = MeetingFactory(government=cast.home)
    document = order_card(meeting=meeting, by=keeper, now=timezone.now())
    assert order_card(meeting=meeting, by=keeper, now=timezone.now()) == document
    tasks.render_document(pk=document.pk)
    document.refresh_from_db()
    with default_storage.open(document.file.key) as file:
        data = file.read()
    assert checks.check_pdf(data) == []
    (page,) = PdfReader(io.BytesIO(data)).pages
    assert meeting.title in page.extract_text()
