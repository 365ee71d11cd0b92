"""The verbs behind the channels, each called by itself: repeated, out of turn, in another's hands."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from complaints.actions import channels, inbound, media, outbound, talk
from complaints.channel_enums import Delivery, InboundKind
from complaints.channels.base import Inbound
from complaints.dialogue import Said
from complaints.models import (
    ChannelMedia,
    ChannelMessage,
    Complaint,
    ComplaintFile,
    Conversation,
    OutboundMessage,
)
from complaints.tests.factories import ComplaintFactory
from complaints.tests.phones import Phone, open_account, work_all
from integrity_portal.core.files import store_made
from integrity_portal.core.models import LedgerEntry
from opd.transitions import StepRefused


def arrived(key: str, kind: InboundKind = InboundKind.TEXT, **more: Any) -> Inbound:
    return Inbound(key, kind, **{"sender": "+6281200000001", "text": "Lampu mati", **more})


@pytest.fixture
def talking(sms: Phone) -> Conversation:
    sms.say("Diminta uang di loket")
    return Conversation.objects.select_related("account", "government", "complaint").get()


def test_what_is_delivered_again_is_not_new(cast: Any) -> None:
    account, now = open_account(cast, "gammu"), timezone.now()

    assert inbound.keep_inbound(account=account, inbound=[arrived("a"), arrived("b")], now=now) == 2
    assert inbound.keep_inbound(account=account, inbound=[arrived("a"), arrived("c")], now=now) == 1
    assert inbound.keep_inbound(account=account, inbound=[arrived("c")], now=now) == 0
    assert inbound.keep_inbound(account=account, inbound=[], now=now) == 0
    assert LedgerEntry.objects.filter(verb="channel_messages.received").count() == 2
    other = open_account(cast, "gammu")
    assert inbound.keep_inbound(account=other, inbound=[arrived("a")], now=now) == 1


def test_two_workers_never_take_one_message(sms: Phone) -> None:
    sms.post(sms.body("Diminta uang"))
    message = ChannelMessage.objects.get()
    now = timezone.now()

    assert inbound.work(pk=message.pk, now=now) == 1
    assert inbound.work(pk=message.pk, now=now) == 0
    assert OutboundMessage.objects.count() == 2


def test_words_and_changes_move_the_conversation(talking: Conversation) -> None:
    now = timezone.now()
    assert talk.take_words(conversation=talking, said=Said("0", id="x"), now=now) == "asked"
    assert talking.stage == "where"
    key = talking.opened("state_sealed")["story"][0][0]
    changed = Said("Diminta 500 ribu", id=key)
    assert talk.take_change(conversation=talking, said=changed, now=now) == "changed"
    assert talk.take_change(conversation=talking, said=Said("x", id="?"), now=now) == "kept"


def test_only_an_answered_report_is_settled(cast: Any) -> None:
    open_one = ComplaintFactory(government=cast.home)
    answered = ComplaintFactory(government=cast.home, state="answered", unit=cast.unit)
    with pytest.raises(StepRefused):
        talk.settle_complaint(complaint=open_one, now=timezone.now())

    assert talk.settle_complaint(complaint=answered, now=timezone.now()).state == "closed"


def stored(cast: Any) -> Any:
    data = b"%PDF-1.4 bukti"
    return store_made(BytesIO(data), size=len(data), name="b.pdf", kind="complaint_file",
                      government_id=cast.home.pk)  # fmt: skip


def test_a_file_that_comes_after_the_report_was_filed_is_put_there(
    talking: Conversation, cast: Any
) -> None:
    now = timezone.now()
    told = {"id": "1", "url": "", "mime": "", "sha256": "", "name": ""}
    row = media.note_media(conversation=talking, told=told, now=now)
    row.job_state, row.attempts = "running", 1
    row.save()
    complaint = ComplaintFactory(government=cast.home)
    media.bind_media(draft_key=row.draft_key, complaint=complaint)
    media.keep_media(media=row, stored=stored(cast), now=now)
    # The claim was used up: nothing is added twice.
    media.keep_media(media=row, stored=stored(cast), now=now)

    assert ComplaintFile.objects.get().complaint == complaint
    assert ChannelMedia.objects.get().sealed == ""


def test_a_refused_token_is_noted_once(cast: Any) -> None:
    account, now = open_account(cast, "gammu"), timezone.now()
    outbound.note_refused_token(account=account, code="WhatsApp401-190", now=now)
    outbound.note_refused_token(
        account=account, code="WhatsApp401-190", now=now + timedelta(hours=1)
    )

    account.refresh_from_db()
    assert account.refused_at == now
    assert LedgerEntry.objects.filter(verb="channel.token_refused").count() == 1
    channels.watch_channels(now=now)
    account.refresh_from_db()
    assert account.red_since == now


def test_a_report_of_another_account_changes_nothing(sms: Phone, cast: Any) -> None:
    sms.say("Halo")
    sent = OutboundMessage.objects.first()
    report = arrived("s", InboundKind.STATUS, refers_to=sent.provider_id, status="read", sender="")
    other, now = open_account(cast, "gammu"), timezone.now()
    inbound.keep_inbound(account=other, inbound=[report], now=now)
    row = ChannelMessage.objects.get(account=other)

    assert not outbound.take_delivery(report=row, now=now)
    sent.refresh_from_db()
    assert sent.delivery == Delivery.SENT


def test_a_conversation_sends_in_its_order(sms: Phone) -> None:
    sms.post(sms.body("Diminta uang di loket"))
    now = timezone.now()
    inbound.work(pk=ChannelMessage.objects.get().pk, now=now)
    first, second = OutboundMessage.objects.order_by("pk")

    assert not outbound.deliver(pk=second.pk, now=now)
    assert outbound.deliver(pk=first.pk, now=now)
    assert outbound.deliver(pk=second.pk, now=now)


@pytest.mark.parametrize("calls", [200, pytest.param(1000, marks=pytest.mark.slow)])
def test_many_webhook_calls_with_repeats_are_exactly_the_right_cases(
    whatsapp: Phone, calls: int
) -> None:
    """Every fifth a new person who tells everything; each call comes up to three times, in bits."""
    people = calls // 10
    script = ("Diminta uang di loket", "0", "Loket 3", "2", "KIRIM")
    bodies = []
    for person in range(people):
        phone = Phone(whatsapp.account, whatsapp.gateway, f"62812{person:08}")
        bodies += [
            phone.body(text, key=f"p{person}.{step}", at=1_760_000_000 + step)
            for step, text in enumerate(script)
        ]
    for number in range(calls):
        # Each twice, the second time in another order and after others.
        body = (
            bodies[number % len(bodies)]
            if number < len(bodies)
            else bodies[-1 - number % len(bodies)]
        )
        assert whatsapp.post(body).status_code == 200
    work_all()
    work_all()

    assert Complaint.objects.count() == people
    assert ChannelMessage.objects.count() == len(bodies)
    assert ChannelMessage.objects.unfinished().count() == 0
    assert set(Complaint.objects.values_list("story", "where_text")) == {(script[0], script[2])}
