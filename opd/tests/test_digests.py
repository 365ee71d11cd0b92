"""The one message of a day: when, to whom, what stands in it, by which way."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from hypothesis import given, strategies as st

from integrity_portal.core import crypto, jobs
from integrity_portal.core.models import LedgerEntry
from integrity_portal.testing.whatsapp import running_gateway
from opd import letters, whatsapp
from opd.actions.inbox import choose_messages, mark_read
from opd.actions.reminders import send_digests
from opd.enums import IdentifierKind, Role
from opd.models import Digest, Government, InboxItem, Letter
from opd.reminders import Hours, out_of_quiet
from opd.tests.factories import GovernmentFactory, LoginIdentifierFactory, MembershipFactory
from opd.tests.factories_calendar import DirectiveFactory, InboxItemFactory

PHONE = "+6281200000077"
TOKEN = "EAAB-hanya-uji"
pytestmark = pytest.mark.django_db


def at(day, hour, zone="Asia/Jakarta", minute=0):
    return datetime(2026, 4, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.fixture
def gateway(settings):
    with running_gateway() as running:
        settings.WHATSAPP_BASE_URL = running.url
        settings.WHATSAPP_VERSION = "v23.0"
        settings.WHATSAPP_PHONE_NUMBER_ID = "1055"
        settings.WHATSAPP_TOKEN = TOKEN
        yield running


@pytest.fixture
def person(cast):
    """The secretariat, with a mailbox and a number; one item waits for it."""
    office = cast[Role.ZI_SECRETARIAT]
    office.user.email = "organisasi@contoh.id"
    office.user.save()
    LoginIdentifierFactory(user=office.user, kind=IdentifierKind.PHONE, value=PHONE)
    InboxItemFactory(government=cast.home, created_at=at(1, 0))
    return office


def digest(cast, moment):
    return send_digests(government=cast.home, now=moment)


def opened(letter):
    text = crypto.open_sealed(
        letter.sealed, table="opd_letter", column="sealed", row=letter.public_id
    )
    return json.loads(text)


# --- when ---


def test_once_a_day_at_seven_and_only_when_something_is_new(cast, person):
    assert digest(cast, at(1, 6, minute=59)) == 0
    assert digest(cast, at(1, 7)) == 1
    assert digest(cast, at(1, 8)) == 0
    InboxItemFactory(government=cast.home, created_at=at(1, 9))
    assert digest(cast, at(1, 10)) == 0
    assert digest(cast, at(2, 7)) == 1
    assert digest(cast, at(3, 7)) == 0
    assert [row.item_count for row in Digest.objects.order_by("day")] == [1, 1]
    assert LedgerEntry.objects.filter(verb="digest.sent").count() == 2


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Jakarta", 0), ("Asia/Makassar", 23), ("Asia/Jayapura", 22)]
)
def test_seven_by_the_clock_of_the_government(cast, person, zone, hour):
    Government.objects.filter(pk=cast.home.pk).update(time_zone=zone)
    cast.home.refresh_from_db()
    moment = datetime(2026, 4, 2 if hour == 0 else 1, hour, tzinfo=UTC)
    assert digest(cast, moment - timedelta(seconds=1)) == 0
    assert digest(cast, moment) == 1
    assert Digest.objects.get().day == date(2026, 4, 2)


def test_in_the_quiet_hours_nothing_is_sent(cast, person):
    """The server was away all day: not at ten in the evening, but the next morning."""
    assert digest(cast, at(1, 22)) == 0
    assert digest(cast, at(2, 5)) == 0
    assert digest(cast, at(2, 7)) == 1


def test_own_hours_are_kept(cast, person):
    choose_messages(person=person.user, by=person, wish="auto", hours=Hours(15, 17, 14))
    assert digest(cast, at(1, 14)) == 0
    assert digest(cast, at(1, 17)) == 0
    assert digest(cast, at(2, 15)) == 1


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 23))
def test_quiet_hours_end(start, end, hour):
    hours = Hours(7, start, end)
    moment = datetime(2026, 4, 1, hour, 30, tzinfo=UTC)
    sent = out_of_quiet(moment, hours, "Asia/Jayapura")
    assert not hours.is_quiet(sent.astimezone(ZoneInfo("Asia/Jayapura")).hour)
    assert moment <= sent < moment + timedelta(days=1)


# --- to whom ---


def test_what_is_read_or_settled_is_not_told(cast, person):
    InboxItemFactory(government=cast.home, created_at=at(1, 0), settled_at=at(1, 1))
    mark_read(by=person, items=list(InboxItem.objects.values_list("pk", flat=True)), now=at(1, 2))
    assert digest(cast, at(1, 7)) == 0


def test_closed_accounts_ended_offices_and_who_wants_nothing(cast, person):
    closed = MembershipFactory(
        government=cast.home, role=Role.ZI_SECRETARIAT, user__is_active=False
    )
    ended = MembershipFactory(
        government=cast.home, role=Role.ZI_SECRETARIAT, valid_to=date(2026, 3, 31)
    )
    silent = MembershipFactory(government=cast.home, role=Role.ZI_SECRETARIAT)
    bare = MembershipFactory(government=cast.home, role=Role.ZI_SECRETARIAT)
    for number, office in enumerate((closed, ended, silent)):
        office.user.email = f"x{number}@contoh.id"
        office.user.save()
    choose_messages(person=silent.user, by=silent, wish="none", hours=Hours())
    assert digest(cast, at(1, 7)) == 1
    assert Digest.objects.get().user == person.user
    assert bare.user_id != person.user_id


def test_two_offices_one_message(cast, person):
    office = MembershipFactory(government=cast.home, role=Role.SEKDA, user=person.user)
    InboxItemFactory(government=cast.home, role=Role.SEKDA, created_at=at(1, 0))
    assert digest(cast, at(1, 7)) == 1
    assert Digest.objects.get().item_count == 2
    assert office.user == person.user


# --- what stands in it ---


def test_what_until_when_and_a_link_but_no_names_and_nothing_typed(cast, person):
    row = DirectiveFactory(government=cast.home, unit=cast.unit, text="Tegur Budi Santoso")
    InboxItemFactory(
        government=cast.home,
        kind="directive",
        link_id=str(row.pk),
        sentence="directive.reported",
        due_on=date(2026, 4, 9),
        created_at=at(1, 0),
    )
    digest(cast, at(1, 7))
    letters.deliver(pk=Letter.objects.get().pk, now=at(1, 7))

    sent = mail.outbox[0]
    assert sent.to == ["organisasi@contoh.id"]
    assert "Hari terakhir pengusulan ke PMPZI" in sent.body
    assert "9 April 2026" in sent.body
    assert "31 Mei 2026" in sent.body
    assert "/app/inbox/" in sent.body
    assert "Arahan" in sent.body
    for secret in ("Budi", person.user.name, cast.unit.name, PHONE):
        assert secret not in sent.body + sent.subject


def test_many_are_counted_not_listed(cast, person):
    InboxItemFactory.create_batch(8, government=cast.home, created_at=at(1, 0))
    digest(cast, at(1, 7))
    body = opened(Letter.objects.get())["body"]
    assert body.count("\n- ") <= 6
    assert "4 lainnya" in body


# --- by which way ---


def test_by_whatsapp_where_there_is_a_number_and_a_gateway(cast, person, gateway):
    digest(cast, at(1, 7))
    letter = Letter.objects.get()
    assert letter.channel == "whatsapp"
    assert PHONE not in letter.sealed

    assert letters.deliver(pk=letter.pk, now=at(1, 7))

    (request,) = gateway.requests
    assert request.path == "/v23.0/1055/messages"
    assert request.token == f"Bearer {TOKEN}"
    assert request.body["messaging_product"] == "whatsapp"
    assert request.body["to"] == PHONE.removeprefix("+")
    assert request.body["type"] == "template"
    template = request.body["template"]
    assert (template["name"], template["language"]) == ("portal_ringkasan_harian", {"code": "id"})
    texts = [part["text"] for part in template["components"][0]["parameters"]]
    assert texts[:2] == [cast.home.official_name, "1"]
    assert texts[2].startswith("Hari terakhir pengusulan ke PMPZI")
    assert texts[3] == "31 Mei 2026"
    letter.refresh_from_db()
    assert (letter.job_state, letter.sealed) == ("done", "")
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("wish", "channel"), [("auto", "whatsapp"), ("whatsapp", "whatsapp"), ("mail", "mail")]
)
def test_the_wish_decides(cast, person, gateway, wish, channel):
    choose_messages(person=person.user, by=person, wish=wish, hours=Hours())
    digest(cast, at(1, 7))
    assert Letter.objects.get().channel == channel


def test_without_a_gateway_by_mail_and_without_both_only_the_inbox(cast, person):
    digest(cast, at(1, 7))
    assert Letter.objects.get().channel == "mail"
    Digest.objects.all().delete()
    choose_messages(person=person.user, by=person, wish="whatsapp", hours=Hours())
    assert digest(cast, at(1, 8)) == 0
    assert not Digest.objects.exists()


def test_too_many_requests_wait_as_long_as_the_gateway_says(cast, person, gateway):
    digest(cast, at(1, 7))
    gateway.answer(429, code=130429, retry_after="1800")
    letter = Letter.objects.get()

    assert not letters.deliver(pk=letter.pk, now=at(1, 7))

    letter.refresh_from_db()
    assert (letter.job_state, letter.last_error) == ("waiting", "WhatsApp429-130429")
    assert letter.next_try_at == at(1, 7, minute=30)
    assert letters.deliver(pk=letter.pk, now=at(1, 7, minute=30))


def test_a_second_try_keeps_out_of_the_night(cast, person, gateway):
    digest(cast, at(1, 19))
    gateway.answer(503, retry_after="7200")
    letter = Letter.objects.get()
    letters.deliver(pk=letter.pk, now=at(1, 19))
    letter.refresh_from_db()
    assert letter.next_try_at == at(2, 6)


def test_a_number_without_whatsapp_gets_the_mail(cast, person, gateway):
    digest(cast, at(1, 7))
    gateway.answer(400, code=131026)
    letter = Letter.objects.get()

    letters.deliver(pk=letter.pk, now=at(1, 7))

    letter.refresh_from_db()
    assert (letter.channel, letter.job_state, letter.attempts) == ("mail", "waiting", 0)
    assert "phone" not in opened(letter)
    assert letters.deliver(pk=letter.pk, now=at(1, 7))
    assert mail.outbox[0].to == ["organisasi@contoh.id"]


def test_a_refused_number_without_a_mailbox_is_seen_by_the_it_team(cast, person, gateway):
    choose_messages(person=person.user, by=person, wish="whatsapp", hours=Hours())
    digest(cast, at(1, 7))
    gateway.answer(400, code=131026)
    letter = Letter.objects.get()
    letters.deliver(pk=letter.pk, now=at(1, 7))
    letter.refresh_from_db()
    assert (letter.job_state, letter.last_error) == ("dead", "WhatsApp400-131026")


def test_a_gateway_that_stays_away_ends_in_a_mail(cast, person, gateway, settings):
    digest(cast, at(1, 7))
    settings.WHATSAPP_BASE_URL = "http://127.0.0.1:9"
    letter, now = Letter.objects.get(), at(1, 7)
    for _try in range(jobs.MAX_ATTEMPTS):
        assert not letters.deliver(pk=letter.pk, now=now)
        letter.refresh_from_db()
        now = letter.next_try_at
    assert letter.channel == "mail"
    assert letters.deliver(pk=letter.pk, now=now)
    assert len(mail.outbox) == 1


def test_a_gateway_that_was_taken_out_of_the_settings(cast, person, gateway, settings):
    digest(cast, at(1, 7))
    settings.WHATSAPP_TOKEN = ""
    letter = Letter.objects.get()
    letters.deliver(pk=letter.pk, now=at(1, 7))
    letter.refresh_from_db()
    assert letter.channel == "mail"


def send():
    return whatsapp.send_template(
        to=PHONE,
        template="portal_ringkasan_harian",
        parameters=["Kota\nContoh", "3", "  x     y\tz ", "", "https://x"],
    )


def test_parameters_are_clean_and_the_answer_names_the_message(gateway):
    assert send() == "wamid.1"
    texts = [
        part["text"] for part in gateway.requests[0].body["template"]["components"][0]["parameters"]
    ]
    assert texts == ["Kota Contoh", "3", "x y z", "-", "https://x"]


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, 190, whatsapp.GatewayAway),
        (400, 131056, whatsapp.GatewayAway),
        (500, None, whatsapp.GatewayAway),
        (400, 132001, whatsapp.GatewayRefused),
        (404, 100, whatsapp.GatewayRefused),
        (400, None, whatsapp.GatewayAway),
    ],
)
def test_refusals_are_codes(gateway, status, code, error):
    gateway.answer(status, code=code)
    with pytest.raises(error) as raised:
        send()
    assert PHONE[3:] not in str(raised.value)
    assert TOKEN not in str(raised.value)


def test_the_token_follows_no_redirect_and_junk_is_no_answer(gateway):
    gateway.answer_with(302, b"", Location=f"{gateway.url}/elsewhere")
    with pytest.raises(whatsapp.GatewayAway):
        send()
    gateway.answer_with(200, b"<html>Wi-Fi login</html>")
    with pytest.raises(whatsapp.GatewayAway, match="Unreadable"):
        send()
    gateway.answer(429, retry_after="Wed, 01 Apr 2099 00:00:00 GMT")
    with pytest.raises(whatsapp.GatewayAway) as raised:
        send()
    assert raised.value.retry_after == whatsapp.MOST_WAIT
    assert len(gateway.requests) == 3


def test_only_https_leaves_the_machine(settings):
    settings.WHATSAPP_BASE_URL = "http://graph.facebook.com"
    with pytest.raises(Exception, match="https"):
        send()


def test_the_templates_are_what_meta_takes():
    for template in whatsapp.templates().values():
        text = template.written(template.examples)
        assert "{{" not in text
        assert len(text) <= 1024


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_send_one_message():
    home = GovernmentFactory()
    office = MembershipFactory(government=home, user__email="satu@contoh.id")
    InboxItemFactory(government=home, created_at=at(1, 0))
    start = threading.Barrier(2)

    def work(_number):
        try:
            start.wait()
            return send_digests(government=home, now=at(1, 7))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(work, range(2)))

    assert sorted(sent) == [0, 1]
    assert Letter.objects.count() == 1
    assert Digest.objects.get().user == office.user
