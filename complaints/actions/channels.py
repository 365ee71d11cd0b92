"""Setting up and keeping the accounts: secrets go in sealed and never come out on a screen."""

import secrets as random
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints import dialogue_texts
from complaints.actions.outbound import queue_message
from complaints.channel_enums import UNOFFICIAL, Adapter, Purpose
from complaints.channels.base import GatewayAway, GatewayRefused, TokenRefused
from complaints.channels.numbers import normalise_number
from complaints.channels.registry import ADAPTERS, is_allowed
from complaints.models import (
    ChannelAccount,
    ChannelMedia,
    ChannelMessage,
    Conversation,
    OutboundMessage,
)
from complaints.models.channels import token_index
from complaints.models.reporters import contact_index
from complaints.permissions import can_keep_channels
from complaints.queries import channels
from integrity_portal.core import ledger
from integrity_portal.core.jobs import JobState
from opd.actions.inbox import notify, settle_items
from opd.enums import Role
from opd.models import Membership
from opd.reminders import Owner
from opd.transitions import Missing, StepRefused

CHECK_EVERY = timedelta(hours=1)
KEEP_PAYLOAD = timedelta(days=30)
KEEP_TALK = timedelta(days=30)
SENTENCE = "channel.red"
KIND = "channel"


@transaction.atomic
def open_channel(
    *,
    by: Membership,
    adapter: str,
    label: str,
    number: str,
    values: dict[str, str],
    now: datetime,
    purpose: str = Purpose.GENERAL,
) -> ChannelAccount:
    """A new account with a webhook address of its own. Raises StepRefused."""
    _need_keeper(by)
    if not is_allowed(adapter):
        raise StepRefused(_unofficial())
    if adapter in UNOFFICIAL and purpose != Purpose.GENERAL:
        raise StepRefused(_("Unofficial gateways are for general reports only."))
    account = ChannelAccount(
        government_id=by.government_id,
        adapter=Adapter(adapter),
        purpose=Purpose(purpose),
        label=label,
        number=number,
        created_at=now,
        next_check_at=now,
    )
    _put_values(account, values)
    _draw_address(account)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        if "channel_label_once" not in str(error):
            raise
        sentence = _("Another channel already has this name.")
        raise StepRefused(sentence, [Missing(sentence, "label")]) from error
    codes: dict[str, ledger.Code] = {"adapter": account.adapter, "purpose": account.purpose}
    ledger.record("channel.opened", account, by=by, codes=codes)
    return account


@transaction.atomic
def rotate_secrets(
    *,
    account: ChannelAccount,
    by: Membership,
    values: dict[str, str],
    now: datetime,
    new_address: bool = False,
) -> ChannelAccount:
    """Put in new secrets; what is left empty stays. `new_address` ends the old webhook address."""
    _need_keeper(by)
    locked = ChannelAccount.objects.select_for_update().get(pk=account.pk)
    kept = {**locked.secrets, **locked.settings}
    given = {name: value for name, value in values.items() if value and value != kept.get(name)}
    if not given and not new_address:
        raise StepRefused(_("Put in what is new, or ask for a new webhook address."))
    _put_values(locked, {**kept, **given}, need_all=False)
    if new_address:
        _draw_address(locked)
    locked.rotated_at, locked.next_check_at = now, now
    locked.refused_at, locked.last_error = None, ""
    locked.forged, locked.forged_at = 0, None
    locked.save()
    codes: dict[str, ledger.Code] = {"count": len(given), "address": new_address}
    ledger.record("channel.secrets_rotated", locked, by=by, codes=codes)
    return locked


@transaction.atomic
def switch_channel(*, account: ChannelAccount, by: Membership, is_active: bool) -> None:
    """Off: the webhook answers 404 and nothing is sent; what came stays."""
    _need_keeper(by)
    if is_active and not is_allowed(account.adapter):
        raise StepRefused(_unofficial())
    ChannelAccount.objects.filter(pk=account.pk).update(is_active=is_active)
    ledger.record("channel.switched", account, by=by, codes={"active": is_active})


@transaction.atomic
def send_test(
    *, account: ChannelAccount, by: Membership, number: str, now: datetime
) -> OutboundMessage:
    """A message to a telephone of our own; by WhatsApp only if it wrote within a day."""
    _need_keeper(by)
    to = normalise_number(number)
    if to is None:
        sentence = _("Write a telephone number, such as 0812 0000 0001.")
        raise StepRefused(sentence, [Missing(sentence, "number")])
    if not account.is_active:
        raise StepRefused(_("The channel is switched off. Switch it on first."))

    talk = Conversation.objects.filter(account=account, sender_index=contact_index(to)).first()
    said = {"government": account.government.official_name}
    message = queue_message(
        account=account,
        to=to,
        text=dialogue_texts.current().say("test", **said),
        purpose="test",
        now=now,
        conversation=talk,
    )
    ledger.record("channel.tested", account, by=by)
    return message


