"""A table of 1,000 indicators with 50 faulty rows, read, compared and written into a draft plan.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/indicator_import.py

Needs a planner in the database that `DATABASE_URL` names (`manage.py load_demo`) and rolls back
what it writes. `ratio` is the whole way from the file to the ledger divided by the budget of ten
seconds; `rows` is the time of one row among 1,000 by that of one among 100. CPU=1 takes processor
time instead.
"""

import io
import os
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
BUDGET = 10.0
ROWS, FAULTY = 1_000, 50
clock = time.process_time if os.environ.get("CPU") else time.perf_counter


def file(rows: int, faulty: int) -> bytes:
    """One program for each five indicators; targets and money of five years."""
    import xlsxwriter

    years = range(2025, 2030)
    header = ["Kode", "Tingkat", "Uraian", "Indikator", "Satuan", "Arah", "Kondisi Awal 2024"]
    header += [f"Target {year}" for year in years] + [f"Pagu {year} (Rp)" for year in years]
    lines: list[list[Any]] = [header, ["1", "Misi", "Misi"], ["1.1", "Sasaran", "Sasaran"]]
    for number in range(rows):
        node = [f"1.{number // 5:03}.01", "Program", f"Program {number // 5}"]
        here = node if number % 5 == 0 else [None] * 3
        targets: list[Any] = [f"{60 + step},{number % 10}" for step in range(5)]
        if faulty and number % (rows // faulty) == 1:
            targets[number % 5] = "banyak"
        money = [(number + step) * 1_000_000 for step in range(5)] if number % 5 == 0 else []
        lines.append([*here, f"Indikator {number}", "%", "naik", "55,5", *targets, *money])
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("RPJMD")
    for place, values in enumerate(lines):
        sheet.write_row(place, 0, values)
    book.close()
    return target.getvalue()


def run(data: bytes, faulty: int) -> float:
    from django.db import transaction
    from django.utils import timezone

    from assessments.actions.indicator_imports import apply_indicator_import, receive_indicators
    from assessments.actions.plans import PlanTexts, create_plan
    from assessments.queries.indicator_imports import comparison_of
    from opd.models import Membership

    now = timezone.now()
    by = Membership.objects.filter(role="planner").select_related("government")[0]
    with transaction.atomic():
        texts = PlanTexts("Uji", 2025, 2029, "permendagri-86-2017")
        plan = create_plan(texts=texts, form_key=uuid4(), by=by)
        begun = clock()
        upload = receive_indicators(plan=plan, data=data, sheet_name="", by=by, now=now)
        found = comparison_of(upload, plan, timezone.localdate(now))
        apply_indicator_import(upload=upload, seen=found.fingerprint, by=by, now=now)
        spent = clock() - begun
        if len({fault.cell for fault in found.faults()}) != faulty:
            raise SystemExit("faulty rows were not all named")
        transaction.set_rollback(True)
    return spent


def main() -> None:
    import django

    django.setup()
    run(file(10, 0), 0)
    few, many = run(file(100, 5), 5), run(file(ROWS, FAULTY), FAULTY)
    ratio, rows = many / BUDGET, many / ROWS / (few / 100)
    mark = "" if ratio <= 1 else " over"
    sys.stdout.write(f"ratio {ratio:.2f}  rows {rows:.2f}{mark}\n")


if __name__ == "__main__":
    main()
