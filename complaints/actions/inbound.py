"""What arrives by SMS and WhatsApp: kept at once, worked on later, in order for each sender."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone, translation

from complaints import dialogue, dialogue_texts
from complaints.actions import outbound, talk
from complaints.actions.media import note_media
from complaints.channel_enums import InboundKind
from complaints.channels.base import Inbound, Part
from complaints.channels.numbers import can_be_answered
from complaints.models import ChannelAccount, ChannelMessage, Conversation
from complaints.models.channels import ChannelMessageQuerySet
from complaints.models.reporters import contact_index
from integrity_portal.core import jobs, ledger
from integrity_portal.core.wake import wake_all

WORK = "complaints.work_channel_message"
AT_ONCE = 50
WINDOW = timedelta(hours=24)
# So long the other parts of a long SMS are waited for.
PARTS = timedelta(minutes=10)
PART_WAITS = "part"
MOST_PAYLOAD = 20_000


@transaction.atomic
def keep_inbound(*, account: ChannelAccount, inbound: Iterable[Inbound], now: datetime) -> int:
    """Write what a provider delivered, once for each of its ids; how many were new.

    The caller has checked that the provider sent it. Costs the same for one and for a batch.
    """
    rows = {row.provider_id: _row(account, row, now) for row in inbound}
    if not rows:
        return 0
    ChannelMessage.objects.bulk_create(rows.values(), ignore_conflicts=True)
    drawn = [row.public_id for row in rows.values()]
    fresh = list(ChannelMessage.objects.filter(public_id__in=drawn).values_list("pk", flat=True))
    if fresh:
        codes: dict[str, ledger.Code] = {"count": len(fresh)}
        ledger.record(
            "channel_messages.received",
            account,
            by=None,
            government_id=account.government_id,
            codes=codes,
        )
        wake_all(WORK, fresh)
    return len(fresh)


def _row(account: ChannelAccount, row: Inbound, now: datetime) -> ChannelMessage:
    part = row.part or Part("", 0, 0)
    message = ChannelMessage(
        government_id=account.government_id,
        account=account,
        provider_id=row.provider_id[:200],
        kind=row.kind,
        sender_index=contact_index(row.sender) if row.sender else "",
        refers_to=row.refers_to[:200],
        part_ref=part.ref,
        part_number=part.number,
        part_total=part.total,
        sent_at=row.sent_at,
        received_at=now,
        next_try_at=now,
    )
    message.put("sealed", _payload(row))
    return message


def _payload(row: Inbound) -> dict[str, Any]:
    """What the dialogue needs; the provider's own words as well where we do not know the kind."""
    raw = row.raw if row.kind in (InboundKind.OTHER, InboundKind.STATUS) else None
    return {
        "sender": row.sender,
        "text": row.text[:MOST_PAYLOAD].replace("\x00", ""),
        "media": asdict(row.media) if row.media else None,
        "status": row.status,
        "code": row.code,
        "raw": raw if len(repr(raw)) <= MOST_PAYLOAD else repr(raw)[:MOST_PAYLOAD],
    }


def work(*, pk: int, now: datetime) -> int:
    """Work on what this sender has sent, oldest first, until nothing is due; how many."""
    message = ChannelMessage.objects.filter(pk=pk).first()
    if message is None:
        return 0
    if message.kind == InboundKind.STATUS:
        return int(_take(message.pk, now) is not None)
    done, seen = 0, set[int]()
    while len(seen) < AT_ONCE:
        following = _next_of(message, now, seen)
        if following is None:
            break
        seen.add(following)
        outcome = _take(following, now)
        if outcome is None:
            break
        done += outcome != PART_WAITS
    return done


def _next_of(message: ChannelMessage, now: datetime, seen: set[int]) -> int | None:
    """The oldest one that is not finished, whoever works on it. Parts that wait hold nobody up."""
    rows = ChannelMessage.objects.unfinished().of_sender(message).exclude(pk__in=seen)
    rows = rows.exclude(kind=InboundKind.STATUS).exclude(outcome=PART_WAITS, next_try_at__gt=now)
    rows = rows.exclude(attempts__gt=1, next_try_at__gt=now)
    told = Coalesce(F("sent_at"), F("received_at"))
    return rows.order_by(told, "pk").values_list("pk", flat=True).first()


