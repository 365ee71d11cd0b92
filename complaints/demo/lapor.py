"""Reports of SP4N-LAPOR! in the invented government: an export, links, what differs, a month's words."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from complaints.actions.external import CaseFacts, link_case, set_category, settle_difference
from complaints.actions.lapor_imports import apply_export, receive_export
from complaints.actions.reports import write_report_words
from complaints.models import Complaint
from complaints.queries.external import comparison_of
from opd.enums import Role
from opd.models import Government, Membership
from opd.unit_csv import write_sheet

DATA = Path(__file__).parent / "lapor.yaml"
HEAD = (
    "Tracking ID", "Klasifikasi", "Tanggal Laporan", "Status", "Instansi", "Kategori", "Rahasia",
    "Tanggal Selesai", "Isi Laporan", "Tindak Lanjut",
)  # fmt: skip


def load(contoh: Government, today: date) -> None:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    offices = Membership.objects.filter(government=contoh, role=Role.COMPLAINT_COORDINATOR)
    by = offices.select_related("government", "user").order_by("pk")[0]
    now = datetime.combine(today, time(0, 1), ZoneInfo(contoh.time_zone))
    _import(data["export"], by, today, now)
    for row in data["linked"]:
        _link(row, by, today, now)
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    write_report_words(month=month, **data["words"], seen=0, by=by, now=now)


def _import(rows: list[list[Any]], by: Membership, today: date, now: datetime) -> None:
    def day(days_ago: int | None) -> str:
        return "" if days_ago is None else (today - timedelta(days=days_ago)).isoformat()

    written = [
        [number, kind, day(filed), status, unit, category, secret, day(done), text, answer]
        for number, kind, filed, status, unit, category, secret, done, text, answer in rows
    ]
    upload = receive_export(system="lapor", data=write_sheet(HEAD, written), by=by, now=now)
    seen = comparison_of(upload, today).fingerprint
    apply_export(upload=upload, seen=seen, by=by, now=now, is_sample=True)


def _link(row: dict[str, Any], by: Membership, today: date, now: datetime) -> None:
    complaint = Complaint.objects.select_related("government", "unit").get(
        government=by.government, story__startswith=row["story"]
    )
    set_category(complaint=complaint, category=row["category"], by=by, now=now)
    facts = CaseFacts(
        tracking_id=row["number"],
        origin="here",
        seen_on=today - timedelta(days=row["seen"]),
        status=row["status"],
    )
    case = link_case(complaint=complaint, facts=facts, by=by, now=now)
    if "settle" in row:
        settle_difference(case=case, note=row["settle"], by=by, now=now)
