"""Calendar, inbox, directives and promises of the demonstration, by the acts that people take."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.actions import directives, inbox, promises, reminders, year_calendar as calendar
from opd.enums import Role
from opd.models import (
    Directive,
    Government,
    InboxItem,
    Membership,
    ReminderClock,
    Unit,
)
from opd.queries.year_calendar import Entry, entries
from opd.reminders import STANDING_SINCE

DATA = Path(__file__).parent / "data" / "calendar.yaml"
# Reminders of the invented government look so far back.
BACK = timedelta(days=120)
# So long after its day somebody ticked a step that not every unit has, and said why.
TICKED_WITH_REASON = timedelta(days=75)


def load(today: date) -> None:
    data = yaml.safe_load(DATA.read_text())
    for government in Government.objects.order_by("pk"):
        facts = data.get(government.slug, {})
        _promises(government, facts.get("promises", []), today)
        if not government.is_sample:
            _begin_today(government, today)
            continue
        _dates(government, facts, today)
        for row in facts["directives"]:
            give(government, row, today)
        _inbox(government, today)


def _promises(government: Government, rows: list[dict[str, Any]], today: date) -> None:
    keeper = office(government, Role.ZI_SECRETARIAT)
    for row in rows:
        said = row["said"] if isinstance(row["said"], date) else today + timedelta(row["said"])
        due = PartialDate(today + timedelta(row["due"])) if "due" in row else None
        if "due_year" in row:
            due = PartialDate(date(row["due_year"], 1, 1), Precision.YEAR)
        unit = find_unit(government, row["unit"]) if "unit" in row else None
        made = promises.record_promise(
            facts=promises.PromiseFacts(
                row["by"], row["text"], PartialDate(said), row["place"], unit, due
            ),
            form_key=uuid4(),
            by=keeper,
            now=moment(today, 1),
            today=today,
        )
        if "outcome" in row:
            promises.judge_promise(
                promise=made,
                is_kept=row["outcome"] == "kept",
                on=today + timedelta(row["judged"]),
                proof_note=row["note"],
                by=keeper,
                now=moment(today, 2),
                today=today,
            )


def _begin_today(government: Government, today: date) -> None:
    """Of real governments nobody recorded anything here: what is over is history, not late."""
    ReminderClock.objects.update_or_create(
        government=government,
        defaults={"due_at": moment(today, 2), "started_on": today + STANDING_SINCE},
    )


def _dates(government: Government, facts: dict[str, Any], today: date) -> None:
    by = office(government, Role.ZI_SECRETARIAT)
    for key, day, reason, letter in facts["moved"]:
        month, number = map(int, day.split("-"))
        calendar.move_date(
            year=today.year,
            key=key,
            new=calendar.NewDate(None, date(today.year, month, number), reason, letter),
            form_key=uuid4(),
            by=by,
            now=moment(date(today.year, 1, 1), 2),
        )
    for entry in entries(government, today.year):
        if entry.is_task and not entry.is_done and not entry.has_check:
            _tick(entry, facts["ticked"], by, today)
    for title, role, days in facts["own"]:
        due_on = today + timedelta(days=days)
        calendar.add_date(
            year=due_on.year,
            title=title,
            role=role,
            starts_on=None,
            due_on=due_on,
            form_key=uuid4(),
            by=by,
            now=moment(today - timedelta(days=60), 2),
        )


def _tick(entry: Entry, notes: dict[str, str], by: Membership, today: date) -> None:
    """What only a hand says, in time. Of what the portal counts: long after the day, with the
    reason; what is newer stays open and is overdue."""
    day = entry.due_on - timedelta(days=2)
    if entry.lacks_some:
        day = entry.due_on + TICKED_WITH_REASON
    if day >= today or entry.is_nobodys:
        return
    calendar.mark_date(
        year=entry.year,
        key=entry.key,
        is_done=True,
        note=notes[entry.key],
        by=by,
        now=moment(day, 2),
    )


def give(
    government: Government,
    row: dict[str, Any],
    today: date,
    subject: tuple[str, str] = ("", ""),
) -> Directive:
    """One directive with everything that happened to it; also for the other apps' demos."""
    given = today - timedelta(days=row["given"])
    giver, unit = office(government, row["by"]), find_unit(government, row["unit"])
    found = directives.give_directive(
        what=directives.Instruction(
            unit, row["text"], today + timedelta(row["due"]), row["office"], subject
        ),
        form_key=uuid4(),
        by=giver,
        now=moment(given, 2),
        today=given,
    )
    for days, step, *more in row["path"]:
        _step(found, step, more, giver, moment(today - timedelta(days=days), 3))
    return found


def _step(found: Directive, step: str, more: list[Any], giver: Membership, now: datetime) -> None:
    if step in ("finish", "return", "withdraw"):
        act = {
            "finish": directives.finish_directive,
            "return": directives.return_directive,
            "withdraw": directives.withdraw_directive,
        }[step]
        act(directive=found, by=giver, now=now, **({"reason": more[0]} if more else {}))  # type: ignore[operator]
        return
    carrier = _carrier(found.unit)
    if step == "acknowledge":
        directives.acknowledge_directive(directive=found, by=carrier, now=now)
        return
    directives.report_directive(
        directive=found,
        progress=directives.Progress(more[0], Decimal(more[1]), step == "report"),
        form_key=uuid4(),
        by=carrier,
        now=now,
    )


def _inbox(government: Government, today: date) -> None:
    """What a round of reminders finds, and somebody who has read half of it."""
    now = moment(today, 1)
    ReminderClock.objects.create(
        government=government, started_on=today - BACK, due_at=now + timedelta(hours=1)
    )
    reminders.remind(government=government, now=now)
    reader = office(government, Role.ZI_SECRETARIAT)
    rows = InboxItem.objects.for_office(reader).order_by("pk").values_list("pk", flat=True)
    inbox.mark_read(by=reader, items=list(rows)[::2], now=now)


def office(government: Government, role: str, unit: Unit | None = None) -> Membership:
    rows = Membership.objects.filter(government=government, role=role, unit=unit)
    return rows.select_related("government", "unit").order_by("pk")[0]


def _carrier(unit: Unit) -> Membership:
    """The head or the operator; for units without demo accounts whoever works there for a plan."""
    rows = Membership.objects.filter(unit=unit, role__in=[Role.OPD_HEAD, Role.OPD_OPERATOR])
    return rows.select_related("government", "unit").order_by("role", "pk")[0]


def find_unit(government: Government, name: str) -> Unit:
    units = government.units.filter(active_to=None)
    return units.filter(short_name=name).first() or units.get(name=name)


def moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)
