"""The hourly round of a government: reminders, escalation to the Sekda, one digest a day."""

import logging
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _, ngettext

from integrity_portal.core import ledger
from integrity_portal.core.formatting import NOTHING, date_id
from opd import letters, reminders, subjects
from opd.actions.inbox import notify
from opd.enums import Role
from opd.models import Digest, Escalation, Government, InboxItem, ReminderClock
from opd.queries.inbox import Addressee, addressees, fresh_items, step_name
from opd.reminders import Due, Owner

logger = logging.getLogger(__name__)
DIGEST = "portal_ringkasan_harian"
SHOWN = 5
SEKDA = Owner(role=Role.SEKDA)


@transaction.atomic
def run_reminders(*, government_id: int, now: datetime) -> bool:
    """One round, if it is due and nobody else is at it. The next one comes at the full hour."""
    _clock(Government.objects.get(pk=government_id), now)
    mine = (
        ReminderClock.objects.select_for_update(skip_locked=True)
        .filter(pk=government_id, due_at__lte=now)
        .first()
    )
    if mine is None:
        return False
    mine.due_at = reminders.next_hour(now)
    mine.save(update_fields=["due_at"])
    government = Government.objects.get(pk=government_id)
    remind(government=government, now=now)
    send_digests(government=government, now=now)
    return True


def _clock(government: Government, now: datetime) -> ReminderClock:
    today = timezone.localdate(now, ZoneInfo(government.time_zone))
    row, _is_new = ReminderClock.objects.get_or_create(
        government=government, defaults={"due_at": now, "started_on": today}
    )
    return row


@transaction.atomic
def remind(*, government: Government, now: datetime) -> int:
    """Turn everything that falls due into items; returns how many are new. Idempotent."""
    today = timezone.localdate(now, ZoneInfo(government.time_zone))
    first = _clock(government, now).started_on
    written = 0
    for kind, source in reminders.sources().items():
        try:
            with transaction.atomic():
                rows = [
                    row
                    for row in source(government, today)
                    if not reminders.is_history(row, first) and not reminders.is_over(row, today)
                ]
                written += sum(_remind(government, kind, row, today, now) for row in rows)
                _settle_the_rest(government, kind, rows, now)
        except Exception:  # One source's fault must not stop the others; the line names it.
            logger.exception("opd.reminders.failed kind=%s", kind)
    return written


def _remind(government: Government, kind: str, row: Due, today: date, now: datetime) -> int:
    link, written = (kind, row.link_id), 0
    stage = reminders.stage(row, today)
    if stage is not None:
        occasion = reminders.occasion(row, stage, today)
        key = f"{kind}:{row.link_id}:{row.due_on:%Y%m%d}:{occasion}"
        sentence = "late" if stage == reminders.LATE else "near"
        for owner in row.owners:
            written += _told(government, owner, key, link, sentence, row, now)
    if stage == reminders.LATE:
        key = f"{kind}:{row.link_id}:{row.due_on:%Y%m%d}:waiting"
        for owner in row.watchers:
            written += _told(government, owner, key, link, "waiting", row, now)
    if reminders.is_escalated(row, today):
        written += _escalate(government, kind, row, now)
    return written


def _told(
    government: Government,
    owner: Owner,
    key: str,
    link: tuple[str, str],
    sentence: str,
    row: Due,
    now: datetime,
) -> bool:
    item = notify(
        government=government, owner=owner, key=key, link=link, sentence=sentence, now=now, due=row
    )
    if item is None:
        return False
    # The nearer reminder takes the place of the earlier ones: one line for one thing.
    older = InboxItem.objects.filter(
        government=government,
        kind=link[0],
        link_id=link[1],
        membership=item.membership_id,
        role=item.role,
        unit=item.unit_id,
        sentence__in=["near", "late"],
        settled_at=None,
    )
    older.exclude(pk=item.pk).update(settled_at=now)
    return True


def _keep_current(escalation: Escalation, whose: Owner) -> None:
    """One that stood there already: it names whose move it is now."""
    if (escalation.role, escalation.unit_id) != (whose.role, whose.unit_id):
        Escalation.objects.filter(pk=escalation.pk).update(role=whose.role, unit_id=whose.unit_id)
    if escalation.settled_at is not None:
        # Taken up again (a tick that was wrong): it stands on the list, nobody is told twice.
        Escalation.objects.filter(pk=escalation.pk).update(settled_at=None)


def _escalate(government: Government, kind: str, row: Due, now: datetime) -> bool:
    whose = row.owners[0] if row.owners else Owner()
    escalation, is_new = Escalation.objects.get_or_create(
        government=government,
        kind=kind,
        link_id=row.link_id,
        due_on=row.due_on,
        defaults={
            "role": whose.role,
            "unit_id": whose.unit_id,
            "escalated_at": now,
            "is_sample": row.is_sample,
        },
    )
    if not is_new:
        _keep_current(escalation, whose)
        return False
    ledger.record(
        "escalation.raised",
        escalation,
        by=None,
        government_id=government.pk,
        codes={"kind": kind, "link": row.link_id, "unit": whose.unit_id},
    )
    key = f"{kind}:{row.link_id}:{row.due_on:%Y%m%d}:escalated"
    notify(
        government=government,
        owner=SEKDA,
        key=key,
        link=(kind, row.link_id),
        sentence="escalated",
        now=now,
        due=row,
    )
    return True


