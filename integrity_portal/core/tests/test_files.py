import io
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from integrity_portal.core import files
from integrity_portal.core.models import StoredFile

pytestmark = pytest.mark.django_db


def pdf(*, password: str = "", pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    out = io.BytesIO()
    document.save(
        out, encryption=pikepdf.Encryption(owner="x", user=password) if password else False
    )
    return out.getvalue()


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    return out.getvalue()


def receive(content: bytes, name: str = "bukti.pdf", **rule: Any) -> StoredFile:
    return files.receive(
        SimpleUploadedFile(name, content, content_type="application/pdf"),
        rule=files.FileRule(files.EVIDENCE.types, rule.get("max_bytes", 10**6)),
        kind="test",
        government_id=1,
        by_user_id=None,
    )


def test_a_good_file_is_stored_with_its_hash_and_stays_pending_until_kept() -> None:
    row = receive(pdf())
    assert row.state == StoredFile.State.PENDING
    assert len(row.sha256) == 64
    assert default_storage.exists(row.key)
    files.keep(row)
    row.refresh_from_db()
    assert row.state == StoredFile.State.STORED


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"),
        (b"<html><script>alert(1)</script></html>", "tidak diterima"),
        (b"%PDF-1.7 nothing more", "tidak dapat dibuka"),
        (pdf(password="rahasia"), "sandi"),
        (b"PK\x03\x04" + b"\0" * 60, "tidak diterima"),
        (png()[:40], "Foto tidak dapat dibuka"),
        (b"%PDF-1.7" + b"\0" * 10**6, "lebih besar"),
    ],
    ids=["empty", "html", "broken", "encrypted", "zip", "half-picture", "huge"],
)
def test_a_bad_file_gets_a_sentence_and_leaves_nothing(content: bytes, sentence: str) -> None:
    with pytest.raises(files.FileRefused, match=sentence):
        receive(content)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\a\\SK Tim.pdf", "SK Tim.pdf"),
        ("a" * 300 + ".exe", "a" * 100 + ".pdf"),
        ("<b>.pdf", "b.pdf"),
        ("...", "berkas.pdf"),
        ('x"\r\nSet-Cookie: a.pdf', "xSet-Cookie a.pdf"),
    ],
)
def test_names_become_safe(given: str, safe: str) -> None:
    assert files.safe_name(given, "application/pdf") == safe


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Piagam: Dinas A/B tahap 1. Unit", "Piagam Dinas A-B tahap 1. Unit.pdf"),
        ("a\\b\r\nc", "a-b c.pdf"),
        ("///", "-.pdf"),
        ("", "berkas.pdf"),
    ],
)
def test_a_made_document_keeps_the_words_of_its_title(title: str, name: str) -> None:
    assert files.name_from_title(title, "application/pdf") == name


def test_what_nobody_kept_is_swept_after_a_day() -> None:
    old, fresh, kept = receive(pdf()), receive(pdf()), receive(pdf())
    files.keep(kept)
    StoredFile.objects.exclude(pk=fresh.pk).update(
        created_at=timezone.now() - timezone.timedelta(2)
    )
    assert files.sweep_orphans(now=timezone.now()) == 1
    assert not default_storage.exists(old.key)
    assert set(StoredFile.objects.all()) == {fresh, kept}


def _embedded(document: pikepdf.Pdf) -> None:
    document.attachments["x.exe"] = b"MZ"


def _script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = action


def _named_script(document: pikepdf.Pdf) -> None:
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())


def _launch_on_closing(document: pikepdf.Pdf) -> None:
    document.Root.AA = pikepdf.Dictionary(WC=pikepdf.Dictionary(S=pikepdf.Name.Launch))


def _opens_at_a_page(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])


@pytest.mark.parametrize("prepare", [_embedded, _script, _named_script, _launch_on_closing])
def test_a_pdf_that_would_act_by_itself_is_refused_and_leaves_nothing(prepare: Any) -> None:
    with pytest.raises(files.FileRefused, match="memuat program atau berkas lain"):
        receive(_prepared(prepare))
    assert not StoredFile.objects.exists()


def test_a_pdf_that_only_opens_at_a_page_is_taken() -> None:
    assert receive(_prepared(_opens_at_a_page)).pk


def _prepared(prepare: Any) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    prepare(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
