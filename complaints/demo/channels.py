"""Channels of the invented city in every state, with people who write: through the real actions.

A stand-in of the providers runs while this loads, so nothing leaves the machine.
"""

from datetime import date, timedelta

from django.test.utils import override_settings
from django.utils import timezone

from complaints.actions import channels, inbound, outbound
from complaints.channel_enums import InboundKind
from complaints.channels.base import Inbound
from complaints.models import ChannelAccount
from complaints.queries import channel_work
from integrity_portal.testing.whatsapp import running_gateway
from opd.enums import Role
from opd.models import Government, Membership

TALKS = (
    (
        "whatsapp",
        "+6281200000021",
        ("Lampu penyeberangan di depan SDN Contoh 3 mati sejak Senin", "0", "Depan SDN Contoh 3"),
        True,
    ),
    ("whatsapp", "+6281200000022", ("Antrean di loket KTP tidak jelas",), False),
    (
        "sms",
        "+6281200000023",
        ("SARAN tolong kursi tunggu di kelurahan ditambah", "0", "Kelurahan"),
        True,
    ),
)


def load(today: date) -> None:
    contoh = Government.objects.get(slug="kota-contoh")
    it_team = Membership.objects.filter(government=contoh, role=Role.IT_TEAM).order_by("pk")[0]
    with (
        running_gateway() as gateway,
        override_settings(
            WHATSAPP_BASE_URL=gateway.url, CHANNEL_HOSTS=["127.0.0.1"], BASE_URL="https://contoh.id"
        ),
    ):
        accounts = _accounts(it_team, f"{gateway.url}/sms")
        for name, number, texts, is_sent in TALKS:
            _talk(accounts[name], number, (*texts, "2", "KIRIM") if is_sent else texts)
    _states(accounts, it_team)


def _accounts(it_team: Membership, send_url: str) -> dict[str, ChannelAccount]:
    cloud = {"phone_number_id": "1001", "app_secret": "contoh", "token": "contoh",
             "verify_token": "contoh"}  # fmt: skip
    rows = {
        "whatsapp": ("whatsapp_cloud", "WhatsApp Kota Contoh", "+62 812 0000 0001", cloud),
        "old": ("whatsapp_cloud", "WhatsApp RSUD Contoh", "+62 812 0000 0002", cloud),
        "sms": ("signed_webhook", "SMS Kota Contoh", "99080",
                {"send_url": send_url, "secret": "contoh"}),
        "modem": ("gammu", "Modem kantor Diskominfo", "+62 812 0000 0003", {"phone_id": "contoh"}),
    }  # fmt: skip
    now = timezone.now()
    return {
        name: channels.open_channel(
            by=it_team, adapter=adapter, label=label, number=number, values=values, now=now
        )
        for name, (adapter, label, number, values) in rows.items()
    }


def _talk(account: ChannelAccount, number: str, texts: tuple[str, ...]) -> None:
    for turn, text in enumerate(texts):
        now = timezone.now()
        said = Inbound(f"contoh.{number}.{turn}", InboundKind.TEXT, number, text, now)
        inbound.keep_inbound(account=account, inbound=[said], now=now)
        for pk in channel_work.inbound_due(now):
            inbound.work(pk=pk, now=now)
        for _message in range(3):
            for pk in channel_work.outbound_due(now):
                outbound.deliver(pk=pk, now=now)


def _states(accounts: dict[str, ChannelAccount], it_team: Membership) -> None:
    """One works, one has a dead token, one is called with wrong signatures, one is off."""
    now = timezone.now()
    outbound.note_refused_token(account=accounts["old"], code="WhatsApp401-190", now=now)
    for _call in range(6):
        channels.count_forged(account=accounts["sms"], now=now - timedelta(hours=1))
    channels.switch_channel(account=accounts["modem"], by=it_team, is_active=False)
    channels.watch_channels(now=now)
