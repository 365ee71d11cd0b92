"""The IT team's pages about channels: what they show, what they never show, bad input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.actions import channels
from complaints.models import ChannelAccount, Complaint, OutboundMessage
from complaints.queries import channel_links, channels as channel_queries
from complaints.tests.phones import SECRETS, Phone, open_account
from opd.enums import Role


@pytest.fixture
def it_team(cast: Any, client_as: Any) -> Any:
    return client_as(cast[Role.IT_TEAM])


def test_a_channel_is_set_up_and_nothing_secret_is_shown(it_team: Any) -> None:
    choice = it_team.get(reverse("complaints:channel_add")).content.decode()
    assert "provider=whatsapp_cloud" in choice
    assert "provider=fonnte" not in choice
    url = f"{reverse('complaints:channel_add')}?provider=whatsapp_cloud"
    values = {"label": "WhatsApp Setda", "number": "0812", **SECRETS["whatsapp_cloud"]}
    page = it_team.post(url, values, follow=True)

    account = ChannelAccount.objects.get()
    said = page.content.decode()
    assert f"/hooks/{account.opened('token_sealed')}/" in said
    for secret in ("rahasia-meta", "EAAG-token", "sandi-alamat"):
        assert secret not in said


def test_what_is_missing_is_said_and_no_secret_comes_back(it_team: Any, cast: Any) -> None:
    url = f"{reverse('complaints:channel_add')}?provider=whatsapp_cloud"
    page = it_team.post(url, {"label": "W", "number": "1", "token": "EAAG-token"})

    assert page.status_code == 200
    assert not ChannelAccount.objects.exists()
    assert "EAAG-token" not in page.content.decode()
    open_account(cast, "gammu")
    label = ChannelAccount.objects.get().label
    again = f"{reverse('complaints:channel_add')}?provider=gammu"
    twice = it_team.post(again, {"label": label, "number": "1", "phone_id": "x"})
    assert twice.context["form"].errors["__all__"]


def test_new_secrets_and_a_new_address(it_team: Any, cast: Any) -> None:
    account = open_account(cast, "whatsapp_cloud")
    old = Phone(account, gateway=None).url
    url = reverse("complaints:channel_rotate", args=[account.pk])
    assert it_team.post(url, {}).context["form"].errors
    it_team.post(url, {"token": "EAAG-baru", "new_address": "on"})

    account.refresh_from_db()
    assert account.secrets["token"] == "EAAG-baru"
    assert it_team.post(old, b"{}", content_type="application/json").status_code == 404


def test_a_test_message_needs_a_number_and_an_open_window(it_team: Any, cast: Any) -> None:
    gammu, cloud = open_account(cast, "gammu"), open_account(cast, "whatsapp_cloud")
    url = reverse("complaints:channel_test", args=[gammu.pk])
    assert it_team.post(url, {"number": "siapa"}).context["form"].errors
    closed = it_team.post(
        reverse("complaints:channel_test", args=[cloud.pk]), {"number": "081200000001"}
    )
    assert "24" in str(closed.context["form"].errors)
    assert it_team.post(url, {"number": "081200000001"}).status_code == 302
    assert OutboundMessage.objects.count() == 1


def test_switched_off_it_takes_nothing(it_team: Any, cast: Any) -> None:
    account = open_account(cast, "kannel")
    it_team.post(reverse("complaints:channel_switch", args=[account.pk]), {"off": "1"})

    call = {"from": "081200000001", "text": "x", "id": "1"}
    assert it_team.get(Phone(account, gateway=None).url, call).status_code == 404
    it_team.post(reverse("complaints:channel_switch", args=[account.pk]), {"on": "1"})
    assert it_team.get(Phone(account, gateway=None).url, call).status_code == 200


def test_the_coordinator_reads_health_and_no_address(cast: Any, client_as: Any) -> None:
    account = open_account(cast, "whatsapp_cloud")
    channels.count_forged(account=account, now=timezone.now())
    page = client_as(cast[Role.COMPLAINT_COORDINATOR]).get(reverse("complaints:channels"))

    assert account.label in page.content.decode()
    assert reverse("complaints:channel", args=[account.pk]) not in page.content.decode()
    assert account.opened("token_sealed") not in page.content.decode()


def test_a_silent_channel_that_was_busy_is_red_and_stands_on_the_status_page(
    sms: Phone, it_team: Any
) -> None:
    for number in range(20):
        sms.post(sms.body("x", key=f"s{number}"))
    later = timezone.now() + timedelta(days=4)
    health = channel_queries.healths([sms.account], later)[sms.account.pk]
    channels.watch_channels(now=later)
    part = channel_links.status_part(later)

    assert health.is_red
    assert part.is_bad
    assert sms.account.label in part.lines[0]
    page = it_team.get(reverse("opd:status")).content.decode()
    assert "+62812" not in page
    assert "81200000001" not in page


def test_the_list_costs_the_same_for_one_and_for_five(
    it_team: Any, cast: Any, django_assert_max_num_queries: Any
) -> None:
    for _one in range(5):
        open_account(cast, "gammu")
    with django_assert_max_num_queries(12):
        it_team.get(reverse("complaints:channels"))


def test_the_box_for_staff_shows_the_window_and_no_number(whatsapp: Phone, rf: Any) -> None:
    from django.template.loader import render_to_string

    whatsapp.file()
    box = channel_queries.box_of(Complaint.objects.get(), timezone.now())
    said = render_to_string("complaints/staff/channel_box.html", {"channel_box": box})

    assert "WhatsApp" in said
    assert "81200000001" not in said
    assert channel_queries.box_of(Complaint(government_id=1, pk=0), timezone.now()) is None