def _settle_the_rest(government: Government, kind: str, rows: list[Due], now: datetime) -> None:
    """What the source no longer gives, or gives with another day, is done or was moved.

    A unit that did its part of a common task is no longer reminded of it.
    """
    still = {(row.link_id, row.due_on) for row in rows}
    owing = {
        (row.link_id, row.due_on): {owner.unit_id for owner in row.owners if owner.unit_id}
        for row in rows
    }
    here = {"government": government, "kind": kind, "settled_at": None}
    told = InboxItem.objects.filter(**here, sentence__in=["near", "late", "waiting", "escalated"])
    raised = Escalation.objects.filter(**here)
    tasks = told.filter(sentence__in=["near", "late"], unit__isnull=False)
    tasks.filter(pk__in=_no_longer(tasks, owing)).update(settled_at=now)
    told.filter(pk__in=_gone(told, still)).update(settled_at=now)
    raised.filter(pk__in=_gone(raised, still)).update(settled_at=now)


def _gone(open_rows: QuerySet[Any], still: set[tuple[str, date]]) -> list[int]:
    rows = open_rows.values_list("pk", "link_id", "due_on")
    return [pk for pk, link_id, due_on in rows if (link_id, due_on) not in still]


def _no_longer(tasks: QuerySet[InboxItem], owing: dict[tuple[str, date], set[int]]) -> list[int]:
    rows = tasks.values_list("pk", "link_id", "due_on", "unit_id")
    return [
        pk
        for pk, link_id, due_on, unit in rows
        if due_on and unit not in owing.get((link_id, due_on), set())
    ]


@transaction.atomic
def send_digests(*, government: Government, now: datetime) -> int:
    """One message a day to everybody for whom something new waits and whose hour has come."""
    zone = ZoneInfo(government.time_zone)
    local = now.astimezone(zone)
    items = fresh_items(government, since=now - timedelta(days=7))
    if not items:
        return 0
    people = addressees(government, items, today=local.date())
    told = _told_until(government, [person.user_id for person in people])
    sent = 0
    for person in people:
        until, day = told.get(person.user_id, (None, None))
        fresh = [item for item in person.items if until is None or item.created_at > until]
        if not fresh or day == local.date() or not person.hours.may_send(local.hour):
            continue
        sent += _digest(government, person, fresh, local.date(), now)
    return sent


def _told_until(
    government: Government, user_ids: list[int]
) -> dict[int, tuple[datetime | None, date | None]]:
    rows = Digest.objects.filter(government=government, user__in=user_ids)
    found = rows.values("user").annotate(until=Max("told_until"), last=Max("day"))
    return {row["user"]: (row["until"], row["last"]) for row in found}


def _digest(
    government: Government, person: Addressee, fresh: list[InboxItem], day: date, now: datetime
) -> bool:
    if not (person.phone or person.mail):
        return False
    digest, is_new = Digest.objects.get_or_create(
        government=government,
        user_id=person.user_id,
        day=day,
        defaults={"item_count": len(fresh), "told_until": now},
    )
    if not is_new:
        return False
    message = _message(government, person, fresh)
    letter = letters.post_message(message=message, kind="digest", now=now, government=government)
    if letter is None:
        # Only WhatsApp is wished for, and there is no gateway: the inbox has to do.
        digest.delete()
        return False
    digest.letter = letter
    digest.save(update_fields=["letter"])
    ledger.record(
        "digest.sent",
        digest,
        by=None,
        government_id=government.pk,
        codes={"items": len(fresh), "channel": letter.channel},
    )
    return True


def _message(government: Government, person: Addressee, fresh: list[InboxItem]) -> letters.Message:
    """What, until when, where to look; no names, nothing that anybody typed."""
    with translation.override("id"):
        ordered = sorted(fresh, key=lambda item: (item.due_on is None, item.due_on, item.pk))
        link = f"{settings.BASE_URL}{reverse('opd:inbox')}"
        lines = [f"- {_named(item)}{_until(item)}" for item in ordered[:SHOWN]]
        if len(ordered) > SHOWN:
            lines.append(_("- and %(count)d more") % {"count": len(ordered) - SHOWN})
        count = len(ordered)
        head = ngettext(
            "One new thing waits for you in the integrity portal of %(government)s.",
            "%(count)d new things wait for you in the integrity portal of %(government)s.",
            count,
        ) % {"count": count, "government": government.official_name}
        end = _("Choose in “My account” how and when the portal tells you.")
        return letters.Message(
            phone=person.phone,
            template=DIGEST,
            parameters=[
                government.official_name,
                str(count),
                _named(ordered[0]),
                date_id(ordered[0].due_on) if ordered[0].due_on else NOTHING,
                link,
            ],
            mail=person.mail,
            subject=_("Integrity portal: %(count)d new in your inbox") % {"count": count},
            body="\n\n".join([head, "\n".join(lines), link, end]) + "\n",
            hours=person.hours,
            time_zone=government.time_zone,
        )


def _named(item: InboxItem) -> str:
    """The thing by its public name where it has one, else by its kind."""
    name = step_name(item.kind, item.link_id) or subjects.word_of(item.kind)
    return (
        f"{name}: {reminders.SENTENCES[item.sentence]}"
        if name
        else str(reminders.SENTENCES[item.sentence])
    )


def _until(item: InboxItem) -> str:
    return _(" (by %(day)s)") % {"day": date_id(item.due_on)} if item.due_on else ""
