"""What is due in the background, and the words that a conversation is answered with."""

from datetime import datetime

from complaints import dialogue_texts
from complaints.channel_enums import UNOFFICIAL, InboundKind
from complaints.enums import Disclosure
from complaints.models import (
    ChannelAccount,
    ChannelMedia,
    ChannelMessage,
    Complaint,
    Conversation,
    OutboundMessage,
)
from complaints.queries.channels import public_link
from integrity_portal.core import sounds
from integrity_portal.core.models import StoredFile

SWEEP = 200
MOST_FILES = 10


def inbound_due(now: datetime) -> list[int]:
    """One message of each sender, and the reports; whoever sends a thousand waits for himself."""
    firsts = ChannelMessage.objects.exclude(kind=InboundKind.STATUS).one_for_each_sender(now)
    reports = ChannelMessage.objects.due(now).filter(kind=InboundKind.STATUS).order_by("pk")
    return [
        *firsts.values_list("pk", flat=True)[:SWEEP],
        *reports.values_list("pk", flat=True)[:SWEEP],
    ]


def outbound_due(now: datetime) -> list[int]:
    rows = OutboundMessage.objects.due(now).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:SWEEP])


def media_due(now: datetime) -> list[int]:
    rows = ChannelMedia.objects.due(now).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:SWEEP])


def checks_due(now: datetime) -> list[int]:
    return list(ChannelAccount.objects.to_check(now).values_list("pk", flat=True)[:SWEEP])


def files_of_draft(draft_key: str) -> list[StoredFile]:
    """What was fetched while the report was being written."""
    rows = ChannelMedia.objects.filter(draft_key=draft_key, stored__isnull=False).order_by("pk")
    found = [row.stored for row in rows.select_related("stored")[:MOST_FILES]]
    return [stored for stored in found if stored is not None]


def is_hidden(complaint: Complaint, stored: StoredFile) -> bool:
    """A voice tells who somebody anonymous is."""
    return stored.content_type in sounds.TYPES and complaint.disclosure == Disclosure.ANONYMOUS


def words(conversation: Conversation, name: str, **values: str) -> str:
    government = conversation.government
    page = "track" if name.startswith(("status", "slow")) else "privacy"
    known = {
        "government": government.official_name,
        "link": public_link(government, page),
        **values,
    }
    return dialogue_texts.current().say(name, **known)


def greeting(conversation: Conversation) -> str:
    """What this is, who knows the number, and where one stays unknown."""
    account = conversation.account
    kind = "whatsapp" if account.kind.is_whatsapp else "sms"
    return words(
        conversation, f"greeting_{'unofficial' if account.adapter in UNOFFICIAL else kind}"
    )
