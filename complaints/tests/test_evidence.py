"""Photos, PDF and recordings: they arrive before the report, wait for it, and go with it."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from complaints import load
from complaints.actions.privacy import KEEP_TEXT, erase_old
from complaints.models import Complaint, ComplaintFile, Follower
from complaints.queries import pressure
from complaints.tests.conftest import ANSWERS
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from integrity_portal.core.tests.test_files import pdf

AMR = b"#!AMR\n" + b"\x3c" * 400


def photo() -> bytes:
    """Lying on its side, with a position, as a phone writes it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "KENARI-PONSEL"
    out = io.BytesIO()
    Image.new("RGB", (20, 10)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def send(citizen, *contents, button="add"):
    uploads = [SimpleUploadedFile(f"Siti {n}.bin", each) for n, each in enumerate(contents)]
    return citizen.client.post(citizen.url("step", 3), {"files": uploads, button: "1"}, follow=True)


@pytest.fixture
def at_evidence(citizen):
    for number in (1, 2):
        citizen.post("step", number, data=ANSWERS[number])
    return citizen


def test_files_wait_with_the_draft_and_go_with_the_report(at_evidence):
    page = send(at_evidence, photo(), pdf(), AMR)
    listed = page.content.decode()
    assert page.request["PATH_INFO"] == at_evidence.url("step", 3)
    assert listed.count('name="remove"') == 3
    assert "Suara dapat dikenali" in listed
    assert "Siti" not in listed
    assert "bukti 1.jpg" in at_evidence.get("step", 3).content.decode()

    at_evidence.post("step", 3)
    at_evidence.post("step", 4, data=ANSWERS[4])
    assert "bukti 3.amr" in at_evidence.get("check").content.decode()
    at_evidence.post("check")

    kept = ComplaintFile.objects.order_by("pk").select_related("file")
    assert [row.file.state for row in kept] == ["stored"] * 3
    assert [row.file.name for row in kept] == ["bukti 1.jpg", "bukti 2.pdf", "bukti 3.amr"]
    assert [row.is_hidden for row in kept] == [False, False, True]
    with default_storage.open(kept[0].file.key) as stored:
        bare = stored.read()
    assert b"KENARI" not in bare
    assert Image.open(io.BytesIO(bare)).size == (10, 20)


def test_one_refused_file_costs_no_other_and_each_can_be_removed(at_evidence):
    page = send(at_evidence, b"<html>", pdf())
    said = page.content.decode()
    assert "Siti 0.bin: Jenis berkas ini tidak diterima. Kirim foto" in said
    stored = StoredFile.objects.get()
    assert f'value="{stored.public_id}"' in said

    at_evidence.post("step", 3, data={"remove": stored.public_id})

    assert not StoredFile.objects.exists()
    assert not default_storage.exists(stored.key)


def test_the_sixth_file_is_refused_with_a_sentence(at_evidence):
    page = send(at_evidence, *[AMR] * 6)
    assert "sudah ada lima berkas" in page.content.decode()
    assert StoredFile.objects.count() == 5


def test_when_too_much_waits_the_text_is_taken_all_the_same(at_evidence, monkeypatch):
    monkeypatch.setattr(pressure, "waiting_bytes", lambda: load.current().waiting_megabytes * 2**20)
    page = send(at_evidence, AMR, button="go")
    assert "Berkas sedang tidak dapat diterima" in page.content.decode()
    page = at_evidence.post("step", 4, data=ANSWERS[4])
    assert page.request["PATH_INFO"] == at_evidence.url("check")


def test_leaving_takes_the_files_along_and_nobody_elses(at_evidence, another):
    other = another()
    for number in (1, 2):
        other.post("step", number, data=ANSWERS[number])
    send(at_evidence, AMR)
    send(other, pdf())
    theirs = StoredFile.objects.latest("pk")
    at_evidence.post("step", 3, data={"remove": theirs.public_id})
    assert StoredFile.objects.count() == 2

    at_evidence.post("leave")

    assert StoredFile.objects.get() == theirs


def test_evidence_position_and_followers_are_erased_with_the_texts(cast):
    old = ComplaintFactory(
        government=cast.home, state="closed", unit=cast.unit, latitude="-7.8", longitude="112.0"
    )
    Complaint.objects.filter(pk=old.pk).update(public_title="Pungutan")
    follower = Follower(complaint=old, government=cast.home, code_hash="f" * 64, followed_at=FILED)
    follower.seal("+6281234567890")
    follower.save(force_insert=True)
    stored = files.receive(
        SimpleUploadedFile("a", AMR),
        rule=files.TESTIMONY,
        kind=pressure.EVIDENCE,
        government_id=cast.home.pk,
        by_user_id=None,
    )
    files.keep(stored)
    ComplaintFile.objects.create(complaint=old, government=cast.home, file=stored, added_at=FILED)

    erase_old(FILED + timedelta(days=2))
    assert Follower.objects.get().contact_sealed == ""
    assert ComplaintFile.objects.exists()
    erase_old(FILED + KEEP_TEXT + timedelta(days=1))
    files.sweep_orphans(now=timezone.now() + timedelta(days=2))

    row = Complaint.objects.get()
    assert (row.latitude, row.longitude, row.public_title) == (None, None, "")
    assert not Follower.objects.exists()
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not default_storage.exists(stored.key)
