"""One way to tell offices something: while the same stands unread, nothing new is said."""

from collections.abc import Iterable
from datetime import datetime

from opd.actions.inbox import notify
from opd.models import Government, InboxItem
from opd.reminders import Owner


def tell_owners(
    *,
    government: Government,
    owners: Iterable[Owner],
    sentence: str,
    link: tuple[str, str],
    now: datetime,
    is_sample: bool,
) -> int:
    """How many were told, each with a link of this (kind, id)."""
    told = 0
    for owner in owners:
        earlier = InboxItem.objects.filter(
            government=government,
            kind=link[0],
            link_id=link[1],
            sentence=sentence,
            membership=owner.membership_id,
            role=owner.role,
            unit=owner.unit_id,
        )
        if earlier.filter(settled_at=None, readings=None).exists():
            continue
        item = notify(
            government=government,
            owner=owner,
            key=f"{sentence}:{link[1]}:{earlier.count() + 1}",
            link=link,
            sentence=sentence,
            now=now,
            is_sample=is_sample,
        )
        told += item is not None
    return told
