"""Plays the invented complaints through the real actions, on days that count back from today."""

import secrets
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from complaints.actions import handling
from complaints.actions.answers import save_template, say_contentment
from complaints.actions.escalating import escalate
from complaints.actions.filing import Filing, file_complaint
from complaints.actions.following import follow_complaint, set_public_title
from complaints.actions.merging import merge_complaint
from complaints.actions.messages import write_as_citizen, write_to_citizen
from complaints.actions.pausing import pause_complaint
from complaints.codes import new_code
from complaints.demo import lapor
from complaints.enums import Disclosure
from complaints.models import Complaint
from opd.enums import Role
from opd.models import Government, Membership, Unit

DATA = Path(__file__).parent / "complaints.yaml"


def load(today: date) -> None:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    contoh = Government.objects.get(slug="kota-contoh")
    for row in _past(data["past"]):
        _play(contoh, today, row, 0, {})
    refs: dict[str, Complaint] = {}
    filed = [
        _play(contoh, today, row, minute, refs) for minute, row in enumerate(data["kota-contoh"])
    ]
    _after_answers(contoh, today, filed, data)
    lapor.load(contoh, today)
    for slug, row in data["neutral"].items():
        _play(Government.objects.get(slug=slug), today, row, 0, {})


def _after_answers(
    government: Government, today: date, filed: list[Complaint], data: dict[str, Any]
) -> None:
    """What units answer with, what citizens say of it, and who was told of what is late."""
    for row in data["templates"]:
        unit = _unit(government, row["unit"]) if row["unit"] else None
        rows = Membership.objects.filter(government=government)
        role = Role.LIAISON_OFFICER if unit else Role.COMPLAINT_COORDINATOR
        by = rows.filter(role=role, unit=unit).select_related("unit").order_by("pk")[0]
        save_template(by=by, unit=unit, title=row["title"], text=row["text"])
    for days, number, level, words in data["contentment"]:
        now = _at(government, today, days, 600)
        say_contentment(complaint=filed[number - 1], level=level, words=words, now=now)
    late = Complaint.objects.of(government.pk).late_on(today).order_by("pk")
    for complaint in late:
        escalate(complaint=complaint, today=today, now=_at(government, today, 0, 0))


def _past(past: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each row in turn, filed, taken on and answered."""
    days = range(past["first"], past["last"], -past["every"])
    for filed, row in zip(days, cycle(past["rows"]), strict=False):
        path = [
            [filed - 1, "verify", row["unit"], row["class"]],
            [filed - 1, "take_on"],
            [filed - row["answered_after"], "answer", row["answer"]],
        ]
        yield {**row, "days_ago": filed, "path": path}


def _play(
    government: Government,
    today: date,
    row: dict[str, Any],
    minute: int,
    refs: dict[str, Complaint],
) -> Complaint:
    now = _at(government, today, row["days_ago"], minute)
    filing = _filing(government, row)
    filed = file_complaint(government=government, filing=filing, now=now, is_sample=True)
    complaint = filed.complaint
    for days, step, *values in row.get("path", []):
        now = _at(government, today, days, minute + 60)
        if step == "merge":
            values = [refs[values[0]]]
        elif step == "pause":
            values = [values[0], today - timedelta(days=values[1]), values[2]]
        _take(complaint, step, values, now)
        complaint = Complaint.objects.select_related("government", "unit").get(pk=complaint.pk)
    refs[row.get("ref", "")] = complaint
    return complaint


def _take(complaint: Complaint, step: str, values: list[Any], now: datetime) -> None:
    coordinator = _office(complaint, Role.COMPLAINT_COORDINATOR)
    if step == "verify":
        unit = _unit(complaint.government, values[0])
        handling.verify_complaint(
            complaint=complaint, by=coordinator, unit=unit, sla_class=values[1], now=now
        )
    elif step == "refer":
        handling.refer(
            complaint=complaint, by=coordinator, text=values[0], now=now, institution="company"
        )
    elif step == "reject":
        handling.reject(complaint=complaint, by=coordinator, text=values[0], now=now)
    elif step == "merge":
        merge_complaint(complaint=complaint, by=coordinator, into=values[0], now=now)
    elif step == "reopen":
        handling.reopen(complaint=complaint, text=values[0], now=now)
    elif step == "citizen":
        write_as_citizen(complaint=complaint, text=values[0], now=now)
    elif step == "close":
        handling.close_due(now)
    elif step == "title":
        set_public_title(complaint=complaint, by=coordinator, title=values[0], now=now)
    elif step == "follow":
        follow_complaint(complaint=complaint, code=new_code(), now=now)
    else:
        _unit_takes(complaint, step, values, now)


def _unit_takes(complaint: Complaint, step: str, values: list[Any], now: datetime) -> None:
    head = _office(complaint, Role.OPD_HEAD)
    if step == "take_on":
        handling.take_on(complaint=complaint, by=head, now=now)
    elif step == "message":
        write_to_citizen(complaint=complaint, by=head, text=values[0], now=now)
    elif step == "pause":
        reason, until, text = values
        pause_complaint(
            complaint=complaint, by=head, reason=reason, resume_on=until, text=text, now=now
        )
    elif step == "give_back":
        handling.give_back(complaint=complaint, by=head, reason=values[0], now=now)
    elif step == "answer":
        handling.answer_complaint(complaint=complaint, by=head, text=values[0], now=now)
    else:
        raise ValueError(step)


def _filing(government: Government, row: dict[str, Any]) -> Filing:
    known = row.get("disclosure") == Disclosure.KNOWN
    return Filing(
        draft_key=secrets.token_hex(16),
        code=row.get("code") or new_code(),
        kind=row["kind"],
        story=row["story"],
        when_text=row.get("when", ""),
        where_text=row.get("where", ""),
        unit=_unit(government, row["unit"]) if row.get("unit") else None,
        region=_unit(government, row["region"]) if row.get("region") else None,
        disclosure=Disclosure.KNOWN if known else Disclosure.ANONYMOUS,
        name="Warga Contoh" if known else "",
        contact="warga@kota-contoh.contoh" if known else "",
        accuses_officer=row.get("accuses_officer", False),
        is_quarantined=row.get("is_quarantined", False),
    )


def _unit(government: Government, name: str) -> Unit:
    rows = Unit.objects.filter(government=government)
    return rows.filter(short_name=name).first() or rows.get(name=name)


def _office(complaint: Complaint, role: str) -> Membership:
    rows = Membership.objects.filter(government=complaint.government, role=role)
    if role == Role.OPD_HEAD and complaint.unit:
        rows = rows.filter(unit__in=complaint.unit.lineage)
    return rows.select_related("unit").order_by("pk")[0]


def _at(government: Government, today: date, days_ago: int, minute: int) -> datetime:
    """Morning of that day; today's rows lie shortly after midnight, so never in the future."""
    start = time(8) if days_ago else time(0)
    day = datetime.combine(today - timedelta(days=days_ago), start, ZoneInfo(government.time_zone))
    return day + timedelta(minutes=minute if days_ago else 0)
