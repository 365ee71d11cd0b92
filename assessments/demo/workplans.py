"""Work plans of the demonstration, written by the same acts that people take."""

import io
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pikepdf
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pikepdf import Name

from assessments.actions import reports as report_actions, workplans as actions
from assessments.actions.reports import ReportContent
from assessments.actions.workplans import ActivityTexts
from assessments.models import Activity, IntegrityZone, WorkPlan
from assessments.queries.workplans import UPLOAD_KIND, fingerprint
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import StoredFile
from opd.enums import OfficeStatus, Role
from opd.models import Government, Membership, Unit, User

DATA = Path(__file__).parent / "data" / "workplans.yaml"
NOTES = {
    "confirmed": "Langkah sudah dilaksanakan sesuai rencana; bukti tersimpan di sekretariat unit.",
    "returned": "Kegiatan sudah dilaksanakan dan dokumennya sedang dilengkapi.",
    "waiting": "Kegiatan sudah dilaksanakan; mohon diperiksa dan dikonfirmasi.",
}
DISCLAIMER = "Dokumen ini dibuat untuk peragaan dan tidak berisi data sebenarnya."
Report = tuple[int, int, str, str]


def load(today: date) -> None:
    data = yaml.safe_load(DATA.read_text())
    for government in Government.objects.filter(slug__in=data["plans"]).order_by("pk"):
        plans = data["plans"][government.slug]
        for name, rows in plans.items():
            unit = find_unit(government, name)
            zone = _zone(unit)
            _finished(zone, data, name, today)
            _plan(zone, data["activities"], rows, today)


def find_unit(government: Government, name: str) -> Unit:
    """By short name first: that is how people call it."""
    units = government.units.filter(active_to=None)
    return units.filter(short_name=name).first() or units.get(name=name)


def _zone(unit: Unit) -> IntegrityZone:
    """The zone that an act of the demonstration has opened: none stands without its act."""
    return IntegrityZone.objects.get(unit=unit, closed_on=None)


def _finished(zone: IntegrityZone, data: dict[str, Any], name: str, today: date) -> None:
    keys = data["done"].get(zone.government.slug, {}).get(name)
    if not keys:
        return
    plan = _open(zone, today.year - 1)
    for key in keys:
        texts = _texts(data["activities"][key], date(today.year - 1, 11, 30))
        activity = _add(plan, texts)
        _report(
            activity, (100, (today - date(today.year - 1, 11, 20)).days, "confirmed", ""), today
        )


def _plan(zone: IntegrityZone, known: dict[str, list[str]], rows: list[Any], today: date) -> None:
    _open(zone, today.year)
    for key, days, reports, *dropped in rows:
        due_on = _due(today, days)
        activity = _add(_open(zone, due_on.year), _texts(known[key], due_on))
        for report in reports:
            _report(activity, tuple(report), today)
        for reason in dropped:
            operator = office(zone.unit, Role.OPD_OPERATOR)
            moved = moment(today - timedelta(days=40), 2)
            actions.drop_activity(activity=activity, reason=reason, by=operator, now=moved)


def _due(today: date, days: int) -> date:
    """In this year; what comes after it is due on its last day, or in next year's plan if that
    day is near."""
    wanted = today + timedelta(days=days)
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    if wanted > last and last - today < timedelta(days=31):
        return wanted
    return min(max(wanted, first), last)


def _open(zone: IntegrityZone, year: int) -> WorkPlan:
    plan = actions.open_plan(zone=zone, year=year, by=office(zone.unit, Role.OPD_OPERATOR))
    if not plan.is_sample:
        WorkPlan.objects.filter(pk=plan.pk).update(is_sample=True)
        plan.is_sample = True
    return plan


def _texts(words: list[str], due_on: date) -> ActivityTexts:
    area, title, milestone, responsible = words
    return ActivityTexts(area, title, milestone, due_on, responsible)


def _add(plan: WorkPlan, texts: ActivityTexts) -> Activity:
    operator = office(plan.zone.unit, Role.OPD_OPERATOR)
    return actions.add_activity(plan=plan, texts=texts, form_key=uuid4(), by=operator)


def _report(activity: Activity, report: Report, today: date) -> None:
    percent, days_ago, outcome, message = report
    unit = activity.plan.zone.unit
    sent = moment(today - timedelta(days=days_ago), 2)
    row = report_actions.send_report(
        activity=activity,
        content=ReportContent(Decimal(percent), NOTES[outcome], _evidence(activity, outcome)),
        form_key=uuid4(),
        version=0,
        by=office(unit, Role.OPD_OPERATOR),
        now=sent,
    )
    head, decided_at = office(unit, Role.OPD_HEAD), sent + timedelta(hours=5)
    decide = {
        "confirmed": report_actions.confirm_report,
        "returned": report_actions.return_report,
    }.get(outcome)
    if decide:
        decide(report=row, shown=fingerprint(row), message=message, by=head, now=decided_at)


def moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _evidence(activity: Activity, outcome: str) -> list[StoredFile]:
    """Small real PDFs where somebody still has to look at them."""
    if outcome == "confirmed":
        return []
    unit = activity.plan.zone.unit
    lines = ["Notulen rapat (contoh)", unit.name, f"Kegiatan: {activity.title}"]
    upload = SimpleUploadedFile("Notulen rapat.pdf", small_pdf([*lines, DISCLAIMER]))
    stored = receive(
        upload,
        rule=EVIDENCE,
        kind=UPLOAD_KIND,
        government_id=unit.government_id,
        by_user_id=office(unit, Role.OPD_OPERATOR).user_id,
    )
    return [stored]


def small_pdf(lines: list[str]) -> bytes:
    """One A4 page of plain lines in a font that every reader brings along."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
    shown = [re.sub(r"([()\\\\])", r"\\\1", line) for line in lines]
    drawing = " ".join(f"({line}) Tj 0 -22 Td" for line in shown)
    page.Contents = document.make_stream(
        f"BT /F1 12 Tf 60 770 Td {drawing} ET".encode("latin-1", "replace")
    )
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def office(unit: Unit, role: Role) -> Membership:
    """Who holds the office; for units without demo accounts somebody who cannot sign in."""
    holder = Membership.objects.filter(unit=unit, role=role).order_by("pk").first()
    if holder:
        return holder
    word = {Role.OPD_OPERATOR: "Operator", Role.OPD_HEAD: "Kepala"}[role]
    title = f"{word} {unit.label}"[:120]
    user = User(name=title)
    user.set_unusable_password()
    user.save()
    return Membership.objects.create(
        user=user,
        government_id=unit.government_id,
        unit=unit,
        role=role,
        title=title,
        office_status=OfficeStatus.DEFINITIF,
        valid_from=date(2019, 1, 1),
    )
