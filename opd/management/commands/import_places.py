import json
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from opd.actions.places import apply_places, receive_places
from opd.identity import normalise
from opd.models import Government, Membership
from opd.permissions import manages_places
from opd.place_rows import HEADINGS, PlacePlan
from opd.queries.governments import government_by_slug
from opd.queries.people import offices_of_login
from opd.queries.places import plan_of_rows
from opd.registry import RegistryRefused
from opd.unit_csv import SheetRefused, read_sheet


class Command(BaseCommand):
    help = (
        "Read a list of places for posters (schools, markets, health centres) from a CSV file. "
        "Without --confirm it only says what would happen; refused rows are named on stderr and "
        "end it with 1. With --confirm the good rows are written and the refused ones left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--government", required=True, help="its address, such as kota-kediri")
        parser.add_argument("--as", dest="login", default="", help="NIP, e-mail or phone")
        parser.add_argument("--confirm", action="store_true", help="write the good rows")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        government = government_by_slug(options["government"])
        if government is None:
            raise CommandError("no government has this address")
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        try:
            plan = self._plan(government, data, options)
        except (RegistryRefused, SheetRefused, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        self._say(plan, options)
        if plan.count()["refused"]:
            sys.exit(1)

    def _plan(self, government: Government, data: bytes, options: dict[str, Any]) -> PlacePlan:
        if not options["confirm"]:
            sheet = read_sheet(data, HEADINGS)
            return plan_of_rows(government.pk, sheet.columns, sheet.rows)
        by, now = _office(government, options["login"]), timezone.now()
        upload = receive_places(by=by, data=data, now=now)
        plan = plan_of_rows(government.pk, upload.columns, upload.rows)
        if not plan.good():
            return plan
        return apply_places(by=by, upload=upload, seen=plan.fingerprint, now=now)

    def _say(self, plan: PlacePlan, options: dict[str, Any]) -> None:
        for line in plan.lines:
            for problem in line.problems:
                self.stderr.write(f"row {line.number}: {problem}")
        counts = plan.count()
        if options["json"]:
            rows = [
                {
                    "row": line.number,
                    "name": line.name,
                    "outcome": line.outcome.value,
                    "problems": line.problems,
                }
                for line in plan.lines
            ]
            report = {"confirmed": options["confirm"], "counts": counts, "rows": rows}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        word = "written" if options["confirm"] else "not written: --confirm writes"
        self.stdout.write(", ".join(f"{n} {name}" for name, n in counts.items()) + f" ({word})")


def _office(government: Government, login: str) -> Membership:
    found = normalise(login) if login else None
    if found is None:
        raise CommandError(
            "--confirm writes in the office of the complaint coordinator or the ZI secretariat: "
            "name one with --as and a NIP, e-mail or phone."
        )
    offices = offices_of_login(government.pk, *found, on=timezone.localdate())
    by = next((row for row in offices if manages_places(row)), None)
    if by is None:
        raise CommandError("this person holds no office there that writes places")
    return by
