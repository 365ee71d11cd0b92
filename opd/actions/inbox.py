"""Items of the inbox: written by other actions and by the reminders, read by offices."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd.enums import MessageWish
from opd.models import Government, InboxItem, InboxReading, Membership, MessageChoice, User
from opd.reminders import SENTENCES, Due, Hours, Owner
from opd.transitions import StepRefused


@transaction.atomic
def notify(
    *,
    government: Government,
    owner: Owner,
    key: str,
    link: tuple[str, str],
    sentence: str,
    now: datetime,
    due: Due | None = None,
    is_sample: bool = False,
) -> InboxItem | None:
    """Write an item for an office, or for all offices of a role; None when it was there before.

    `key` says what is told once: the same key to the same address comes once, for ever, also when
    two schedulers write at the same moment.
    """
    if sentence not in SENTENCES:
        raise ValueError(f"{sentence} is no sentence of the inbox")
    item, is_new = InboxItem.objects.get_or_create(
        government=government,
        key=key,
        **_address(owner),
        defaults={
            "kind": link[0],
            "link_id": link[1],
            "sentence": sentence,
            "due_on": due.due_on if due else None,
            "created_at": now,
            "is_sample": is_sample or bool(due and due.is_sample),
        },
    )
    if not is_new:
        return None
    codes: dict[str, ledger.Code] = {"kind": link[0], "link": link[1], "sentence": sentence}
    ledger.record("inbox_item.written", item, by=None, government_id=government.pk, codes=codes)
    return item


def _address(owner: Owner) -> dict[str, Any]:
    """An office by itself, else all offices of a role, of a unit where one is named."""
    if owner.membership_id:
        return {"membership_id": owner.membership_id, "role": "", "unit_id": None}
    return {"membership_id": None, "role": owner.role, "unit_id": owner.unit_id}


@transaction.atomic
def settle_items(
    *, government: Government, link: tuple[str, str], now: datetime, keep: str = ""
) -> int:
    """Nobody has to do anything about it any more; `keep` is a sentence that still stands."""
    rows = InboxItem.objects.filter(
        ~Q(sentence=keep), government=government, kind=link[0], link_id=link[1], settled_at=None
    )
    count = rows.update(settled_at=now)
    if count:
        ledger.record(
            "inbox_items.settled",
            government,
            by=None,
            government_id=government.pk,
            codes={"kind": link[0], "link": link[1], "count": count},
        )
    return count


@transaction.atomic
def mark_read(*, by: Membership, items: list[int], now: datetime) -> int:
    """Items of this office are read; those of others are left alone. Again changes nothing."""
    rows = InboxItem.objects.for_office(by).unread_by(by).filter(pk__in=items)
    return _read(by, list(rows.values_list("pk", flat=True)), now)


@transaction.atomic
def mark_all_read(*, by: Membership, until: datetime, now: datetime) -> int:
    """Everything that was on the page the person saw: what came `until` then."""
    rows = InboxItem.objects.for_office(by).unread_by(by).filter(created_at__lte=until)
    return _read(by, list(rows.values_list("pk", flat=True)), now)


def _read(by: Membership, items: list[int], now: datetime) -> int:
    if not items:
        return 0
    InboxReading.objects.bulk_create(
        [
            InboxReading(government_id=by.government_id, item_id=pk, membership=by, read_at=now)
            for pk in items
        ],
        ignore_conflicts=True,
    )
    ledger.record("inbox_items.read", by, by=by, codes={"count": len(items)})
    return len(items)


@transaction.atomic
def choose_messages(
    *, person: User, by: Membership | None, wish: str, hours: Hours
) -> MessageChoice:
    """How a person wants to be told. Raises StepRefused for an hour that would never come."""
    if wish != MessageWish.NONE and hours.is_quiet(hours.digest):
        raise StepRefused(
            _("At that hour you want to be left in peace. Choose another hour for the summary.")
        )
    row, _is_new = MessageChoice.objects.update_or_create(
        user=person,
        defaults={
            "wish": MessageWish(wish),
            "digest_hour": hours.digest,
            "quiet_from": hours.quiet_from,
            "quiet_until": hours.quiet_until,
        },
    )
    ledger.record(
        "message_choice.saved",
        row,
        by=by,
        codes={
            "wish": str(wish),
            "hour": hours.digest,
            "quiet_from": hours.quiet_from,
            "quiet_until": hours.quiet_until,
        },
    )
    return row
