"""C-10 to C-18: what a channel must do, each named after its line (docs/features/channels.md)."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.actions import inbound
from complaints.channel_enums import Purpose
from complaints.channels import signatures
from complaints.codes import grouped, new_code
from complaints.models import (
    ChannelMessage,
    Complaint,
    Conversation,
)
from complaints.queries import channel_work
from complaints.tests.phones import Phone, open_account, phone_at, work_all
from integrity_portal.testing import channels as wire
from opd.tests.canary import tables_with

DAY = timedelta(days=1)
WHOLE = {"hub.mode": "subscribe", "hub.verify_token": "sandi-alamat", "hub.challenge": "1158201444"}


class TestC10TwoNumbers:
    def test_c10_general_and_hotline_never_mix(self, whatsapp: Phone, cast: Any) -> None:
        hotline = open_account(cast, "whatsapp_cloud", purpose=Purpose.HOTLINE)
        other = Phone(hotline, whatsapp.gateway)
        body = whatsapp.body("Diminta uang")

        assert other.post(body).status_code == 503
        assert whatsapp.post(body).status_code == 200
        assert set(ChannelMessage.objects.values_list("account", flat=True)) == {
            whatsapp.account.pk
        }

    def test_c10_two_general_numbers_have_conversations_of_their_own(
        self, whatsapp: Phone, cast: Any
    ) -> None:
        second = Phone(open_account(cast, "whatsapp_cloud"), whatsapp.gateway)
        whatsapp.say("Diminta uang")
        second.say("Jalan rusak")

        assert Conversation.objects.filter(stage="unit").count() == 2


class TestC11Parts:
    def _part(self, phone: Phone, number: int, total: int, text: str) -> None:
        part = {"ref": "r9", "number": number, "total": total}
        assert phone.post(phone.body(text, part=part)).status_code == 200

    def test_c11_out_of_order_parts_are_one_story(self, sms: Phone) -> None:
        for number, text in ((3, "bayar."), (1, "Di loket "), (2, "saya diminta ")):
            self._part(sms, number, 3, text)
            work_all()
        sms.say("0", "0", "2", "KIRIM")

        assert Complaint.objects.get().story == "Di loket saya diminta bayar."

    def test_c11_a_part_that_never_comes_is_waited_for_ten_minutes(self, sms: Phone) -> None:
        self._part(sms, 2, 2, "diminta uang di loket.")
        work_all()
        assert sms.heard == []
        work_all(timezone.now() + timedelta(minutes=11))

        state = Conversation.objects.get().opened("state_sealed")
        assert state["story"][0][1] == "[sebagian SMS tidak sampai]diminta uang di loket."

    def test_c11_a_modem_hands_over_joined_and_single_parts(self, cast: Any) -> None:
        from django.core.management import call_command

        account = open_account(cast, "gammu")
        joined = {
            "SMS_MESSAGES": "2", "SMS_1_NUMBER": "081200000001", "DECODED_PARTS": "1",
            "DECODED_1_TEXT": "Di loket diminta uang", "PHONE_ID": "modem1",
        }  # fmt: skip
        call_command("gammu_receive", environment=joined)
        single = {
            "SMS_MESSAGES": "2", "SMS_1_NUMBER": "081200000001", "SMS_1_TEXT": "dua ",
            "SMS_2_TEXT": "bagian", "PHONE_ID": "modem1",
        }  # fmt: skip
        call_command("gammu_receive", environment=single)

        texts = [row.opened("sealed")["text"] for row in account.messages.order_by("pk")]
        assert texts == ["Di loket diminta uang", "dua bagian"]


class TestC12Status:
    def test_c12_state_and_date_and_no_content(self, sms: Phone) -> None:
        code = sms.file("Diminta uang KENARI-CERITA di loket.")
        said = sms.say(f"STATUS {grouped(code)}")

        assert len(said) == 1
        assert "Laporan Anda" in said[0]
        assert "KENARI" not in said[0]

    def test_c12_five_wrong_codes_slow_their_sender_and_nobody_else(
        self, sms: Phone, cast: Any
    ) -> None:
        code = sms.file()
        guesser = Phone(sms.account, sms.gateway, number="6281299999999")
        for _guess in range(5):
            assert "Tidak ada laporan" in guesser.say(f"STATUS {new_code()}")[0]
        assert "Terlalu sering" in guesser.say(f"STATUS {new_code()}")[0]
        # Not even a right one now, and no SMS for each of a thousand guesses.
        assert guesser.say(f"STATUS {code}") == []

        assert "Laporan Anda" in sms.say(f"STATUS {code}")[0]


def test_c13_no_number_and_no_text_in_a_log(
    whatsapp: Phone, sms: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for phone in (whatsapp, sms):
        phone.number = "6281255566677"
        phone.file("KENARI-CERITA di loket")
        phone.post(phone.body("KENARI-PALSU"), **{"X-Hub-Signature-256": "sha256=00"})
    whatsapp.gateway.answer(500)
    whatsapp.say("STATUS 1234567890123456")

    own = [
        record.getMessage() for record in caplog.records
        if not record.name.startswith(("django.db", "asyncio"))
    ]  # fmt: skip
    for line in own:
        assert "KENARI" not in line
        assert "81255566677" not in line
    number_in = tables_with("81255566677")
    assert number_in == set()
    assert tables_with("KENARI-CERITA") == {"complaints_complaint"}


class TestC14ExactAnswers:
    def test_c14_kannel_gets_nothing_that_it_would_send_on(self, cast: Any, client: Any) -> None:
        phone = Phone(open_account(cast, "kannel"), gateway=None)
        call = {"id": "k1", "from": "081200000001", "text": "Lampu mati", "time": "1697043223"}
        answer = client.get(phone.url, call)

        assert (answer.status_code, answer.content) == (200, b"")
        assert answer["Content-Type"].startswith("text/plain")
        assert ChannelMessage.objects.count() == 1
        for wrong in (client.get("/hooks/lain/", call), client.put(phone.url)):
            assert wrong.content == b""

    def test_c14_jasmin_gets_its_acknowledgement(self, cast: Any, client: Any) -> None:
        phone = Phone(open_account(cast, "jasmin"), gateway=None)
        text = "Lampu mati é"
        call = {
            "id": "j1", "from": "081200000001", "to": "1708", "coding": "8", "content": "?",
            "binary": text.encode("utf-16-be").hex(), "origin-connector": "smpp1",
        }  # fmt: skip
        answer = client.post(phone.url, form_body(call), content_type=FORM)

        assert (answer.status_code, answer.content) == (200, b"ACK/Jasmin")
        assert ChannelMessage.objects.get().opened("sealed")["text"] == text

    def test_c14_twilio_gets_an_empty_twiml(self, cast: Any, client: Any, settings: Any) -> None:
        phone = Phone(open_account(cast, "twilio"), gateway=None)
        form = {"MessageSid": "SM1", "From": "+6281200000001", "Body": "Lampu mati"}
        signed = signatures.twilio_signature(
            "12345", f"{settings.BASE_URL}{phone.url}", {k: [v] for k, v in form.items()}
        )
        answer = client.post(phone.url, form_body(form), content_type=FORM,
                             headers={"X-Twilio-Signature": signed})  # fmt: skip

        assert answer.content == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
        assert answer["Content-Type"].startswith("text/xml")
        assert ChannelMessage.objects.get().opened("sealed")["text"] == "Lampu mati"
        assert client.post(phone.url, form_body(form), content_type=FORM).status_code == 403


FORM = "application/x-www-form-urlencoded"


def form_body(values: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(values)


class TestC15TwilioVectors:
    URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
    FORM = {
        "CallSid": ["CA1234567890ABCDE"], "Digits": ["1234"], "From": ["+14158675309"],
        "To": ["+18005551212"], "Caller": ["+14158675309"],
    }  # fmt: skip
    SIGNED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="

    def test_c15_the_published_vector(self) -> None:
        assert signatures.twilio_signature("12345", self.URL, self.FORM) == self.SIGNED

    def test_c15_repeated_values_are_sorted_and_distinct(self) -> None:
        form = {"Sid": ["CA123"], "SidAccount": ["AC123"], "Digits": ["5678", "1234", "1234"]}

        assert signatures.twilio_signature("12345", self.URL, form) == (
            "IK+Dwps556ElfBT0I3Rgjkr1wJU="
        )

    @pytest.mark.parametrize("port", ["", ":443", ":8443"])
    def test_c15_with_and_without_the_port(self, port: str) -> None:
        """Signed with the port, seen without it, and the other way round."""
        url = self.URL.replace(".com/", f".com{port}/")
        for signed_url in signatures.with_and_without_port(url):
            signed = signatures.twilio_signature("12345", signed_url, self.FORM)
            assert signatures.is_twilio_signature("12345", url, self.FORM, b"", signed)
        assert not signatures.is_twilio_signature("12345", url, self.FORM, b"", "x" * 28)

    def test_c15_plain_http_has_port_80(self) -> None:
        assert signatures.with_and_without_port("http://a.id/x") == (
            "http://a.id/x", "http://a.id:80/x",
        )  # fmt: skip

    def test_c15_json_comes_with_the_hash_of_its_body(self) -> None:
        body = b'{"property": "value", "boolean": true}'
        digest = hashlib.sha256(body).hexdigest()
        assert digest == "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
        url = f"{self.URL}&bodySHA256={digest}"
        signed = signatures.twilio_signature("12345", url, {})

        assert signatures.is_twilio_signature("12345", url, {}, body, signed)
        assert not signatures.is_twilio_signature("12345", url, {}, body + b" ", signed)


@pytest.mark.parametrize("missing", ["text", "id"])
def test_c16_africas_talking_without_text_or_id_is_400(
    cast: Any, client: Any, missing: str
) -> None:
    phone = Phone(open_account(cast, "africastalking"), gateway=None)
    call = {"from": "+6281200000001", "to": "1708", "text": "Lampu mati", "id": "a1",
            "date": "2026-11-22 10:00:00"}  # fmt: skip
    answer = client.post(phone.url, form_body({**call, missing: ""}), content_type=FORM)

    assert (answer.status_code, ChannelMessage.objects.count()) == (400, 0)
    assert client.post(phone.url, form_body(call), content_type=FORM).status_code == 200


class TestC17Flood:
    def test_c17_one_number_waits_behind_itself_only(self, sms: Phone) -> None:
        for number in range(60):
            sms.post(sms.body(f"Sampah nomor {number} " + "x" * 70))
        honest = Phone(sms.account, sms.gateway, number="6281277777777")
        honest.post(honest.body("Diminta uang di loket"))

        due = channel_work.inbound_due(timezone.now())
        assert len(due) == 2
        inbound.work(pk=due[-1], now=timezone.now())
        assert Conversation.objects.filter(stage="unit").exists()
        work_all()
        assert ChannelMessage.objects.unfinished().count() == 0
        # Read, but not answered each time.
        assert len(sms.heard) <= 31
        assert honest.heard

    def test_c17_the_webhook_costs_the_same_for_one_and_for_a_batch(self, whatsapp: Phone) -> None:
        for count in (1, 60):
            messages = [
                wire.cloud_text("x", key=f"q{count}.{n}", number=f"62812000{n:05}")
                for n in range(count)
            ]
            body = wire.cloud_body(messages=messages)
            with CaptureQueriesContext(connection) as seen:
                assert whatsapp.post(body).status_code == 200
            asked = [q["sql"] for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]
            assert len(asked) == 5, asked


class TestC18Hotline:
    def test_c18_an_account_of_the_hotline_keeps_nothing_at_all(
        self, cast: Any, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        with phone_at(cast, settings, "whatsapp_cloud") as phone:
            hotline = Phone(
                open_account(cast, "whatsapp_cloud", purpose=Purpose.HOTLINE), phone.gateway
            )
            body = hotline.body("KENARI-RAHASIA")
            with connection.execute_wrapper(_refuse_writes):
                answer = hotline.post(body)

        assert (answer.status_code, answer.content) == (503, b"")
        assert tables_with("KENARI") == set()
        assert "KENARI" not in caplog.text
        assert not ChannelMessage.objects.exists()

    def test_c18_no_unofficial_gateway_for_the_hotline(self, cast: Any, settings: Any) -> None:
        from opd.transitions import StepRefused

        settings.UNOFFICIAL_WHATSAPP = True
        with pytest.raises(StepRefused):
            open_account(cast, "fonnte", purpose=Purpose.HOTLINE)


def _refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    assert sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE")), sql
    return execute(sql, params, many, context)
