"""Accounts and conversations, read for work and for screens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse

from complaints import channel_health
from complaints.channel_enums import SMS, UNOFFICIAL, WHATSAPP, Adapter, Delivery
from complaints.channel_health import Facts, Health
from complaints.channels.base import Gateway, Setup
from complaints.channels.registry import gateway_of, is_allowed
from complaints.models import (
    ChannelAccount,
    ChannelMessage,
    Complaint,
    Conversation,
    Notice,
    OutboundMessage,
)
from complaints.models.channels import token_index
from integrity_portal.core.jobs import JobState
from opd.models import Government, Membership

AT_ONCE = 200


def account_of_hook(token: str) -> ChannelAccount | None:
    """One indexed look-up by keyed hash; the government comes with it."""
    rows = ChannelAccount.objects.select_related("government")
    return rows.filter(token_index=token_index(token), is_active=True).first()


def gateway_for(account: ChannelAccount) -> Gateway:
    setup = Setup(dict(account.settings), account.secrets, account.number)
    return gateway_of(account.adapter, setup)


def accounts_for(membership: Membership) -> "QuerySet[ChannelAccount]":
    return ChannelAccount.objects.of(membership.government_id).order_by("label", "pk")


def account_for(membership: Membership, pk: int) -> ChannelAccount | None:
    return accounts_for(membership).select_related("government").filter(pk=pk).first()


def account_to_send(government_id: int, *, by_whatsapp: bool) -> ChannelAccount | None:
    """The oldest account in use that speaks it; official ones first."""
    wanted = WHATSAPP if by_whatsapp else SMS
    rows = ChannelAccount.objects.in_use().of(government_id).filter(adapter__in=sorted(wanted))
    found = sorted(rows.select_related("government"), key=lambda a: (a.adapter in UNOFFICIAL, a.pk))
    return next((account for account in found if is_allowed(account.adapter)), None)


def gammu_account(phone_id: str) -> ChannelAccount | None:
    """The modem that called: by its PhoneID, or the only one there is."""
    rows = ChannelAccount.objects.filter(adapter=Adapter.GAMMU, is_active=True)
    found = list(rows.select_related("government").order_by("pk"))
    named = [row for row in found if row.settings.get("phone_id", "") == phone_id]
    if len(named) == 1:
        return named[0]
    return found[0] if len(found) == 1 and not phone_id else None


def conversation_with(government_id: int, sender_index: str) -> Conversation | None:
    """The newest one with this person, at an account that is still in use."""
    rows = Conversation.objects.filter(government_id=government_id, sender_index=sender_index)
    rows = rows.filter(account__is_active=True).select_related("account", "government")
    return rows.order_by("-last_inbound_at").first()


def public_link(government: Government, name: str = "privacy") -> str:
    """The address for people who want to stay unknown, or to read an answer."""
    return f"{settings.BASE_URL}{reverse(f'complaints:{name}', args=[government.slug])}"


# -- health ---------------------------------------------------------------------------------------


def healths(accounts: list[ChannelAccount], now: datetime) -> dict[int, Health]:
    """By account; three queries for any number of accounts."""
    keys = [account.pk for account in accounts]
    waiting = Q(job_state__in=[JobState.WAITING, JobState.RUNNING], next_try_at__lte=now)
    came = ChannelMessage.objects.filter(
        account__in=keys, received_at__gte=now - channel_health.LOOK_BACK
    )
    inbound = {
        row["account"]: row
        for row in came.values("account").annotate(
            newest=Max("received_at"),
            total=Count("pk"),
            oldest=Min("received_at", filter=waiting),
            dead=Count("pk", filter=Q(job_state=JobState.DEAD)),
        )
    }
    out = {
        row["account"]: row
        for row in OutboundMessage.objects.filter(account__in=keys)
        .filter(created_at__gte=now - channel_health.LOOK_BACK)
        .values("account")
        .annotate(
            oldest=Min("next_try_at", filter=waiting),
            failed=Count(
                "pk", filter=Q(delivery=Delivery.FAILED, created_at__gte=now - timedelta(days=1))
            ),
        )
    }
    return {
        account.pk: channel_health.judge(
            _facts(account, inbound.get(account.pk, {}), out.get(account.pk, {})), now
        )
        for account in accounts
    }


def _facts(account: ChannelAccount, came: dict, went: dict) -> Facts:  # type: ignore[type-arg]
    return Facts(
        is_active=account.is_active,
        is_allowed=is_allowed(account.adapter),
        is_reserved=account.purpose != "general",
        began_at=account.created_at,
        refused_at=account.refused_at,
        last_error=account.last_error,
        checked_at=account.checked_at,
        forged=account.forged,
        forged_at=account.forged_at,
        last_received=came.get("newest"),
        received=came.get("total", 0),
        oldest_waiting=min(
            (moment for moment in (came.get("oldest"), went.get("oldest")) if moment), default=None
        ),
        dead=came.get("dead", 0),
        failed=went.get("failed", 0),
    )


# -- the complaint's page -------------------------------------------------------------------------


@dataclass(frozen=True)
class ChannelBox:
    """What the staff page says of the channel: never the number, never a text."""

    by: str
    has_window: bool
    is_open: bool
    until: datetime | None
    can_be_told: bool
    notices: list[Notice]
    last: OutboundMessage | None


def box_of(complaint: Complaint, now: datetime) -> ChannelBox | None:
    """None when nobody can be told anything: there is no contact and no conversation."""
    reporter = getattr(complaint, "reporter", None)
    notices = list(complaint.notices.order_by("-pk")[:5])
    index = reporter.contact_index if reporter else ""
    talk = conversation_with(complaint.government_id, index) if index else None
    if not index and not notices:
        return None
    last = (
        OutboundMessage.objects.filter(complaint=complaint).order_by("-pk").first()
        if talk
        else None
    )
    return ChannelBox(
        by=str(talk.account.kind.label) if talk else "",
        has_window=bool(talk and talk.account.has_window),
        is_open=bool(talk and talk.is_open_at(now)),
        until=talk.window_until if talk else None,
        can_be_told=bool(index),
        notices=notices,
        last=last,
    )
