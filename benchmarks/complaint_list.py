"""The staff's list with 100,000 complaints: filtered, searched, deep pages; time and queries.

    createdb bench_complaints; DATABASE_URL=postgres://…/bench_complaints manage.py migrate
    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test DATABASE_URL=postgres://…/bench_complaints \
        python benchmarks/complaint_list.py [--explain]

A database of its own, whose name begins with `bench`: filled once, then only read. Server time by
Django's test client with everything that a page does, medians of ROUNDS after one to warm up.
"""

import os
import random
import re
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
ROUNDS = int(os.environ.get("ROUNDS", "9"))
ROWS = int(os.environ.get("ROWS", "100000"))
BUDGET_MS, BUDGET_QUERIES = 200, 10
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
WORDS = re.findall(
    r"\w+",
    """
petugas loket meminta uang antrean panjang lampu jalan padam sampah sungai bau surat pindah
belum jadi pelayanan lambat ramah kasar izin usaha warung tarif papan gratis kuitansi parkir
karcis sekolah seragam pungutan guru murid rumah sakit obat habis dokter terlambat
pendaftaran daring gagal air mampet banjir jembatan rusak aspal berlubang trotoar pohon
tumbang kartu keluarga akta kelahiran bantuan beras dipotong kelurahan kecamatan camat lurah
pasar pedagang kios retribusi taman pagar bising malam asap pabrik limbah sumur kering pipa
bocor meteran
""",
)
# One of a thousand stories has this word; each of the others stands in about every third.
RARE = "ambulans"
STATES = {
    "closed": 88,
    "answered": 3,
    "in_progress": 4,
    "verified": 2,
    "received": 2,
    "rejected": 1,
}


def fill() -> Any:
    """One government with sixty units and all complaints; the coordinator's office."""
    from complaints.models import Complaint
    from opd.enums import Role
    from opd.models import Membership

    known = Membership.objects.filter(role=Role.COMPLAINT_COORDINATOR).first()
    if known and Complaint.objects.count() >= ROWS:
        return known
    from opd.tests.factories import GovernmentFactory, MembershipFactory, UnitFactory

    government = GovernmentFactory(name="Ukur")
    units = [UnitFactory(government=government, name=f"Dinas {n}") for n in range(50)]
    units += [
        UnitFactory(government=government, name=f"Kecamatan {n}", kind="kecamatan")
        for n in range(10)
    ]
    office = MembershipFactory(government=government, role=Role.COMPLAINT_COORDINATOR)
    MembershipFactory(government=government, role=Role.LIAISON_OFFICER, unit=units[0])
    chance = random.Random(7)  # noqa: S311 - the same rows each time
    for start in range(0, ROWS, 5000):
        Complaint.objects.bulk_create(
            [a_complaint(chance, government, units, start + n) for n in range(5000)]
        )
        sys.stdout.write(f"{start + 5000} complaints\n")
    talk()
    return office


def a_complaint(chance: random.Random, government: Any, units: list[Any], number: int) -> Any:
    from complaints.models import Complaint

    (state,) = chance.choices(list(STATES), list(STATES.values()))
    age = chance.randrange(60) if state in ("in_progress", "verified", "received") else 0
    filed = TODAY - timedelta(days=age or chance.randrange(20, 1500))
    words = chance.choices(WORDS, k=chance.randrange(15, 60))
    if chance.random() < 0.001:
        words.append(RARE)
    named, handling = chance.choice(units), chance.choice(units)
    has_unit = state in ("closed", "answered", "in_progress", "verified")
    is_answered = state in ("closed", "answered")
    moment = datetime(filed.year, filed.month, filed.day, 3, tzinfo=UTC)
    return Complaint(
        government=government,
        number=number + 1,
        named_unit=named,
        unit=handling if has_unit else None,
        kind=chance.choice(["complaint"] * 7 + ["information", "aspiration"]),
        sla_class="general",
        sla_version=1,
        story=" ".join(words),
        where_text=f"Jalan {chance.choice(WORDS).title()}",
        region=chance.choice(units[50:]),
        disclosure=chance.choice(["anonymous", "known"]),
        channel=chance.choice(["web", "web", "web", "whatsapp", "sms"]),
        state=state,
        accuses_officer=named != handling and chance.random() < 0.05,
        code_hash=f"{number:064}",
        draft_key=f"{number:032}",
        filed_at=moment,
        filed_on=filed,
        verify_by=filed + timedelta(days=5),
        answer_by=filed + timedelta(days=20),
        far_late_after=filed + timedelta(days=60),
        answered_at=moment + timedelta(days=9) if is_answered else None,
        answered_on=filed + timedelta(days=9) if is_answered else None,
        close_on=filed + timedelta(days=23) if is_answered else None,
        closed_at=moment + timedelta(days=24) if state in ("closed", "rejected") else None,
    )


