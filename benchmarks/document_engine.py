"""A 70-page dossier by the document engine against one plain WeasyPrint render.

    DJANGO_SETTINGS_MODULE=integrity_portal.settings.test python benchmarks/document_engine.py

Same content, same PDF variant, warm processes, alternating rounds; medians and their ratios. Both
sides render their Django templates. On a busy machine only the ratios of processor time say
something: `cpu_two_workers` is that of the busier of the two workers.
Uses a database of its own (bench_documents) beside the one that DATABASE_URL names.
"""

import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CHAPTERS = 7
AREAS_PER_CHAPTER = 5
TEMPLATE = """{% extends "documents/chapter.html" %}{% load portal %}
{% block body %}{% for area in areas %}<h3>{{ area.title }}</h3><p>{{ area.text }}</p>
{% chart area.chart "none" %}
<table><caption>{{ area.title }}</caption><thead><tr><th class="n">No</th><th>Pertanyaan</th>
<th class="n">Nilai</th><th>Catatan</th></tr></thead><tbody>{% for row in area.rows %}
<tr><td>{{ row.0 }}</td><td>{{ row.1 }}</td><td>{{ row.2|number_id }}</td><td>{{ row.3 }}</td></tr>
{% endfor %}</tbody></table>{% endfor %}{% endblock %}
{% block styles %}.n { width: 12% }{% endblock %}"""
SENTENCE = (
    "Unit telah menetapkan, menerapkan, dan meninjau kembali standar pelayanan bersama warga. "
)


def areas(chapter: int, changed: str) -> list[dict[str, Any]]:
    from integrity_portal.core.charts import Bar, BarChart

    made = []
    for number in range(AREAS_PER_CHAPTER):
        bars = [Bar(f"Ukuran {i}", Decimal(i * 7 % 100)) for i in range(1, 8)]
        note = changed if number == 0 else ""
        rows = [
            (i, SENTENCE[: 40 + i % 30], Decimal(i % 4) / 3, f"{SENTENCE[: 50 + i % 20]} {note}")
            for i in range(1, 25)
        ]
        title = f"Area {chapter}.{number}"
        chart = BarChart(title=title, bars=bars, unit="%", places=0).draw()
        made.append({"title": title, "text": SENTENCE * 6, "chart": chart, "rows": rows})
    return made


def register_kind() -> None:
    from integrity_portal.core.documents import registry
    from integrity_portal.core.documents.registry import ChapterSpec, DocumentKind, Frame

    def chapters(document: Any) -> list[ChapterSpec]:
        salt = document.params["salt"]
        return [
            ChapterSpec(
                f"c{n}",
                f"Bab {n} {salt}",
                "bench/chapter.html",
                {"areas": areas(n, document.params["changed"] if n == 3 else "")},
            )
            for n in range(CHAPTERS)
        ]

    registry.register(
        DocumentKind(
            "bench",
            chapters,
            may_read=lambda membership, document: False,
            frame=lambda document: Frame(issuer="Pemerintah Kota Contoh"),
        )
    )


def ask(salt: str, changed: str) -> Any:
    from django.utils import timezone

    from integrity_portal.core import jobs
    from integrity_portal.core.documents import actions
    from integrity_portal.core.models import Document

    now = timezone.now()
    document = actions.request_document(
        kind="bench",
        title="Berkas uji",
        params={"salt": salt, "changed": changed},
        by=None,
        government_id=1,
        now=now,
    )
    return jobs.claim(Document.objects.all(), pk=document.pk, now=now)


def helper(tasks: Any, ready: Any, spent: Any) -> None:
    """The second worker: warm, idle, waits for a key as it would for a message."""
    from django.db import connection
    from django.utils import timezone

    from integrity_portal.core.documents import engine, render
    from integrity_portal.core.models import Document

    connection.close()
    render.pdf_of("<html lang=id><title>x</title><p>hangat")
    ready.set()
    while (pk := tasks.get()) is not None:
        began = time.process_time()
        engine.help_with(Document.objects.get(pk=pk), clock=timezone.now)
        spent.put(time.process_time() - began)


