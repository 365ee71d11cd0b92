"""Messages of ours: into the outbox of the caller's transaction, then sent by a worker.

WhatsApp takes free words only within a day of the person's last message. Both the action that
writes and the worker that sends look at the clock; later only a registered template goes out.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.channel_enums import Delivery, InboundKind
from complaints.channels.base import GatewayAway, GatewayRefused, TokenRefused
from complaints.channels.registry import is_allowed
from complaints.models import (
    ChannelAccount,
    ChannelMessage,
    Complaint,
    Conversation,
    OutboundMessage,
)
from complaints.models.channels import OutboundQuerySet
from complaints.queries import channels
from integrity_portal.core import crypto, jobs, ledger
from integrity_portal.core.jobs import JobState
from integrity_portal.core.wake import wake
from opd import whatsapp
from opd.transitions import StepRefused

SEND = "complaints.send_channel_message"
MOST_TEXT = 4000


class WindowClosed(StepRefused):
    """The person's last message is older than a day."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The 24 hours in which WhatsApp takes free words are over. Only a registered "
                "template can be sent now."
            )
        )


@transaction.atomic
def queue_message(
    *,
    account: ChannelAccount,
    to: str,
    text: str,
    purpose: str,
    now: datetime,
    conversation: Conversation | None = None,
    complaint: Complaint | None = None,
    template: str = "",
    parameters: tuple[str, ...] = (),
    not_before: datetime | None = None,
) -> OutboundMessage:
    """Raises WindowClosed where neither free words nor a template may be sent now."""
    is_open = conversation.is_open_at(now) if conversation else not account.has_window
    if not is_open and not template:
        raise WindowClosed
    message = OutboundMessage(
        government_id=account.government_id,
        account=account,
        conversation=conversation,
        complaint=complaint,
        purpose=purpose,
        template=template,
        created_at=now,
        next_try_at=not_before or now,
    )
    message.put("sealed", {"to": to, "text": text[:MOST_TEXT], "parameters": list(parameters)})
    message.save(force_insert=True)
    ledger.record(
        "outbound_message.queued",
        message,
        by=None,
        government_id=account.government_id,
        codes={"account": account.pk, "purpose": purpose, "template": bool(template)},
    )
    wake(SEND, message.pk)
    return message


def deliver(*, pk: int, now: datetime) -> bool:
    """Send one message if it is due and nothing waits before it; True when it left."""
    rows = OutboundMessage.objects.select_related("account__government", "conversation__account")
    message = rows.filter(pk=pk).first()
    if message is None or (message.conversation_id and rows.before(message).exists()):
        return False
    claimed = jobs.claim(cast(OutboundQuerySet, rows), pk=pk, now=now)
    if claimed is None:
        return False
    try:
        text = claimed.opened("sealed")
        given = _send(claimed, text, now)
    except WindowClosed as closed:
        _other_way(claimed, closed, now)
        return False
    except TokenRefused as refused:
        note_refused_token(account=claimed.account, code=refused.code, now=now)
        _later(claimed, refused, now)
        return False
    except GatewayRefused as refused:
        _other_way(claimed, refused, now)
        return False
    except (OSError, crypto.UnableToOpen) as error:
        _later(claimed, error, now)
        return False
    _left(claimed, given, now)
    return True


def _send(message: OutboundMessage, text: dict[str, Any], now: datetime) -> str:
    account = message.account
    if not account.is_active or not is_allowed(account.adapter):
        raise GatewayRefused("SwitchedOff")
    gateway = channels.gateway_for(account)
    talk = message.conversation
    is_open = talk.is_open_at(now) if talk else not account.has_window
    if is_open:
        return gateway.send_text(to=text["to"], text=text["text"])
    known = whatsapp.templates().get(message.template)
    if known is None or not gateway.has_templates:
        raise WindowClosed
    return gateway.send_template(to=text["to"], template=known, parameters=text["parameters"])


@transaction.atomic
def _left(message: OutboundMessage, provider_id: str, now: datetime) -> None:
    """Gone: the text is emptied, and reports that were faster than our own note are taken in."""
    jobs.finish(
        message, sealed="", provider_id=provider_id, delivery=Delivery.SENT, sent_at=now,
        delivery_at=now,
    )  # fmt: skip
    if message.account.refused_at or message.account.last_error:
        ChannelAccount.objects.filter(pk=message.account_id).update(refused_at=None, last_error="")
    if provider_id:
        reports = ChannelMessage.objects.filter(
            account_id=message.account_id, refers_to=provider_id, kind=InboundKind.STATUS
        )
        for report in reports:
            take_delivery(report=report, now=now)
    if message.conversation_id is None:
        return
    rest = OutboundMessage.objects.filter(
        conversation_id=message.conversation_id, pk__gt=message.pk, job_state=JobState.WAITING
    )
    following = rest.order_by("pk").first()
    if following is not None:
        wake(SEND, following.pk)


def _later(message: OutboundMessage, error: Exception, now: datetime) -> None:
    wait = timedelta(minutes=2**message.attempts)
    if isinstance(error, GatewayAway) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    if message.attempts >= jobs.MAX_ATTEMPTS:
        _other_way(message, error, now)
        return
    jobs.fail(message, error=error, now=now, next_try_at=now + wait, last_error=_code(error))


def _other_way(message: OutboundMessage, error: Exception, now: datetime) -> None:
    """By SMS where WhatsApp does not take it and there is a number; else given up, visibly."""
    text = message.opened("sealed") or {}
    sms = channels.account_to_send(message.government_id, by_whatsapp=False)
    is_notice = message.purpose in ("notice", "code")
    can = sms is not None and message.account.kind.is_whatsapp and text.get("to", "")[:1] == "+"
    if is_notice and can:
        jobs.start_over(
            message, now=now, account=sms, conversation=None, template="", last_error=_code(error)
        )
        wake(SEND, message.pk)
        return
    jobs.give_up(
        message, error=error, delivery=Delivery.FAILED, delivery_at=now, sealed="",
        last_error=_code(error),
    )  # fmt: skip


@transaction.atomic
def note_refused_token(*, account: ChannelAccount, code: str, now: datetime) -> None:
    """The channel is red until a message or a check goes through again."""
    rows = ChannelAccount.objects.filter(pk=account.pk, refused_at=None)
    if rows.update(refused_at=now, last_error=code[:80]):
        ledger.record(
            "channel.token_refused", account, by=None, government_id=account.government_id
        )


@transaction.atomic
def take_delivery(*, report: ChannelMessage, now: datetime) -> bool:
    """A provider's report about a message of ours; False while we do not know the message.

    Reports come in any order, so one that says less than we know changes nothing.
    """
    said = report.opened("sealed") or {}
    rows = OutboundMessage.objects.select_for_update(of=("self",), no_key=True)
    message = rows.filter(account_id=report.account_id, provider_id=report.refers_to).first()
    if message is None or not report.refers_to:
        return False
    word = said.get("status", "")
    if word in Delivery.values and Delivery(word).rank > Delivery(message.delivery).rank:
        message.delivery, message.delivery_at = Delivery(word), report.sent_at or now
        message.last_error = said.get("code", "")[:80] if word == Delivery.FAILED else ""
        message.save(update_fields=["delivery", "delivery_at", "last_error"])
        ledger.record(
            "outbound_message.reported",
            message,
            by=None,
            government_id=message.government_id,
            codes={"delivery": word},
        )
    return True


def _code(error: Exception) -> str:
    """A code, never the text of an error: it may quote a number."""
    return str(getattr(error, "code", "") or type(error).__name__)[:80]
