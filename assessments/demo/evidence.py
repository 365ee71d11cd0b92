"""Evidence of the demonstration: small PDFs at the questions that they prove, one of them expired."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.actions.evidence import (
    EvidenceTexts,
    Place,
    Source,
    add_evidence,
    attach_evidence,
)
from assessments.actions.evidence_verdicts import judge_use
from assessments.demo.workplans import DISCLAIMER, small_pdf
from assessments.models import Evidence, EvidenceUse, Worksheet, WorksheetItem
from integrity_portal.core.files import EVIDENCE, receive
from opd.models import Membership

VERDICT = (
    "verdict",
    "verdict_note",
    "verdict_revision",
    "verdict_by",
    "verdict_at",
    "returned_note",
)
DATA = Path(__file__).parent / "data" / "evidence.yaml"


def prove(
    sheet: Worksheet, *, by: Membership, today: date, now: datetime, all_valid: bool = False
) -> None:
    """Every document of the list, at the questions of the sheet that it proves."""
    items = {item.code: item for item in sheet.items.all()}
    for row in yaml.safe_load(DATA.read_text()):
        if all_valid:
            row.pop("until", None)
        first, *others = row["codes"]
        pages = row.get("pages", "")
        evidence = _added(sheet, row, Place(items[first], pages), by, today, now)
        for code in others:
            attach_evidence(item=items[code], evidence=evidence, pages=pages, by=by, now=now)


def _added(
    sheet: Worksheet,
    row: dict[str, Any],
    place: Place,
    by: Membership,
    today: date,
    now: datetime,
) -> Evidence:
    return add_evidence(
        unit=sheet.zone.unit,
        texts=_texts(row, today),
        source=Source(stored=_file(row["title"], sheet, by)),
        form_key=uuid4(),
        by=by,
        now=now,
        place=place,
        is_sample=sheet.is_sample,
    )


def prove_all(sheet: Worksheet, *, by: Membership, today: date, now: datetime) -> None:
    """One collection for each area at every question where nothing stands yet, all at once."""
    instrument = sheet.instrument.instrument
    open_items: dict[str, list[WorksheetItem]] = {}
    for item in sheet.items.filter(uses=None).order_by("position"):
        open_items.setdefault(instrument.area_of(item.sub_aspect), []).append(item)
    for area, (first, *others) in open_items.items():
        row: dict[str, Any] = {"title": f"Kumpulan bukti {area}", "number": "", "days": -30}
        proof = _added(sheet, row, Place(first, ""), by, today, now)
        shared = {"government_id": sheet.government_id, "added_by": by, "added_at": now}
        EvidenceUse.objects.bulk_create(
            EvidenceUse(item=item, evidence=proof, **shared) for item in others
        )


def _texts(row: dict[str, Any], today: date) -> EvidenceTexts:
    until = today + timedelta(days=row["until"]) if "until" in row else None
    return EvidenceTexts(
        title=row["title"],
        number=row["number"],
        dated_on=today + timedelta(days=row["days"]),
        valid_until=until,
    )


def _file(title: str, sheet: Worksheet, by: Membership) -> Any:
    lines = [f"{title} (contoh)", f"{sheet.zone.unit.name}, {sheet.year_text}", DISCLAIMER]
    return receive(
        SimpleUploadedFile(f"{title}.pdf", small_pdf(lines)),
        rule=EVIDENCE,
        kind="evidence",
        government_id=sheet.government_id,
        by_user_id=by.user_id,
    )


def judge(sheet: Worksheet, *, by: Membership, now: datetime) -> None:
    """Accepted, but for the decree that has expired; each document once, then as a whole."""
    uses = EvidenceUse.objects.filter(item__worksheet=sheet)
    judged: set[int] = set()
    for use in uses.select_related("evidence").order_by("pk"):
        if use.evidence_id in judged:
            continue
        judged.add(use.evidence_id)
        expired = use.evidence.valid_until is not None and use.evidence.valid_until < now.date()
        row = judge_use(
            use=use,
            revision=use.evidence.revisions.get(),
            accepted=not expired,
            note="Masa berlakunya sudah habis." if expired else "",
            by=by,
            now=now,
        )
        same = {name: getattr(row, name) for name in VERDICT}
        uses.filter(evidence=use.evidence_id).exclude(pk=use.pk).update(**same)
