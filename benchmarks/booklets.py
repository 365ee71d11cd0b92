"""Memory of one worker over 60 pocket books of one run, and what an unchanged second run costs.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/booklets.py

One warm process makes all books, one document after the other, as a worker does; a plan of UNITS
units with PER_UNIT indicators each, a third of them lagging. RSS is read after 10, 30 and 60 books;
the growth is that from the tenth to the last. Uses a database of its own (bench_documents) beside
the one that DATABASE_URL names.
"""

import gc
import json
import os
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
UNITS = int(os.environ.get("UNITS", "60"))
PER_UNIT = 5
MARKS = (10, 30, 60)
NOW = datetime(2026, 7, 10, 3, tzinfo=UTC)
BUDGET = 1.1


def resident() -> int:
    """Kilobytes of this process in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise SystemExit("this needs Linux")


def plan_of_many(units: int) -> tuple[Any, Any]:
    """(plan, planner): rows written straight, for the verbs are not what is measured."""
    from assessments.models import Plan, PlanRevision
    from opd.enums import Role
    from opd.tests.factories import GovernmentFactory, MembershipFactory

    home: Any = GovernmentFactory(name="Tolok Ukur")
    planner: Any = MembershipFactory(government=home, role=Role.PLANNER, unit=None)
    plan = Plan.objects.create(
        government=home,
        title="RPJMD Tolok Ukur",
        first_year=2025,
        last_year=2029,
        legal_basis="Perda",
        state="in_force",
        bands="permendagri-86-2017",
        form_key=uuid4(),
    )
    PlanRevision.objects.create(
        government=home,
        plan=plan,
        number=0,
        from_year=2025,
        adopted_on=date(2025, 8, 20),
        opened_by=planner,
    )
    node = None
    for level in ("vision", "mission", "goal", "objective"):
        node = below(plan, node, level, level[0].upper(), f"Teks {level} seperti aslinya")
    for number in range(units):
        fill(plan, node, number, planner)
    return plan, planner


def below(plan: Any, parent: Any, level: str, code: str, name: str) -> Any:
    from assessments.models import PlanNode

    row = PlanNode.objects.create(
        government=plan.government,
        plan=plan,
        parent=parent,
        level=level,
        code=code,
        name=name,
        form_key=uuid4(),
    )
    row.lineage = [*(parent.lineage if parent else []), row.pk]
    row.save(update_fields=["lineage"])
    return row


def fill(plan: Any, node: Any, number: int, planner: Any) -> None:
    """A unit with its programme and indicators, every third of which lags."""
    from assessments.models import Indicator, Measurement, NodeOwner, Target
    from opd.enums import Role
    from opd.models import Duty
    from opd.tests.factories import MembershipFactory, UnitFactory

    home, revision = plan.government, plan.revisions.get()
    unit: Any = UnitFactory(government=home, name=f"Dinas {number:02}")
    operator: Any = MembershipFactory(government=home, role=Role.OPD_OPERATOR, unit=unit)
    Duty.objects.create(government=home, unit=unit, position=1, text="Melayani warga")
    own = below(plan, node, "programme", f"1.{number}", f"Program Dinas {number:02}")
    NodeOwner.objects.create(government=home, node=own, unit=unit, is_lead=True)
    for place in range(PER_UNIT):
        row = Indicator.objects.create(
            government=home,
            node=own,
            name=f"Indikator {place} Dinas {number:02}",
            unit_of_measure="%",
            unit=unit,
            definition="Bagian warga yang dilayani.",
            formula="Yang dilayani dibagi semua, dikali 100",
            base_year=2024,
            base_value=Decimal(60),
            form_key=uuid4(),
        )
        Target.objects.bulk_create(
            Target(
                government=home,
                indicator=row,
                revision=revision,
                year=year,
                low=Decimal(70 + year - 2025),
            )
            for year in plan.all_years
        )
        Measurement.objects.create(
            government=home,
            indicator=row,
            year=2026,
            quarter=2,
            value=Decimal(30 if place % 3 == 0 else 70),
            state="verified",
            entered_by=operator,
            entered_at=NOW,
            submitted_by=operator,
            submitted_at=NOW,
            decided_by=planner,
            decided_at=NOW,
        )


def run_of(plan: Any, planner: Any) -> list[int]:
    """Seconds and memory of a whole run, made by this process."""
    from assessments.actions.booklets import order_all_booklets
    from integrity_portal.core.documents import tasks

    run = order_all_booklets(
        plan=plan, period=(2026, 2), by=planner, now=NOW, today=date(2026, 7, 10)
    )
    seen = []
    for number, pk in enumerate(run.booklets.order_by("pk").values_list("document", flat=True), 1):
        tasks.render_document(pk=pk)
        if number in MARKS:
            gc.collect()
            seen.append(resident())
    left = run.booklets.exclude(document__job_state="done").count()
    if left:
        raise SystemExit(f"{left} books were not made")
    return seen


def measure() -> dict[str, Any]:
    from integrity_portal.core.models import Chapter

    plan, planner = plan_of_many(UNITS)
    begun = time.process_time()
    first = run_of(plan, planner)
    cold = time.process_time() - begun
    chapters = Chapter.objects.count()
    begun = time.process_time()
    run_of(plan, planner)
    warm = time.process_time() - begun
    return {
        "books": UNITS,
        "megabytes": dict(zip(MARKS, (round(each / 1024, 1) for each in first), strict=False)),
        "growth": round(first[-1] / first[0], 3),
        "budget": BUDGET,
        "second_run": round(warm / cold, 3),
        "chapters": chapters,
        "chapters_after_second_run": Chapter.objects.count(),
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    import django

    django.setup()
    from document_engine import in_own_database

    from integrity_portal.core import keys

    keys.ensure()

    def work() -> None:
        sys.stdout.write(json.dumps(measure(), indent=2) + "\n")

    in_own_database(work)


if __name__ == "__main__":
    main()
