"""Server time of work-sheets: saving one answer, the tree, one part, the list and the TPI's queue.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/worksheet_pages.py

Needs the demonstration's rows (`manage.py load_demo`) in the database that DATABASE_URL names, and
rolls back what it adds. Ratios in one run: `full` is a sheet with all 113 answers against the same
sheet with one; `hundred` is the time per sheet of 100 sheets against that of 10. All with Django's
test client in this process; medians over the rounds. CPU=1 takes processor time.
"""

import os
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.pages import CLOCK, copied

ROUNDS = int(os.environ.get("ROUNDS", "15"))
NOW = datetime(2026, 4, 10, 3, tzinfo=UTC)
YEAR = 2027
BUDGET = 1.5


def client_of(office: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(office.user, backend="opd.identity.LoginIdentifierBackend")
    return client


def median(work: Callable[[int], int], expected: int) -> float:
    """Seconds; the first round warms up."""
    spent = []
    for turn in range(ROUNDS + 1):
        begun = CLOCK()
        status = work(turn)
        spent.append(CLOCK() - begun)
        if status != expected:
            raise SystemExit(f"answered {status} instead of {expected}")
    return statistics.median(spent[1:])


def status_of(client: Any, url: str, _turn: int) -> int:
    return int(client.get(url).status_code)


def opened(zone: Any, by: Any) -> Any:
    from assessments.actions.worksheets import open_worksheet
    from assessments.queries.worksheets import edition_for

    return open_worksheet(zone=zone, year=YEAR, edition=edition_for(YEAR), by=by, now=NOW)


def answer_all(sheet: Any, by: Any, assessor: str = "unit") -> None:
    from assessments.models import Answer
    from assessments.sheet_keeping import keep_score

    questions = sheet.instrument.instrument.questions
    known = set(Answer.objects.filter(item__worksheet=sheet, assessor=assessor).values_list("item"))
    rows = []
    for item in sheet.items.all():
        if (item.pk,) in known:
            continue
        question = questions[item.code]
        said: dict[str, Any] = {"counts": {count.key: "5" for count in question.counts}}
        if question.options:
            said = {"option": question.options[0].code}
        elif not question.counts:
            said = {"index": 3}
        rows.append(
            Answer(
                government_id=sheet.government_id,
                item=item,
                assessor=assessor,
                changed_by=by,
                changed_at=NOW,
                **said,
            )
        )
    Answer.objects.bulk_create(rows)
    keep_score(sheet, assessor)


def of_one_sheet(sheet: Any, operator: Any) -> dict[str, float]:
    """Seconds for the tree, a part and one saved answer."""
    client, base = client_of(operator), f"/app/lke/{sheet.pk}/"
    version = sheet.items.get(code="A.I.1.i.b").answers.values_list("version", flat=True).first()
    state = {"version": version or 0}

    def save(turn: int) -> int:
        typed = {**state, "side": "unit", "option": "A", "note": f"Catatan {turn} {state}"}
        response = client.post(
            f"{base}answers/A.I.1.i.b/", typed, headers={"x-portal-autosave": "1"}
        )
        state["version"] += 1
        return int(response.status_code)

    return {
        "one saved answer": median(save, 200),
        "the tree": median(partial(status_of, client, base), 200),
        "one part": median(partial(status_of, client, f"{base}parts/A.I.1.i/"), 200),
    }


def of_many(zone: Any, secretariat: Any, inspector: Any) -> dict[str, list[float]]:
    """Seconds per sheet of the list and of the queue: with 10 sheets, then with 100."""
    from assessments.models import Worksheet

    found: dict[str, list[float]] = {"the list": [], "the queue of the TPI": []}
    sheets: list[Any] = []
    pages = {
        "the list": (client_of(secretariat), f"/app/lke/?year={YEAR}"),
        "the queue of the TPI": (client_of(inspector), "/app/lke/turn/"),
    }
    for wanted in (10, 100):
        while len(sheets) < wanted:
            unit = copied(zone.unit, name=f"{zone.unit.name} {len(sheets)}")
            sheet = opened(copied(zone, unit=unit), secretariat)
            answer_all(sheet, secretariat)
            values = {"state": "submitted", "tier": "inspektur", "submitted_by": secretariat}
            Worksheet.objects.filter(pk=sheet.pk).update(**values)
            sheets.append(sheet)
        for name, (client, url) in pages.items():
            found[name].append(median(partial(status_of, client, url), 200) / wanted)
    return found


def report(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from assessments.models import IntegrityZone
    from opd.models import Government, Membership

    with transaction.atomic():
        government = Government.objects.get(slug="kota-contoh")
        offices = Membership.objects.filter(government=government, valid_to=None)
        secretariat = offices.filter(role="zi_secretariat")[0]
        inspector = offices.filter(role="inspectorate", title__istartswith="Inspektur")[0]
        operator = offices.filter(role="opd_operator", unit__zones__stage="building")[0]
        zone = IntegrityZone.objects.filter(unit=operator.unit, closed_on=None)[0]
        sheet = opened(zone, secretariat)
        one = of_one_sheet(sheet, operator)
        answer_all(sheet, operator)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        full = of_one_sheet(sheet, operator)
        many = of_many(zone, secretariat, inspector)
        transaction.set_rollback(True)
    for name, seconds in one.items():
        report(f"{name}, full against one answer: {full[name] / seconds:.2f} (budget {BUDGET})")
    for name, (ten, hundred) in many.items():
        report(f"{name}, per sheet, 100 against 10: {hundred / ten:.2f} (budget 1.00)")


if __name__ == "__main__":
    main()