def talk() -> None:
    """A message of the citizen on every fourth complaint."""
    from complaints.models import Complaint, Message

    chance = random.Random(8)  # noqa: S311 - the same rows each time
    rows = Complaint.objects.order_by("pk").values_list("pk", "government_id", "filed_at")[::4]
    Message.objects.bulk_create(
        [
            Message(
                complaint_id=pk,
                government_id=government,
                kind="citizen",
                text=" ".join(chance.choices(WORDS, k=12)),
                sent_at=filed,
            )
            for pk, government, filed in rows
        ],
        batch_size=5000,
    )


def addresses() -> dict[str, str]:
    from opd.models import Unit

    unit = Unit.objects.order_by("pk")[0].pk
    region = Unit.objects.filter(kind="kecamatan").order_by("pk")[0].pk
    return {
        "open, first page": "",
        "open, page 100": "?page=100",
        "all": "?state=all",
        "all, page 100": "?state=all&page=100",
        "late": "?state=late",
        "closed": "?state=closed",
        "one unit, all": f"?state=all&unit={unit}",
        "one unit, late": f"?state=late&unit={unit}",
        "one region and channel": f"?state=all&region={region}&channel=sms",
        "3× late": "?mark=far_late",
        "an officer accused": "?state=all&mark=accused",
        "a quarter": "?state=all&since=2026-01-01&until=2026-03-31",
        "a rare word": f"?state=all&q={RARE}",
        "a common word": "?state=all&q=petugas",
        "a common word, open": "?q=petugas",
        "two words": "?state=all&q=lampu+jalan",
        "the beginning of a word": "?state=all&q=retri",
        "a phrase": "?state=all&q=%22lampu+jalan%22",
        "word, unit and region": f"?state=all&q=uang&unit={unit}&region={region}",
        "a number": "?state=all&q=51234",
        "nothing": "?state=all&q=tidakadakatanya",
    }


def measure(client: Any, address: str) -> tuple[float, float, int]:
    """(median, worst) milliseconds and queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = f"/app/complaints/{address}"
    with CaptureQueriesContext(connection) as queries:
        if client.get(url).status_code != 200:
            raise SystemExit(f"{url} does not open")
    asked = [query["sql"] for query in queries.captured_queries]
    spent = []
    for _turn in range(ROUNDS):
        begun = time.perf_counter()
        client.get(url)
        spent.append((time.perf_counter() - begun) * 1000)
    if "--explain" in sys.argv:
        explain([sql for sql in asked if "complaints_complaint" in sql])
    return statistics.median(spent), max(spent), len(asked)


def explain(statements: list[str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}")
            sys.stdout.write("\n".join(row[0] for row in cursor.fetchall()) + "\n\n")


def main() -> None:
    import django

    django.setup()
    import time_machine
    from django.db import connection
    from django.test import Client

    if not str(connection.settings_dict["NAME"]).startswith("bench"):
        raise SystemExit("Give a database of its own, whose name begins with bench")
    with time_machine.travel(NOW, tick=True):
        office = fill()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        client = Client()
        client.force_login(office.user, backend="opd.identity.LoginIdentifierBackend")
        slow = 0
        for name, address in addresses().items():
            median, worst, queries = measure(client, address)
            over = median > BUDGET_MS or queries > BUDGET_QUERIES
            slow += over
            told = f"{median:6.0f} ms {worst:6.0f} ms {queries:3} queries  {name}"
            sys.stdout.write(f"{told}{' over' if over else ''}\n")
        sys.stdout.write(f"{slow} over {BUDGET_MS} ms or {BUDGET_QUERIES} queries\n")


if __name__ == "__main__":
    main()
