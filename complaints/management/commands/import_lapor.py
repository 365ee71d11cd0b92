import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from complaints.actions.lapor_imports import apply_export, receive_export
from complaints.external_enums import ExternalSystem
from complaints.lapor.comparing import Comparison, Line
from complaints.queries.external import (
    comparison_of,
    comparison_with,
    government_called,
    offices_of,
    reading_of,
)
from integrity_portal.core.spreadsheets import MAX_BYTES, BookRefused
from opd.identity import normalise
from opd.models import Government, Membership
from opd.transitions import StepRefused


class Command(BaseCommand):
    help = (
        "Read an export of SP4N-LAPOR! (XLSX or CSV). Without --confirm it only says what would "
        "happen; faulty rows are named on stderr and end it with 1. With --confirm the good rows "
        "are written and the faulty ones left out. Texts of citizens are never printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--government", required=True, help="its code (35.71) or the name in its address"
        )
        parser.add_argument("--system", choices=ExternalSystem.values, default="lapor")
        parser.add_argument("--as", dest="login", default="", help="NIP, e-mail or phone")
        parser.add_argument("--confirm", action="store_true", help="write the good rows")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        government = government_called(options["government"])
        if government is None:
            raise CommandError(f"There is no government {options['government']}.")
        if options["confirm"] and not options["login"]:
            raise CommandError(
                "--confirm writes in the office of a complaint coordinator: name him with --as and "
                "his NIP, e-mail or phone."
            )
        data = _content(options["file"])
        try:
            if options["confirm"]:
                by = _office(options["login"], government, now)
                comparison = _write(options["system"], data, by, now)
            else:
                reading = reading_of(government, options["system"], data, now)
                comparison = comparison_with(
                    reading, government, options["system"], timezone.localdate(now)
                )
        except (BookRefused, StepRefused, PermissionDenied) as error:
            self._refuse(str(error), as_json=options["json"])
            return
        self._say(comparison, options)
        if comparison.faults():
            sys.exit(1)

    def _say(self, comparison: Comparison, options: dict[str, Any]) -> None:
        for fault in comparison.faults():
            said = f" ({fault.found})" if fault.found else ""
            self.stderr.write(f"row {fault.row}, {fault.column}{said}: {fault.sentence}")
        if options["json"]:
            report = _report(comparison, confirmed=options["confirm"])
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        for line in comparison.good():
            self.stdout.write(f"{line.outcome.value:8} {line.row.tracking_id}  {line.state_label}")
        for line in comparison.to_settle():
            self.stdout.write(f"differs  {line.row.tracking_id}  {line.agreement.value}")
        counts = comparison.count()
        word = "written" if options["confirm"] else "not written: --confirm writes"
        self.stdout.write(", ".join(f"{n} {name}" for name, n in counts.items()) + f" ({word})")

    def _refuse(self, sentence: str, *, as_json: bool) -> None:
        if not as_json:
            raise CommandError(sentence)
        self.stderr.write(sentence)
        self.stdout.write(json.dumps({"refused": sentence}, ensure_ascii=False))
        sys.exit(1)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _office(login: str, government: Government, now: datetime) -> Membership:
    known = normalise(login)
    found = offices_of(*known, government, timezone.localdate(now)) if known else []
    if not found:
        raise CommandError("Nobody who signs in with this coordinates complaints there now.")
    return found[0]


def _write(system: str, data: bytes, by: Membership, now: datetime) -> Comparison:
    """As it was before writing; a file in which everything is faulty writes nothing."""
    upload = receive_export(system=system, data=data, by=by, now=now)
    comparison = comparison_of(upload, timezone.localdate(now))
    if comparison.good() or comparison.same():
        apply_export(upload=upload, seen=comparison.fingerprint, by=by, now=now)
    return comparison


def _report(comparison: Comparison, *, confirmed: bool) -> dict[str, Any]:
    return {
        "confirmed": confirmed,
        "counts": comparison.count(),
        "rows": [_line(line) for line in comparison.lines],
        "errors": [
            {
                "row": fault.row,
                "column": fault.column,
                "found": fault.found,
                "remedy": fault.sentence,
            }
            for fault in comparison.faults()
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "row": line.row.number,
        "tracking_id": line.row.tracking_id,
        "outcome": line.outcome.value,
        "state": line.standing.state if line.standing else str(line.begins),
        "agreement": line.agreement.value,
        "changes": [vars(change) for change in line.changes],
        "remarks": line.remarks,
    }
