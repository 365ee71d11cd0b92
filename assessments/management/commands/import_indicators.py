import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.actions.indicator_imports import apply_indicator_import, receive_indicators
from assessments.excel.grid import MAX_BYTES, BookRefused, open_book
from assessments.models import Plan
from assessments.plan_excel.compared import Comparison, Line
from assessments.plan_excel.comparing import compare
from assessments.plan_excel.reading import LIMITS, Fault, Reading, read_book
from assessments.queries.indicator_imports import (
    comparison_of,
    offices_of,
    offices_that_plan,
    plan_by_id,
    plans_that_fit,
    span_of,
    standing_of,
)
from opd.identity import normalise
from opd.models import Membership
from opd.transitions import StepRefused


class Command(BaseCommand):
    help = (
        "Read a table of indicators into a plan: one row an indicator, years as columns. Without "
        "--confirm it only says what would happen; errors are named by cell on stderr and end it "
        "with 1. With --confirm the good rows are written and the faulty ones left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--plan", type=int, help="number of the plan; needed only where several could be meant"
        )
        parser.add_argument("--as", dest="login", default="", help="NIP, e-mail or phone")
        parser.add_argument("--sheet", default="", help="name of the one sheet to read")
        parser.add_argument("--confirm", action="store_true", help="write the good rows")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["confirm"] and not options["login"]:
            raise CommandError(
                "--confirm writes in the office of a planner: name him with --as and his NIP, e-mail "
                "or phone. Without --confirm the command only says what would happen."
            )
        plan = _plan(options["plan"], options["login"], now)
        data = _content(options["file"])
        by = _office(options["login"], plan, now)
        try:
            if options["confirm"] and by is not None:
                comparison = _write(plan, data, options["sheet"], by, now)
            else:
                comparison = _look(plan, data, options["sheet"], now)
        except (BookRefused, StepRefused, PermissionDenied) as error:
            self._refuse(str(error), as_json=options["json"])
            return
        self._say(comparison, plan, options)
        if comparison.faults():
            sys.exit(1)

    def _say(self, comparison: Comparison, plan: Plan, options: dict[str, Any]) -> None:
        for fault in comparison.faults():
            said = f" ({fault.found})" if fault.found else ""
            self.stderr.write(f"{fault.sheet}!{fault.cell}{said}: {fault.sentence}")
        if options["json"]:
            report = _report(comparison, plan, confirmed=options["confirm"])
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        self.stdout.write(_named(plan))
        for remark in comparison.remarks:
            self.stdout.write(remark)
        for line in comparison.good():
            self.stdout.write(f"{line.outcome.value:8} {_place(line)}  {line.title}")
            for remark in line.remarks:
                self.stdout.write(f"         {remark}")
        counts = comparison.count()
        word = "written" if options["confirm"] else "not written: --confirm writes"
        self.stdout.write(", ".join(f"{n} {name}" for name, n in counts.items()) + f" ({word})")

    def _refuse(self, sentence: str, *, as_json: bool) -> None:
        if not as_json:
            raise CommandError(sentence)
        self.stderr.write(sentence)
        self.stdout.write(json.dumps({"refused": sentence}, ensure_ascii=False))
        sys.exit(1)


def _plan(pk: int | None, login: str, now: datetime) -> Plan:
    """The named one; else the only one in force, or the only draft where none is in force."""
    if pk is not None:
        plan = plan_by_id(pk)
        if plan is None:
            raise CommandError(f"There is no plan {pk}.")
        return plan
    known = normalise(login) if login else None
    offices = offices_of(*known, today=timezone.localdate(now)) if known else None
    if login and not offices:
        raise CommandError("Nobody who signs in with this keeps a plan now.")
    plans = plans_that_fit(offices)
    if not plans:
        raise CommandError("No plan is in force or being written. Add the plan first.")
    if len(plans) > 1:
        names = "\n".join(f"  --plan {each.pk}  {_named(each)}" for each in plans)
        raise CommandError(f"Several plans could be meant. Choose one of them:\n{names}")
    return plans[0]


def _named(plan: Plan) -> str:
    return f"{plan.title} ({plan.years}, {plan.government.official_name})"


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _office(login: str, plan: Plan, now: datetime) -> Membership | None:
    if not login:
        return None
    known = normalise(login)
    found = offices_that_plan(*known, plan, today=timezone.localdate(now)) if known else []
    if not found:
        raise CommandError("Nobody who signs in with this keeps that plan now.")
    return found[0]


def _look(plan: Plan, data: bytes, sheet: str, now: datetime) -> Comparison:
    today = timezone.localdate(now)
    standing = standing_of(plan, today)
    reading: Reading = read_book(
        open_book(data, LIMITS), span_of(plan), today=today, sheet=sheet, known=standing.levels()
    )
    return compare(reading, standing)


def _write(plan: Plan, data: bytes, sheet: str, by: Membership, now: datetime) -> Comparison:
    """As it was before writing; a file in which nothing is new or changed writes nothing."""
    upload = receive_indicators(plan=plan, data=data, sheet_name=sheet, by=by, now=now)
    comparison = comparison_of(upload, plan, timezone.localdate(now))
    if comparison.good():
        apply_indicator_import(upload=upload, seen=comparison.fingerprint, by=by, now=now)
    return comparison


def _place(line: Line) -> str:
    return f"{line.row.sheet}!{line.row.cell}"


def _report(comparison: Comparison, plan: Plan, *, confirmed: bool) -> dict[str, Any]:
    return {
        "plan": {"id": plan.pk, "title": plan.title},
        "confirmed": confirmed,
        "counts": comparison.count(),
        "new_lines": [
            {"level": node.level.value, "code": node.code, "name": node.name, "cell": node.cell}
            for node in comparison.nodes
        ],
        "rows": [
            {
                "place": _place(line),
                "outcome": line.outcome.value,
                "name": line.title,
                "where": line.where,
                "changes": [vars(change) for change in line.changes],
                "remarks": line.remarks,
            }
            for line in comparison.lines
        ],
        "errors": [_error(fault) for fault in comparison.faults()],
        "remarks": list(comparison.remarks),
    }


def _error(fault: Fault) -> dict[str, str]:
    return {
        "sheet": fault.sheet,
        "cell": fault.cell,
        "found": fault.found,
        "remedy": fault.sentence,
    }
