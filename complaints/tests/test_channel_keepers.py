"""Setting up and keeping the channels; what their actions leave in the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from complaints.actions import channels, inbound, media, talk
from complaints.actions.replies import say
from complaints.models import (
    ChannelMedia,
    ChannelMessage,
    Complaint,
    Conversation,
    OutboundMessage,
)
from complaints.queries import channel_work
from complaints.tests.phones import Phone, open_account, work_all
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

DAY = timedelta(days=1)


class TestKeepers:
    def test_secrets_are_sealed_replaced_and_never_come_back(self, cast: Any) -> None:
        account = open_account(cast, "whatsapp_cloud")
        old = account.token_index
        assert "EAAG-token" not in account.secrets_sealed
        changed = channels.rotate_secrets(
            account=account, by=cast[Role.IT_TEAM], values={"token": "baru"},
            now=timezone.now(), new_address=True,
        )  # fmt: skip

        assert changed.secrets["token"] == "baru"
        assert changed.secrets["app_secret"] == "rahasia-meta"
        assert changed.token_index != old
        with pytest.raises(StepRefused):
            channels.rotate_secrets(
                account=account, by=cast[Role.IT_TEAM], values={"token": ""}, now=timezone.now()
            )

    @pytest.mark.parametrize("role", [Role.COMPLAINT_COORDINATOR, Role.MAYOR, Role.OPD_HEAD])
    def test_others_do_not_keep_them(self, cast: Any, role: Role) -> None:
        account = open_account(cast, "gammu")
        with pytest.raises(StepRefused):
            channels.switch_channel(account=account, by=cast[role], is_active=False)
        with pytest.raises(StepRefused):
            channels.open_channel(
                by=cast[role], adapter="gammu", label="x", number="", now=timezone.now(),
                values={"phone_id": "x"},
            )  # fmt: skip

    def test_unofficial_ones_only_by_setting_and_with_a_warning(
        self, cast: Any, settings: Any, client: Any
    ) -> None:
        with pytest.raises(StepRefused):
            open_account(cast, "fonnte")
        settings.UNOFFICIAL_WHATSAPP = True
        phone = Phone(open_account(cast, "fonnte"), gateway=None)
        call = {"sender": "6281200000001", "message": "Lampu mati", "inboxid": "9"}
        assert phone.client.post(phone.url, call, content_type="application/json").content == b""
        work_all_inbound()
        text = OutboundMessage.objects.get().opened("sealed")["text"]
        assert "perusahaan lain yang bukan WhatsApp" in text

        settings.UNOFFICIAL_WHATSAPP = False
        assert (
            phone.client.post(phone.url, call, content_type="application/json").status_code == 503
        )

    def test_a_test_message_goes_out(self, sms: Phone, cast: Any) -> None:
        channels.send_test(
            account=sms.account, by=cast[Role.IT_TEAM], number="081200000001", now=timezone.now()
        )
        work_all()
        assert "percobaan" in sms.heard[0]

    def test_forged_calls_turn_it_red_and_a_new_day_counts_anew(self, sms: Phone) -> None:
        now = timezone.now()
        for _call in range(5):
            channels.count_forged(account=sms.account, now=now)
        sms.account.refresh_from_db()
        from complaints.queries.channels import healths

        assert healths([sms.account], now)[sms.account.pk].is_red
        channels.count_forged(account=sms.account, now=now + DAY)
        sms.account.refresh_from_db()
        assert sms.account.forged == 1
        assert LedgerEntry.objects.filter(verb="channel.forged").count() == 2

    def test_numbers_and_texts_are_forgotten_after_a_month(self, sms: Phone) -> None:
        sms.file()
        channels.forget_old(now=timezone.now() + 31 * DAY)

        assert not Conversation.objects.exists()
        assert not ChannelMessage.objects.exclude(sealed="", sender_index="").exists()
        assert Complaint.objects.count() == 1

    def test_the_actions_of_the_line_write_into_the_ledger(self, whatsapp: Phone) -> None:
        whatsapp.file()
        talk_row = Conversation.objects.select_related("account", "government").get()
        now = timezone.now()
        note = {"id": "5", "url": "", "mime": "video/mp4", "sha256": "", "name": ""}
        row = media.note_media(conversation=talk_row, told=note, now=now)
        media.fetch(pk=row.pk, now=now)
        say(conversation=talk_row, names=[("unreadable", {})], now=now)
        talk.cannot_read(conversation=talk_row, raw={"type": "order"}, now=now)

        verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
        assert {
            "channel_messages.received", "conversation.moved", "complaint.filed",
            "outbound_message.queued", "channel_media.noted", "channel_media.refused",
            "conversation.unreadable", "channel_media.bound",
        } <= verbs  # fmt: skip
        assert ChannelMedia.objects.get().refused == "Kind"


def work_all_inbound() -> None:
    for pk in channel_work.inbound_due(timezone.now()):
        inbound.work(pk=pk, now=timezone.now())
