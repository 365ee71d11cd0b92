"""The engine: chapters are reused, the merge is right, workers may die, nobody gets two."""

import contextlib
import hashlib
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from pypdf import PdfReader

from integrity_portal.core import jobs
from integrity_portal.core.documents import actions, checks, engine, merge, render, tasks
from integrity_portal.core.documents.actions import UnableToSteer
from integrity_portal.core.jobs import MAX_ATTEMPTS, JobState
from integrity_portal.core.models import Chapter, Document, LedgerEntry, StoredFile
from integrity_portal.core.tests.document_kinds import NAME, kind

__all__ = ["kind"]
pytestmark = pytest.mark.usefixtures("kind")
NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
FIVE = {"a": ["satu"], "b": ["dua", "tiga"], "c": ["empat"], "d": ["lima"], "e": ["enam", "tujuh"]}


def ask(cast: Any, chapters: dict[str, list[str]] | None = None, **values: Any) -> Document:
    values.setdefault("title", "Laporan <uji> “kota”")
    return actions.request_document(
        kind=NAME,
        variant="mayor",
        params={"chapters": chapters or FIVE},
        by=cast["mayor"],
        now=NOW,
        **values,
    )


def make(document: Document) -> Document:
    tasks.render_document(pk=document.pk)
    document.refresh_from_db()
    return document


