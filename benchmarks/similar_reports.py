"""Reports alike, among 100,000 of one government: what a citizen is offered before sending.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/similar_reports.py

Needs the demonstration's rows in the database that `DATABASE_URL` names (`manage.py load_demo`) and
rolls back what it adds. `plan` names the indexes of the search for words and letters; `worst` is
the slowest of several stories, without unit and region, divided by the budget of 200 ms; `unit` the
same about one unit. ROWS=10000 for a quick look.
"""

import os
import random
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
BUDGET = 0.2
ROWS = int(os.environ.get("ROWS", "100000"))
clock = time.process_time if os.environ.get("CPU") else time.perf_counter
# What is complained about, with how often: common words are common.
SUBJECTS = [
    ("lampu penerangan jalan padam", 14),
    ("jalan berlubang dan rusak parah", 20),
    ("antrean pendaftaran puskesmas terlalu panjang", 10),
    ("saluran drainase tersumbat sampah", 12),
    ("pungutan tanpa kuitansi di loket pelayanan", 8),
    ("guru meminta sumbangan seragam sekolah", 6),
    ("petugas pelayanan tidak ramah", 10),
    ("surat keterangan tidak kunjung selesai", 12),
    ("pohon tumbang menutup trotoar", 4),
    ("kebisingan pabrik malam hari", 4),
]
STORIES = [
    "Lampu penerangan jalan di depan sekolah padam sejak seminggu, warga takut lewat.",
    "Jalan berlubang dalam sekali, kemarin ada pengendara motor jatuh karena rusak parah.",
    "Petugas di loket pelayanan meminta pungutan tanpa memberi kuitansi.",
    "Kolam renang umum airnya keruh dan berbau kaporit menyengat.",
]


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def rows(government: Any, units: list[int], sample: Any) -> list[Any]:
    from datetime import timedelta

    from complaints.models import Complaint

    chance = random.Random(6)  # noqa: S311
    subjects = [subject for subject, weight in SUBJECTS for _ in range(weight)]
    fillers = [f"kata{number}" for number in range(5000)]
    for number in range(ROWS):
        words = " ".join(chance.choices(fillers, k=chance.randint(10, 40)))
        filed = sample.filed_at - timedelta(days=chance.randint(0, 175))
        yield Complaint(
            government=government,
            number=2_000_000 + number,
            kind="complaint",
            sla_class="general",
            sla_version=1,
            story=f"{chance.choice(subjects)} di {words}",
            public_title="Judul" if number % 3 == 0 else "",
            named_unit_id=chance.choice(units),
            disclosure="anonymous",
            code_hash=f"{number:064}",
            draft_key=f"{number:032}",
            filed_at=filed,
            filed_on=filed.date(),
            verify_by=filed.date(),
            answer_by=filed.date(),
        )


def measured(government_id: int, unit_id: int | None, today: Any) -> list[float]:
    from complaints.queries.similar import similar_to

    times = []
    for story in STORIES:
        took = []
        for _ in range(5):
            start = clock()
            similar_to(government_id, story, unit_id, None, today, 5, with_title=True)
            took.append(clock() - start)
        times.append(statistics.median(took))
    return times


def main() -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from complaints.models import Complaint
    from complaints.queries import similar
    from opd.models import Government, Unit

    with transaction.atomic():
        government = Government.objects.get(slug="kota-contoh")
        units = list(Unit.objects.filter(government=government).values_list("pk", flat=True))
        sample = Complaint.objects.filter(government=government).latest("filed_at")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            # The history of rows that are rolled back is none of what is measured.
            cursor.execute("ALTER TABLE complaints_complaint DISABLE TRIGGER USER")
        batch: list[Any] = []
        for row in rows(government, units, sample):
            batch.append(row)
            if len(batch) == 2000:
                Complaint.objects.bulk_create(batch)
                batch = []
        Complaint.objects.bulk_create(batch)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE complaints_complaint")
        words = similar.longest_words(STORIES[-1])
        rows_of = Complaint.objects.of(government.pk)
        for found in (similar.by_words, similar.by_letters):
            plan = found(rows_of, words).explain(analyze=True)
            say(plan)
            say("plan:", sorted(set(re.findall(r"complaint_(?:search|story_trigrams)\w*", plan))))
        everywhere = measured(government.pk, None, sample.filed_on)
        one_unit = measured(government.pk, units[0], sample.filed_on)
        say("everywhere ms:", [round(each * 1000) for each in everywhere])
        say("one unit ms:", [round(each * 1000) for each in one_unit])
        say(f"worst: {max(everywhere) / BUDGET:.2f}  unit: {max(one_unit) / BUDGET:.2f}")
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