@transaction.atomic
def count_forged(*, account: ChannelAccount, now: datetime) -> None:
    """A call whose signature is wrong. The ledger hears of the first one of a day."""
    locked = ChannelAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    is_new = locked.forged_at is None or now - locked.forged_at >= timedelta(days=1)
    locked.forged = 1 if is_new else locked.forged + 1
    locked.forged_at = now if is_new else locked.forged_at
    locked.save(update_fields=["forged", "forged_at"])
    if is_new:
        ledger.record("channel.forged", locked, by=None, government_id=locked.government_id)


def check_channel(*, pk: int, now: datetime) -> None:
    """Ask the provider whether it knows us; once an hour, and after new secrets."""
    with transaction.atomic():
        due = ChannelAccount.objects.to_check(now).select_for_update(skip_locked=True, of=("self",))
        account = due.filter(pk=pk).first()
        if account is None:
            return
        account.next_check_at = now + CHECK_EVERY
        account.save(update_fields=["next_check_at"])
    refused, code = None, ""
    try:
        channels.gateway_for(account).health()
    except TokenRefused as error:
        refused, code = account.refused_at or now, error.code
    except (GatewayAway, GatewayRefused) as error:
        code = error.code
    with transaction.atomic():
        ChannelAccount.objects.filter(pk=pk).update(
            checked_at=now, refused_at=refused, last_error=code[:80]
        )
        ledger.record(
            "channel.checked", account, by=None, government_id=account.government_id,
            codes={"code": code[:60] if code.isascii() and code.isalnum() else bool(code)},
        )  # fmt: skip


def watch_channels(*, now: datetime) -> None:
    """Tell the IT team when a channel turns red, and settle it when it is well again."""
    accounts = list(ChannelAccount.objects.in_use().select_related("government").order_by("pk"))
    healths = channels.healths(accounts, now)
    for account in accounts:
        is_red = healths[account.pk].is_red
        if is_red != (account.red_since is not None):
            _turn(account, is_red, now)


@transaction.atomic
def _turn(account: ChannelAccount, is_red: bool, now: datetime) -> None:
    ChannelAccount.objects.filter(pk=account.pk).update(red_since=now if is_red else None)
    link = (KIND, str(account.pk))
    if is_red:
        for role in (Role.IT_TEAM, Role.COMPLAINT_COORDINATOR):
            notify(
                government=account.government,
                owner=Owner(role=role),
                key=f"channel:{account.pk}:{now:%Y%m%d%H%M}",
                link=link,
                sentence=SENTENCE,
                now=now,
                is_sample=account.government.is_sample,
            )
    else:
        settle_items(government=account.government, link=link, now=now)
    ledger.record(
        "channel.turned", account, by=None, government_id=account.government_id,
        codes={"red": is_red},
    )  # fmt: skip


def forget_old(*, now: datetime) -> None:
    """Texts and numbers of the channels a month after their work. Called by the tick; idempotent."""
    with transaction.atomic():
        done = ChannelMessage.objects.filter(
            received_at__lt=now - KEEP_PAYLOAD, job_state__in=[JobState.DONE, JobState.DEAD]
        ).exclude(sealed="", sender_index="")
        keys = list(done.order_by("pk").values_list("pk", flat=True)[:1000])
        ChannelMessage.objects.filter(pk__in=keys).update(sealed="", sender_index="")
        talks = Conversation.objects.filter(last_inbound_at__lt=now - KEEP_TALK).order_by("pk")
        old = list(talks[:500])
        ChannelMedia.objects.filter(conversation__in=old).delete()
        for talk in old:
            ledger.record("conversation.forgotten", talk, by=None, government_id=talk.government_id)
            talk.delete()


def _need_keeper(by: Membership) -> None:
    if not can_keep_channels(by):
        raise StepRefused(_("Only the IT team and administrators keep the channels."))


def _unofficial() -> str:
    return _("Unofficial gateways are switched off in the settings of the server.")


def _put_values(account: ChannelAccount, values: dict[str, str], *, need_all: bool = True) -> None:
    """Every value where it belongs: secrets sealed, the rest beside the label."""
    fields = ADAPTERS[account.adapter].fields
    missing = [f for f in fields if f.is_required and not values.get(f.name)]
    if missing and need_all:
        sentence = _("Fill in “%(field)s”.") % {"field": missing[0].label}
        raise StepRefused(sentence, [Missing(sentence, missing[0].name)])
    account.settings = {f.name: values.get(f.name, "") for f in fields if not f.is_secret}
    account.put("secrets_sealed", {f.name: values.get(f.name, "") for f in fields if f.is_secret})


def _draw_address(account: ChannelAccount) -> None:
    token = random.token_urlsafe(24)
    account.token_index = token_index(token)
    account.put("token_sealed", token)
