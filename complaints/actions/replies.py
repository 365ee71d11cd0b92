"""Saying something back to a sender, in the words of data/dialogue.yaml."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from complaints.actions.outbound import WindowClosed, queue_message
from complaints.models import Complaint, Conversation, OutboundMessage
from complaints.queries.channel_work import greeting, words

# Whoever sends a thousand messages is read, but not answered a thousand times.
MOST_REPLIES = 30
AN_HOUR = timedelta(hours=1)
GREET_AGAIN = timedelta(days=30)
Names = Iterable[tuple[str, dict[str, str]]]


@transaction.atomic
def say(
    *,
    conversation: Conversation,
    names: Names,
    now: datetime,
    complaint: Complaint | None = None,
    greets: bool = False,
) -> int:
    """Queue the texts: one message by WhatsApp, several short ones by SMS; how many."""
    said = [words(conversation, name, **values) for name, values in names]
    if greets and _is_new(conversation, now):
        said.insert(0, greeting(conversation))
        conversation.greeted_at = now
        conversation.save(update_fields=["greeted_at"])
    if not said or _is_too_much(conversation, now):
        return 0
    if conversation.account.kind.is_whatsapp:
        said = ["\n\n".join(said)]
    number = conversation.number_with_pii()
    for one in said:
        try:
            queue_message(
                account=conversation.account,
                to=number,
                text=one,
                purpose="reply",
                now=now,
                conversation=conversation,
                complaint=complaint,
            )
        except WindowClosed:
            return 0
    return len(said)


def _is_new(conversation: Conversation, now: datetime) -> bool:
    return conversation.greeted_at is None or now - conversation.greeted_at > GREET_AGAIN


def _is_too_much(conversation: Conversation, now: datetime) -> bool:
    recent = OutboundMessage.objects.filter(
        conversation=conversation, created_at__gt=now - AN_HOUR, purpose="reply"
    )
    return recent.count() >= MOST_REPLIES
