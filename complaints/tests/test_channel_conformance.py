"""C-01 to C-09: what a channel must do, each named after its line. The rest: test_channel_conformance_rest."""

from __future__ import annotations

import base64
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from PIL import Image

from complaints.actions import channels as channel_actions, handling, inbound, notices, outbound
from complaints.channel_enums import Delivery, Event, InboundKind
from complaints.channels import signatures
from complaints.channels.base import MOST_HOOK
from complaints.models import (
    ChannelMedia,
    ChannelMessage,
    Complaint,
    ComplaintFile,
    Conversation,
    OutboundMessage,
)
from complaints.queries import channel_work, channels as channel_queries
from complaints.tests.corpus import CORPUS
from complaints.tests.phones import Phone, raw, work_all
from integrity_portal.testing import channels as wire
from opd.enums import Role
from opd.models import InboxItem

DAY = timedelta(days=1)
WHOLE = {"hub.mode": "subscribe", "hub.verify_token": "sandi-alamat", "hub.challenge": "1158201444"}


def photo() -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "teal")
    exif = Image.Exif()
    exif[0x010F] = "KENARI-KAMERA"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


class TestC01Verification:
    def test_c01_right_token_gets_the_challenge(self, whatsapp: Phone) -> None:
        answer = whatsapp.client.get(whatsapp.url, WHOLE)

        assert (answer.status_code, answer.content) == (200, b"1158201444")
        assert answer["Content-Type"].startswith("text/plain")

    @pytest.mark.parametrize(
        "change", [{"hub.verify_token": "lain"}, {"hub.mode": ""}, {"hub.verify_token": ""}]
    )
    def test_c01_wrong_token_or_mode_is_refused(
        self, whatsapp: Phone, change: dict[str, str]
    ) -> None:
        assert whatsapp.client.get(whatsapp.url, {**WHOLE, **change}).status_code == 403

    def test_c01_missing_everything_is_refused(self, whatsapp: Phone) -> None:
        assert whatsapp.client.get(whatsapp.url).status_code == 403


class TestC02Signature:
    def test_c02_good(self, whatsapp: Phone) -> None:
        assert whatsapp.post(whatsapp.body("Halo")).status_code == 200
        assert ChannelMessage.objects.count() == 1

    @pytest.mark.parametrize("what", ["missing", "bad", "short", "uppercase", "scheme", "letters"])
    def test_c02_anything_else_is_refused_and_counted(self, whatsapp: Phone, what: str) -> None:
        body = whatsapp.body("Halo")
        good = wire.cloud_signature("rahasia-meta", body)
        header = {
            "missing": "",
            "bad": wire.cloud_signature("lain", body),
            "short": good[:-2],
            "uppercase": "sha256=" + good.partition("=")[2].upper(),
            "scheme": good.replace("sha256", "sha1"),
            "letters": "sha256=é",
        }[what]
        answer = whatsapp.post(body, **{"X-Hub-Signature-256": header.encode().decode("latin-1")})

        assert (answer.status_code, answer.content) == (403, b"")
        assert not ChannelMessage.objects.exists()
        whatsapp.account.refresh_from_db()
        assert whatsapp.account.forged == 1

    def test_c02_one_changed_byte_is_refused(self, whatsapp: Phone) -> None:
        body = whatsapp.body("Halo")
        headers = whatsapp.signed(body)

        assert whatsapp.post(body.replace(b"Halo", b"Hale"), **headers).status_code == 403

    def test_c02_a_recorded_sms_call_cannot_be_played_later(self, sms: Phone) -> None:
        body = sms.body("Halo")
        old = int((timezone.now() - timedelta(minutes=6)).timestamp())

        assert sms.post(body, **wire.sms_headers("rahasia-sms", body, old)).status_code == 403

    def test_c02_published_vectors(self) -> None:
        """HMAC-SHA256("secret", "test"), as in Meta's and pywa's own tests."""
        known = "0329a06b62cd16b33eb6792be8c60b158d89a2ee3a876fce9a881ebb488c0914"

        assert signatures.is_meta_signature("secret", b"test", f"sha256={known}")
        assert not signatures.is_meta_signature("", b"test", f"sha256={known}")


def test_c03_the_same_event_twice_is_one_case(whatsapp: Phone) -> None:
    for text in ("Diminta uang di loket", "0", "Loket 3", "2", "KIRIM"):
        body = whatsapp.body(text)
        for _again in range(3):
            assert whatsapp.post(body).status_code == 200
        work_all()

    assert Complaint.objects.count() == 1
    assert ChannelMessage.objects.count() == 5
    assert len([text for text in whatsapp.heard if "Kode Anda" in text]) == 1


