"""The fifth line of the story, in a real browser: a phone of 320 px without script, and the unit."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from complaints.enums import ComplaintState
from complaints.models import Complaint, Reporter
from integrity_portal.core.tests.test_files import pdf
from integrity_portal.testing.browser import assert_accessible, assert_fits
from opd.enums import Role

STORY = "Di loket diminta uang Rp 50.000 untuk map dan meterai."
ANSWER = "Petugasnya sudah dipindahkan. Map tidak wajib dibeli di loket."


def picture(page, name: str) -> None:
    folder = os.environ.get("PORTAL_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/complaint-{name}.png", full_page=True)


@pytest.mark.e2e
def test_a_citizen_complains_the_unit_answers_the_citizen_reads(cast, browser_page):
    phone = browser_page(width=320, height=640, java_script_enabled=False)

    def seen(name: str) -> None:
        assert_fits(phone)
        picture(phone, name)

    phone.goto(reverse("complaints:privacy", args=[cast.home.slug]))
    seen("0-privacy")
    phone.get_by_role("link", name="Lanjutkan").click()
    phone.get_by_role("button", name="Lanjutkan").click()
    assert phone.get_by_role("alert").is_visible()
    phone.get_by_label("Pengaduan").check()
    phone.get_by_role("radio", name="Tidak", exact=True).check()
    phone.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    seen("1-what")
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_label("Unit layanan mana?").select_option(label="Dinas Satu")
    phone.get_by_label("Kapan?").fill("Senin pagi")
    seen("2-where")
    phone.get_by_role("button", name="Lanjutkan").click()
    photo = {"name": "foto.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    phone.get_by_label("Foto, PDF, atau rekaman suara").set_input_files(photo)
    phone.get_by_role("button", name="Tambah").click()
    phone.get_by_text("bukti 1.pdf").first.wait_for()
    seen("3-evidence")
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_label("Tidak seorang pun: anonim").check()
    assert phone.get_by_label("Beri tahu saya kalau ada jawaban").is_visible()
    seen("4-who")
    phone.get_by_role("button", name="Lanjutkan").click()
    seen("5-check")
    phone.get_by_role("button", name="Kirim").click()
    code = phone.locator(".code").inner_text()
    assert phone.get_by_role("button", name="Salin kode").count() == 0
    seen("6-receipt")
    assert code.replace(" ", "") not in phone.url
    phone.get_by_label("Ketik ulang kodenya").fill(code.replace(" ", ""))
    phone.get_by_role("button", name="Buka laporan saya").click()
    assert phone.get_by_text(STORY).is_visible()
    seen("7-followed")
    phone.get_by_role("button", name="Selesai: hapus").click()

    complaint = Complaint.objects.get()
    url = reverse("complaints:detail", args=[complaint.pk])
    coordinator = browser_page(cast[Role.COMPLAINT_COORDINATOR])
    coordinator.goto(url)
    assert_accessible(coordinator)
    coordinator.get_by_role("button", name="Teruskan ke unit").click()
    unit = browser_page(cast[Role.LIAISON_OFFICER], width=320)
    unit.goto(url)
    unit.get_by_role("button", name="Kerjakan").click()
    unit.get_by_label("Jawaban untuk warga").fill(ANSWER)
    assert_accessible(unit)
    unit.get_by_role("button", name="Kirim jawaban").click()
    unit.get_by_text("Dijawab").first.wait_for()
    assert Complaint.objects.get().state == ComplaintState.ANSWERED

    phone.goto(reverse("complaints:track", args=[cast.home.slug]))
    phone.get_by_label("Kode 16 angka").fill(code)
    phone.get_by_role("button", name="Buka laporan saya").click()
    assert phone.get_by_text(ANSWER).is_visible()
    seen("8-answered")
    phone.get_by_label("Apa yang belum selesai?").fill("Petugasnya masih di loket.")
    phone.get_by_role("button", name="Belum selesai").click()
    assert phone.get_by_text("Unit akan mengerjakan laporan Anda lagi.").is_visible()


@pytest.mark.e2e
@pytest.mark.parametrize("width", [320, 1280])
def test_public_pages_are_accessible(width, cast, browser_page):
    page = browser_page(width=width)
    page.goto(reverse("complaints:privacy", args=[cast.home.slug]))
    assert_accessible(page)
    page.get_by_role("link", name="Lanjutkan").click()
    assert_accessible(page)
    page.get_by_role("button", name="Lanjutkan").click()
    assert_accessible(page)
    page.get_by_label("Saran (aspirasi)").check()
    page.get_by_label("Ceritakan apa yang terjadi").fill("Tambah kursi tunggu.")
    page.get_by_role("button", name="Lanjutkan").click()
    assert_accessible(page)
    page.get_by_label("Unit layanan mana?").select_option("unknown")
    page.get_by_role("button", name="Lanjutkan").click()
    assert_accessible(page)
    page.get_by_role("button", name="Lanjutkan").click()
    assert_accessible(page)
    page.get_by_label("Hanya unit yang menangani").check()
    page.get_by_role("textbox", name="Nama Anda").fill("Siti")
    page.get_by_role("button", name="Lanjutkan").click()
    assert_accessible(page)
    page.get_by_role("button", name="Kirim").click()
    assert_accessible(page)
    page.get_by_label("Ketik ulang kodenya").fill(page.locator(".code").inner_text())
    page.get_by_role("button", name="Buka laporan saya").click()
    assert_accessible(page)
    page.goto(reverse("complaints:track", args=[cast.home.slug]))
    page.get_by_label("Kode 16 angka").fill("1111")
    page.get_by_role("button", name="Buka laporan saya").click()
    assert_accessible(page)
    for name in ("suggestion", "resend"):
        page.goto(reverse(f"complaints:{name}", args=[cast.home.slug]))
        assert_accessible(page)
        picture(page, f"{name}-{width}")


@pytest.mark.e2e
def test_the_counter_takes_one_page(cast, browser_page):
    page = browser_page(cast[Role.LIAISON_OFFICER], width=320)
    page.goto(reverse("complaints:counter"))
    picture(page, "counter")
    page.get_by_label("Pengaduan").first.check()
    page.get_by_label("Cerita warga").fill(STORY)
    page.get_by_label("Unit layanan mana?").select_option("unknown")
    page.get_by_label("Tidak seorang pun: anonim").check()
    page.get_by_role("button", name="Simpan dan buat kode").click()
    assert len(page.locator(".code").inner_text().replace(" ", "")) == 16
    assert_accessible(page)
    picture(page, "counter-filed")


@pytest.mark.e2e
@pytest.mark.parametrize("hides", [True, False], ids=["new-browser", "old-browser"])
def test_somebody_anonymous_leaves_no_contact_without_script(hides, cast, browser_page):
    """A browser without `:has` shows the fields; then the text says what becomes of them."""
    phone = browser_page(width=320, height=640, java_script_enabled=False)
    if not hides:
        phone.route("**/public*.css", lambda route: route.fulfill(body="", content_type="text/css"))
    phone.goto(reverse("complaints:step", args=[cast.home.slug, 1]))
    phone.get_by_label("Pengaduan").check()
    phone.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_label("Unit layanan mana?").select_option("unknown")
    phone.get_by_role("button", name="Lanjutkan").click()
    phone.get_by_role("button", name="Lanjutkan").click()

    name = phone.get_by_role("textbox", name="Nama Anda")
    contact = phone.get_by_role("textbox", name="Nomor ponsel atau e-mail")
    assert contact.is_visible() is name.is_visible() is not hides
    phone.get_by_label("Hanya unit yang menangani").check()
    name.fill("12345")
    contact.fill("0812 3456 7890")
    assert phone.get_by_text("Bila Anda memilih anonim, isinya dibuang.").first.is_visible()
    picture(phone, f"who-known-{hides}")
    phone.get_by_label("Tidak seorang pun: anonim").check()
    assert contact.is_visible() is not hides
    picture(phone, f"who-anonymous-{hides}")
    phone.get_by_role("button", name="Lanjutkan").click()
    assert phone.get_by_text("Nama tidak disimpan. Kami").is_visible()
    phone.go_back()
    assert phone.locator("input[name=contact]").count() == 1
    phone.reload()
    assert phone.locator("input[name=contact]").input_value() == ""
    phone.goto(reverse("complaints:check", args=[cast.home.slug]))
    phone.get_by_role("button", name="Kirim").click()
    phone.locator(".code").wait_for()

    assert Complaint.objects.get().disclosure == "anonymous"
    assert not Reporter.objects.exists()