def _take(pk: int, now: datetime) -> str | None:
    """Claim and handle one; None when another worker has it, or it has to be tried again."""
    rows = ChannelMessage.objects.select_related("account__government")
    message = jobs.claim(cast(ChannelMessageQuerySet, rows), pk=pk, now=now)
    if message is None:
        return None
    try:
        with transaction.atomic(), _as_at_home(message):
            outcome = _handle(message, now)
            if outcome == PART_WAITS:
                jobs.start_over(message, now=now + PARTS, outcome=PART_WAITS)
            elif outcome == "unknown":
                _wait_for_ours(message, now)
            else:
                jobs.finish(message, outcome=outcome)
    except Exception as error:  # noqa: BLE001 - the other senders go on; the row says what it was
        jobs.fail(message, error=error, now=now)
        return None
    return outcome


@contextmanager
def _as_at_home(message: ChannelMessage) -> Iterator[None]:
    """People are answered in the portal's language, with the days of their own clock."""
    zone = ZoneInfo(message.account.government.time_zone)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
        yield


def _wait_for_ours(report: ChannelMessage, now: datetime) -> None:
    """A report that was faster than our own note is tried again, then kept as it is."""
    if report.attempts >= jobs.MAX_ATTEMPTS:
        jobs.finish(report, outcome="unknown")
        return
    jobs.fail(report, error=LookupError(), now=now, outcome="unknown")


def _handle(message: ChannelMessage, now: datetime) -> str:
    if message.kind == InboundKind.STATUS:
        return "matched" if outbound.take_delivery(report=message, now=now) else "unknown"
    told = message.opened("sealed") or {}
    sender = told.get("sender", "")
    if not can_be_answered(sender) or message.kind == InboundKind.REACTION:
        return "kept"
    text = told.get("text", "")
    if message.part_total:
        joined = _joined(message, now)
        if joined is None:
            return PART_WAITS
        text = joined
    conversation = _conversation(message, sender, now)
    said = dialogue.Said(text, id=message.provider_id, has_file=bool(told.get("media")))
    if message.kind in (InboundKind.EDIT, InboundKind.DELETE):
        said = dialogue.Said(text, id=message.refers_to)
        return talk.take_change(conversation=conversation, said=said, now=now)
    if message.kind == InboundKind.OTHER:
        return talk.cannot_read(conversation=conversation, raw=told.get("raw"), now=now)
    outcome = talk.take_words(conversation=conversation, said=said, now=now)
    if said.has_file:
        note_media(conversation=conversation, told=told["media"], now=now)
    return outcome


def _conversation(message: ChannelMessage, sender: str, now: datetime) -> Conversation:
    """The sender's row, locked: two workers never answer one person at once."""
    came = min(message.sent_at or now, now)
    rows = Conversation.objects.select_related("account", "government", "complaint")
    key = {"account_id": message.account_id, "sender_index": message.sender_index}
    if not rows.filter(**key).exists():
        fresh = Conversation(government_id=message.government_id, last_inbound_at=came, **key)
        fresh.put("number_sealed", sender)
        Conversation.objects.bulk_create([fresh], ignore_conflicts=True)
    row = rows.select_for_update(of=("self",)).get(**key)
    row.last_inbound_at = max(row.last_inbound_at, came)
    row.window_until = max(row.window_until or came, came + WINDOW)
    row.save(update_fields=["last_inbound_at", "window_until"])
    return row


def _joined(message: ChannelMessage, now: datetime) -> str | None:
    """The whole of a long SMS, once all parts are there or have been waited for; the others are
    finished with this one."""
    rows = ChannelMessage.objects.of_sender(message).filter(
        part_ref=message.part_ref,
        part_total=message.part_total,
        received_at__gt=message.received_at - timedelta(days=1),
        received_at__lt=message.received_at + timedelta(days=1),
    )
    parts = {row.part_number: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    missing = message.part_total - len(parts)
    oldest = min(row.received_at for row in parts.values())
    if missing and now < oldest + PARTS:
        return None
    others = [row.pk for row in parts.values() if row.pk != message.pk]
    ChannelMessage.objects.filter(pk__in=others).update(
        job_state=jobs.JobState.DONE, claimed_until=None, outcome="joined"
    )
    return _put_together(parts, message.part_total)


def _put_together(parts: dict[int, ChannelMessage], total: int) -> str:
    gap = dialogue_texts.current().texts["lost_part"]
    texts = [
        str((parts[number].opened("sealed") or {}).get("text", "")) if number in parts else gap
        for number in range(1, total + 1)
    ]
    return "".join(texts)