def test_c04_a_batch_of_three_messages_and_two_statuses(whatsapp: Phone) -> None:
    messages = [
        wire.cloud_text("Lampu mati", key="b1", number="6281200000011"),
        wire.cloud_text("Jalan rusak", key="b2", number="6281200000012"),
        wire.cloud_text("Air kotor", key="b3", number="6281200000013"),
    ]
    statuses = [
        {"id": "wamid.x", "status": word, "timestamp": "1697043223", "recipient_id": "62812"}
        for word in ("sent", "delivered")
    ]
    body = wire.cloud_body(messages=messages, statuses=statuses)

    assert whatsapp.post(body).status_code == 200
    work_all()

    kinds = sorted(ChannelMessage.objects.values_list("kind", flat=True))
    assert kinds == ["status", "status", "text", "text", "text"]
    assert Conversation.objects.filter(stage="unit").count() == 3


class TestC05Statuses:
    def _post(self, phone: Phone, key: str, word: str, code: int = 0) -> None:
        row = {"id": key, "status": word, "timestamp": "1697043223", "recipient_id": "62812"}
        if code:
            row["errors"] = [{"code": code}]
        assert phone.post(wire.cloud_body(statuses=[row])).status_code == 200
        work_all()

    def test_c05_in_any_order_it_only_goes_forward(self, whatsapp: Phone) -> None:
        whatsapp.say("Halo")
        sent = OutboundMessage.objects.get()
        for word in ("read", "sent", "delivered", "failed"):
            self._post(whatsapp, sent.provider_id, word)

        sent.refresh_from_db()
        assert sent.delivery == Delivery.READ

    def test_c05_a_failure_is_kept_with_its_code(self, whatsapp: Phone) -> None:
        whatsapp.say("Halo")
        sent = OutboundMessage.objects.get()
        self._post(whatsapp, sent.provider_id, "failed", 131026)

        sent.refresh_from_db()
        assert (sent.delivery, sent.last_error) == (Delivery.FAILED, "131026")

    def test_c05_one_that_came_before_our_own_note_is_kept_until_it_fits(
        self, whatsapp: Phone
    ) -> None:
        whatsapp.post(whatsapp.body("Halo"))
        inbound.work(pk=channel_work.inbound_due(timezone.now())[0], now=timezone.now())
        self._post_unworked(whatsapp, "wamid.1", "delivered")
        work_all()

        assert OutboundMessage.objects.get().delivery == Delivery.DELIVERED

    def _post_unworked(self, phone: Phone, key: str, word: str) -> None:
        row = {"id": key, "status": word, "timestamp": "1697043223", "recipient_id": "62812"}
        phone.post(wire.cloud_body(statuses=[row]))
        for pk in channel_work.inbound_due(timezone.now()):
            inbound.work(pk=pk, now=timezone.now())
        assert ChannelMessage.objects.get(kind=InboundKind.STATUS).outcome == "unknown"

    def test_c05_unknown_ids_are_kept_and_turn_nothing_red(self, whatsapp: Phone) -> None:
        self._post(whatsapp, "wamid.of-somebody-else", "delivered")
        now = timezone.now()
        for _try in range(8):
            now += timedelta(hours=2)
            work_all(now)

        kept = ChannelMessage.objects.get()
        assert (kept.job_state, kept.outcome) == ("done", "unknown")


def test_c06_each_kind_is_answered_and_nothing_is_lost(whatsapp: Phone) -> None:
    for name, body in CORPUS.items():
        before = set(ChannelMessage.objects.values_list("pk", flat=True))
        # The same ids in two shapes would be repeats of each other.
        ChannelMessage.objects.update(provider_id=F("public_id"))
        assert whatsapp.post(raw(body)).status_code == 200, name
        fresh = ChannelMessage.objects.exclude(pk__in=before)
        assert fresh.exists(), name
        assert all(row.opened("sealed") is not None for row in fresh), name
    work_all()

    assert ChannelMessage.objects.unfinished().exclude(kind="status").count() == 0
    assert ChannelMessage.objects.dead().count() == 0


def test_c06_what_is_no_json_is_kept_as_it_came(whatsapp: Phone) -> None:
    for body in (b"{", b"[]", b'{"entry": 5}', b"\xff\x00", b"[" * 5000):
        assert whatsapp.post(body).status_code == 200
    work_all()

    assert ChannelMessage.objects.filter(kind=InboundKind.OTHER).count() == 5
    assert ChannelMessage.objects.dead().count() == 0


