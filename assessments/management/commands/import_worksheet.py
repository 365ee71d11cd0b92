import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.actions.worksheet_imports import apply_worksheet_import, receive_worksheet
from assessments.enums import Assessor
from assessments.excel.grid import MAX_BYTES, Book, BookRefused, open_book
from assessments.excel.plan import Outcome, Plan, make_plan
from assessments.excel.reading import Reading, read_book
from assessments.excel.report import report_of, text_of
from assessments.instrument import Instrument, instrument_files
from assessments.models import Worksheet
from assessments.queries.worksheet_files import (
    offices_of,
    plan_of,
    sheet_by_id,
    sheets_named,
    standing_of,
)
from assessments.queries.worksheet_pages import side_that_writes
from opd.identity import normalise
from opd.models import Membership
from opd.transitions import StepRefused


class Command(BaseCommand):
    help = (
        "Read a filled work-sheet (LKE) in the official columns and report its scores and errors. "
        "With --confirm its answers are written; it ends with 1 when any row has an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--worksheet", type=int, help="number of the work-sheet to fill")
        parser.add_argument("--unit", default="", help="code or short name of its unit")
        parser.add_argument("--year", type=int, help="its year, with --unit")
        parser.add_argument("--as", dest="login", default="", help="NIP, e-mail or phone")
        parser.add_argument("--sheet", default="", help="name of the sheet inside the file")
        parser.add_argument("--confirm", action="store_true", help="write the answers")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="also where an answer of the portal may be newer than the file",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        sheet = _sheet(options)
        by = _office(options["login"], sheet, now)
        if options["confirm"] and (sheet is None or by is None):
            raise CommandError(
                "--confirm needs the work-sheet (--worksheet, or --unit with --year) and in whose "
                "office it is written (--as LOGIN)."
            )
        instrument = sheet.instrument.instrument if sheet else _newest()
        data = _content(options["file"])
        side = _side(by, sheet, now) if sheet is not None else None
        try:
            book = open_book(data)
            reading = read_book(
                book, instrument, sheet=options["sheet"], side=side or Assessor.UNIT
            )
        except BookRefused as error:
            self._refuse(str(error), as_json=options["json"])
            return
        plan, written = None, None
        if sheet is not None and side is not None:
            plan = _plan(sheet, side, book, reading)
        if options["confirm"] and sheet is not None and by is not None:
            plan, written = self._write(sheet, by, data, options, now)
        report = report_of(instrument, reading, plan, written)
        report |= {"file": options["file"].name, "worksheet": sheet.pk if sheet else None}
        report["assessor"] = side.value if side else None
        self._print(report, as_json=options["json"])
        if report["errors"]:
            sys.exit(1)

    def _write(
        self, sheet: Worksheet, by: Membership, data: bytes, options: dict[str, Any], now: datetime
    ) -> tuple[Plan, int]:
        """The plan as it was before writing, and how many answers were written."""
        try:
            upload = receive_worksheet(
                sheet=sheet, data=data, sheet_name=options["sheet"], by=by, now=now
            )
            plan = plan_of(upload, sheet)
            take = {Outcome.CHANGED} | ({Outcome.CONFLICT} if options["overwrite"] else set())
            done = apply_worksheet_import(
                upload=upload,
                seen=plan.fingerprint,
                take={line.code for line in plan.lines if line.outcome in take},
                by=by,
                now=now,
            )
        except (PermissionDenied, StepRefused) as error:
            raise CommandError(str(error)) from error
        return plan, done.written

    def _print(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(text_of(report))

    def _refuse(self, sentence: str, *, as_json: bool) -> None:
        if not as_json:
            raise CommandError(sentence)
        fault = {"place": "", "row": None, "code": "", "found": "", "remedy": sentence}
        self.stdout.write(json.dumps({"nodes": [], "errors": [fault]}, ensure_ascii=False))
        sys.exit(1)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _sheet(options: dict[str, Any]) -> Worksheet | None:
    if options["worksheet"] is not None:
        sheet = sheet_by_id(options["worksheet"])
        if sheet is None:
            raise CommandError(f"There is no work-sheet {options['worksheet']}.")
        return sheet
    if not options["unit"]:
        return None
    if options["year"] is None:
        raise CommandError("--unit needs --year.")
    found = sheets_named(options["unit"], options["year"])
    if len(found) != 1:
        numbers = ", ".join(f"{row.pk} ({row.zone.unit.name})" for row in found) or "none"
        raise CommandError(f"Name the work-sheet by --worksheet; it may be: {numbers}.")
    return found[0]


def _office(login: str, sheet: Worksheet | None, now: datetime) -> Membership | None:
    if not login or sheet is None:
        return None
    known = normalise(login)
    found = offices_of(*known, sheet, today=timezone.localdate(now)) if known else []
    if not found:
        raise CommandError("Nobody who signs in with this answers that work-sheet now.")
    return found[0]


def _side(by: Membership | None, sheet: Worksheet, now: datetime) -> Assessor:
    """Without an office it is compared with the unit's answers."""
    side = side_that_writes(by, sheet, timezone.localdate(now)) if by else ""
    return Assessor(side or Assessor.UNIT)


def _plan(sheet: Worksheet, side: Assessor, book: Book, reading: Reading) -> Plan:
    return make_plan(
        sheet.instrument.instrument,
        reading.entries,
        standing_of(sheet, side),
        exported_at=book.exported_at,
        is_assessor=side != Assessor.UNIT,
    )


def _newest() -> Instrument:
    """Without a work-sheet: the newest instrument that is filled today."""
    return max(
        (each for each in instrument_files().values() if not each.is_history),
        key=lambda each: (each.valid_from, each.edition),
    )
