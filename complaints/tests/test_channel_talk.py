"""Citizens who talk with the portal by SMS and WhatsApp, through the real webhook."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from complaints.actions import talk
from complaints.models import (
    ChannelMessage,
    Complaint,
    Conversation,
    Message,
    OutboundMessage,
    Reporter,
)
from complaints.tests.phones import Phone, work_all
from integrity_portal.testing import channels as wire

DAY = timedelta(days=1)


class TestTalk:
    def test_a_report_by_sms_is_anonymous_to_the_unit_and_can_be_told(self, sms: Phone) -> None:
        sms.file()
        complaint = Complaint.objects.get()
        reporter = Reporter.objects.get()

        assert (complaint.channel, complaint.disclosure) == ("sms", "anonymous")
        assert reporter.for_notice_only
        assert reporter.contact_with_pii() == "+6281200000001"

    @pytest.mark.parametrize("number", ["081200000001", "6281200000001", "+62 812 0000 0001"])
    def test_one_person_whichever_way_the_number_is_written(self, sms: Phone, number: str) -> None:
        sms.post(sms.body("Diminta uang di loket"))
        Phone(sms.account, sms.gateway, number).post(wire_body(number))
        work_all()

        assert Conversation.objects.count() == 1

    def test_the_unit_is_found_by_its_name(self, sms: Phone, cast: Any) -> None:
        said = sms.say("Diminta uang", cast.unit.name.split()[-1], "1", "Loket", "1", "KIRIM")
        complaint = Complaint.objects.get()

        assert complaint.named_unit == cast.unit
        assert complaint.disclosure == "known"
        assert any(cast.unit.name in text for text in said)

    def test_more_settled_and_not_settled(self, sms: Phone) -> None:
        code = sms.file()
        assert "sudah masuk" in sms.say(f"TAMBAH {code} petugas berbaju biru")[0]
        assert Message.objects.get().text == "petugas berbaju biru"
        assert "belum dijawab" in sms.say(f"SELESAI {code}")[0]

        Complaint.objects.update(
            state="answered", answered_at=timezone.now(), answered_on=timezone.localdate(),
            close_on=timezone.localdate() + DAY, unit=unit_of(Complaint.objects.get()),
        )  # fmt: skip
        assert "belum beres" in sms.say(f"BELUM {code} masih diminta uang")[0]
        assert Complaint.objects.get().state == "in_progress"
        Complaint.objects.update(
            state="answered", answered_at=timezone.now(), answered_on=timezone.localdate(),
            close_on=timezone.localdate() + DAY,
        )  # fmt: skip
        assert "kami tutup" in sms.say(f"SELESAI {code}")[0]
        assert Complaint.objects.get().state == "closed"
        assert not Reporter.objects.exists()

    def test_suggestion_and_question_have_their_kinds(self, sms: Phone) -> None:
        sms.say("SARAN tambah kursi di loket", "0", "0", "2", "KIRIM")
        sms.say("INFO jam buka puskesmas?", "0", "0", "2", "KIRIM")

        kinds = Complaint.objects.order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["aspiration", "information"]

    def test_a_draft_that_lies_is_forgotten_and_said_so_once(self, sms: Phone) -> None:
        sms.say("Diminta uang di loket")
        later = timezone.now() + timedelta(hours=4)
        talk.expire_drafts(now=later)
        talk.expire_drafts(now=later)
        work_all(later)

        assert Conversation.objects.get().state_sealed == ""
        assert len([text for text in sms.heard if "3 jam" in text]) == 1
        assert not talk.expire_draft(conversation=Conversation.objects.get(), now=later)

    def test_a_changed_and_a_deleted_message(self, whatsapp: Phone) -> None:
        body = wire.cloud_text("Diminta 50 ribu", key="w1", number=whatsapp.number)
        whatsapp.send(body)
        change = {"original_message_id": "w1",
                  "message": {"type": "text", "text": {"body": "Diminta 500 ribu"}}}  # fmt: skip
        whatsapp.send({**body, "id": "w2", "type": "edit", "edit": change})
        story = Conversation.objects.get().opened("state_sealed")["story"]
        assert story == [["w1", "Diminta 500 ribu"]]
        revoke = {"original_message_id": "w1"}
        whatsapp.send({**body, "id": "w3", "type": "revoke", "revoke": revoke})
        assert Conversation.objects.get().opened("state_sealed")["story"] == []

    def test_the_first_answer_says_who_knows_the_number(self, sms: Phone, whatsapp: Phone) -> None:
        for phone, word in ((sms, "rahasia, bukan anonim"), (whatsapp, "tidak anonim")):
            first = phone.say("Diminta uang di loket")[0]
            assert word in first
            assert "gratis" in first
            assert "/lapor/" in first

    def test_advertising_names_are_kept_and_not_answered(self, sms: Phone) -> None:
        Phone(sms.account, sms.gateway, "TELKOMSEL").post(wire_body("TELKOMSEL"))
        work_all()

        assert ChannelMessage.objects.get().outcome == "kept"
        assert not OutboundMessage.objects.exists()

    def test_one_bad_message_does_not_stop_the_others(
        self, sms: Phone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sms.post(sms.body("Diminta uang di loket"))
        ChannelMessage.objects.update(sealed="v1.k1.broken")
        other = Phone(sms.account, sms.gateway, "6281233333333")
        other.post(other.body("Jalan rusak"))
        work_all()

        assert ChannelMessage.objects.get(attempts=1, job_state="waiting").last_error
        assert other.heard


def wire_body(number: str) -> bytes:
    return wire.sms_body("Halo", key=f"k{number}", number=number)


def unit_of(complaint: Complaint) -> Any:
    from opd.tests.factories import UnitFactory

    return UnitFactory(government=complaint.government)
