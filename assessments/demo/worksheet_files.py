"""Work-sheets of the demonstration that came as Excel files: a preview that waits, with rows of every
kind, and one that is written. A real preview waits two days; these wait a year."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
import yaml

from assessments.actions import worksheet_imports as actions
from assessments.actions.answers import Said, save_answer
from assessments.demo.workplans import find_unit, moment
from assessments.enums import Assessor
from assessments.excel.layout import COLUMNS, EXPORTED_AT
from assessments.models import Answer, Worksheet, WorksheetImport
from assessments.queries.worksheet_files import plan_of
from opd.enums import Role
from opd.models import Government, Membership

DATA = Path(__file__).parent / "data" / "worksheet_files.yaml"
WAITS = timedelta(days=365)
PLACES = {"Jawaban": 4, "Catatan": 7, "Link evidence": 8}


def load(today: date) -> None:
    for slug, rows in yaml.safe_load(DATA.read_text()).items():
        government = Government.objects.filter(slug=slug).first()
        if government is None:
            continue
        for facts in rows:
            unit = find_unit(government, facts["unit"])
            sheets = Worksheet.objects.with_names().filter(zone__unit=unit, year=today.year)
            sheet = sheets.first()
            if sheet is not None:
                _send(sheet, facts, today)


def _send(sheet: Worksheet, facts: dict[str, Any], today: date) -> None:
    offices = Membership.objects.filter(unit=sheet.zone.unit, role=Role.OPD_OPERATOR)
    by = offices.valid_on(today).order_by("pk")[0]
    downloaded, sent = moment(today, 8), moment(today, 9)
    if later := facts.get("later"):
        _answer_later(sheet, later, by, today)
    upload = actions.receive_worksheet(
        sheet=sheet,
        data=_file(facts["rows"], downloaded.isoformat()),
        sheet_name="",
        by=by,
        now=sent,
    )
    if facts["state"] == "written":
        seen = plan_of(upload, sheet).fingerprint
        actions.apply_worksheet_import(upload=upload, seen=seen, take=(), by=by, now=sent)
    WorksheetImport.objects.filter(pk=upload.pk).update(expires_at=sent + WAITS)


def _answer_later(sheet: Worksheet, later: dict[str, Any], by: Membership, today: date) -> None:
    item = sheet.items.get(code=later["code"])
    standing = Answer.objects.filter(item=item, assessor=Assessor.UNIT).first()
    save_answer(
        item=item,
        assessor=Assessor.UNIT,
        said=Said(option=later["option"], note=later["note"]),
        version=standing.version if standing else 0,
        by=by,
        now=moment(today, 8) + timedelta(minutes=30),
    )


def _file(rows: list[list[Any]], downloaded: str) -> bytes:
    """As a unit sends it: our columns, and whatever stands in them."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_custom_property(EXPORTED_AT, downloaded, "text")
    sheet = book.add_worksheet("LKE")
    sheet.write_row(0, 0, COLUMNS)
    sheet.write_row(1, 0, ["A.I.1.i Penyusunan tim kerja", 0.75])
    for number, (label, *cells) in enumerate(rows, start=2):
        sheet.write_string(number, 0, label)
        for place, cell in zip(PLACES.values(), cells, strict=True):
            _write(sheet, number, place, cell)
    book.add_worksheet("Catatan rapat").write_string(0, 0, "Dibahas pada rapat tim kerja.")
    book.close()
    return target.getvalue()


def _write(sheet: Any, number: int, place: int, cell: Any) -> None:
    if isinstance(cell, dict):
        sheet.write_url(number, place, cell["address"], None, cell["text"])
    elif cell.startswith("="):
        sheet.write_formula(number, place, cell, None, "")
    elif cell:
        sheet.write_string(number, place, cell)
