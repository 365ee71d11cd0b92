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
from complaints.actions.filing import Filing, file_complaint
from complaints.actions.following import follow_complaint, set_public_title
from complaints.actions.messages import write_as_citizen, write_to_citizen
from complaints.codes import new_code
from complaints.enums import Disclosure
from complaints.models import Complaint
from opd.enums import Role
from opd.models import Government, Membership, Unit

DATA = Path(__file__).parent / "complaints.yaml"


def load(today: date) -> None:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    contoh = Government.objects.get(slug="kota-contoh")
    for row in _past(data["past"]):
        _play(contoh, today, row, 0)
    for minute, row in enumerate(data["kota-contoh"]):
        _play(contoh, today, row, minute)
    for slug, row in data["neutral"].items():
        _play(Government.objects.get(slug=slug), today, row, 0)


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


def _play(government: Government, today: date, row: dict[str, Any], minute: int) -> None:
    now = _at(government, today, row["days_ago"], minute)
    filing = _filing(government, row)
    filed = file_complaint(government=government, filing=filing, now=now, is_sample=True)
    complaint = filed.complaint
    for days, step, *values in row.get("path", []):
        _take(complaint, step, values, _at(government, today, days, minute + 60))
        complaint = Complaint.objects.select_related("government", "unit").get(pk=complaint.pk)


def _take(complaint: Complaint, step: str, values: list[str], now: datetime) -> None:
    coordinator = _office(complaint, Role.COMPLAINT_COORDINATOR)
    if step == "verify":
        unit = _unit(complaint.government, values[0])
        handling.verify_complaint(
            complaint=complaint, by=coordinator, unit=unit, sla_class=values[1], now=now
        )
    elif step in ("refer", "reject"):
        end = {"refer": handling.refer, "reject": handling.reject}[step]
        end(complaint=complaint, by=coordinator, text=values[0], now=now)
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


def _unit_takes(complaint: Complaint, step: str, values: list[str], now: datetime) -> None:
    head = _office(complaint, Role.OPD_HEAD)
    if step == "take_on":
        handling.take_on(complaint=complaint, by=head, now=now)
    elif step == "message":
        write_to_citizen(complaint=complaint, by=head, text=values[0], now=now)
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
        accuses_officer=row.get("accuses", False),
        is_quarantined=row.get("aside", False),
        disclosure=Disclosure.KNOWN if known else Disclosure.ANONYMOUS,
        name="Warga Contoh" if known else "",
        contact="warga@kota-contoh.contoh" if known else "",
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