@dataclass(frozen=True)
class Second:
    tasks: Any
    spent: Any


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    pages: int
    size: int


def engine_run(salt: str, changed: str, second: Second | None) -> Run:
    from django.utils import timezone

    from integrity_portal.core.documents import engine

    document = ask(salt, changed)
    began, cpu = time.perf_counter(), time.process_time()
    if second is not None:
        second.tasks.put(document.pk)
    engine.produce(document, clock=timezone.now)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    if second is not None:
        used = max(used, second.spent.get())
    document.refresh_from_db()
    return Run(took, used, document.pages, document.file.size)


def plain_run(salt: str) -> Run:
    """All chapters as one HTML, with WeasyPrint's own page numbers; nothing is stored."""
    from django.utils import translation

    from integrity_portal.core.documents import engine, registry, render

    document = ask(f"{salt}-plain", "")
    began, cpu = time.perf_counter(), time.process_time()
    with translation.override("id"):
        leaves = engine.write_leaves(document, registry.Frame(issuer="X"), document.requested_at)
        bodies = [leaf.html.split("<body>", 1)[1].rsplit("</body>", 1)[0] for leaf in leaves]
        head = leaves[0].html.split("<body>", 1)[0]
        numbers = '@page{@bottom-right{content:"Halaman " counter(page) " dari " counter(pages)}}'
        breaks = '<div style="break-before:page"></div>'
        html = f"{head.replace('</style>', numbers + '</style>')}<body>{breaks.join(bodies)}</body>"
        made = render.pdf_of(html)
    return Run(time.perf_counter() - began, time.process_time() - cpu, 0, len(made))


def measure(second: Second) -> dict[str, Any]:
    seen: dict[str, list[Run]] = {"plain": [], "two": [], "changed": [], "one": []}
    for number in range(ROUNDS):
        seen["plain"].append(plain_run(str(number)))
        seen["two"].append(engine_run(f"two-{number}", "", second))
        seen["changed"].append(engine_run(f"two-{number}", "satu jawaban lain", None))
        seen["one"].append(engine_run(f"one-{number}", "", None))
    wall = {name: statistics.median(run.seconds for run in runs) for name, runs in seen.items()}
    cpu = {name: statistics.median(run.cpu for run in runs) for name, runs in seen.items()}
    return {
        "pages": seen["two"][0].pages,
        "seconds": {name: round(value, 2) for name, value in wall.items()},
        "cpu": {name: round(value, 2) for name, value in cpu.items()},
        "ratio": {name: round(wall[name] / wall["plain"], 2) for name in seen},
        "cpu_ratio": {name: round(cpu[name] / cpu["plain"], 2) for name in seen},
        "file_ratio": round(seen["two"][0].size / seen["plain"][0].size, 2),
        "load": os.getloadavg()[0],
    }


def in_own_database(work: Callable[[], None]) -> None:
    from django.db import connection

    connection.settings_dict.setdefault("TEST", {})["NAME"] = "bench_documents"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        work()
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def main() -> None:
    import django

    folder = Path(tempfile.mkdtemp(prefix="bench-templates-"))
    (folder / "bench").mkdir()
    (folder / "bench" / "chapter.html").write_text(TEMPLATE)
    from django.conf import settings

    folders: Any = settings.TEMPLATES[0]["DIRS"]
    folders.append(folder)
    django.setup()
    register_kind()

    def work() -> None:
        from django.db import connection

        from integrity_portal.core.documents import render

        connection.close()
        fork = multiprocessing.get_context("fork")
        second, ready = Second(fork.Queue(), fork.Queue()), fork.Event()
        process = fork.Process(target=helper, args=(second.tasks, ready, second.spent), daemon=True)
        process.start()
        render.pdf_of("<html lang=id><title>x</title><p>hangat")
        ready.wait()
        sys.stdout.write(json.dumps(measure(second), indent=2) + "\n")
        second.tasks.put(None)
        process.join()

    in_own_database(work)


if __name__ == "__main__":
    main()