def stored_bytes(document: Document) -> bytes:
    assert document.file is not None
    with default_storage.open(document.file.key) as file:
        return file.read()


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the chapters that WeasyPrint really renders (a spy, not a mock)."""
    seen: list[str] = []
    real = merge.part_of

    def spy(key: str, title: str, html: str) -> merge.Part:
        seen.append(key)
        return real(key, title, html)

    monkeypatch.setattr(merge, "part_of", spy)
    return seen


def test_a_document_is_made_and_its_hash_is_that_of_the_file(cast: Any) -> None:
    document = make(ask(cast))
    data = stored_bytes(document)
    assert document.job_state == JobState.DONE
    assert (document.chapters_done, document.chapters_total) == (5, 5)
    assert document.file is not None
    assert document.file.sha256 == hashlib.sha256(data).hexdigest()
    assert document.file.state == StoredFile.State.STORED
    assert document.pages == len(PdfReader(BytesIO(data)).pages)
    verbs = LedgerEntry.objects.filter(subject_type="core.document").values_list("verb", flat=True)
    assert set(verbs) == {"document.requested", "document.made"}


def test_the_file_is_fit_for_an_archive(cast: Any) -> None:
    data = stored_bytes(make(ask(cast)))
    assert checks.check_pdf(data) == []


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_no_fault(cast: Any, tmp_path: Path) -> None:
    file = tmp_path / "document.pdf"
    file.write_bytes(stored_bytes(make(ask(cast))))
    found = subprocess.run(["qpdf", "--check", file], capture_output=True, check=False)
    assert found.returncode == 0, found.stdout.decode()


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "OutputIntent"),
        (lambda pdf: pdf.Root.__delitem__("/Outlines"), "outline"),
        (lambda pdf: pdf.Root.__delitem__("/Metadata"), "XMP"),
        (lambda pdf: pdf.Root.__delitem__("/Lang"), "language"),
        (
            lambda pdf: [
                thing.__delitem__("/FontFile2")
                for thing in pdf.objects
                if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing
            ],
            "not embedded",
        ),
        (
            lambda pdf: pdf.Root.__setitem__(
                "/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript)
            ),
            "acts by itself",
        ),
    ],
)
def test_the_check_sees_what_is_spoilt(cast: Any, spoil: Any, fault: str) -> None:
    spoilt = BytesIO()
    with pikepdf.open(BytesIO(stored_bytes(make(ask(cast))))) as pdf:
        spoil(pdf)
        pdf.save(spoilt)
    assert any(fault in found for found in checks.check_pdf(spoilt.getvalue()))


def test_the_check_sees_encryption_and_rubbish(cast: Any) -> None:
    locked = BytesIO()
    with pikepdf.open(BytesIO(stored_bytes(make(ask(cast))))) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))
    assert "is encrypted" in checks.check_pdf(locked.getvalue())
    assert checks.check_pdf(b"%PDF-1.7 no")


def test_contents_outline_links_and_page_numbers_agree(cast: Any) -> None:
    """Chapters a (1), contents (2), b (3-4), c (5), d (6), e (7-8), f (9), g (10), closing (11)."""
    seven = {**FIVE, "f": ["enam"], "g": ["tujuh"]}
    reader = PdfReader(BytesIO(stored_bytes(make(ask(cast, seven)))))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == 11
    for number, text in enumerate(texts, start=1):
        assert f"Halaman {number} dari 11" in " ".join(text.split())
    listed = " ".join(texts[1].split())
    for title, page in (("Bab a", 1), ("Bab b", 3), ("Bab c", 5), ("Bab d", 6), ("Bab e", 7)):
        assert f"{title} {page}" in listed
        assert title in texts[page - 1]
    outline = [
        (entry.title, reader.get_destination_page_number(entry) + 1)  # type: ignore[union-attr]
        for entry in reader.outline
    ]
    assert [page for _, page in outline] == [1, 2, 3, 5, 6, 7, 9, 10, 11]
    assert outline[2] == ("Bab b", 3)
    with pikepdf.open(BytesIO(stored_bytes(Document.objects.get()))) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        assert all("/A" not in note for note in notes)
        to_last = [note for note in pdf.pages[0].Annots if note.Dest[0] == pdf.pages[9].obj]
        assert to_last


def test_six_chapters_need_no_contents(cast: Any) -> None:
    document = make(ask(cast, {key: [key] for key in "abcdef"}))
    assert document.pages == 7


def test_the_last_page_says_how_to_check(cast: Any, settings: Any) -> None:
    document = make(ask(cast))
    last = PdfReader(BytesIO(stored_bytes(document))).pages[-1].extract_text()
    assert f"/verify/{document.public_id}" in last.replace("\n", "")
    assert document.content_hash in "".join(last.split())
    assert "WIB" in last
    assert "Pemerintah Kota Uji" in last


def test_the_title_cannot_leave_its_place(cast: Any) -> None:
    document = make(ask(cast, title='"} </style><script>alert(1)</script> \\ 100 % ünï'))
    reader = PdfReader(BytesIO(stored_bytes(document)))
    assert "<script>" in reader.pages[0].extract_text()
    assert reader.metadata is not None
    assert reader.metadata.title == document.title


def test_one_changed_chapter_renders_only_that_one(cast: Any, renders: list[str]) -> None:
    make(ask(cast))
    renders.clear()
    make(ask(cast, {**FIVE, "c": ["lain"]}))
    assert sorted(renders) == ["c", "closing"]
    renders.clear()
    again = make(ask(cast))
    assert sorted(renders) == ["closing"]
    first = Document.objects.order_by("pk").first()
    assert first is not None
    assert again.content_hash == first.content_hash


def test_chapters_are_not_shared_between_governments(cast: Any, renders: list[str]) -> None:
    make(ask(cast))
    renders.clear()
    other = actions.request_document(
        kind=NAME,
        variant="mayor",
        params={"chapters": FIVE},
        title="Laporan lain",
        by=cast.away_offices["mayor"],
        now=NOW,
    )
    make(other)
    assert {"a", "b", "c", "d", "e"} <= set(renders)


def test_the_same_html_gives_the_same_bytes() -> None:
    html = "<html lang=id><title>x</title><p>Sama"
    assert render.pdf_of(html) == render.pdf_of(html)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "static:../manage.py", "x.png"]
)
def test_nothing_is_fetched_from_elsewhere(address: str) -> None:
    with pytest.raises(render.Refused):
        render.OwnFilesOnly(allowed_protocols=["data"]).fetch(address)
    assert render.pdf_of(f'<html lang=id><title>x</title><p>a<img src="{address}">').startswith(
        b"%PDF"
    )


def test_own_static_files_and_data_are_allowed() -> None:
    fetcher = render.OwnFilesOnly(allowed_protocols=["data"])
    with contextlib.closing(fetcher.fetch("static:img/icon.svg")) as answer:
        assert answer.read().startswith(b"<svg")
    with contextlib.closing(fetcher.fetch("data:text/plain,abc")) as answer:
        assert answer.read() == b"abc"


def test_pressing_twice_asks_once(cast: Any) -> None:
    assert ask(cast).pk == ask(cast).pk
    assert ask(cast, {"a": ["lain"]}).pk != ask(cast).pk


def test_after_it_is_made_it_may_be_asked_for_again(cast: Any) -> None:
    first = make(ask(cast))
    assert ask(cast).pk != first.pk


def test_one_document_per_period(cast: Any) -> None:
    def scheduled() -> Document:
        return actions.request_document(
            kind=NAME,
            variant="mayor",
            params={"chapters": FIVE},
            title="Mingguan",
            by=None,
            government_id=cast.home.pk,
            now=NOW,
            period="2026-W47",
        )

    assert scheduled().pk == scheduled().pk
    assert Document.objects.count() == 1


def test_only_the_right_role_asks(cast: Any) -> None:
    with pytest.raises(PermissionDenied):
        actions.request_document(
            kind=NAME, variant="mayor", params={}, title="x", by=cast["sekda"], now=NOW
        )
    assert not Document.objects.exists()


def test_cancel_stops_the_worker(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    document = ask(cast)
    real = engine.make_chapter

    def cancel_after_first(*args: Any, **kwargs: Any) -> bool:
        made = real(*args, **kwargs)
        if Chapter.objects.count() == 2:
            actions.cancel_document(document=document, by=cast["mayor"], now=NOW)
        return made

    monkeypatch.setattr(engine, "make_chapter", cancel_after_first)
    document = make(document)
    assert document.job_state == JobState.CANCELLED
    assert Chapter.objects.count() == 2
    monkeypatch.undo()
    actions.retry_document(document=document, by=cast["mayor"], now=NOW)
    assert make(document).job_state == JobState.DONE


def test_cancel_and_retry_are_refused_when_senseless(cast: Any) -> None:
    document = ask(cast)
    with pytest.raises(UnableToSteer):
        actions.retry_document(document=document, by=cast["mayor"], now=NOW)
    make(document)
    with pytest.raises(UnableToSteer):
        actions.cancel_document(document=document, by=cast["mayor"], now=NOW)
    with pytest.raises(PermissionDenied):
        actions.cancel_document(document=document, by=cast["sekda"], now=NOW)


def test_a_failing_document_is_retried_with_pauses_then_given_up(cast: Any) -> None:
    document = ask(cast)
    Document.objects.filter(pk=document.pk).update(params={"chapters": "kata"})
    pauses = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        Document.objects.filter(pk=document.pk).update(next_try_at=NOW)
        document = make(document)
        assert document.attempts == attempt
        pauses.append(document.next_try_at)
    assert document.job_state == JobState.DEAD
    assert document.last_error == "AttributeError"
    assert pauses == sorted(pauses)
    assert tasks.due(NOW + timedelta(days=30)) == []
    assert LedgerEntry.objects.filter(verb="document.given_up").count() == 1


def test_a_worker_that_was_overtaken_writes_nothing(cast: Any) -> None:
    """It slept past its claim; another worker took the row; both come to the end."""
    document = ask(cast)
    late = jobs.claim(Document.objects.all(), pk=document.pk, now=NOW)
    after = NOW + timedelta(hours=1)
    assert late is not None
    winner = jobs.claim(Document.objects.all(), pk=document.pk, now=after)
    assert winner is not None
    engine.produce(winner, clock=lambda: after)
    with pytest.raises(engine.Superseded):
        engine.produce(late, clock=lambda: after)
    actions.fail_document(document=late, error=ValueError(), now=after)
    document.refresh_from_db()
    assert document.job_state == JobState.DONE
    assert StoredFile.objects.kept().count() == 1
    assert LedgerEntry.objects.filter(verb="document.made").count() == 1


def test_only_the_holder_of_the_claim_can_finish_document(cast: Any) -> None:
    """The file that a late worker brought stays an orphan, which the sweep removes."""
    document = ask(cast)
    brought = StoredFile.objects.create(
        government_id=cast.home.pk, kind="document", key="x", name="x.pdf", size=1, sha256="0" * 64
    )
    kept = actions.finish_document(
        document=document, stored=brought, pages=1, content_hash="0" * 64, now=NOW
    )
    brought.refresh_from_db()
    assert not kept
    assert brought.state == StoredFile.State.PENDING
    assert not LedgerEntry.objects.filter(verb="document.made").exists()


def test_an_opening_is_recorded_with_its_reader(cast: Any) -> None:
    document = ask(cast)
    actions.record_opening(document=document, by=cast["mayor"])
    entry = LedgerEntry.objects.get(verb="document.opened")
    assert (entry.membership_id, entry.subject_id) == (cast["mayor"].pk, str(document.pk))


def test_a_document_that_kills_its_workers_is_given_up(cast: Any) -> None:
    document = ask(cast)
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        assert jobs.claim(Document.objects.all(), pk=document.pk, now=now) is not None
        now += timedelta(hours=1)
    assert jobs.claim(Document.objects.all(), pk=document.pk, now=now) is None
    document.refresh_from_db()
    assert (document.job_state, document.last_error) == (JobState.DEAD, jobs.LOST)


def test_due_is_what_waits_and_what_a_dead_worker_left(cast: Any) -> None:
    document = ask(cast)
    assert tasks.due(NOW) == [document.pk]
    assert tasks.due(NOW - timedelta(minutes=1)) == []
    jobs.claim(Document.objects.all(), pk=document.pk, now=NOW, lease=timedelta(seconds=10))
    assert tasks.due(NOW + timedelta(seconds=5)) == []
    assert tasks.due(NOW + timedelta(seconds=11)) == [document.pk]


def test_a_helper_renders_what_the_first_worker_has_not(cast: Any, renders: list[str]) -> None:
    document = ask(cast)
    claimed = jobs.claim(Document.objects.all(), pk=document.pk, now=NOW)
    assert claimed is not None
    tasks.render_chapters(pk=document.pk)
    assert renders == ["e", "d", "c", "b", "a"]
    renders.clear()
    engine.produce(claimed, clock=lambda: NOW)
    assert set(renders) == {"closing"}


def test_old_chapters_are_forgotten(cast: Any) -> None:
    make(ask(cast))
    Chapter.objects.update(made_at=NOW - timedelta(days=40))
    tasks.forget_chapters(NOW)
    assert not Chapter.objects.exists()