def test_c06_a_call_that_is_too_long_is_refused_before_it_is_read(whatsapp: Phone) -> None:
    answer = whatsapp.client.post(
        whatsapp.url, b"x", content_type="application/json", CONTENT_LENGTH=str(MOST_HOOK + 1)
    )

    assert (answer.status_code, answer.content) == (413, b"")


class TestC07Media:
    def _send(self, phone: Phone, *, sha256: str = "", kind: str = "image", mime: str = "image/jpeg",
              key: str = "77") -> list[str]:  # fmt: skip
        phone.say("Diminta uang di loket")
        message = wire.cloud_media(kind, key, mime, sha256, key=f"m{key}", number=phone.number)
        return phone.send(message)

    def _refused(self) -> str:
        media = ChannelMedia.objects.get()
        assert media.sealed == ""
        assert media.stored is None
        return str(media.refused)

    def test_c07_a_photo_becomes_evidence_without_what_the_camera_knew(
        self, whatsapp: Phone
    ) -> None:
        digest = whatsapp.gateway.put_file("77", photo(), "image/jpeg")
        self._send(whatsapp, sha256=base64.b64encode(bytes.fromhex(digest)).decode())
        whatsapp.say("0", "Loket 3", "2", "KIRIM")

        kept = ComplaintFile.objects.get(complaint=Complaint.objects.get())
        with kept.file and open_stored(kept) as data:
            assert b"KENARI-KAMERA" not in data.read()
        token = [r.token for r in whatsapp.gateway.requests if r.path.endswith("/messages")]
        assert set(token) == {"Bearer EAAG-token"}

    def test_c07_expired(self, whatsapp: Phone) -> None:
        whatsapp.say("Diminta uang di loket")
        whatsapp.post(
            wire.cloud_body(messages=[wire.cloud_media("image", "78", "image/jpeg", "", key="m78")])
        )
        inbound.work(pk=channel_work.inbound_due(timezone.now())[0], now=timezone.now())
        whatsapp.gateway.answer(404, code=100)
        work_all()

        assert self._refused() == "MediaExpired"
        assert "Kirim sekali lagi" in whatsapp.heard[-1]

    def test_c07_over_size(self, whatsapp: Phone) -> None:
        whatsapp.gateway.put_file("77", photo(), "image/jpeg", size=200 * 1024 * 1024)
        said = self._send(whatsapp)

        assert self._refused() == "MediaTooLarge"
        assert "terlalu besar" in said[-1]

    def test_c07_wrong_hash(self, whatsapp: Phone) -> None:
        whatsapp.gateway.put_file("77", photo(), "image/jpeg")
        said = self._send(whatsapp, sha256="0" * 64)

        assert self._refused() == "MediaAltered"
        assert "rusak di jalan" in said[-1]

    def test_c07_wrong_kind_is_found_in_the_content(self, whatsapp: Phone) -> None:
        program = b"MZ" + b"\x00" * 200
        whatsapp.gateway.put_file("77", program, "image/jpeg")
        said = self._send(whatsapp)

        assert self._refused() == "Kind"
        assert "tidak diterima" in said[-1]

    def test_c07_a_host_that_is_not_allowed_is_never_called(
        self, whatsapp: Phone, settings: Any
    ) -> None:
        settings.WHATSAPP_MEDIA_HOSTS = ["lookaside.fbsbx.com"]
        settings.CHANNEL_HOSTS = []
        whatsapp.gateway.put_file("77", photo(), "image/jpeg")
        self._send(whatsapp)

        assert self._refused() == "HostNotAllowed"

    def test_c07_a_voice_is_hidden_where_its_owner_is_anonymous(self, whatsapp: Phone) -> None:
        voice = b"OggS\x00\x02" + b"\x00" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\x00" * 200
        whatsapp.gateway.put_file("77", voice, "audio/ogg")
        self._send(whatsapp, kind="audio", mime="audio/ogg; codecs=opus")
        whatsapp.say("0", "0", "2", "KIRIM")

        assert ComplaintFile.objects.get().is_hidden

    def test_c07_after_filing_a_photo_still_belongs_to_the_report(self, whatsapp: Phone) -> None:
        whatsapp.file()
        whatsapp.gateway.put_file("77", photo(), "image/jpeg")
        said = whatsapp.send(wire.cloud_media("image", "77", "image/jpeg", "", key="late"))

        assert ComplaintFile.objects.get().complaint == Complaint.objects.get()
        assert "sudah masuk" in said[-1]


def open_stored(row: ComplaintFile) -> Any:
    from django.core.files.storage import default_storage

    return default_storage.open(row.file.key)


class TestC08Window:
    def _answered(self, cast: Any, now: datetime) -> Complaint:
        complaint = Complaint.objects.get()
        handling.verify_complaint(
            complaint=complaint, by=cast[Role.COMPLAINT_COORDINATOR], unit=cast.unit,
            sla_class="general", now=now,
        )  # fmt: skip
        complaint.refresh_from_db()
        handling.take_on(complaint=complaint, by=cast[Role.LIAISON_OFFICER], now=now)
        handling.answer_complaint(
            complaint=complaint, by=cast[Role.LIAISON_OFFICER], text="KENARI-JAWABAN", now=now
        )
        return Complaint.objects.get()

    def test_c08_inside_free_words_outside_the_template(self, whatsapp: Phone, cast: Any) -> None:
        whatsapp.file()
        now = timezone.now()
        complaint = self._answered(cast, now)
        notices.tell_reporter(complaint=complaint, event=Event.ANSWERED, now=now, about="1")
        work_all(now + DAY / 2)
        assert "kabar baru" in whatsapp.heard[-1]

        later = now + 2 * DAY
        notices.tell_reporter(complaint=complaint, event=Event.ANSWERED, now=later, about="2")
        work_all(later + DAY / 2)
        assert "portal_kabar_laporan" in whatsapp.heard[-1]
        assert not any("KENARI" in text for text in whatsapp.heard)

    def test_c08_free_words_are_refused_by_the_action(self, whatsapp: Phone) -> None:
        whatsapp.say("Halo")
        talk = Conversation.objects.select_related("account", "government").get()
        with pytest.raises(outbound.WindowClosed):
            outbound.queue_message(
                account=talk.account, to="+6281200000001", text="x", purpose="reply",
                now=timezone.now() + 25 * DAY / 24, conversation=talk,
            )  # fmt: skip

    def test_c08_what_waited_too_long_is_not_sent_as_free_words(self, whatsapp: Phone) -> None:
        whatsapp.post(whatsapp.body("Halo"))
        inbound.work(pk=channel_work.inbound_due(timezone.now())[0], now=timezone.now())
        work_all(timezone.now() + 2 * DAY)

        late = OutboundMessage.objects.get()
        assert (late.delivery, late.job_state, whatsapp.heard) == ("failed", "dead", [])

    def test_c08_the_page_shows_until_when(self, whatsapp: Phone) -> None:
        whatsapp.file()
        box = channel_queries.box_of(Complaint.objects.get(), timezone.now())
        closed = channel_queries.box_of(Complaint.objects.get(), timezone.now() + 2 * DAY)

        assert box.is_open
        assert box.until
        assert not closed.is_open


class TestC09DeadToken:
    def test_c09_a_refused_message_turns_the_channel_red(self, whatsapp: Phone, cast: Any) -> None:
        whatsapp.post(whatsapp.body("Halo"))
        inbound.work(pk=channel_work.inbound_due(timezone.now())[0], now=timezone.now())
        whatsapp.gateway.answer(401, code=190)
        now = timezone.now()
        outbound.deliver(pk=channel_work.outbound_due(now)[0], now=now)
        channel_actions.watch_channels(now=now)

        whatsapp.account.refresh_from_db()
        health = channel_queries.healths([whatsapp.account], now)[whatsapp.account.pk]
        assert health.is_red
        told = InboxItem.objects.filter(kind="channel", role=Role.IT_TEAM, settled_at=None)
        assert told.count() == 1

        # It waited, and goes when the token is good again; then all is well.
        work_all(now + timedelta(hours=1))
        channel_actions.watch_channels(now=now + timedelta(hours=1))
        assert len(whatsapp.heard) == 2
        assert not told.exists()

    def test_c09_the_hourly_check_finds_it_without_a_message(self, whatsapp: Phone) -> None:
        now = timezone.now()
        whatsapp.gateway.answer(401, code=190)
        channel_actions.check_channel(pk=whatsapp.account.pk, now=now)

        whatsapp.account.refresh_from_db()
        assert whatsapp.account.refused_at == now
        channel_actions.check_channel(pk=whatsapp.account.pk, now=now + timedelta(hours=1))
        whatsapp.account.refresh_from_db()
        assert whatsapp.account.refused_at is None
